// SPDX-License-Identifier: Apache-2.0

extension SemanticChecker {
    // MARK: Expressions with variables of their own

    func scoped(_ expression: Expression, _ place: Place) throws(QueryError) -> StaticKind {
        var inner = place
        inner.allowsPattern = false
        switch expression.kind {
        case .listComprehension(let comprehension):
            let list = try kind(comprehension.list, inner)
            guard list.mayBe(.list) else {
                throw .syntax(.invalidArgumentType, at: comprehension.list.offset)
            }
            inner.scope[comprehension.variable] = list.element
            inner.allowsAggregates = false
            try condition(comprehension.condition, inner)
            guard let result = comprehension.result else { return list }
            return .list(try kind(result, inner))
        case .quantifier(let quantifier):
            let list = try kind(quantifier.list, inner)
            guard list.mayBe(.list) else {
                throw .syntax(.invalidArgumentType, at: quantifier.list.offset)
            }
            inner.scope[quantifier.variable] = list.element
            try condition(quantifier.condition, inner)
            return .boolean
        case .reduction(let reduction):
            let start = try kind(reduction.start, inner)
            let list = try kind(reduction.list, inner)
            inner.scope[reduction.accumulator] = .any
            inner.scope[reduction.variable] = list.element
            inner.allowsAggregates = false
            return start.joined(with: try kind(reduction.step, inner))
        case .patternComprehension(let comprehension):
            inner.allowsAggregates = false
            try declare([comprehension.pattern], &inner.scope)
            try condition(comprehension.condition, inner)
            return .list(try kind(comprehension.result, inner))
        case .pattern(let part):
            guard place.allowsPattern else {
                throw .syntax(.unexpectedSyntax, at: expression.offset)
            }
            try checkPredicate(part, place.scope)
            return .boolean
        case .exists(let subquery):
            _ = try check(subquery.query, place.scope, isSubquery: true)
            return .boolean
        case .count(let subquery):
            _ = try check(subquery.query, place.scope, isSubquery: true)
            return .integer
        default: return .any
        }
    }

    func condition(_ condition: Expression?, _ place: Place) throws(QueryError) {
        guard let condition else { return }
        var inner = place
        inner.allowsPattern = true
        guard try kind(condition, inner).mayBe(.boolean) else {
            throw .syntax(.invalidArgumentType, at: condition.offset)
        }
    }
}
