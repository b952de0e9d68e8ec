// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Makes, drops or shows rules of the graph.
final class SchemaOperator: Operator {
    private let command: SchemaCommand
    private let slots: [Int]
    private var rows: [[QueryValue]] = []
    private var index = 0

    init(_ command: SchemaCommand, slots: [Int]) {
        self.command = command
        self.slots = slots
    }

    override func open(_ execution: Execution) throws(QueryError) {
        index = 0
        rows = try run(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        guard index < rows.count else { return false }
        execution.restore(rows[index], to: slots)
        index += 1
        return true
    }

    /// The columns of what a command shows.
    static func columns(of command: SchemaCommand) -> [String] {
        command.isWriting ? [] : ["type", "label", "properties"]
    }

    private func run(_ execution: Execution) throws(QueryError) -> [[QueryValue]] {
        switch command {
        case .createIndex(let label, let keys, let ifNotExists):
            try change(execution, isOptional: ifNotExists) { (store) throws(GraphError) in
                try store.create(.index(label: label, keys: keys))
            }
        case .dropIndex(let label, let keys, let ifExists):
            try change(execution, isOptional: ifExists) { (store) throws(GraphError) in
                try store.drop(.index(label: label, keys: keys))
            }
        case .createConstraint(let pattern, let ifNotExists):
            try change(execution, isOptional: ifNotExists) { (store) throws(GraphError) in
                try pattern.create(in: &store)
            }
        case .dropConstraint(let pattern, let ifExists):
            try change(execution, isOptional: ifExists) { (store) throws(GraphError) in
                try pattern.drop(in: &store)
            }
        case .showIndexes:
            return execution.store.rules.compactMap { rule in
                if case .index(let label, let keys) = rule {
                    row("INDEX", label, keys)
                } else {
                    nil
                }
            }
        case .showConstraints:
            let uniques = execution.store.uniqueConstraints.map {
                row("UNIQUE", $0.label, [$0.key])
            }
            return uniques
                + execution.store.rules.compactMap { rule in
                    switch rule {
                    case .existence(let label, let key): row("NOT NULL", label, [key])
                    case .type(let label, let key, let type):
                        row("TYPE \("\(type)".uppercased())", label, [key])
                    case .key(let label, let keys): row("NODE KEY", label, keys)
                    case .index: nil
                    }
                }
        }
        return []
    }

    private func row(_ type: String, _ label: String, _ keys: [String]) -> [QueryValue] {
        [.string(type), .string(label), .list(keys.map(QueryValue.string))]
    }

    private func change(
        _ execution: Execution, isOptional: Bool,
        _ body: (inout GraphStore) throws(GraphError) -> Bool
    ) throws(QueryError) {
        let hasChanged = try execution.changeRules(body)
        guard hasChanged || isOptional else {
            throw .runtime(.constraint, .changeRefused)
        }
    }
}

extension ConstraintPattern {
    fileprivate func create(in store: inout GraphStore) throws(GraphError) -> Bool {
        switch kind {
        case .unique: try store.createUniqueConstraint(label: label, key: keys[0])
        case .exists: try store.create(.existence(label: label, key: keys[0]))
        case .key: try store.create(.key(label: label, keys: keys))
        }
    }

    fileprivate func drop(in store: inout GraphStore) throws(GraphError) -> Bool {
        switch kind {
        case .unique: try store.dropUniqueConstraint(label: label, key: keys[0])
        case .exists: try store.drop(.existence(label: label, key: keys[0]))
        case .key: try store.drop(.key(label: label, keys: keys))
        }
    }
}
