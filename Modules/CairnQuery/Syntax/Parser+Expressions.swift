// SPDX-License-Identifier: Apache-2.0
//
// Operators from the loosest to the tightest: OR, XOR, AND, NOT, comparisons, predicates (IN, IS NULL, STARTS
// WITH …), + -, * / %, ^, signs, then what follows an atom (.key, [index], :Label).

extension Parser {
    mutating func expression() throws(QueryError) -> Expression {
        let result = try nested { (parser) throws(QueryError) in try parser.disjunction() }
        guard result.height <= Self.heightMax else {
            throw .syntax(.nestingTooDeep, at: result.offset)
        }
        heightReached = max(heightReached, result.height)
        return result
    }

    // MARK: Truth

    private mutating func disjunction() throws(QueryError) -> Expression {
        let start = offset
        var operands = [try exclusiveDisjunction()]
        while take("OR") { operands.append(try exclusiveDisjunction()) }
        return operands.count == 1 ? operands[0] : Expression(.or(operands), at: start)
    }

    private mutating func exclusiveDisjunction() throws(QueryError) -> Expression {
        let start = offset
        var operands = [try conjunction()]
        while take("XOR") { operands.append(try conjunction()) }
        return operands.count == 1 ? operands[0] : Expression(.exclusiveOr(operands), at: start)
    }

    private mutating func conjunction() throws(QueryError) -> Expression {
        let start = offset
        var operands = [try negation()]
        while take("AND") { operands.append(try negation()) }
        return operands.count == 1 ? operands[0] : Expression(.and(operands), at: start)
    }

    private mutating func negation() throws(QueryError) -> Expression {
        let start = offset
        var isNegated = false
        var hasNot = false
        while take("NOT") {
            isNegated.toggle()
            hasNot = true
        }
        let operand = try comparison()
        guard hasNot else { return operand }
        let negated = Expression(.not(operand), at: start)
        // Two negations still ask for a truth value.
        return isNegated ? negated : Expression(.not(negated), at: start)
    }

    private mutating func comparison() throws(QueryError) -> Expression {
        let start = offset
        let first = try predicate()
        var comparisons: [Comparison] = []
        while case .symbol(let symbol) = kind(),
            let found = Comparison.Operator(rawValue: symbol.rawValue)
        {
            advance()
            comparisons.append(Comparison(operator: found, right: try predicate()))
        }
        return comparisons.isEmpty ? first : Expression(.comparison(first, comparisons), at: start)
    }

    private mutating func predicate() throws(QueryError) -> Expression {
        let start = offset
        var result = try sum()
        for _ in 0..<Self.chainMax {
            if take("IN") {
                result = Expression(.membership(result, in: try sum()), at: start)
            } else if take("STARTS", "WITH") {
                result = Expression(.text(.startsWith, result, try sum()), at: start)
            } else if take("ENDS", "WITH") {
                result = Expression(.text(.endsWith, result, try sum()), at: start)
            } else if take("CONTAINS") {
                result = Expression(.text(.contains, result, try sum()), at: start)
            } else if isAt("IS", "NOT", "NULL") {
                for _ in 0..<3 { advance() }
                result = Expression(
                    .not(Expression(.isNull(result), at: start)), at: start)
            } else if take("IS", "NULL") {
                result = Expression(.isNull(result), at: start)
            } else if isAt("IS", "NOT", "LABELED") {
                for _ in 0..<3 { advance() }
                let labels = try labelExpression(allowsBar: barEnds == 0)
                result = Expression(.not(labels.condition(on: result)), at: start)
            } else if take("IS", "LABELED") {
                result = try labelExpression(allowsBar: barEnds == 0).condition(on: result)
            } else {
                return result
            }
        }
        throw .syntax(.nestingTooDeep, at: offset)
    }

    // MARK: Arithmetic

    private mutating func sum() throws(QueryError) -> Expression {
        try chain([.add, .subtract]) { (parser) throws(QueryError) in try parser.product() }
    }

    private mutating func product() throws(QueryError) -> Expression {
        try chain([.multiply, .divide, .remainder]) { (parser) throws(QueryError) in
            try parser.power()
        }
    }

    private mutating func power() throws(QueryError) -> Expression {
        try chain([.power]) { (parser) throws(QueryError) in try parser.signed() }
    }

    private mutating func chain(
        _ operators: [ArithmeticOperator],
        _ operand: (inout Parser) throws(QueryError) -> Expression
    ) throws(QueryError) -> Expression {
        let start = offset
        var result = try operand(&self)
        var count = 0
        while case .symbol(let symbol) = kind(),
            let found = ArithmeticOperator(rawValue: symbol.rawValue), operators.contains(found)
        {
            count += 1
            guard count <= Self.chainMax else { throw .syntax(.nestingTooDeep, at: offset) }
            advance()
            result = Expression(.arithmetic(found, result, try operand(&self)), at: start)
        }
        return result
    }

    private mutating func signed() throws(QueryError) -> Expression {
        let start = offset
        guard isAt(.minus) || isAt(.plus) else { return try postfixed() }
        var isNegative = false
        var count = 0
        while isAt(.minus) || isAt(.plus) {
            if isAt(.minus) { isNegative.toggle() }
            advance()
            count += 1
        }
        if isNegative, kind() == .minimumMagnitude {
            advance()
            return Expression(.literal(.int(.min)), at: start)
        }
        let operand = try postfixed()
        switch operand.kind {
        case .literal(.int(let value)) where isNegative:
            return Expression(.literal(.int(-value)), at: start)
        case .literal(.double(let value)) where isNegative:
            return Expression(.literal(.double(-value)), at: start)
        default:
            return isNegative ? Expression(.negated(operand), at: start) : operand
        }
    }

    // MARK: After an atom

    private mutating func postfixed() throws(QueryError) -> Expression {
        let start = offset
        var result = try atom()
        for _ in 0..<Self.chainMax {
            if take(.dot) {
                result = Expression(.property(result, key: try name("a key")), at: start)
            } else if isAt(.leftBracket) {
                result = try element(of: result, start)
            } else if isAt(.colon), isLabelAhead {
                result = try labels(allowsBar: barEnds == 0).condition(on: result)
            } else {
                return result
            }
        }
        throw .syntax(.nestingTooDeep, at: offset)
    }

    private var isLabelAhead: Bool {
        switch kind(after: 1) {
        case .word, .quotedName, .symbol(.exclamation), .symbol(.percent),
            .symbol(.leftParenthesis):
            true
        default: false
        }
    }

    private mutating func element(
        of list: Expression, _ start: Int
    ) throws(QueryError) -> Expression {
        try expect(.leftBracket)
        if take(.dots) {
            let end = isAt(.rightBracket) ? nil : try expression()
            try expect(.rightBracket)
            return Expression(.slice(list, from: nil, to: end), at: start)
        }
        let index = try expression()
        if take(.dots) {
            let end = isAt(.rightBracket) ? nil : try expression()
            try expect(.rightBracket)
            return Expression(.slice(list, from: index, to: end), at: start)
        }
        try expect(.rightBracket)
        return Expression(.element(list, index: index), at: start)
    }
}
