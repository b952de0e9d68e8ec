// SPDX-License-Identifier: Apache-2.0

extension ExpressionCompiler {
    // MARK: Truth

    /// AND and OR: unknown only where no operand decides.
    func conjunction(_ operands: [Expression], isAnd: Bool) throws(QueryError) -> Evaluator {
        var evaluators: [Evaluator] = []
        for operand in operands { evaluators.append(try compile(operand)) }
        return { [evaluators] (execution) throws(QueryError) in
            var isKnown = true
            for evaluator in evaluators {
                guard let truth = try execution.truth(evaluator(execution)) else {
                    isKnown = false
                    continue
                }
                if truth != isAnd { return .bool(!isAnd) }
            }
            return isKnown ? .bool(isAnd) : .null
        }
    }

    func exclusiveOr(_ operands: [Expression]) throws(QueryError) -> Evaluator {
        var evaluators: [Evaluator] = []
        for operand in operands { evaluators.append(try compile(operand)) }
        return { [evaluators] (execution) throws(QueryError) in
            var result = false
            var isKnown = true
            for evaluator in evaluators {
                if let truth = try execution.truth(evaluator(execution)) {
                    result = result != truth
                } else {
                    isKnown = false
                }
            }
            return isKnown ? .bool(result) : .null
        }
    }

    func comparison(
        _ first: Expression, _ comparisons: [Comparison]
    ) throws(QueryError) -> Evaluator {
        if comparisons.count == 1,
            let packed = try packedComparison(
                first, comparisons[0].operator, comparisons[0].right)
        {
            return packed
        }
        let first = try compile(first)
        if comparisons.count == 1 {
            let comparison = comparisons[0].operator
            let right = try compile(comparisons[0].right)
            return { (execution) throws(QueryError) in
                let left = try first(execution)
                return comparison.apply(left, try right(execution)).map(QueryValue.bool) ?? .null
            }
        }
        var rights: [(Comparison.Operator, Evaluator)] = []
        for comparison in comparisons {
            rights.append((comparison.operator, try compile(comparison.right)))
        }
        return { [rights] (execution) throws(QueryError) in
            var left = try first(execution)
            var isKnown = true
            for (comparison, evaluator) in rights {
                let right = try evaluator(execution)
                guard let holds = comparison.apply(left, right) else {
                    isKnown = false
                    left = right
                    continue
                }
                if !holds { return .bool(false) }
                left = right
            }
            return isKnown ? .bool(true) : .null
        }
    }

    func membership(_ element: Expression, _ list: Expression) throws(QueryError) -> Evaluator {
        let (element, list) = (try compile(element), try compile(list))
        return { (execution) throws(QueryError) in
            let value = try element(execution)
            switch try list(execution) {
            case .null: return .null
            case .list(let values):
                var isKnown = true
                for other in values {
                    guard let isEqual = value.isEqual(to: other) else {
                        isKnown = false
                        continue
                    }
                    if isEqual { return .bool(true) }
                }
                return isKnown ? .bool(false) : .null
            default: throw .runtime(.type, .invalidArgumentType, name: "IN")
            }
        }
    }

    func text(
        _ operation: TextOperator, _ left: Expression, _ right: Expression
    ) throws(QueryError) -> Evaluator {
        if operation == .startsWith, let packed = try packedPrefix(left, right) { return packed }
        let (left, right) = (try compile(left), try compile(right))
        return { (execution) throws(QueryError) in
            guard case .string(let text) = try left(execution),
                case .string(let part) = try right(execution)
            else { return .null }
            switch operation {
            case .startsWith: return .bool(text.utf8.starts(with: part.utf8))
            case .endsWith: return .bool(text.utf8.reversed().starts(with: part.utf8.reversed()))
            case .contains: return .bool(text.containsBytes(of: part))
            }
        }
    }

    func negated(_ operand: Expression) throws(QueryError) -> Evaluator {
        let operand = try compile(operand)
        return { (execution) throws(QueryError) in
            switch try operand(execution) {
            case .null: return .null
            case .int(let value):
                guard value != .min else { throw .runtime(.arithmetic, .integerOverflow) }
                return .int(-value)
            case .double(let value): return .double(-value)
            case .duration(let duration):
                guard let negated = duration.negated else {
                    throw .runtime(.arithmetic, .numberOutOfRange)
                }
                return .duration(negated)
            default: throw .runtime(.type, .invalidArgumentType, name: "-")
            }
        }
    }
}

extension Comparison.Operator {
    /// Whether it holds; nil when that is not known.
    func apply(_ left: QueryValue, _ right: QueryValue) -> Bool? {
        switch self {
        case .equal: return left.isEqual(to: right)
        case .notEqual: return left.isEqual(to: right).map { !$0 }
        default: break
        }
        guard let order = left.compared(with: right) else {
            // NaN is neither below nor above any number.
            return left.isNumber && right.isNumber ? false : nil
        }
        return switch self {
        case .less: order == .before
        case .lessOrEqual: order != .after
        case .greater: order == .after
        default: order != .before
        }
    }
}

extension String {
    /// Whether the UTF-8 of a text occurs in that of this one.
    func containsBytes(of part: String) -> Bool {
        let bytes = Array(utf8)
        let mark = Array(part.utf8)
        guard let first = mark.first else { return true }
        guard bytes.count >= mark.count else { return false }
        for start in 0...bytes.count - mark.count where bytes[start] == first {
            if bytes[start..<start + mark.count].elementsEqual(mark) { return true }
        }
        return false
    }
}
