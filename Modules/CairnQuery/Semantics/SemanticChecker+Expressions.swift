// SPDX-License-Identifier: Apache-2.0

extension SemanticChecker {
    /// Where an expression stands.
    struct Place {
        var scope: Scope
        var allowsAggregates = false
        /// Whether a pattern can stand for whether it is found.
        var allowsPattern = false
        var isInAggregate = false
    }

    /// Checks an expression that gives a value.
    func value(
        _ expression: Expression, _ scope: Scope, allowsAggregates: Bool = false
    ) throws(QueryError) -> StaticKind {
        try kind(expression, Place(scope: scope, allowsAggregates: allowsAggregates))
    }

    /// Checks an expression that says which rows stay.
    func predicate(_ expression: Expression, _ scope: Scope) throws(QueryError) {
        let kind = try kind(expression, Place(scope: scope, allowsPattern: true))
        guard kind.mayBe(.boolean) else {
            throw .syntax(.invalidArgumentType, at: expression.offset)
        }
    }

    func kind(_ expression: Expression, _ place: Place) throws(QueryError) -> StaticKind {
        var inner = place
        inner.allowsPattern = false
        switch expression.kind {
        case .literal(let literal): return literal.staticKind
        case .parameter: return .any
        case .variable(let name):
            guard let kind = place.scope[name] else {
                throw .syntax(.undefinedVariable, at: expression.offset, name: name)
            }
            return kind
        case .property(let base, _): return try property(of: base, inner)
        case .element(let list, let index): return try element(list, index, inner)
        case .slice(let list, let from, let to):
            for bound in [from, to].compactMap({ $0 }) { _ = try kind(bound, inner) }
            return try kind(list, inner)
        case .list(let elements):
            var joined = StaticKind.null
            for element in elements { joined = joined.joined(with: try kind(element, inner)) }
            return .list(elements.isEmpty ? .any : joined)
        case .map(let entries):
            for entry in entries { _ = try kind(entry.value, inner) }
            return .map
        case .negated(let operand): return try numeric(operand, inner)
        case .arithmetic(let operation, let left, let right):
            return try arithmetic(operation, left, right, inner)
        case .isNull(let operand), .hasLabels(let operand, _):
            _ = try kind(operand, inner)
            return .boolean
        case .membership(let element, let list):
            _ = try kind(element, inner)
            guard try kind(list, inner).mayBe(.list) else {
                throw .syntax(.invalidArgumentType, at: list.offset)
            }
            return .boolean
        case .text(_, let left, let right):
            _ = (try kind(left, inner), try kind(right, inner))
            return .boolean
        case .comparison:
            for child in expression.children { _ = try kind(child, inner) }
            return .boolean
        case .and, .or, .exclusiveOr, .not: return try logical(expression, place)
        case .countOfRows, .call: return try call(expression, inner)
        case .conditional(let conditional): return try self.conditional(conditional, place)
        default: return try scoped(expression, place)
        }
    }

    // MARK: Operators

    private func property(of base: Expression, _ place: Place) throws(QueryError) -> StaticKind {
        let kind = try kind(base, place)
        if kind == .path { throw .syntax(.invalidArgumentType, at: base.offset) }
        guard kind.mayBe([.node, .relationship, .map, .temporal, .duration]) else {
            throw QueryError(.type, .invalidArgumentType, .compileTime, at: base.offset)
        }
        return .any
    }

    private func element(
        _ list: Expression, _ index: Expression, _ place: Place
    ) throws(QueryError) -> StaticKind {
        let kind = try kind(list, place)
        _ = try self.kind(index, place)
        guard kind.mayBe([.list, .map, .node, .relationship]) else {
            throw QueryError(.type, .invalidArgumentType, .compileTime, at: list.offset)
        }
        return kind.element
    }

    private func numeric(_ operand: Expression, _ place: Place) throws(QueryError) -> StaticKind {
        let kind = try kind(operand, place)
        guard kind.mayBe([.integer, .float, .duration]) else {
            throw .syntax(.invalidArgumentType, at: operand.offset)
        }
        return kind
    }

    private func arithmetic(
        _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression, _ place: Place
    ) throws(QueryError) -> StaticKind {
        let kinds = (try kind(left, place), try kind(right, place))
        if operation != .add {
            for (kind, operand) in [(kinds.0, left), (kinds.1, right)]
            where !kind.mayBe([.integer, .float, .duration, .temporal]) {
                throw .syntax(.invalidArgumentType, at: operand.offset)
            }
        }
        switch kinds {
        case (.integer, .integer): return operation == .power ? .float : .integer
        case (.integer, .float), (.float, .integer), (.float, .float): return .float
        case (.string, _) where operation == .add, (_, .string) where operation == .add:
            return .any
        case (.list(let first), .list(let second)): return .list(first.joined(with: second))
        default: return .any
        }
    }

    private func logical(
        _ expression: Expression, _ place: Place
    ) throws(QueryError) -> StaticKind {
        var inner = place
        inner.allowsPattern = place.allowsPattern
        for operand in expression.children {
            guard try kind(operand, inner).mayBe(.boolean) else {
                throw .syntax(.invalidArgumentType, at: operand.offset)
            }
        }
        return .boolean
    }

    func conditional(
        _ conditional: Conditional, _ place: Place
    ) throws(QueryError) -> StaticKind {
        var inner = place
        inner.allowsPattern = false
        if let subject = conditional.subject { _ = try kind(subject, inner) }
        var joined = StaticKind.null
        for branch in conditional.branches {
            var condition = inner
            condition.allowsPattern = conditional.subject == nil
            _ = try kind(branch.condition, condition)
            joined = joined.joined(with: try kind(branch.result, inner))
        }
        if let otherwise = conditional.otherwise {
            joined = joined.joined(with: try kind(otherwise, inner))
        }
        return joined
    }

    // MARK: Calls

    private func call(_ expression: Expression, _ place: Place) throws(QueryError) -> StaticKind {
        var inner = place
        if expression.isAggregate {
            guard place.allowsAggregates else {
                throw .syntax(.invalidAggregation, at: expression.offset)
            }
            guard !place.isInAggregate else {
                throw .syntax(.nestedAggregation, at: expression.offset)
            }
            inner.isInAggregate = true
        }
        guard case .call(let call) = expression.kind else { return .integer }
        if call.name == "exists", call.arguments.count == 1 {
            inner.allowsPattern = true
            _ = try kind(call.arguments[0], inner)
            return .boolean
        }
        guard let signature = FunctionSignature.all[call.name] else {
            throw .syntax(.unknownFunction, at: expression.offset, name: call.name)
        }
        guard signature.argumentCounts.contains(call.arguments.count) else {
            throw .syntax(.invalidNumberOfArguments, at: expression.offset, name: call.name)
        }
        var kinds: [StaticKind] = []
        for (index, argument) in call.arguments.enumerated() {
            let kind = try kind(argument, inner)
            kinds.append(kind)
            guard kind.mayBe(signature.accepted(index)) else {
                throw .syntax(.invalidArgumentType, at: argument.offset, name: call.name)
            }
            if expression.isAggregate, argument.isVolatile {
                throw .syntax(.nonConstantExpression, at: argument.offset)
            }
        }
        return signature.result(kinds)
    }
}

extension Literal {
    var staticKind: StaticKind {
        switch self {
        case .null: .null
        case .bool: .boolean
        case .int: .integer
        case .double: .float
        case .string: .string
        }
    }
}
