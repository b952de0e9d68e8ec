// SPDX-License-Identifier: Apache-2.0
//
// What replaying is compared with: it looks at all nodes for each rule, and at nothing else.

import CairnFormat
import CairnFormats
import CairnGraph
import CairnInterpreter

/// A graph as plain dictionaries, changed without asking whether it may be.
struct ReplayModel {
    private var nodes: [UInt64: (labels: Set<String>, properties: Properties)] = [:]
    private var links: [UInt64: (type: String, from: UInt64, to: UInt64, properties: Properties)] =
        [:]
    private var uniques: Set<UniqueConstraint> = []
    private var rules: Set<SchemaRule> = []
    private var relationshipRules: Set<RelationshipRule> = []

    init() {}

    /// What a store holds.
    init(_ store: GraphStore) {
        for id in store.nodeIDs {
            guard let node = store.node(id) else { continue }
            nodes[id.rawValue] = (Set(node.labels), node.properties)
        }
        for id in store.relationshipIDs {
            guard let link = store.relationship(id) else { continue }
            links[id.rawValue] = (
                link.type, link.from.rawValue, link.to.rawValue, link.properties
            )
        }
        uniques = Set(store.uniqueConstraints)
        rules = Set(store.rules)
        relationshipRules = Set(store.relationshipRules)
    }

    mutating func apply(_ event: MutationEvent) {
        switch event {
        case .nodeCreated(let id, let labels, let properties):
            nodes[id.rawValue] = (Set(labels), properties)
        case .nodeDeleted(let id): nodes[id.rawValue] = nil
        case .labelAdded(let id, let label): nodes[id.rawValue]?.labels.insert(label)
        case .labelRemoved(let id, let label): nodes[id.rawValue]?.labels.remove(label)
        case .nodePropertySet(let id, let key, let value):
            nodes[id.rawValue]?.properties.set(key, value)
        case .nodePropertiesReplaced(let id, let properties):
            nodes[id.rawValue]?.properties = properties
        case .relationshipCreated(let id, let type, let from, let to, let properties):
            links[id.rawValue] = (type, from.rawValue, to.rawValue, properties)
        case .relationshipDeleted(let id): links[id.rawValue] = nil
        case .relationshipPropertySet(let id, let key, let value):
            links[id.rawValue]?.properties.set(key, value)
        case .relationshipPropertiesReplaced(let id, let properties):
            links[id.rawValue]?.properties = properties
        case .uniqueConstraintCreated(let label, let key):
            uniques.insert(UniqueConstraint(label: label, key: key))
        case .uniqueConstraintDropped(let label, let key):
            uniques.remove(UniqueConstraint(label: label, key: key))
        case .ruleCreated(let rule): rules.insert(rule)
        case .ruleDropped(let rule): rules.remove(rule)
        case .relationshipRuleCreated(let rule): relationshipRules.insert(rule)
        case .relationshipRuleDropped(let rule): relationshipRules.remove(rule)
        }
    }

    var json: JSON {
        .members(
            (
                "nodes",
                .array(
                    nodes.sorted { $0.key < $1.key }.map { id, node in
                        .members(
                            ("id", .number(Int128(id))),
                            ("labels", .array(node.labels.sorted().map(JSON.string))),
                            ("properties", Self.told(node.properties)))
                    })
            ),
            (
                "relationships",
                .array(
                    links.sorted { $0.key < $1.key }.map { id, link in
                        .members(
                            ("id", .number(Int128(id))), ("type", .string(link.type)),
                            ("from", .number(Int128(link.from))),
                            ("to", .number(Int128(link.to))),
                            ("properties", Self.told(link.properties)))
                    })
            ),
            (
                "uniqueConstraints",
                .array(
                    uniques.sorted().map {
                        .members(("label", .string($0.label)), ("key", .string($0.key)))
                    })
            ), ("rules", .array(rules.map(Self.told).sorted { $0.text < $1.text })),
            (
                "relationshipRules",
                .array(relationshipRules.map(Self.told).sorted { $0.text < $1.text })
            ))
    }

