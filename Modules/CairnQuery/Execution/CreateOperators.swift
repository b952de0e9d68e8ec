// SPDX-License-Identifier: Apache-2.0

/// A node that a pattern creates, or one that is there.
struct NodeCreationStep: Sendable {
    let slot: Int
    let isKnown: Bool
    let labels: [String]
    let properties: Evaluator?
}

/// A relationship that a pattern creates.
struct RelationshipCreationStep: Sendable {
    let slot: Int
    let type: String
    let from: Int
    let to: Int
    let properties: Evaluator?
}

/// The creations of a pattern: nodes first, then relationships between them.
struct CreationPlan: Sendable {
    let nodes: [NodeCreationStep]
    let relationships: [RelationshipCreationStep]
    /// Paths that the pattern names.
    let paths: [ProjectOperator.Assignment]

    func run(_ execution: Execution) throws(QueryError) {
        for node in nodes where !node.isKnown {
            let entries = try entries(node.properties, execution)
            execution.row[node.slot] = try execution.createNode(labels: node.labels, entries)
        }
        for step in relationships {
            let entries = try entries(step.properties, execution)
            execution.row[step.slot] = try execution.createRelationship(
                step.type, from: execution.row[step.from], to: execution.row[step.to], entries)
        }
        for path in paths { execution.row[path.slot] = try path.value(execution) }
    }

    /// The properties of a pattern by key.
    private func entries(
        _ properties: Evaluator?, _ execution: Execution
    ) throws(QueryError) -> [String: QueryValue] {
        guard let properties else { return [:] }
        return try execution.properties(of: try properties(execution)) ?? [:]
    }
}

/// CREATE, or several one behind the other.
final class CreateOperator: WriteOperator {
    private let creations: [CreationPlan]

    init(
        _ input: Operator, _ creations: [CreationPlan], inputSlots: [Int], outputSlots: [Int]
    ) {
        self.creations = creations
        super.init(input, inputSlots: inputSlots, outputSlots: outputSlots)
    }

    override func apply(_ execution: Execution) throws(QueryError) {
        for creation in creations { try creation.run(execution) }
        try give(execution)
    }
}

/// MERGE: finds a pattern, or creates it as a whole.
final class MergeOperator: WriteOperator {
    private let search: Operator
    private let creation: CreationPlan
    private let onCreate: [UpdateStep]
    private let onMatch: [UpdateStep]

    init(
        _ input: Operator, search: Operator, _ creation: CreationPlan, onCreate: [UpdateStep],
        onMatch: [UpdateStep], inputSlots: [Int], outputSlots: [Int]
    ) {
        self.search = search
        self.creation = creation
        self.onCreate = onCreate
        self.onMatch = onMatch
        super.init(input, inputSlots: inputSlots, outputSlots: outputSlots)
    }

    override func apply(_ execution: Execution) throws(QueryError) {
        try refuseNulls(execution)
        var found: [[QueryValue]] = []
        try search.open(execution)
        while try search.next(execution) {
            try execution.reserve((found.count + 1) * outputSlots.count)
            found.append(execution.values(outputSlots))
        }
        if found.isEmpty {
            try creation.run(execution)
            for step in onCreate { try step.run(execution) }
            return try give(execution)
        }
        for values in found {
            execution.restore(values, to: outputSlots)
            for step in onMatch { try step.run(execution) }
            try give(execution)
        }
    }

    /// Refuses null properties: a later MERGE would never find the node or relationship.
    private func refuseNulls(_ execution: Execution) throws(QueryError) {
        for node in creation.nodes where node.isKnown {
            if execution.row[node.slot].isNull {
                throw .runtime(.semantic, .mergeReadOwnWrites)
            }
        }
        let properties =
            creation.nodes.compactMap(\.properties)
            + creation.relationships.compactMap(\.properties)
        for expression in properties {
            let entries = try execution.properties(of: try expression(execution)) ?? [:]
            for (key, value) in entries where value.isNull {
                throw .runtime(.semantic, .mergeReadOwnWrites, name: key)
            }
        }
    }
}
