// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension QueryResult: Equatable {
    /// Whether two results have the same columns and rows in the same order; and the nodes and relationships in them, also
    /// within lists, maps and paths, the same labels and properties.
    ///
    /// - Complexity: O(*n*) in the values and the properties of what they name.
    public static func == (left: Self, right: Self) -> Bool {
        guard left.columns == right.columns, left.rows.count == right.rows.count else {
            return false
        }
        for (one, other) in zip(left.rows, right.rows) {
            guard one.values == other.values else { return false }
            for value in one.values where value.hasEntities {
                guard value.allEntities(satisfy: { left.shows($0, like: right) }) else {
                    return false
                }
            }
        }
        return true
    }

    private func shows(_ entity: QueryValue, like other: QueryResult) -> Bool {
        switch entity {
        case .node(let id): header.graph?.node(id) == other.header.graph?.node(id)
        case .relationship(let id):
            header.graph?.relationship(id) == other.header.graph?.relationship(id)
        default: true
        }
    }
}

extension QueryValue {
    /// Whether it is or contains a node or a relationship.
    var hasEntities: Bool { !allEntities { _ in false } }

    /// Whether a condition holds for all nodes and relationships in it. Values are no deeper than
    /// ``QueryValue/nestingCountMax``.
    func allEntities(satisfy condition: (QueryValue) -> Bool) -> Bool {
        switch self {
        case .node, .relationship: condition(self)
        case .list(let values): values.allSatisfy { $0.allEntities(satisfy: condition) }
        case .map(let entries):
            entries.values.allSatisfy { $0.allEntities(satisfy: condition) }
        case .path(let path):
            path.nodes.allSatisfy { condition(.node($0)) }
                && path.relationships.allSatisfy { condition(.relationship($0)) }
        default: true
        }
    }
}
