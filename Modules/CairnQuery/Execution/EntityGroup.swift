// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The entities of an index: the nodes with a label, or the relationships of a type. Nodes and relationships are named by their
/// numbers here.
enum EntityGroup: Sendable {
    /// A label, and its number in the plan.
    case label(String, Int)
    /// A type, and its number in the plan.
    case type(String, Int)

    var isOfRelationships: Bool {
        if case .type = self { true } else { false }
    }

    /// The number of the label, or the type, in the graph; nil when it does not know it.
    func number(_ execution: Execution) -> UInt32? {
        switch self {
        case .label(_, let number): execution.label(number)
        case .type(_, let number): execution.type(number)
        }
    }

    /// All members, ascending.
    func members(_ number: UInt32, _ execution: Execution) -> NodeNumbers {
        switch self {
        case .label: execution.graph.members(ofLabel: number)
        case .type: execution.graph.members(ofType: number)
        }
    }

    func memberCount(_ number: UInt32, _ execution: Execution) -> Int {
        switch self {
        case .label: execution.store.nodeCount(withLabel: number)
        case .type: execution.graph.relationshipCount(ofType: number)
        }
    }

    /// The member that a unique property of its own finds: nil within when there is none, nil when the property is not
    /// unique.
    func unique(
        _ number: UInt32, _ key: UInt32, equals value: Value, _ execution: Execution
    ) -> UInt32?? {
        switch self {
        case .label: execution.graph.uniqueNode(labeled: number, key, equals: value)
        case .type: execution.graph.uniqueRelationship(typed: number, key, equals: value)
        }
    }

    /// The members that a predicate says yes to, ascending.
    func members(where predicate: PropertyPredicate, _ execution: Execution) -> [UInt32] {
        switch self {
        case .label(let label, _):
            execution.store.nodes(labeled: label, where: predicate).map {
                UInt32(truncatingIfNeeded: $0.rawValue)
            }
        case .type(let type, _):
            execution.store.relationships(typed: type, where: predicate).map {
                UInt32(truncatingIfNeeded: $0.rawValue)
            }
        }
    }

    /// The members in the order of an index; nil when none has it.
    func order(
        _ number: UInt32, _ values: [(key: UInt32, value: Value)], by key: UInt32,
        _ execution: Execution
    ) -> EntityOrder? {
        switch self {
        case .label: execution.store.order(ofLabel: number, values, by: key)
        case .type: execution.store.order(ofType: number, values, by: key)
        }
    }

    /// A property of a member.
    func property(_ key: UInt32, of member: UInt32, _ execution: Execution) -> PackedValue {
        switch self {
        case .label: execution.graph.property(key, ofNode: member)
        case .type: execution.graph.property(key, ofRelationship: member)
        }
    }
}
