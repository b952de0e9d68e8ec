// SPDX-License-Identifier: Apache-2.0

/// The rows of the input in an order; where only the first ones are wanted, no more than about twice as many are kept.
final class SortOperator: InputOperator {
    struct Key: Sendable {
        let value: Evaluator
        let isDescending: Bool
    }

    private struct SortedRow {
        let keys: [QueryValue]
        let values: [QueryValue]
    }

    private let keys: [Key]
    private let slots: [Int]
    private let limit: Evaluator?
    private let skip: Evaluator?
    private var rows: [SortedRow] = []
    private var index = 0
    private var isSorted = false

    /// - Parameters:
    ///   - slots: What is needed of each row afterwards.
    ///   - limit: How many rows are wanted behind those that are skipped; nil for all.
    init(
        _ input: Operator, keys: [Key], slots: [Int], skip: Evaluator?, limit: Evaluator?
    ) {
        self.keys = keys
        self.slots = slots
        self.skip = skip
        self.limit = limit
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        execution.letGo(rows.count * width)
        rows = []
        index = 0
        isSorted = false
        try input.open(execution)
    }

    private var width: Int { keys.count + slots.count + 2 }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if !isSorted { try sort(execution) }
        guard index < rows.count else { return false }
        execution.restore(rows[index].values, to: slots)
        index += 1
        return true
    }

    private func sort(_ execution: Execution) throws(QueryError) {
        isSorted = true
        var count = Int.max
        if let limit = try execution.rowCount(limit) {
            let (sum, overflow) = limit.addingReportingOverflow(try execution.rowCount(skip) ?? 0)
            count = overflow ? .max : sum
        }
        guard count > 0 || execution.plan.isWriting else { return }
        let capacity = count < Int.max / 4 ? count * 2 + 64 : Int.max
        var isFull = false
        var next: [QueryValue] = Array(repeating: .null, count: keys.count)
        while try input.next(execution) {
            try execution.tick()
            for place in keys.indices { next[place] = try keys[place].value(execution) }
            if isFull, count == 0 || !isBefore(next, rows[count - 1].keys) { continue }
            rows.append(SortedRow(keys: next, values: execution.values(slots)))
            try execution.hold(width)
            if rows.count >= capacity {
                cut(to: count, execution)
                isFull = true
            }
        }
        cut(to: count, execution)
    }

    private func cut(to count: Int, _ execution: Execution) {
        rows.sort { isBefore($0.keys, $1.keys) }
        guard rows.count > count else { return }
        execution.letGo((rows.count - count) * width)
        rows.removeSubrange(count...)
    }

    private func isBefore(_ left: [QueryValue], _ right: [QueryValue]) -> Bool {
        for (place, key) in keys.enumerated() {
            switch left[place].order(right[place]) {
            case .before: return !key.isDescending
            case .after: return key.isDescending
            case .same: continue
            }
        }
        return false
    }
}
