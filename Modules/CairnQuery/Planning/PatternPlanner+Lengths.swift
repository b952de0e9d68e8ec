// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension PatternPlanner {
    // MARK: Variable length

    mutating func variableExpand(
        _ index: Int, _ step: ExpandStep, _ fromLeft: Bool, _ rowCount: Double,
        onto plan: PlanNode
    ) throws(QueryError) -> PlanNode {
        let link = links[index]
        let length = link.pattern.length
        let lower = Int(clamping: length.map { $0.lower ?? 1 } ?? 1)
        let upper = Int(clamping: length.map { $0.upper ?? .max } ?? 1)
        let condition = try linkCondition(link)
        let detail = link.shown(nodes)
        if let selection = link.selection {
            guard lower <= 1 else {
                throw .syntax(.invalidRelationshipPattern, at: link.pattern.offset)
            }
            return PlanNode("ShortestPath", detail, rowCount: plan.rowCount, [plan]) {
                ShortestPathOperator(
                    $0[0], step, lower: lower, upper: upper,
                    findsAll: selection == .allShortestPaths, isReversed: !fromLeft,
                    condition: condition)
            }
        }
        if hints.ignoresDuplicates, links.count == 1, !link.isRead, !step.isInto,
            step.direction != .both, lower <= 1, upper >= lower, condition == nil
        {
            return PlanNode("Reach", detail, rowCount: rowCount, [plan]) {
                ReachOperator($0[0], step, lower: lower, upper: upper)
            }
        }
        let keepsList = link.isRead || links.count > 1 || link.isKnown
        return PlanNode("ExpandAll", detail, rowCount: rowCount, [plan]) {
            VariableExpandOperator(
                $0[0], step, lower: lower, upper: upper, isReversed: !fromLeft,
                keepsList: keepsList, condition: condition)
        }
    }

    /// The condition on each relationship of a list.
    func linkCondition(
        _ link: Link
    ) throws(QueryError) -> VariableExpandOperator.Condition? {
        var entries: [MapEntry] = []
        if case .map(let found)? = link.pattern.properties?.kind { entries = found }
        guard !entries.isEmpty || link.pattern.quantified?.allConditions != nil else { return nil }
        var compiler = compiler
        let name = builder.hiddenName()
        let slot = builder.slot()
        compiler.bindings[name] = slot
        var ends: (start: Int, end: Int)?
        if let quantified = link.pattern.quantified {
            let slots = (start: builder.slot(), end: builder.slot())
            compiler.bindings[quantified.relationship] = slot
            if let name = quantified.start.variable { compiler.bindings[name] = slots.start }
            if let name = quantified.end.variable { compiler.bindings[name] = slots.end }
            ends = slots
        }
        var conditions = entries.map { entry in
            let property = Expression(
                .property(Expression(.variable(name), at: 0), key: entry.key), at: 0)
            return Expression(
                .comparison(property, [Comparison(operator: .equal, right: entry.value)]), at: 0)
        }
        if let condition = link.pattern.quantified?.allConditions { conditions.append(condition) }
        return VariableExpandOperator.Condition(
            slot: slot, ends: ends,
            evaluate: try compiler.compile(Expression(.and(conditions), at: 0)))
    }
}
