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
        command.isWriting ? [] : ["type", "entityType", "labelOrType", "properties"]
    }

    private func run(_ execution: Execution) throws(QueryError) -> [[QueryValue]] {
        switch command {
        case .createIndex(let target, let keys, let ifNotExists):
            try change(execution, isOptional: ifNotExists) { (store) throws(GraphError) in
                switch target {
                case .label(let label): try store.create(.index(label: label, keys: keys))
                case .type(let type): try store.create(.index(type: type, keys: keys))
                }
            }
        case .dropIndex(let target, let keys, let ifExists):
            try change(execution, isOptional: ifExists) { (store) throws(GraphError) in
                switch target {
                case .label(let label): try store.drop(.index(label: label, keys: keys))
                case .type(let type): try store.drop(.index(type: type, keys: keys))
                }
            }
        case .createConstraint(let pattern, let ifNotExists):
            try change(execution, isOptional: ifNotExists) { (store) throws(GraphError) in
                try pattern.create(in: &store)
            }
        case .dropConstraint(let pattern, let ifExists):
            try change(execution, isOptional: ifExists) { (store) throws(GraphError) in
                try pattern.drop(in: &store)
            }
        case .showIndexes: return indexes(of: execution.store)
        case .showConstraints: return constraints(of: execution.store)
        }
        return []
    }

    private func indexes(of store: GraphStore) -> [[QueryValue]] {
        let ofNodes = store.rules.compactMap { rule in
            if case .index(let label, let keys) = rule {
                row("INDEX", .label(label), keys)
            } else {
                nil
            }
        }
        return ofNodes
            + store.relationshipRules.compactMap { rule in
                if case .index(let type, let keys) = rule {
                    row("INDEX", .type(type), keys)
                } else {
                    nil
                }
            }
    }

    private func constraints(of store: GraphStore) -> [[QueryValue]] {
        let uniques = store.uniqueConstraints.map { row("UNIQUE", .label($0.label), [$0.key]) }
        let ofNodes = store.rules.compactMap { rule in
            switch rule {
            case .existence(let label, let key): row("NOT NULL", .label(label), [key])
            case .type(let label, let key, let type):
                row("TYPE \("\(type)".uppercased())", .label(label), [key])
            case .key(let label, let keys): row("NODE KEY", .label(label), keys)
            case .index: nil
            }
        }
        return uniques + ofNodes
            + store.relationshipRules.compactMap { rule in
                switch rule {
                case .existence(let type, let key): row("NOT NULL", .type(type), [key])
                case .valueType(let type, let key, let values):
                    row("TYPE \("\(values)".uppercased())", .type(type), [key])
                case .key(let type, let keys): row("RELATIONSHIP KEY", .type(type), keys)
                case .unique(let type, let keys): row("UNIQUE", .type(type), keys)
                case .index: nil
                }
            }
    }

    private func row(
        _ kind: String, _ target: RuleTarget, _ keys: [String]
    ) -> [QueryValue] {
        let (entity, name) =
            switch target {
            case .label(let label): ("NODE", label)
            case .type(let type): ("RELATIONSHIP", type)
            }
        return [
            .string(kind), .string(entity), .string(name), .list(keys.map(QueryValue.string)),
        ]
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
        switch (target, kind) {
        case (.label(let label), .unique):
            try store.createUniqueConstraint(label: label, key: keys[0])
        case (.label(let label), .exists):
            try store.create(.existence(label: label, key: keys[0]))
        case (.label(let label), .key): try store.create(.key(label: label, keys: keys))
        case (.type(let type), _): try store.create(rule(type))
        }
    }

    fileprivate func drop(in store: inout GraphStore) throws(GraphError) -> Bool {
        switch (target, kind) {
        case (.label(let label), .unique):
            try store.dropUniqueConstraint(label: label, key: keys[0])
        case (.label(let label), .exists):
            try store.drop(.existence(label: label, key: keys[0]))
        case (.label(let label), .key): try store.drop(.key(label: label, keys: keys))
        case (.type(let type), _): try store.drop(rule(type))
        }
    }

    private func rule(_ type: String) -> RelationshipRule {
        switch kind {
        case .unique: .unique(type: type, keys: keys)
        case .exists: .existence(type: type, key: keys[0])
        case .key: .key(type: type, keys: keys)
        }
    }
}
