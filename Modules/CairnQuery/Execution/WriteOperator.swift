// SPDX-License-Identifier: Apache-2.0
//
// - All rows of the input are read before anything changes, and everything has changed before the first row is given
//   on. So a clause never sees what it does itself, and the next one sees all of it.

/// An operator that changes the graph.
class WriteOperator: InputOperator {
    /// The slots that are kept of each row of the input, and of each row that is given on.
    private let inputSlots: [Int]
    let outputSlots: [Int]
    private var rows: [[QueryValue]] = []
    private var index = 0
    private var isComplete = false

    init(_ input: Operator, inputSlots: [Int], outputSlots: [Int]) {
        self.inputSlots = inputSlots
        self.outputSlots = outputSlots
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        execution.letGo(rows.count * (outputSlots.count + 2))
        rows = []
        index = 0
        isComplete = false
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if !isComplete { try write(execution) }
        guard index < rows.count else { return false }
        execution.restore(rows[index], to: outputSlots)
        index += 1
        return true
    }

    private func write(_ execution: Execution) throws(QueryError) {
        isComplete = true
        var inputs: [[QueryValue]] = []
        while try input.next(execution) {
            try execution.hold(inputSlots.count + 2)
            inputs.append(execution.values(inputSlots))
        }
        for input in inputs {
            execution.restore(input, to: inputSlots)
            try apply(execution)
        }
        execution.letGo(inputs.count * (inputSlots.count + 2))
        try finish(execution, &rows)
    }

    /// Gives the current row on.
    final func give(_ execution: Execution) throws(QueryError) {
        try execution.hold(outputSlots.count + 2)
        rows.append(execution.values(outputSlots))
    }

    /// Changes the graph for the current row, and gives rows on.
    func apply(_ execution: Execution) throws(QueryError) { try give(execution) }

    /// Called after the last row.
    func finish(_ execution: Execution, _ rows: inout [[QueryValue]]) throws(QueryError) {}
}