    private static func told(_ rule: SchemaRule) -> JSON {
        let (kind, type): (String, ValueType?) =
            switch rule {
            case .existence: ("existence", nil)
            case .type(_, _, let type): ("type", type)
            case .key: ("key", nil)
            case .index: ("index", nil)
            }
        return .members(
            ("label", .string(rule.label)), ("kind", .string(kind)),
            ("keys", .array(rule.keys.map(JSON.string))), ("type", type.map { .string("\($0)") }))
    }

    private static func told(_ rule: RelationshipRule) -> JSON {
        let (kind, values): (String, ValueType?) =
            switch rule {
            case .existence: ("existence", nil)
            case .valueType(_, _, let type): ("type", type)
            case .key: ("key", nil)
            case .index: ("index", nil)
            case .unique: ("unique", nil)
            }
        return .members(
            ("relationship", .string(rule.type)), ("kind", .string(kind)),
            ("keys", .array(rule.keys.map(JSON.string))),
            ("type", values.map { .string("\($0)") }))
    }

    private static func told(_ properties: Properties) -> JSON {
        .sorted(
            properties.mapValues { .string(hex($0)) })
    }

    /// Equal values have equal digits.
    private static func hex(_ value: Value) -> String {
        var buffer = BinaryBuffer()
        value.encode(into: &buffer)
        return buffer.array().hex
    }
}

extension Properties {
    /// Null removes; a nil literal would be the null itself.
    fileprivate mutating func set(_ key: String, _ value: Value) {
        if value == .null { removeValue(forKey: key) } else { self[key] = value }
    }
}

extension ReplayModel {
    /// The errors that ``violation(by:)`` can tell.
    static let violations: Set<GraphError.Code> = [
        .missingProperty, .wrongType, .uniqueViolation, .constraintViolatedByData,
    ]

    /// What of the schema does not hold behind this event, the last one: first what is missing, then wrong
    /// types, then values that are there twice.
    func violation(by event: MutationEvent) -> GraphError.Code? {
        let ofNodes =
            uniques.map { Demand(group: $0.label, unique: [$0.key]) } + rules.map(Demand.init)
        let ofRelationships = relationshipRules.map(Demand.init)
        let all =
            ofNodes.map { demand in
                (demand, nodes.values.filter { $0.labels.contains(demand.group) }.map(\.properties))
            }
            + ofRelationships.map { demand in
                (demand, links.values.filter { $0.type == demand.group }.map(\.properties))
            }
        var found: Set<GraphError.Code> = []
        for (demand, members) in all {
            for properties in members {
                if demand.present.contains(where: { properties[$0] == nil }) {
                    found.insert(.missingProperty)
                }
                if let (key, type) = demand.type, let value = properties[key], value.type != type {
                    found.insert(.wrongType)
                }
            }
            let tuples = members.compactMap { properties -> [String]? in
                let values = demand.unique.compactMap { properties[$0].map(Self.hex) }
                return values.isEmpty || values.count < demand.unique.count ? nil : values
            }
            if Set(tuples).count < tuples.count { found.insert(.uniqueViolation) }
        }
        guard !found.isEmpty else { return nil }
        switch event {
        case .uniqueConstraintCreated, .ruleCreated, .relationshipRuleCreated:
            return .constraintViolatedByData
        default:
            return [.missingProperty, .wrongType, .uniqueViolation].first(where: found.contains)
        }
    }

    /// What a rule asks of the nodes with a label, or of the relationships of a type.
    private struct Demand {
        let group: String
        /// Properties that each must have.
        var present: [String] = []
        /// The type that a property must have where it is.
        var type: (key: String, ValueType)?
        /// Properties whose values no two have alike.
        var unique: [String] = []

        init(group: String, unique: [String]) {
            self.group = group
            self.unique = unique
        }

        init(_ rule: SchemaRule) {
            group = rule.label
            switch rule {
            case .existence(_, let key): present = [key]
            case .type(_, let key, let type): self.type = (key, type)
            case .key(_, let keys): (present, unique) = (keys, keys)
            case .index: break
            }
        }

        init(_ rule: RelationshipRule) {
            group = rule.type
            switch rule {
            case .existence(_, let key): present = [key]
            case .valueType(_, let key, let type): self.type = (key, type)
            case .key(_, let keys): (present, unique) = (keys, keys)
            case .unique(_, let keys): unique = keys
            case .index: break
            }
        }
    }
}
