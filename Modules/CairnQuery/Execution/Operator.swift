// SPDX-License-Identifier: Apache-2.0

/// A step of a plan that gives rows one by one: it fills places of the one row of the execution.
///
/// An operator is opened before its first row, and again for the rows of the next row of an outer plan. What the row
/// held when it was opened stays visible.
class Operator {
    /// Begins anew.
    func open(_ execution: Execution) throws(QueryError) {}

    /// Fills the row with the next one; false when there is none.
    func next(_ execution: Execution) throws(QueryError) -> Bool { false }
}

/// The row that is there, once.
final class ArgumentOperator: Operator {
    @exclusivity(unchecked) private var isPending = false

    override func open(_ execution: Execution) throws(QueryError) { isPending = true }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        defer { isPending = false }
        return isPending
    }
}

/// An operator that asks another one for rows.
class InputOperator: Operator {
    let input: Operator

    init(_ input: Operator) { self.input = input }

    override func open(_ execution: Execution) throws(QueryError) { try input.open(execution) }
}

/// Counts the rows of an operator and the time that it takes, with all below it.
final class ProfiledOperator: InputOperator {
    private(set) var rowCount = 0
    private(set) var duration: Duration = .zero

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        let start = ContinuousClock.now
        defer { duration += ContinuousClock.now - start }
        guard try input.next(execution) else { return false }
        rowCount += 1
        return true
    }
}
