// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// DELETE: what all rows name is deleted in the end, relationships first. In the rows that are given on, what was
/// deleted is marked, because its id may be given to something else.
final class DeleteOperator: WriteOperator {
    private let items: [Evaluator]
    private let detaches: Bool
    private var nodes: Set<NodeID> = []
    private var relationships: Set<RelationshipID> = []

    init(_ input: Operator, items: [Evaluator], detaches: Bool, slots: [Int]) {
        self.items = items
        self.detaches = detaches
        super.init(input, inputSlots: slots, outputSlots: slots)
    }

    override func apply(_ execution: Execution) throws(QueryError) {
        for item in items { try collect(try item(execution), execution) }
        try give(execution)
    }

    private func collect(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        switch value {
        case .null, .deleted: return
        case .node(let id): nodes.insert(id)
        case .relationship(let id): relationships.insert(id)
        case .path(let path):
            nodes.formUnion(path.nodes)
            relationships.formUnion(path.relationships)
        default: throw .runtime(.type, .invalidArgumentType)
        }
        try execution.tick()
    }

    override func finish(
        _ execution: Execution, _ rows: inout [[QueryValue]]
    ) throws(QueryError) {
        if detaches { try collectRelationships(execution) }
        var types: [RelationshipID: String] = [:]
        for id in relationships.sorted() {
            let number = try execution.number(of: id)
            types[id] = execution.store.typeName(of: execution.graph.type(ofRelationship: number))
            try execution.delete(id)
        }
        for id in nodes.sorted() { try execution.delete(id) }
        guard !nodes.isEmpty || !types.isEmpty else { return }
        for row in rows.indices {
            try execution.tick()
            for place in rows[row].indices {
                if let marked = marked(rows[row][place], types) { rows[row][place] = marked }
            }
        }
        nodes = []
        relationships = []
    }

    private func collectRelationships(_ execution: Execution) throws(QueryError) {
        for id in nodes {
            let number = try execution.number(of: id)
            var cursor = execution.graph.incidence(ofNode: number, .both)
            while let step = execution.graph.next(&cursor, types: .all) {
                try execution.tick()
                relationships.insert(RelationshipID(step.relationship))
            }
        }
    }

    /// The value with what was deleted marked; nil when nothing of it was. Values are nested at most as deep as
    /// the statement or the graph made them.
    private func marked(
        _ value: QueryValue, _ types: [RelationshipID: String]
    ) -> QueryValue? {
        switch value {
        case .node(let id) where nodes.contains(id):
            return .deleted(DeletedEntity(id: id.rawValue, type: nil))
        case .relationship(let id):
            return types[id].map { .deleted(DeletedEntity(id: id.rawValue, type: $0)) }
        case .list(let values):
            let changed = values.map { marked($0, types) }
            guard changed.contains(where: { $0 != nil }) else { return nil }
            return .list(zip(changed, values).map { $0 ?? $1 })
        case .map(let entries):
            var changed = entries
            var hasChanged = false
            for (key, value) in entries {
                guard let value = marked(value, types) else { continue }
                changed[key] = value
                hasChanged = true
            }
            return hasChanged ? .map(changed) : nil
        default: return nil
        }
    }
}
