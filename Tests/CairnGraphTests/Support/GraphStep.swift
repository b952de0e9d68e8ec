// SPDX-License-Identifier: Apache-2.0

import CairnGraph

/// One mutation to try, on a store or on a model.
enum GraphStep {
    case createNode(labels: [String], Properties)
    case deleteNode(UInt64, detach: Bool)
    case addLabel(UInt64, String)
    case removeLabel(UInt64, String)
    case setNodeProperty(UInt64, String, Value)
    case setNodeProperties(UInt64, Properties)
    case createRelationship(String, UInt64, UInt64, Properties)
    case deleteRelationship(UInt64)
    case setRelationshipProperty(UInt64, String, Value)
    case setRelationshipProperties(UInt64, Properties)
    case createConstraint(UniqueConstraint)
    case dropConstraint(UniqueConstraint)
    case createRule(SchemaRule)
    case dropRule(SchemaRule)
    case createRelationshipRule(RelationshipRule)
    case dropRelationshipRule(RelationshipRule)
}

extension GraphStore {
    /// Does what the step says.
    mutating func perform(_ step: GraphStep) throws(GraphError) {
        switch step {
        case .createNode(let labels, let properties):
            try createNode(labels: labels, properties: properties)
        case .deleteNode(let id, let detach): try deleteNode(NodeID(rawValue: id), detach: detach)
        case .addLabel(let id, let label): try addLabel(label, to: NodeID(rawValue: id))
        case .removeLabel(let id, let label): try removeLabel(label, from: NodeID(rawValue: id))
        case .setNodeProperty(let id, let key, let value):
            try setProperty(key, to: value, of: NodeID(rawValue: id))
        case .setNodeProperties(let id, let properties):
            try setProperties(properties, of: NodeID(rawValue: id))
        case .createRelationship(let type, let from, let to, let properties):
            try createRelationship(
                type, from: NodeID(rawValue: from), to: NodeID(rawValue: to),
                properties: properties)
        case .deleteRelationship(let id): try deleteRelationship(RelationshipID(rawValue: id))
        case .setRelationshipProperty(let id, let key, let value):
            try setProperty(key, to: value, of: RelationshipID(rawValue: id))
        case .setRelationshipProperties(let id, let properties):
            try setProperties(properties, of: RelationshipID(rawValue: id))
        case .createConstraint(let constraint):
            try createUniqueConstraint(label: constraint.label, key: constraint.key)
        case .dropConstraint(let constraint):
            try dropUniqueConstraint(label: constraint.label, key: constraint.key)
        case .createRule(let rule): try create(rule)
        case .dropRule(let rule): try drop(rule)
        case .createRelationshipRule(let rule): try create(rule)
        case .dropRelationshipRule(let rule): try drop(rule)
        }
    }
}

extension SplitMix64 {
    static let labels = ["A", "B", "C", "Ä"]
    static let keys = ["k", "l", "m", "n"]

    mutating func value() -> Value {
        switch below(13) {
        case 0: .null
        case 1: .double(pick([0.0, -0.0, .nan, 1.5]))
        case 2: .string(pick(["", "x", "é", "e\u{301}"]))
        case 3: .list([.null, .int(1), .map(["a": .bytes([1])])])
        case 4: .map(["b": .bool(below(2) == 0), "a": .null])
        case 6: pick(typedValues)
        case 5: .bytes([UInt8](repeating: 7, count: below(3)))
        default: .int(Int64(below(6)) - 2)
        }
    }

    mutating func properties() -> Properties {
        var properties: Properties = [:]
        for _ in 0..<below(4) { properties[pick(Self.keys)] = value() }
        return properties
    }

    mutating func constraint() -> UniqueConstraint {
        UniqueConstraint(label: pick(Self.labels), key: pick(Self.keys))
    }

    mutating func rule() -> SchemaRule {
        // Few different ones, so that they are met again when it comes to dropping.
        let label = pick(["A", "Ä"])
        switch below(6) {
        case 0: return .existence(label: label, key: pick(["k", "l"]))
        case 1: return .type(label: label, key: pick(["k", "l"]), pick([.int, .string]))
        case 2: return .key(label: label, keys: pick([["k"], ["l", "k"]]))
        default: return .index(label: label, keys: pick([["k"], ["l", "k"], ["k", "m"]]))
        }
    }

    mutating func relationshipRule() -> RelationshipRule {
        let type = pick(["R", "S"])
        switch below(9) {
        case 0: return .existence(type: type, key: pick(["k", "l"]))
        case 1: return .valueType(type: type, key: pick(["k", "l"]), pick([.int, .string]))
        case 2: return .key(type: type, keys: pick([["k"], ["l", "k"]]))
        case 3, 4: return .unique(type: type, keys: pick([["k"], ["l", "k"], ["m"]]))
        default: return .index(type: type, keys: pick([["k"], ["l", "k"], ["k", "m"]]))
        }
    }

    /// A step that mostly can be done in a store of this size.
    mutating func step(nodeCount: Int, relationshipCount: Int) -> GraphStep {
        let node = UInt64(below(nodeCount + 1))
        let other = UInt64(below(max(nodeCount, 1)))
        let relationship = UInt64(below(relationshipCount + 1))
        switch below(27) {
        case 0...3:
            var labels: [String] = []
            for _ in 0..<below(4) { labels.append(pick(Self.labels)) }
            return .createNode(labels: labels, properties())
        case 4: return .deleteNode(node, detach: false)
        case 5: return .deleteNode(node, detach: true)
        case 6, 7: return .addLabel(node, pick(Self.labels))
        case 8: return .removeLabel(node, pick(Self.labels))
        case 9, 10: return .setNodeProperty(node, pick(Self.keys), value())
        case 11: return .setNodeProperties(node, properties())
        case 12...14:
            let from = below(3) == 0 ? other : node
            return .createRelationship(pick(["R", "S"]), from, other, properties())
        case 15: return .deleteRelationship(relationship)
        case 16: return .setRelationshipProperty(relationship, pick(Self.keys), value())
        case 17: return .setRelationshipProperties(relationship, properties())
        case 18: return .createConstraint(constraint())
        case 19: return .dropConstraint(constraint())
        case 20, 21: return .createRule(rule())
        case 22: return .dropRule(rule())
        case 23...25: return .createRelationshipRule(relationshipRule())
        default: return .dropRelationshipRule(relationshipRule())
        }
    }
}
