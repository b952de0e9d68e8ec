// SPDX-License-Identifier: Apache-2.0
//
// Label expressions as ISO 39075 has them: `A&B`, `A|B`, `!A`, `%` for any label, and parentheses. They become conditions
// of the kinds that there are already.

/// Which labels are asked for.
indirect enum LabelExpression {
    case label(String)
    /// At least one, whichever it is.
    case any
    case not(LabelExpression)
    case all([LabelExpression])
    case some([LabelExpression])

    /// The labels where all of some are asked for; nil for another expression.
    var conjunction: [String]? {
        switch self {
        case .label(let name): return [name]
        case .all(let parts):
            var labels: [String] = []
            for part in parts {
                guard let more = part.conjunction else { return nil }
                labels += more
            }
            return labels
        default: return nil
        }
    }

    /// The condition on what an expression gives.
    func condition(on entity: Expression) -> Expression {
        let start = entity.offset
        if let conjunction { return Expression(.hasLabels(entity, conjunction), at: start) }
        switch self {
        case .label(let name): return Expression(.hasLabels(entity, [name]), at: start)
        case .any:
            let labels = Expression(
                .call(FunctionCall(name: "labels", isDistinct: false, arguments: [entity])),
                at: start)
            let hasSome = Comparison(
                operator: .notEqual, right: Expression(.list([]), at: start))
            return Expression(.comparison(labels, [hasSome]), at: start)
        case .not(let part): return Expression(.not(part.condition(on: entity)), at: start)
        case .all(let parts):
            return Expression(.and(parts.map { $0.condition(on: entity) }), at: start)
        case .some(let parts):
            return Expression(.or(parts.map { $0.condition(on: entity) }), at: start)
        }
    }
}

extension Parser {
    /// Reads a label expression.
    ///
    /// - Parameter allowsBar: Whether `|` outside of parentheses joins labels; within a comprehension it ends the condition.
    mutating func labelExpression(allowsBar: Bool) throws(QueryError) -> LabelExpression {
        var parts = [try labelTerm()]
        while allowsBar, isAt(.bar) {
            advance()
            parts.append(try labelTerm())
        }
        return parts.count == 1 ? parts[0] : .some(parts)
    }

    private mutating func labelTerm() throws(QueryError) -> LabelExpression {
        var parts = [try labelFactor()]
        while take(.ampersand) { parts.append(try labelFactor()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func labelFactor() throws(QueryError) -> LabelExpression {
        if take(.exclamation) {
            return .not(
                try nested { (parser) throws(QueryError) in try parser.labelFactor() })
        }
        if take(.percent) { return .any }
        guard take(.leftParenthesis) else { return .label(try name("a label")) }
        let inner = try nested { (parser) throws(QueryError) in
            try parser.labelExpression(allowsBar: true)
        }
        try expect(.rightParenthesis)
        return inner
    }

    /// The labels behind a colon: `:A:B`, or a label expression.
    mutating func labels(allowsBar: Bool) throws(QueryError) -> LabelExpression {
        try expect(.colon)
        var parts = [try labelExpression(allowsBar: allowsBar)]
        while take(.colon) { parts.append(try labelTerm()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }
}
