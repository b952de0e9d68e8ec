// SPDX-License-Identifier: Apache-2.0

extension Expression {
    /// The expressions that this one consists of; those of subqueries are left out.
    var children: [Expression] { kind.children }
}

extension Expression.Kind {
    /// The height of what lies in a subquery.
    var subqueryHeight: Int {
        switch self {
        case .exists(let subquery), .count(let subquery): subquery.height
        default: 0
        }
    }

    var children: [Expression] {
        switch self {
        case .literal, .parameter, .variable, .countOfRows, .exists, .count: []
        case .property(let base, _), .negated(let base), .not(let base), .isNull(let base),
            .hasLabels(let base, _):
            [base]
        case .element(let list, let index): [list, index]
        case .slice(let list, let from, let to): [list] + [from, to].compactMap { $0 }
        case .list(let elements), .and(let elements), .or(let elements),
            .exclusiveOr(let elements):
            elements
        case .map(let entries): entries.map(\.value)
        case .arithmetic(_, let left, let right), .text(_, let left, let right): [left, right]
        case .membership(let element, let list): [element, list]
        case .comparison(let first, let comparisons): [first] + comparisons.map(\.right)
        case .call(let call): call.arguments
        case .conditional(let conditional): conditional.children
        case .listComprehension(let comprehension):
            [comprehension.list]
                + [comprehension.condition, comprehension.result].compactMap { $0 }
        case .patternComprehension(let comprehension):
            comprehension.pattern.expressions
                + [comprehension.condition, comprehension.result].compactMap { $0 }
        case .quantifier(let quantifier): [quantifier.list, quantifier.condition]
        case .reduction(let reduction): [reduction.start, reduction.list, reduction.step]
        case .pattern(let part): part.expressions
        }
    }
}

extension Expression {
    /// The variables that are bound within this expression alone.
    var boundNames: [String] {
        switch kind {
        case .listComprehension(let comprehension): [comprehension.variable]
        case .patternComprehension(let comprehension): comprehension.pattern.names
        case .quantifier(let quantifier): [quantifier.variable]
        case .reduction(let reduction): [reduction.accumulator, reduction.variable]
        default: []
        }
    }

    /// Whether it calls an aggregating function, outside of subqueries.
    var containsAggregate: Bool { isAggregate || children.contains { $0.containsAggregate } }

    /// Whether it is the call of an aggregating function.
    var isAggregate: Bool {
        switch kind {
        case .countOfRows: true
        case .call(let call): AggregateFunction(rawValue: call.name) != nil
        default: false
        }
    }

    /// Whether it contains a function whose value changes from call to call.
    var isVolatile: Bool {
        if case .call(let call) = kind, call.name == "rand" || call.name == "randomuuid" {
            return true
        }
        return children.contains { $0.isVolatile }
    }

    /// Whether it contains a variable.
    var containsVariable: Bool {
        if case .variable = kind { return true }
        return children.contains { $0.containsVariable }
    }
}

extension Conditional {
    fileprivate var children: [Expression] {
        [subject].compactMap { $0 } + branches.flatMap { [$0.condition, $0.result] }
            + [otherwise].compactMap { $0 }
    }
}

extension PatternPart {
    /// The expressions of the properties.
    var expressions: [Expression] {
        [start.properties, start.condition].compactMap { $0 }
            + steps.flatMap {
                [$0.relationship.properties, $0.node.properties, $0.node.condition]
                    .compactMap { $0 }
            }
    }

    /// The names of its nodes, relationships, and of the path.
    var names: [String] {
        [variable, start.variable].compactMap { $0 }
            + steps.flatMap { step in
                [step.relationship.variable, step.node.variable].compactMap { $0 }
                    + (step.relationship.quantified?.groupNames ?? [])
            }
    }
}
