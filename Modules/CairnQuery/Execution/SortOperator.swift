// SPDX-License-Identifier: Apache-2.0
//
// Rows lie one behind the other in two arrays, keys and values; what is sorted is their numbers, each with the beginning
// of its first key as a number that has the order of the values. So most comparisons look at two numbers and count no
// references.

/// The rows of the input in an order; where only the first ones are wanted, no more than about twice as many are kept.
final class SortOperator: InputOperator {
    struct Key: Sendable {
        let value: Evaluator
        let isDescending: Bool
    }

    private struct Place {
        let prefix: UInt64
        let row: Int
    }

    private let keys: [Key]
    private let slots: [Int]
    private let limit: Evaluator?
    private let skip: Evaluator?
    @exclusivity(unchecked) private var keyValues: [QueryValue] = []
    @exclusivity(unchecked) private var rowValues: [QueryValue] = []
    @exclusivity(unchecked) private var order: [Place] = []
    @exclusivity(unchecked) private var index = 0
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
        execution.letGo(order.count * width)
        keyValues = []
        rowValues = []
        order = []
        index = 0
        isSorted = false
        try input.open(execution)
    }

    private var width: Int { keys.count + slots.count + 2 }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if !isSorted { try sort(execution) }
        guard index < order.count else { return false }
        let start = order[index].row * slots.count
        for place in slots.indices { execution.row[slots[place]] = rowValues[start + place] }
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
        while try input.next(execution) {
            try execution.tick()
            let start = keyValues.count
            for key in keys { keyValues.append(try key.value(execution)) }
            let place = Place(prefix: prefix(keyValues[start]), row: order.count)
            if isFull, count == 0 || !isBefore(place, order[count - 1]) {
                keyValues.removeSubrange(start...)
                continue
            }
            for slot in slots { rowValues.append(execution.row[slot]) }
            order.append(place)
            try execution.hold(width)
            if order.count >= capacity {
                cut(to: count, execution)
                isFull = true
            }
        }
        cut(to: count, execution)
    }

    /// Sorts the rows, and forgets all but the first.
    private func cut(to count: Int, _ execution: Execution) {
        var sorted = order
        order = []
        sorted.sort { isBefore($0, $1) }
        guard sorted.count > count else {
            order = sorted
            return
        }
        execution.letGo((sorted.count - count) * width)
        sorted.removeSubrange(count...)
        var (keptKeys, keptValues): ([QueryValue], [QueryValue]) = ([], [])
        for (row, place) in sorted.enumerated() {
            keptKeys += keyValues[place.row * keys.count..<(place.row + 1) * keys.count]
            keptValues += rowValues[place.row * slots.count..<(place.row + 1) * slots.count]
            order.append(Place(prefix: place.prefix, row: row))
        }
        (keyValues, rowValues) = (keptKeys, keptValues)
    }

    private func prefix(_ first: QueryValue) -> UInt64 {
        keys[0].isDescending ? ~first.orderPrefix : first.orderPrefix
    }

    private func isBefore(_ left: Place, _ right: Place) -> Bool {
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return keyValues.withUnsafeBufferPointer { values in
            for (place, key) in keys.enumerated() {
                let (one, two) = (left.row * keys.count + place, right.row * keys.count + place)
                switch values[one].order(values[two]) {
                case .before: return !key.isDescending
                case .after: return key.isDescending
                case .same: continue
                }
            }
            // Rows that are alike stay in the order in which they came.
            return left.row < right.row
        }
    }
}

extension QueryValue {
    /// A number that is not greater than that of any value that comes later when rows are sorted.
    fileprivate var orderPrefix: UInt64 {
        UInt64(rank) << 59 | orderNumber >> 5
    }

    private var orderNumber: UInt64 {
        switch self {
        case .int(let value): return Self.orderNumber(Double(value))
        case .double(let value): return Self.orderNumber(value)
        case .bool(let value): return value ? 1 << 63 : 0
        case .string(let text):
            return text.utf8Span.span.bytes.withUnsafeBytes { bytes in
                if bytes.count >= 8 {
                    return bytes.loadUnaligned(as: UInt64.self).bigEndian
                }
                var number: UInt64 = 0
                for byte in bytes { number = number << 8 | UInt64(byte) }
                return bytes.isEmpty ? 0 : number << (64 - 8 * UInt64(bytes.count))
            }
        default: return 0
        }
    }

    private static func orderNumber(_ value: Double) -> UInt64 {
        if value.isNaN { return .max }
        let bits = (value == 0 ? 0 : value).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }
}
