// SPDX-License-Identifier: Apache-2.0

extension QueryPlanner {
    private struct Item {
        let name: String
        let expression: Expression
    }

    /// Adds WITH or RETURN; afterwards only what was projected is bound.
    mutating func project(
        _ projection: Projection, onto plan: PlanNode, isReturn: Bool
    ) throws(QueryError) -> PlanNode {
        var items: [Item] = []
        if projection.includesAll {
            for name in bindings.names {
                items.append(Item(name: name, expression: Expression(.variable(name), at: 0)))
            }
        }
        items += projection.items.map { Item(name: $0.name, expression: $0.expression) }

        var result = Bindings()
        var known: [Expression: Int] = [:]
        var plan = plan
        if projection.isAggregating {
            plan = try aggregate(items, projection, onto: plan, &result, &known)
        } else {
            plan = try assign(items, onto: plan, &result, &known)
        }
        weight = nil
        let served = projection.isAggregating ? 0 : servedCount(projection)
        rowOrder = nil
        if projection.isDistinct { plan = distinct(plan, result.allSlots) }

        let isJoining = projection.isDistinct || projection.isAggregating
        let visible = isJoining ? result : result.merged(over: bindings)
        var compiler = ExpressionCompiler(builder: builder, bindings: visible)
        if isJoining { compiler.known = known }
        plan = try sort(plan, projection, compiler, result, visible, served: served)
        columns = items.compactMap { item in
            result[item.name].map { Plan.Column(name: item.name, slot: $0) }
        }
        if let condition = projection.condition {
            let evaluator = try compiler.compile(condition)
            plan = PlanNode(
                "Filter", condition.description, rowCount: plan.rowCount * 0.3, [plan]
            ) { FilterOperator($0[0], condition: evaluator) }
        }
        bindings = result
        if !isReturn { columns = [] }
        return plan
    }

    /// Computes items that aggregate nothing. One that is a variable keeps its place.
    private func assign(
        _ items: [Item], onto plan: PlanNode, _ result: inout Bindings,
        _ known: inout [Expression: Int]
    ) throws(QueryError) -> PlanNode {
        var assignments: [ProjectOperator.Assignment] = []
        for item in items {
            if case .variable(let name) = item.expression.kind, let slot = bindings[name] {
                result[item.name] = slot
                continue
            }
            let slot = builder.slot()
            assignments.append(
                ProjectOperator.Assignment(
                    slot: slot, value: try compiler.compile(item.expression)))
            result[item.name] = slot
            known[item.expression] = slot
        }
        guard !assignments.isEmpty else { return plan }
        return PlanNode(
            "Project", items.map(\.name).joined(separator: ", "), rowCount: plan.rowCount, [plan]
        ) { [assignments] in ProjectOperator($0[0], assignments) }
    }

    // MARK: Aggregation

    private func aggregate(
        _ items: [Item], _ projection: Projection, onto plan: PlanNode,
        _ result: inout Bindings, _ known: inout [Expression: Int]
    ) throws(QueryError) -> PlanNode {
        var keys: [AggregateOperator.Key] = []
        for item in items where !item.expression.containsAggregate {
            let slot = builder.slot()
            keys.append(
                AggregateOperator.Key(
                    value: try compiler.compile(item.expression), slot: slot,
                    property: compiler.propertyPlace(item.expression)))
            result[item.name] = slot
            known[item.expression] = slot
        }
        var aggregates: [AggregateOperator.Aggregate] = []
        let expressions = items.map(\.expression) + projection.order.map(\.expression)
        for expression in expressions {
            for call in expression.aggregates where known[call] == nil {
                let aggregate = try aggregate(call)
                aggregates.append(aggregate)
                known[call] = aggregate.slot
            }
        }
        let name = items.map(\.name).joined(separator: ", ")
        let unique = keys.lazy.compactMap(\.property).compactMap { uniqueKey($0, in: plan) }.first
        let rowCount =
            keys.isEmpty ? 1 : unique == nil ? max(1, plan.rowCount.squareRoot()) : plan.rowCount
        let grouped = PlanNode("Aggregate", name, rowCount: rowCount, [plan]) {
            [keys, aggregates] in
            AggregateOperator(
                $0[0], keys: keys, aggregates: aggregates, unique: unique)
        }
        return try finish(items, onto: grouped, &result, &known)
    }

    /// The property as a key that sets the rows of a plan apart, if it does.
    private func uniqueKey(
        _ property: PropertyPlace, in plan: PlanNode
    ) -> AggregateOperator.UniqueKey? {
        guard let distinct = plan.distinct, distinct.slot == property.slot,
            let label = distinct.label,
            let unique = builder.statistics.labelRules[label]?.unique,
            unique.contains([builder.keys.names[property.key]])
        else { return nil }
        return AggregateOperator.UniqueKey(
            property: property, label: builder.labels.number(of: label))
    }

