// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension ExpressionCompiler {
    /// The same with another variable.
    private func binding(_ name: String) -> (ExpressionCompiler, slot: Int) {
        var inner = self
        let slot = builder.slot()
        inner.bindings[name] = slot
        // Facts about expressions with that name are about another variable.
        inner.known = known.filter { !$0.key.contains(name) }
        return (inner, slot)
    }

    // MARK: Lists

    func comprehension(_ comprehension: ListComprehension) throws(QueryError) -> Evaluator {
        let list = try compile(comprehension.list)
        let (inner, slot) = binding(comprehension.variable)
        var condition: Evaluator?
        var result: Evaluator?
        if let expression = comprehension.condition { condition = try inner.compile(expression) }
        if let expression = comprehension.result { result = try inner.compile(expression) }
        return { [condition, result] (execution) throws(QueryError) in
            guard let values = try execution.elements(list) else { return .null }
            var results: [QueryValue] = []
            for value in values {
                try execution.tick()
                execution.row[slot] = value
                if let condition {
                    guard try execution.truth(condition(execution)) ?? false else { continue }
                }
                results.append(try result?(execution) ?? value)
            }
            return try QueryValue.list(results).bounded()
        }
    }

    func quantifier(_ quantifier: Quantifier) throws(QueryError) -> Evaluator {
        let list = try compile(quantifier.list)
        let (inner, slot) = binding(quantifier.variable)
        let condition = try inner.compile(quantifier.condition)
        let kind = quantifier.kind
        return { (execution) throws(QueryError) in
            guard let values = try execution.elements(list) else { return .null }
            var trueCount = 0
            var unknownCount = 0
            var falseCount = 0
            for value in values {
                try execution.tick()
                execution.row[slot] = value
                switch try execution.truth(condition(execution)) {
                case true?: trueCount += 1
                case false?: falseCount += 1
                case nil: unknownCount += 1
                }
                if let decided = kind.decision(trueCount, falseCount) { return .bool(decided) }
            }
            return unknownCount > 0 ? .null : .bool(kind.conclusion(trueCount))
        }
    }

    func reduction(_ reduction: Reduction) throws(QueryError) -> Evaluator {
        let start = try compile(reduction.start)
        let list = try compile(reduction.list)
        let (outer, accumulator) = binding(reduction.accumulator)
        let (inner, slot) = outer.binding(reduction.variable)
        let step = try inner.compile(reduction.step)
        return { (execution) throws(QueryError) in
            guard let values = try execution.elements(list) else { return .null }
            var result = try start(execution)
            for value in values {
                try execution.tick()
                execution.row[accumulator] = result
                execution.row[slot] = value
                result = try step(execution)
            }
            return result
        }
    }

    // MARK: Subqueries

    /// Whether a pattern is found.
    func existence(of part: PatternPart) throws(QueryError) -> Evaluator {
        if let degree = try degreeCheck(part) { return degree }
        var planner = QueryPlanner(builder, bindings)
        let plan = try planner.pattern([part], condition: nil, onto: .argument)
        return existence(of: builder.addSubplan(plan))
    }

    func existence(_ subquery: Subquery) throws(QueryError) -> Evaluator {
        if subquery.query.parts.count == 1, subquery.query.parts[0].count == 1,
            case .match(let match) = subquery.query.parts[0][0].kind, !match.isOptional,
            match.pattern.count == 1, match.condition == nil,
            let degree = try degreeCheck(match.pattern[0])
        {
            return degree
        }
        var planner = QueryPlanner(builder, bindings)
        let (plan, _) = try planner.body(subquery.query)
        return existence(of: builder.addSubplan(plan))
    }

    private func existence(of subplan: Int) -> Evaluator {
        { (execution) throws(QueryError) in
            let plan = execution.subplan(subplan)
            try plan.open(execution)
            return .bool(try plan.next(execution))
        }
    }

    func count(_ subquery: Subquery) throws(QueryError) -> Evaluator {
        var planner = QueryPlanner(builder, bindings)
        let (plan, _) = try planner.body(subquery.query)
        let subplan = builder.addSubplan(plan)
        return { (execution) throws(QueryError) in
            let plan = execution.subplan(subplan)
            try plan.open(execution)
            var count: Int64 = 0
            while try plan.next(execution) { count += 1 }
            return .int(count)
        }
    }

    func pattern(_ comprehension: PatternComprehension) throws(QueryError) -> Evaluator {
        var planner = QueryPlanner(builder, bindings)
        let plan = try planner.pattern(
            [comprehension.pattern], condition: comprehension.condition, onto: .argument)
        var inner = self
        inner.bindings = planner.bindings
        let result = try inner.compile(comprehension.result)
        let subplan = builder.addSubplan(plan)
        return { (execution) throws(QueryError) in
            let plan = execution.subplan(subplan)
            try plan.open(execution)
            var results: [QueryValue] = []
            while try plan.next(execution) {
                results.append(try result(execution))
                try execution.reserve(results.count)
            }
            return try QueryValue.list(results).bounded()
        }
    }

    /// Whether a known node has a relationship, where a pattern asks for no more: the first one decides.
    private func degreeCheck(_ part: PatternPart) throws(QueryError) -> Evaluator? {
        guard part.steps.count == 1, let name = part.start.variable, let slot = bindings[name],
            part.start.labels.isEmpty, part.start.properties == nil, part.start.condition == nil,
            part.variable == nil
        else { return nil }
        let step = part.steps[0]
        guard step.node.labels.isEmpty, step.node.properties == nil, step.node.condition == nil,
            step.node.variable.map({ bindings[$0] == nil && $0 != name }) ?? true,
            step.relationship.properties == nil, step.relationship.length == nil,
            step.relationship.variable.map({ bindings[$0] == nil }) ?? true
        else { return nil }
        let types = step.relationship.types.map { builder.types.number(of: $0) }
        let direction = step.relationship.arrow.direction
        return { (execution) throws(QueryError) in
            guard let node = try execution.node(in: slot) else { return .bool(false) }
            var cursor = execution.graph.incidence(ofNode: node, direction)
            return .bool(
                execution.graph.next(&cursor, types: execution.types(types)) != nil)
        }
    }
}

extension Execution {
    /// The elements of a list; nil for null.
    func elements(_ expression: Evaluator) throws(QueryError) -> [QueryValue]? {
        switch try expression(self) {
        case .null: return nil
        case .list(let values): return values
        default: throw .runtime(.type, .invalidArgumentType)
        }
    }
}

extension Quantifier.Kind {
    /// The result when it is certain before the end.
    fileprivate func decision(_ trueCount: Int, _ falseCount: Int) -> Bool? {
        switch self {
        case .all: falseCount > 0 ? false : nil
        case .any: trueCount > 0 ? true : nil
        case .none: trueCount > 0 ? false : nil
        case .single: trueCount > 1 ? false : nil
        }
    }

    /// The result in the end, when every condition was known.
    fileprivate func conclusion(_ trueCount: Int) -> Bool {
        switch self {
        case .all: true
        case .any: false
        case .none: true
        case .single: trueCount == 1
        }
    }
}

extension RelationshipPattern.Arrow {
    var direction: Direction {
        switch self {
        case .left: .incoming
        case .right: .outgoing
        case .none, .both: .both
        }
    }
}
