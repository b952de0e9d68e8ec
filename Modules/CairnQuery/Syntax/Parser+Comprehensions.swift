// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// The condition of a comprehension, which `|` ends.
    private mutating func barredCondition() throws(QueryError) -> Expression? {
        guard take("WHERE") else { return nil }
        barEnds += 1
        defer { barEnds -= 1 }
        return try expression()
    }

    mutating func listComprehension() throws(QueryError) -> Expression {
        let start = offset
        try expect(.leftBracket)
        let variable = try variable()
        try expect("IN")
        barEnds += 1
        let list = try expression()
        barEnds -= 1
        let condition = try barredCondition()
        let result = take(.bar) ? try expression() : nil
        try expect(.rightBracket)
        return Expression(
            .listComprehension(
                ListComprehension(
                    variable: variable, list: list, condition: condition, result: result)),
            at: start)
    }

    mutating func patternComprehension() throws(QueryError) -> PatternComprehension {
        try expect(.leftBracket)
        var name: String?
        if kind(after: 1) == .symbol(.equals) {
            name = try variable()
            try expect(.equals)
        }
        let pattern = try patternElement(variable: name)
        guard !pattern.steps.isEmpty else { throw unexpected("a relationship") }
        let condition = try barredCondition()
        try expect(.bar)
        let result = try expression()
        try expect(.rightBracket)
        return PatternComprehension(pattern: pattern, condition: condition, result: result)
    }

    mutating func quantifier(_ kind: Quantifier.Kind) throws(QueryError) -> Expression {
        let start = offset
        advance()
        try expect(.leftParenthesis)
        let variable = try variable()
        try expect("IN")
        let list = try expression()
        try expect("WHERE")
        let condition = try expression()
        try expect(.rightParenthesis)
        return Expression(
            .quantifier(
                Quantifier(kind: kind, variable: variable, list: list, condition: condition)),
            at: start)
    }

    mutating func reduction() throws(QueryError) -> Expression {
        let start = offset
        advance()
        try expect(.leftParenthesis)
        let accumulator = try variable()
        try expect(.equals)
        let first = try expression()
        try expect(.comma)
        let variable = try variable()
        try expect("IN")
        barEnds += 1
        defer { barEnds -= 1 }
        let list = try expression()
        try expect(.bar)
        let step = try expression()
        try expect(.rightParenthesis)
        return Expression(
            .reduction(
                Reduction(
                    accumulator: accumulator, start: first, variable: variable, list: list,
                    step: step)), at: start)
    }
}