    /// Computes items of what was aggregated.
    private func finish(
        _ items: [Item], onto plan: PlanNode, _ result: inout Bindings,
        _ known: inout [Expression: Int]
    ) throws(QueryError) -> PlanNode {
        var compiler = ExpressionCompiler(builder: builder, bindings: Bindings())
        compiler.known = known
        var assignments: [ProjectOperator.Assignment] = []
        for item in items where item.expression.containsAggregate {
            if let slot = known[item.expression] {
                result[item.name] = slot
                continue
            }
            let slot = builder.slot()
            assignments.append(
                ProjectOperator.Assignment(
                    slot: slot, value: try compiler.compile(item.expression)))
            result[item.name] = slot
            known[item.expression] = slot
        }
        guard !assignments.isEmpty else { return plan }
        return PlanNode("Project", rowCount: plan.rowCount, [plan]) { [assignments] in
            ProjectOperator($0[0], assignments)
        }
    }

    private func aggregate(
        _ expression: Expression
    ) throws(QueryError) -> AggregateOperator.Aggregate {
        let slot = builder.slot()
        guard case .call(let call) = expression.kind,
            let function = AggregateFunction(rawValue: call.name)
        else {
            return AggregateOperator.Aggregate(
                function: .count, isDistinct: false, value: nil, property: nil, argument: nil,
                weight: weight,
                slot: slot)
        }
        let isWeighted = weight != nil && function == .count && !call.isDistinct
        var value: Evaluator?
        // A name that is not bound is the step that is not taken, or its end: never null.
        if !isWeighted || call.arguments[0].freeNames.allSatisfy({ bindings[$0] != nil }) {
            value = try compiler.compile(call.arguments[0])
        }
        var argument: Evaluator?
        if call.arguments.count > 1 { argument = try compiler.compile(call.arguments[1]) }
        return AggregateOperator.Aggregate(
            function: function, isDistinct: call.isDistinct,
            value: value, property: compiler.propertyPlace(call.arguments[0]), argument: argument,
            weight: isWeighted ? weight : nil, slot: slot)
    }

    // MARK: Order

    /// How many of the first expressions of ORDER BY the rows are in the order of already.
    private func servedCount(_ projection: Projection) -> Int {
        guard let rowOrder, let first = projection.order.first,
            first.isDescending == rowOrder.isDescending,
            let (name, key) = projection.property(first.expression),
            bindings[name] == rowOrder.property.slot,
            builder.keys.number(of: key) == rowOrder.property.key
        else { return 0 }
        return 1
    }

    private func sort(
        _ plan: PlanNode, _ projection: Projection, _ compiler: ExpressionCompiler,
        _ result: Bindings, _ visible: Bindings, served: Int
    ) throws(QueryError) -> PlanNode {
        var skip: Evaluator?
        var limit: Evaluator?
        // Both are known before the first row: a column that is the same number is not.
        let constants = ExpressionCompiler(builder: builder, bindings: Bindings())
        if let expression = projection.skip { skip = try constants.compile(expression) }
        if let expression = projection.limit { limit = try constants.compile(expression) }
        var plan = plan
        if projection.order.count > served {
            var keys: [SortOperator.Key] = []
            for item in projection.order {
                keys.append(
                    SortOperator.Key(
                        value: try compiler.compile(item.expression),
                        isDescending: item.isDescending))
            }
            let later = projection.condition?.freeNames ?? []
            let slots = Set(result.slots.values).union(later.compactMap { visible[$0] }).sorted()
            plan = PlanNode(
                served > 0 ? "SortWithin" : limit == nil ? "Sort" : "Top",
                projection.order.map {
                    $0.expression.description + ($0.isDescending ? " DESC" : "")
                }.joined(separator: ", "), rowCount: plan.rowCount, [plan]
            ) { [keys, skip, limit] in
                served > 0
                    ? SortWithinOperator($0[0], keys: keys, slots: slots)
                    : SortOperator($0[0], keys: keys, slots: slots, skip: skip, limit: limit)
            }
        }
        guard skip != nil || limit != nil else { return plan }
        return PlanNode("Window", rowCount: plan.rowCount, [plan]) { [skip, limit] in
            WindowOperator($0[0], skip: skip, limit: limit)
        }
    }
}

extension Expression {
    /// The calls of aggregating functions in it.
    fileprivate var aggregates: [Expression] {
        isAggregate ? [self] : children.flatMap(\.aggregates)
    }
}
