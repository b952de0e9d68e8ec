// SPDX-License-Identifier: Apache-2.0

import CairnGraph

/// A graph as plain dictionaries, slow and obvious: what the store is compared with.
struct GraphModel: Equatable {
    struct Node: Equatable {
        var labels: Set<String>
        var properties: Properties
    }

    struct Relationship: Equatable {
        var type: String
        var from: UInt64
        var to: UInt64
        var properties: Properties
    }

    var nodes: [UInt64: Node] = [:]
    var relationships: [UInt64: Relationship] = [:]
    var constraints: Set<UniqueConstraint> = []
    var rules: Set<SchemaRule> = []
    var relationshipRules: Set<RelationshipRule> = []

    init() {}

    /// The content of a store, read through its public interface.
    init(of store: GraphStore) {
        for node in store.nodes {
            nodes[node.id.rawValue] = Node(labels: Set(node.labels), properties: node.properties)
        }
        for relationship in store.relationships {
            relationships[relationship.id.rawValue] = Relationship(
                type: relationship.type, from: relationship.from.rawValue,
                to: relationship.to.rawValue, properties: relationship.properties)
        }
        constraints = Set(store.uniqueConstraints)
        rules = Set(store.rules)
        relationshipRules = Set(store.relationshipRules)
    }

    private static func lowestFree(_ used: some Collection<UInt64>) -> UInt64 {
        let used = Set(used)
        return (0...UInt64(used.count)).first { !used.contains($0) }!
    }

    private static func stored(_ properties: Properties) -> Properties {
        properties.filter { $0.value != .null }
    }

    private func isViolated(label: String, unique keys: [String]) -> Bool {
        let values = nodes.values.filter { $0.labels.contains(label) }
            .map { node in keys.compactMap { node.properties[$0] } }
            .filter { $0.count == keys.count }
        return Set(values).count < values.count
    }

    private func lacks(_ rule: SchemaRule) -> Bool {
        switch rule {
        case .type, .index: return false
        case .existence, .key:
            return nodes.values.contains { node in
                node.labels.contains(rule.label)
                    && rule.keys.contains { node.properties[$0] == Value?.none }
            }
        }
    }

    private func hasWrongType(_ rule: SchemaRule) -> Bool {
        guard case .type(let label, let key, let type) = rule else { return false }
        return nodes.values.contains { node in
            node.labels.contains(label) && (node.properties[key].map { $0.type != type } ?? false)
        }
    }

    /// What is wrong with the relationships.
    private var relationshipViolation: GraphError.Code? {
        var found: Set<GraphError.Code> = []
        for rule in relationshipRules {
            let members = relationships.values.filter { $0.type == rule.type }.map(\.properties)
            func isDoubled(_ keys: [String]) -> Bool {
                let values = members.map { member in keys.compactMap { member[$0] } }
                    .filter { $0.count == keys.count }
                return Set(values).count < values.count
            }
            func isMissing(_ keys: [String]) -> Bool {
                members.contains { member in keys.contains { member[$0] == Value?.none } }
            }
            switch rule {
            case .existence(_, let key): if isMissing([key]) { found.insert(.missingProperty) }
            case .valueType(_, let key, let type):
                let isOther = members.contains { $0[key].map { $0.type != type } ?? false }
                if isOther { found.insert(.wrongType) }
            case .key(_, let keys):
                if isMissing(keys) { found.insert(.missingProperty) }
                if isDoubled(keys) { found.insert(.uniqueViolation) }
            case .unique(_, let keys): if isDoubled(keys) { found.insert(.uniqueViolation) }
            case .index: break
            }
        }
        return [.missingProperty, .wrongType, .uniqueViolation].first(where: found.contains)
    }

    /// What is wrong with the graph.
    private var violation: GraphError.Code? {
        if let relationshipViolation { return relationshipViolation }
        if rules.contains(where: lacks) { return .missingProperty }
        if rules.contains(where: hasWrongType) { return .wrongType }
        let keys = rules.filter { if case .key = $0 { true } else { false } }
        if constraints.contains(where: { isViolated(label: $0.label, unique: [$0.key]) })
            || keys.contains(where: { isViolated(label: $0.label, unique: $0.keys) })
        {
            return .uniqueViolation
        }
        return nil
    }

    private func degree(_ id: UInt64) -> Int {
        relationships.values.count { $0.from == id || $0.to == id }
    }

    /// Does what the step says, or returns the code of the error that the store must throw.
    mutating func perform(_ step: GraphStep) -> GraphError.Code? {
        var after = self
        if let code = after.change(step) { return code }
        if let violation = after.violation {
            switch step {
            case .createConstraint, .createRule, .createRelationshipRule:
                return .constraintViolatedByData
            default: return violation
            }
        }
        self = after
        return nil
    }

    private mutating func change(_ step: GraphStep) -> GraphError.Code? {
        switch step {
        case .createNode(let labels, let properties):
            nodes[Self.lowestFree(nodes.keys)] = Node(
                labels: Set(labels), properties: Self.stored(properties))
        case .deleteNode(let id, let detach):
            guard nodes[id] != nil else { return .nodeNotFound }
            guard detach || degree(id) == 0 else { return .nodeHasRelationships }
            relationships = relationships.filter { $0.value.from != id && $0.value.to != id }
            nodes[id] = nil
        case .addLabel(let id, let label):
            guard nodes[id] != nil else { return .nodeNotFound }
            nodes[id]?.labels.insert(label)
        case .removeLabel(let id, let label):
            guard nodes[id] != nil else { return .nodeNotFound }
            nodes[id]?.labels.remove(label)
        case .setNodeProperty(let id, let key, let value):
            guard nodes[id] != nil else { return .nodeNotFound }
            nodes[id]?.properties[key] = value == .null ? .none : .some(value)
        case .setNodeProperties(let id, let properties):
            guard nodes[id] != nil else { return .nodeNotFound }
            nodes[id]?.properties = Self.stored(properties)
        case .createRelationship(let type, let from, let to, let properties):
            guard nodes[from] != nil, nodes[to] != nil else { return .nodeNotFound }
            relationships[Self.lowestFree(relationships.keys)] = Relationship(
                type: type, from: from, to: to, properties: Self.stored(properties))
        case .deleteRelationship(let id):
            guard relationships[id] != nil else { return .relationshipNotFound }
            relationships[id] = nil
        case .setRelationshipProperty(let id, let key, let value):
            guard relationships[id] != nil else { return .relationshipNotFound }
            relationships[id]?.properties[key] = value == .null ? .none : .some(value)
        case .setRelationshipProperties(let id, let properties):
            guard relationships[id] != nil else { return .relationshipNotFound }
            relationships[id]?.properties = Self.stored(properties)
        case .createConstraint(let constraint): constraints.insert(constraint)
        case .dropConstraint(let constraint): constraints.remove(constraint)
        case .createRule(let rule): rules.insert(rule)
        case .dropRule(let rule): rules.remove(rule)
        case .createRelationshipRule(let rule): relationshipRules.insert(rule)
        case .dropRelationshipRule(let rule): relationshipRules.remove(rule)
        }
        return nil
    }
}
