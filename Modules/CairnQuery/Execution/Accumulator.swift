// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Takes the values of the rows of a group and gives one value in the end.
class Accumulator {
    func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {}
    func result(_ execution: Execution) throws(QueryError) -> QueryValue { .null }

    /// How many values it keeps.
    var heldCount: Int { 0 }

    /// An accumulator for a function; `argument` is the second value of those that have one.
    static func make(
        _ function: AggregateFunction, isDistinct: Bool, argument: QueryValue
    ) throws(QueryError) -> Accumulator {
        let accumulator: Accumulator
        switch function {
        case .count: accumulator = CountAccumulator()
        case .sum: accumulator = SumAccumulator(isAverage: false)
        case .avg: accumulator = SumAccumulator(isAverage: true)
        case .min: accumulator = ExtremeAccumulator(wanted: .before)
        case .max: accumulator = ExtremeAccumulator(wanted: .after)
        case .collect: accumulator = CollectAccumulator()
        case .percentileCont, .percentileDisc:
            accumulator = try PercentileAccumulator(
                argument, isContinuous: function == .percentileCont)
        case .standardDeviation, .populationStandardDeviation:
            accumulator = DeviationAccumulator(isSample: function == .standardDeviation)
        }
        return isDistinct ? DistinctAccumulator(accumulator) : accumulator
    }
}

/// How many values there were; nulls are left out before.
final class CountAccumulator: Accumulator {
    @exclusivity(unchecked) var count: Int64 = 0

    override func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        count += 1
    }
    override func result(_ execution: Execution) throws(QueryError) -> QueryValue { .int(count) }
}

/// Passes each value on once.
final class DistinctAccumulator: Accumulator {
    private let inner: Accumulator
    @exclusivity(unchecked) private var seen: Set<QueryValue> = []
    @exclusivity(unchecked) private var seenNodes = NumberSet()
    override var heldCount: Int { seen.count + seenNodes.count + inner.heldCount }

    init(_ inner: Accumulator) { self.inner = inner }

    override func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        if case .node(let id) = value, let number = UInt32(exactly: id.rawValue) {
            guard seenNodes.insert(number) else { return }
        } else {
            guard seen.insert(value).inserted else { return }
        }
        try execution.hold(1)
        try inner.add(value, execution)
    }
    override func result(_ execution: Execution) throws(QueryError) -> QueryValue {
        try inner.result(execution)
    }
}

/// The sum, or the average, of numbers or of durations.
final class SumAccumulator: Accumulator {
    private let isAverage: Bool
    @exclusivity(unchecked) private var sum: QueryValue?
    private var count: Int64 = 0

    init(isAverage: Bool) { self.isAverage = isAverage }

    override func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        switch value {
        case .int(let next) where !isAverage:
            guard case .int(let known)? = sum else { return try add(value, to: sum, execution) }
            let (total, overflow) = known.addingReportingOverflow(next)
            guard !overflow else { throw .runtime(.arithmetic, .integerOverflow) }
            sum = .int(total)
        case .int(let int) where isAverage: try add(.double(Double(int)), to: sum, execution)
        case .int, .double, .duration: try add(value, to: sum, execution)
        default: throw .runtime(.type, .invalidArgumentType)
        }
    }

    private func add(
        _ value: QueryValue, to sum: QueryValue?, _ execution: Execution
    ) throws(QueryError) {
        count += 1
        if let sum {
            self.sum = try QueryValue.arithmetic(.add, sum, value, execution)
        } else {
            self.sum = value
        }
    }

    override func result(_ execution: Execution) throws(QueryError) -> QueryValue {
        guard let sum else { return isAverage ? .null : .int(0) }
        return isAverage
            ? try QueryValue.arithmetic(.divide, sum, .double(Double(count)), execution) : sum
    }
}

/// The least or the greatest value.
final class ExtremeAccumulator: Accumulator {
    private let wanted: Order
    @exclusivity(unchecked) private var extreme: QueryValue?

    init(wanted: Order) { self.wanted = wanted }

    override func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        guard let extreme else {
            extreme = value
            return
        }
        if value.order(extreme) == wanted { self.extreme = value }
    }
    override func result(_ execution: Execution) throws(QueryError) -> QueryValue {
        extreme ?? .null
    }
}

/// All values as a list.
final class CollectAccumulator: Accumulator {
    @exclusivity(unchecked) private var values: [QueryValue] = []
    override var heldCount: Int { values.count }

    override func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        try execution.hold(1)
        values.append(value)
    }
    override func result(_ execution: Execution) throws(QueryError) -> QueryValue {
        try QueryValue.list(values).bounded()
    }
}

/// The number below which a part of all numbers lies.
final class PercentileAccumulator: Accumulator {
    private let part: Double
    private let isContinuous: Bool
    private var numbers: [QueryValue] = []
    override var heldCount: Int { numbers.count }

    init(_ argument: QueryValue, isContinuous: Bool) throws(QueryError) {
        switch argument {
        case .int(let value): part = Double(value)
        case .double(let value): part = value
        default: throw .runtime(.type, .invalidArgumentType)
        }
        guard (0...1).contains(part) else { throw .runtime(.argument, .numberOutOfRange) }
        self.isContinuous = isContinuous
    }

    override func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        guard value.isNumber else { throw .runtime(.type, .invalidArgumentType) }
        try execution.hold(1)
        numbers.append(value)
    }

    override func result(_ execution: Execution) throws(QueryError) -> QueryValue {
        guard !numbers.isEmpty else { return .null }
        numbers.sort { $0.order($1) == .before }
        guard isContinuous else {
            let place = (part * Double(numbers.count)).rounded(.up) - 1
            return numbers[min(max(Int(place), 0), numbers.count - 1)]
        }
        let place = part * Double(numbers.count - 1)
        let low = Int(place.rounded(.down))
        let high = min(low + 1, numbers.count - 1)
        guard let first = numbers[low].asDouble, let second = numbers[high].asDouble else {
            return .null
        }
        return .double(first + (second - first) * (place - Double(low)))
    }
}

/// The standard deviation.
final class DeviationAccumulator: Accumulator {
    private let isSample: Bool
    private var count = 0.0
    private var mean = 0.0
    private var squares = 0.0

    init(isSample: Bool) { self.isSample = isSample }

    override func add(_ value: QueryValue, _ execution: Execution) throws(QueryError) {
        guard let number = value.asDouble else { throw .runtime(.type, .invalidArgumentType) }
        count += 1
        let distance = number - mean
        mean += distance / count
        squares += distance * (number - mean)
    }

    override func result(_ execution: Execution) throws(QueryError) -> QueryValue {
        let divisor = isSample ? count - 1 : count
        return .double(divisor > 0 ? (squares / divisor).squareRoot() : 0)
    }
}

extension QueryValue {
    /// A number as a double; nil for other kinds.
    var asDouble: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
}
