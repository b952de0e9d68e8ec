// SPDX-License-Identifier: Apache-2.0

/// The rows of the input, which come in the order of a first key, in the order of some more keys: only rows with the
/// same first key are kept at a time, and no more are asked for than those that were wanted need.
final class SortWithinOperator: InputOperator {
    private let keys: [SortOperator.Key]
    private let slots: [Int]
    /// The rows with the same first key: the values of their keys, then those of the places.
    @exclusivity(unchecked) private var rows: [[QueryValue]] = []
    /// The row behind them.
    @exclusivity(unchecked) private var following: [QueryValue]?
    @exclusivity(unchecked) private var index = 0
    @exclusivity(unchecked) private var isAtEnd = false

    /// - Parameter slots: What is needed of each row afterwards.
    init(_ input: Operator, keys: [SortOperator.Key], slots: [Int]) {
        self.keys = keys
        self.slots = slots
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        letGo(execution)
        following = nil
        isAtEnd = false
        try input.open(execution)
    }

    private func letGo(_ execution: Execution) {
        execution.letGo(rows.count * (keys.count + slots.count + 2))
        rows.removeAll(keepingCapacity: true)
        index = 0
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if index == rows.count { try gather(execution) }
        guard index < rows.count else { return false }
        for place in slots.indices {
            execution.row[slots[place]] = rows[index][keys.count + place]
        }
        index += 1
        return true
    }

    /// Takes the next rows with the same first key.
    private func gather(_ execution: Execution) throws(QueryError) {
        letGo(execution)
        if let row = following {
            following = nil
            try keep(row, execution)
        }
        while !isAtEnd {
            guard try input.next(execution) else {
                isAtEnd = true
                break
            }
            var row: [QueryValue] = []
            row.reserveCapacity(keys.count + slots.count)
            for key in keys { row.append(try key.value(execution)) }
            for slot in slots { row.append(execution.row[slot]) }
            if let first = rows.first, first[0].order(row[0]) != .same {
                following = row
                break
            }
            try keep(row, execution)
        }
        guard rows.count > 1 else { return }
        // The sort of the standard library keeps the order of rows that are alike.
        rows.sort { isBefore($0, $1) }
    }

    private func keep(_ row: [QueryValue], _ execution: Execution) throws(QueryError) {
        try execution.hold(row.count + 2)
        rows.append(row)
    }

    private func isBefore(_ left: [QueryValue], _ right: [QueryValue]) -> Bool {
        for place in 1..<keys.count {
            switch left[place].order(right[place]) {
            case .before: return !keys[place].isDescending
            case .after: return keys[place].isDescending
            case .same: continue
            }
        }
        return false
    }
}
