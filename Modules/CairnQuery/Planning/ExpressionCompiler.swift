// SPDX-License-Identifier: Apache-2.0

/// Makes closures of expressions.
struct ExpressionCompiler {
    let builder: PlanBuilder
    var bindings: Bindings
    /// Expressions whose values are in the row already.
    var known: [Expression: Int] = [:]

    func compile(_ expression: Expression) throws(QueryError) -> Evaluator {
        if let slot = known[expression] { return { (execution) in execution.row[slot] } }
        switch expression.kind {
        case .literal(let literal):
            let value = literal.value
            return { (_) in value }
        case .parameter(let name):
            let index = builder.parameters.number(of: name)
            return { (execution) in execution.parameters[index] }
        case .variable(let name):
            guard let slot = bindings[name] else {
                throw .syntax(.undefinedVariable, at: expression.offset, name: name)
            }
            return { (execution) in execution.row[slot] }
        case .property(let base, let key): return try property(base, key)
        case .element(let list, let index): return try element(list, index)
        case .slice(let list, let from, let to): return try slice(list, from, to)
        case .list(let elements): return try list(elements)
        case .map(let entries): return try map(entries)
        case .negated(let operand): return try negated(operand)
        case .arithmetic(let operation, let left, let right):
            let (left, right) = (try compile(left), try compile(right))
            return { (execution) throws(QueryError) in
                let first = try left(execution)
                return try QueryValue.arithmetic(
                    operation, first, try right(execution), execution)
            }
        case .comparison(let first, let comparisons): return try comparison(first, comparisons)
        case .and(let operands): return try conjunction(operands, isAnd: true)
        case .or(let operands): return try conjunction(operands, isAnd: false)
        case .exclusiveOr(let operands): return try exclusiveOr(operands)
        case .not(let operand):
            let operand = try compile(operand)
            return { (execution) throws(QueryError) in
                try execution.truth(operand(execution)).map { .bool(!$0) } ?? .null
            }
        case .isNull(let operand):
            let operand = try compile(operand)
            return { (execution) throws(QueryError) in .bool(try operand(execution).isNull) }
        case .membership(let element, let list): return try membership(element, list)
        case .text(let operation, let left, let right): return try text(operation, left, right)
        case .hasLabels(let entity, let labels):
            let entity = try compile(entity)
            let numbers = labels.map { builder.labels.number(of: $0) }
            return { (execution) throws(QueryError) in
                try execution.hasLabels(numbers, entity(execution)).map(QueryValue.bool) ?? .null
            }
        case .call(let call): return try self.call(call, expression)
        case .countOfRows: throw .syntax(.invalidAggregation, at: expression.offset)
        case .conditional(let conditional): return try self.conditional(conditional)
        case .listComprehension(let comprehension): return try self.comprehension(comprehension)
        case .quantifier(let quantifier): return try self.quantifier(quantifier)
        case .reduction(let reduction): return try self.reduction(reduction)
        case .patternComprehension(let comprehension): return try self.pattern(comprehension)
        case .pattern(let part): return try existence(of: part)
        case .exists(let subquery): return try existence(subquery)
        case .count(let subquery): return try count(subquery)
        }
    }

    // MARK: Calls

    private func call(
        _ call: FunctionCall, _ expression: Expression
    ) throws(QueryError) -> Evaluator {
        if call.name == "exists" { return try exists(call.arguments[0]) }
        if call.name == "coalesce" { return try coalesce(call.arguments) }
        guard let function = FunctionLibrary.all[call.name] else {
            throw .syntax(
                AggregateFunction(rawValue: call.name) == nil
                    ? .unknownFunction : .invalidAggregation, at: expression.offset,
                name: call.name)
        }
        var arguments: [Evaluator] = []
        for argument in call.arguments { arguments.append(try compile(argument)) }
        switch function {
        case .none(let body): return { (execution) throws(QueryError) in try body(execution) }
        case .unary(let body):
            let argument = arguments[0]
            return { (execution) throws(QueryError) in
                let value = try argument(execution)
                return value.isNull ? .null : try body(value, execution)
            }
        case .variadic(let body):
            return { [arguments] (execution) throws(QueryError) in
                var values: [QueryValue] = []
                values.reserveCapacity(arguments.count)
                for argument in arguments { values.append(try argument(execution)) }
                return try body(values, execution)
            }
        }
    }

    private func exists(_ argument: Expression) throws(QueryError) -> Evaluator {
        let value = try compile(argument)
        if case .pattern = argument.kind { return value }
        return { (execution) throws(QueryError) in .bool(!(try value(execution).isNull)) }
    }

    private func coalesce(_ arguments: [Expression]) throws(QueryError) -> Evaluator {
        var evaluators: [Evaluator] = []
        for argument in arguments { evaluators.append(try compile(argument)) }
        return { [evaluators] (execution) throws(QueryError) in
            for evaluator in evaluators {
                let value = try evaluator(execution)
                if !value.isNull { return value }
            }
            return .null
        }
    }

    private func conditional(_ conditional: Conditional) throws(QueryError) -> Evaluator {
        var subject: Evaluator?
        if let expression = conditional.subject { subject = try compile(expression) }
        var branches: [(condition: Evaluator, result: Evaluator)] = []
        for branch in conditional.branches {
            branches.append((try compile(branch.condition), try compile(branch.result)))
        }
        var otherwise: Evaluator = { (_) in .null }
        if let expression = conditional.otherwise { otherwise = try compile(expression) }
        return { [subject, branches, otherwise] (execution) throws(QueryError) in
            let value = try subject?(execution)
            for branch in branches {
                let condition = try branch.condition(execution)
                let holds: Bool
                if let value {
                    holds = value.isEqual(to: condition) ?? false
                } else {
                    holds = try execution.truth(condition) ?? false
                }
                if holds { return try branch.result(execution) }
            }
            return try otherwise(execution)
        }
    }
}
