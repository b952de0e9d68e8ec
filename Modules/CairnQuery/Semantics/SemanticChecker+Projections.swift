// SPDX-License-Identifier: Apache-2.0
//
// - Expressions of items see the variables before the projection; ORDER BY and WHERE also see the new names, and those
//   before only where rows are not joined by DISTINCT or by aggregation.
// - Beside an aggregating function only grouping keys may be used that are a variable or its property: what
//   `a.x + a.y + count(*)` groups by would otherwise depend on how the sum is read.

extension SemanticChecker {
    /// Checks WITH or RETURN; afterwards only the projected variables are left.
    ///
    /// - Returns: The names of the columns.
    func check(
        _ projection: Projection, _ scope: inout Scope, isReturn: Bool, at offset: Int
    ) throws(QueryError) -> [String] {
        var result = Scope()
        if projection.includesAll {
            guard !scope.names.isEmpty || !isReturn else {
                throw .syntax(.noVariablesInScope, at: offset)
            }
            result = scope
        }
        var columns = result.names
        for item in projection.items {
            let kind = try value(item.expression, scope, allowsAggregates: true)
            guard !columns.contains(item.name) else {
                throw .syntax(
                    .columnNameConflict, at: item.expression.offset, name: item.name)
            }
            columns.append(item.name)
            result[item.name] = kind
        }
        try checkGrouping(projection, scope)
        let isJoining = projection.isDistinct || projection.isAggregating
        let visible = isJoining ? result : result.merged(over: scope)
        for item in projection.order {
            try checkOrder(item.expression, projection, visible, isJoining: isJoining)
        }
        if let skip = projection.skip { try checkCount(skip) }
        if let limit = projection.limit { try checkCount(limit) }
        if let condition = projection.condition {
            if isJoining, projection.items.contains(where: { condition.contains($0.expression) }) {
                try checkProjected(condition, projection, visible)
            } else {
                try predicate(condition, visible)
            }
        }
        if !isReturn, let item = projection.items.first(where: \.needsAlias) {
            throw .syntax(.noExpressionAlias, at: item.expression.offset, name: item.text)
        }
        scope = result
        return columns
    }

    private func checkGrouping(
        _ projection: Projection, _ scope: Scope
    ) throws(QueryError) {
        guard projection.isAggregating else { return }
        var keys = Grouping(projection)
        if projection.includesAll { keys.names.formUnion(scope.names) }
        for item in projection.items where item.expression.containsAggregate {
            try keys.check(item.expression, locals: []) { _ in .ambiguousAggregationExpression }
        }
    }

    private func checkOrder(
        _ expression: Expression, _ projection: Projection, _ visible: Scope, isJoining: Bool
    ) throws(QueryError) {
        if expression.containsAggregate, !projection.isAggregating {
            throw .syntax(.invalidAggregation, at: expression.offset)
        }
        guard isJoining else {
            _ = try value(expression, visible)
            return
        }
        if expression.containsAggregate {
            let keys = Grouping(projection)
            if keys.isItem(expression) { return }
            try keys.check(expression, locals: []) { name in
                if visible.has(name) { return nil }
                return keys.isPartOfComplexKey(name)
                    ? .ambiguousAggregationExpression : .undefinedVariable
            }
            try checkProjected(expression, projection, visible)
        } else {
            try checkProjected(expression, projection, visible)
        }
    }

    /// Checks an expression whose parts may be expressions that were projected.
    private func checkProjected(
        _ expression: Expression, _ projection: Projection, _ visible: Scope
    ) throws(QueryError) {
        if projection.items.contains(where: { $0.expression == expression }) { return }
        if expression.isAggregate {
            for child in expression.children { _ = try value(child, visible) }
            throw .syntax(.invalidAggregation, at: expression.offset)
        }
        if expression.children.isEmpty || !expression.boundNames.isEmpty {
            _ = try value(expression, visible)
        } else {
            for child in expression.children { try checkProjected(child, projection, visible) }
        }
    }

    /// SKIP and LIMIT: the same for all rows, an integer, not negative.
    private func checkCount(_ expression: Expression) throws(QueryError) {
        guard !expression.containsVariable else {
            throw .syntax(.nonConstantExpression, at: expression.offset)
        }
        switch expression.kind {
        case .literal(.int(let value)) where value < 0:
            throw .syntax(.negativeIntegerArgument, at: expression.offset)
        case .literal(.int): break
        case .literal: throw .syntax(.invalidArgumentType, at: expression.offset)
        default: _ = try value(expression, Scope())
        }
    }
}

extension Projection {
    /// Whether an item calls an aggregating function.
    var isAggregating: Bool { items.contains { $0.expression.containsAggregate } }
}

extension Projection.Item {
    /// Whether WITH demands a name for it.
    fileprivate var needsAlias: Bool { alias == nil && !expression.isVariable }
}

/// The grouping keys of a projection.
struct Grouping {
    let items: [Expression]
    let complexKeys: [Expression]
    /// Variables that are keys.
    var names: Set<String> = []
    /// Properties of variables that are keys.
    let properties: [Expression]

    init(_ projection: Projection) {
        items = projection.items.map(\.expression)
        let keys = items.filter { !$0.containsAggregate }
        var properties: [Expression] = []
        var complexKeys: [Expression] = []
        for key in keys {
            switch key.kind {
            case .variable(let name): names.insert(name)
            case .property(let base, _) where base.isVariable: properties.append(key)
            default: complexKeys.append(key)
            }
        }
        self.properties = properties
        self.complexKeys = complexKeys
    }

    func isItem(_ expression: Expression) -> Bool { items.contains(expression) }

    func isPartOfComplexKey(_ name: String) -> Bool {
        complexKeys.contains { $0.contains(name) }
    }

    /// Checks what stands beside aggregating functions in an expression.
    ///
    /// - Parameter problem: What is wrong with a variable that is no key; nil when nothing is.
    func check(
        _ expression: Expression, locals: Set<String>,
        _ problem: (String) -> QueryError.Code?
    ) throws(QueryError) {
        if expression.isAggregate || properties.contains(expression) { return }
        if case .variable(let name) = expression.kind {
            guard !names.contains(name), !locals.contains(name), let code = problem(name) else {
                return
            }
            throw .syntax(code, at: expression.offset, name: name)
        }
        let inner = locals.union(expression.boundNames)
        for child in expression.children { try check(child, locals: inner, problem) }
    }
}

extension Expression {
    var isVariable: Bool {
        if case .variable = kind { true } else { false }
    }

    /// Whether an expression that is no variable occurs in it.
    fileprivate func contains(_ other: Expression) -> Bool {
        !other.isVariable && (self == other || children.contains { $0.contains(other) })
    }

    /// Whether a variable of this name occurs in it.
    func contains(_ name: String) -> Bool {
        if case .variable(name) = kind { return true }
        return children.contains { $0.contains(name) }
    }
}
