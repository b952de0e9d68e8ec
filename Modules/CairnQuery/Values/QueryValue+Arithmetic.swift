// SPDX-License-Identifier: Apache-2.0
//
// Integers that do not fit into 64 bits, and division of integers by zero, are errors; doubles follow IEEE 754.

extension QueryValue {
    static func arithmetic(
        _ operation: ArithmeticOperator, _ left: QueryValue, _ right: QueryValue,
        _ execution: Execution
    ) throws(QueryError) -> QueryValue {
        switch (left, right) {
        case (.null, _), (_, .null): return .null
        case (.int(let left), .int(let right)): return try integers(operation, left, right)
        case (.double(let left), .double(let right)): return doubles(operation, left, right)
        case (.int(let left), .double(let right)): return doubles(operation, Double(left), right)
        case (.double(let left), .int(let right)): return doubles(operation, left, Double(right))
        default:
            if let result = try temporal(operation, left, right, execution) { return result }
            guard operation == .add, let sum = try concatenation(left, right, execution) else {
                throw .runtime(.type, .invalidArgumentType, name: operation.rawValue)
            }
            return sum
        }
    }

    private static func integers(
        _ operation: ArithmeticOperator, _ left: Int64, _ right: Int64
    ) throws(QueryError) -> QueryValue {
        let (result, overflow): (Int64, Bool)
        switch operation {
        case .add: (result, overflow) = left.addingReportingOverflow(right)
        case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
        case .power: return doubles(.power, Double(left), Double(right))
        case .divide, .remainder:
            guard right != 0 else { throw .runtime(.arithmetic, .divisionByZero) }
            (result, overflow) =
                operation == .divide
                ? left.dividedReportingOverflow(by: right)
                : (right == -1 ? 0 : left % right, false)
        }
        guard !overflow else { throw .runtime(.arithmetic, .integerOverflow) }
        return .int(result)
    }

    private static func doubles(
        _ operation: ArithmeticOperator, _ left: Double, _ right: Double
    ) -> QueryValue {
        switch operation {
        case .add: .double(left + right)
        case .subtract: .double(left - right)
        case .multiply: .double(left * right)
        case .divide: .double(left / right)
        case .remainder: .double(left.truncatingRemainder(dividingBy: right))
        case .power: .double(MathFunction.power(left, right))
        }
    }

    private static func concatenation(
        _ left: QueryValue, _ right: QueryValue, _ execution: Execution
    ) throws(QueryError) -> QueryValue? {
        switch (left, right) {
        case (.list(let first), .list(let second)):
            try execution.reserve(first.count + second.count)
            return .list(first + second)
        case (.list(let list), let element):
            try execution.reserve(list.count + 1)
            return .list(list + [element])
        case (let element, .list(let list)):
            try execution.reserve(list.count + 1)
            return .list([element] + list)
        case (.string(let first), let other):
            guard let second = other.concatenated else { return nil }
            try execution.reserve((first.utf8.count + second.utf8.count) / 16 + 1)
            return .string(first + second)
        case (let other, .string(let second)):
            guard let first = other.concatenated else { return nil }
            try execution.reserve((first.utf8.count + second.utf8.count) / 16 + 1)
            return .string(first + second)
        default: return nil
        }
    }

    /// The value as a part of a longer text.
    private var concatenated: String? {
        switch self {
        case .string(let text): text
        case .int, .double, .bool: text
        default: temporalText
        }
    }

    private static func temporal(
        _ operation: ArithmeticOperator, _ left: QueryValue, _ right: QueryValue,
        _ execution: Execution
    ) throws(QueryError) -> QueryValue? {
        let result: QueryValue?
        switch (operation, left, right) {
        case (.add, .duration(let first), .duration(let second)):
            result = first.adding(second).map(QueryValue.duration)
        case (.subtract, .duration(let first), .duration(let second)):
            result = second.negated.flatMap { first.adding($0) }.map(QueryValue.duration)
        case (.add, _, .duration(let duration)):
            guard let moved = try left.moved(by: duration, execution) else { return nil }
            result = moved
        case (.add, .duration(let duration), _):
            guard let moved = try right.moved(by: duration, execution) else { return nil }
            result = moved
        case (.subtract, _, .duration(let duration)):
            guard let negated = duration.negated,
                let moved = try left.moved(by: negated, execution)
            else { return nil }
            result = moved
        case (.multiply, .duration(let duration), .int(let factor)),
            (.multiply, .int(let factor), .duration(let duration)):
            result = duration.multiplied(by: factor).map(QueryValue.duration)
        case (.multiply, .duration(let duration), .double(let factor)),
            (.multiply, .double(let factor), .duration(let duration)):
            result = duration.multiplied(by: factor).map(QueryValue.duration)
        case (.divide, .duration(let duration), .int(let divisor)):
            result = duration.divided(by: Double(divisor)).map(QueryValue.duration)
        case (.divide, .duration(let duration), .double(let divisor)):
            result = duration.divided(by: divisor).map(QueryValue.duration)
        default: return nil
        }
        guard let result else { throw .runtime(.arithmetic, .numberOutOfRange) }
        return result
    }

    /// A temporal value that much later; nil for another kind.
    private func moved(
        by duration: QueryDuration, _ execution: Execution
    ) throws(QueryError) -> QueryValue? {
        let result: QueryValue?
        switch self {
        case .date(let date): result = date.adding(duration).map(QueryValue.date)
        case .localTime(let time): result = .localTime(time.adding(duration))
        case .time(let time):
            result = .time(QueryZonedTime(time: time.time.adding(duration), offset: time.offset))
        case .localDateTime(let moment):
            result = moment.adding(duration).map(QueryValue.localDateTime)
        case .dateTime(let moment):
            result = moment.adding(duration, in: execution.host.timeZones)
                .map(QueryValue.dateTime)
        default: return nil
        }
        guard let result else { throw .runtime(.arithmetic, .numberOutOfRange) }
        return result
    }
}

extension QueryDuration {
    fileprivate func divided(by divisor: Double) -> Self? {
        QueryDuration(
            months: Double(months) / divisor, days: Double(days) / divisor,
            seconds: Double(seconds) / divisor, nanoseconds: Double(nanoseconds) / divisor)
    }
}
