// SPDX-License-Identifier: Apache-2.0

/// How an expression is computed from the current row.
typealias Evaluator = @Sendable (Execution) throws(QueryError) -> QueryValue

/// A statement, ready to be run any number of times, at the same time too.
final class Plan: Sendable {
    struct Column: Sendable {
        let name: String
        let slot: Int
    }

    let mode: StatementSyntax.Mode
    let root: PlanNode
    let columns: [Column]
    let columnNames: [String]
    /// Whether it changes the graph.
    let isWriting: Bool
    let slotCount: Int
    let keys: [String]
    let labels: [String]
    let types: [String]
    let parameters: [String]
    /// Parameters that stand for the arguments of a procedure.
    let argumentParameters: Set<String>
    let subplans: [PlanNode]

    init(
        mode: StatementSyntax.Mode, root: PlanNode, columns: [Column], isWriting: Bool,
        _ builder: PlanBuilder
    ) {
        self.mode = mode
        self.root = root
        self.columns = columns
        columnNames = columns.map(\.name)
        self.isWriting = isWriting
        slotCount = builder.slotCount
        keys = builder.keys.names
        labels = builder.labels.names
        types = builder.types.names
        parameters = builder.parameters.names
        argumentParameters = builder.argumentParameters
        subplans = builder.subplans
    }
}

/// A place of the row in which no two rows have the same node.
struct DistinctNodes: Sendable {
    let slot: Int
    /// A label that all the nodes bear; nil when none is known.
    let label: String?
}

/// A step of a plan, which operators are made of.
final class PlanNode: Sendable {
    typealias Maker = @Sendable ([Operator]) -> Operator

    let name: String
    /// The names and expressions of the step, as EXPLAIN shows them.
    let detail: String
    /// How many rows are expected.
    let rowCount: Double
    let inputs: [PlanNode]
    /// Nodes of which no two rows have the same one, if such are known.
    let distinct: DistinctNodes?
    /// How many steps lie below one another here.
    let depth: Int
    private let make: Maker

    init(
        _ name: String, _ detail: String = "", rowCount: Double, _ inputs: [PlanNode] = [],
        distinct: DistinctNodes? = nil, make: @escaping Maker
    ) {
        self.name = name
        self.detail = detail
        self.rowCount = rowCount.isFinite ? min(max(rowCount, 0), 1e300) : 1e300
        self.inputs = inputs
        self.distinct = distinct
        self.make = make
        depth = (inputs.map(\.depth).max() ?? 0) + 1
    }

    /// How many steps may lie below one another: each is a call of the one below for each row.
    static let depthMax = 500

    /// The operators of the plan.
    func instantiate(in execution: Execution) -> Operator {
        var operators: [Operator] = []
        for input in inputs { operators.append(input.instantiate(in: execution)) }
        return execution.profiled(make(operators), self)
    }

    /// The row that is there.
    static let argument = PlanNode("Argument", rowCount: 1) { _ in ArgumentOperator() }
}
