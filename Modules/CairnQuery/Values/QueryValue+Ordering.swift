// SPDX-License-Identifier: Apache-2.0
//
// Two relations: `<` of the language, which is unknown between kinds, and the order of all values, in which ORDER BY
// sorts: maps, nodes, relationships, lists, paths, date-times, local date-times, dates, times, local times,
// durations, other values, texts, truth values, numbers, NaN, null.

/// Which of two values comes first.
enum Order {
    case before, same, after

    init<T: Comparable>(_ left: T, _ right: T) {
        self = left < right ? .before : left == right ? .same : .after
    }
}

extension QueryValue {
    // MARK: Comparison

    /// How the language compares both; nil when it does not, or when that is not known.
    func compared(with other: QueryValue) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): return Order(left, right)
        case (.double, .double), (.int, .double), (.double, .int):
            if isNaN || other.isNaN { return nil }
            return order(other)
        case (.string, .string), (.bool, .bool), (.date, .date), (.localTime, .localTime),
            (.time, .time), (.localDateTime, .localDateTime), (.dateTime, .dateTime):
            return order(other)
        case (.list(let left), .list(let right)):
            for (first, second) in zip(left, right) {
                guard let isEqual = first.isEqual(to: second) else { return nil }
                if !isEqual { return first.compared(with: second) }
            }
            return Order(left.count, right.count)
        default: return nil
        }
    }

    var isNumber: Bool {
        switch self {
        case .int, .double: true
        default: false
        }
    }

    var isNaN: Bool {
        if case .double(let value) = self { value.isNaN } else { false }
    }

    // MARK: The order of all values

    var rank: Int {
        switch self {
        case .map: 0
        case .node: 1
        case .relationship: 2
        case .list: 3
        case .path: 4
        case .dateTime: 5
        case .localDateTime: 6
        case .date: 7
        case .time: 8
        case .localTime: 9
        case .duration: 10
        case .opaque: 11
        case .deleted: 12
        case .string: 13
        case .bool: 14
        case .int, .double: 15
        case .null: 16
        }
    }

    /// Which comes first when rows are sorted.
    func order(_ other: QueryValue) -> Order {
        // A pair of values would be copied, with the references counted.
        if case .string(let left) = self, case .string(let right) = other {
            return left.utf8Order(right)
        }
        switch (self, other) {
        case (.int(let left), .int(let right)): return Order(left, right)
        case (.double(let left), .double(let right)):
            if left.isNaN || right.isNaN { return Order(left.isNaN ? 1 : 0, right.isNaN ? 1 : 0) }
            return Order(left, right)
        case (.int(let left), .double(let right)): return Self.order(left, right)
        case (.double(let left), .int(let right)):
            switch Self.order(right, left) {
            case .before: return .after
            case .after: return .before
            case .same: return .same
            }
        case (.bool(let left), .bool(let right)): return Order(left ? 1 : 0, right ? 1 : 0)
        default: return structuralOrder(other)
        }
    }

    private func structuralOrder(_ other: QueryValue) -> Order {
        switch (self, other) {
        case (.list(let left), .list(let right)): return Self.order(left, right)
        case (.map(let left), .map(let right)):
            let (first, second) = (left.keys.sorted(), right.keys.sorted())
            guard first == second else {
                return Self.order(first.map(QueryValue.string), second.map(QueryValue.string))
            }
            return Self.order(first.map { left[$0] ?? .null }, second.map { right[$0] ?? .null })
        case (.node(let left), .node(let right)): return Order(left, right)
        case (.relationship(let left), .relationship(let right)): return Order(left, right)
        case (.path(let left), .path(let right)):
            return Self.order(left.nodes.map(QueryValue.node), right.nodes.map(QueryValue.node))
        case (.date(let left), .date(let right)): return Order(left, right)
        case (.localTime(let left), .localTime(let right)): return Order(left, right)
        case (.time(let left), .time(let right)): return Order(left, right)
        case (.localDateTime(let left), .localDateTime(let right)): return Order(left, right)
        case (.dateTime(let left), .dateTime(let right)): return Order(left, right)
        case (.duration(let left), .duration(let right)): return Order(left, right)
        case (.opaque(let left), .opaque(let right)): return Order(left, right)
        default: return Order(rank, other.rank)
        }
    }

    private static func order(_ left: [QueryValue], _ right: [QueryValue]) -> Order {
        for (first, second) in zip(left, right) {
            let order = first.order(second)
            if order != .same { return order }
        }
        return Order(left.count, right.count)
    }

    /// By the exact values.
    private static func order(_ left: Int64, _ right: Double) -> Order {
        if right.isNaN { return .before }
        if right >= 0x1p63 { return .before }
        if right < -0x1p63 { return .after }
        let whole = Int64(right.rounded(.down))
        guard left == whole else { return Order(left, whole) }
        return right == right.rounded(.down) ? .same : .before
    }
}
