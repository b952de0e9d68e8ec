// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension PatternPlanner {
    /// Finds a node by itself, or checks one that is known.
    mutating func node(_ index: Int, onto plan: PlanNode) throws(QueryError) -> PlanNode {
        if nodes[index].isKnown {
            return try check(checkLabels(index, onto: plan))
        }
        let access = access(index)
        let equalities = equalities(nodes[index].name)
        let compiler = compiler
        let isFirst = plan === PlanNode.argument && hints.order?.name == nodes[index].name
        let slot = builder.slot()
        let name = nodes[index].shown
        bindings[nodes[index].name] = slot
        nodes[index].isKnown = true
        let rowCount = plan.rowCount * max(1, access.rowCount)
        let place = LookupPlace(name: name, slot: slot, isOfRelationships: false)
        var result: PlanNode
        var knownLabel: String?
        var isSought = false
        if let found = try lookUp(access, place, rowCount, compiler, onto: plan) {
            (result, knownLabel) = found
            isSought = true
        } else {
            if let joined = try join(index, access, slot, equalities, compiler, onto: plan) {
                return joined
            }
            (result, knownLabel) = scan(access, name, slot, rowCount, onto: plan)
        }
        if isFirst, let order = try order(access, place, compiler, onto: plan) {
            (result, isSought) = (order, false)
        }
        if isSought { setDone(access) }
        result = checkLabels(index, but: knownLabel, onto: result)
        return try check(result)
    }

    private func scan(
        _ access: Access, _ name: String, _ slot: Int, _ rowCount: Double, onto plan: PlanNode
    ) -> (PlanNode, String?) {
        let isFirst = plan === PlanNode.argument
        guard case .members(let label) = access.kind else {
            let all = PlanNode(
                "AllNodes", name, rowCount: rowCount, [plan],
                distinct: isFirst ? DistinctNodes(slot: slot, label: nil) : nil
            ) {
                AllNodesOperator($0[0], slot: slot)
            }
            return (all, nil)
        }
        let number = builder.labels.number(of: label)
        let labeled = PlanNode(
            "Label", "\(name):\(label)", rowCount: rowCount, [plan],
            distinct: isFirst ? DistinctNodes(slot: slot, label: label) : nil
        ) {
            LabelOperator($0[0], slot: slot, label: number)
        }
        return (labeled, label)
    }

    /// Finds a node by the value of a property that no index knows, where the same would be looked for again and again.
    private mutating func join(
        _ index: Int, _ access: Access, _ slot: Int,
        _ equalities: [Equality], _ compiler: ExpressionCompiler, onto plan: PlanNode
    ) throws(QueryError) -> PlanNode? {
        let known = equalities.first { !$0.value.freeNames.isEmpty }
        guard plan.rowCount > 1, let known else { return nil }
        var label: String?
        if case .members(let name) = access.kind { label = name }
        let value = try compiler.compile(known.value)
        let key = builder.keys.number(of: known.key)
        let number = label.map { builder.labels.number(of: $0) }
        let detail = nodes[index].shown + (label.map { ":" + $0 } ?? "") + "(\(known.key))"
        let result = PlanNode(
            "HashSeek", detail, rowCount: plan.rowCount * max(1, access.rowCount * 0.1), [plan]
        ) { HashSeekOperator($0[0], slot: slot, label: number, key: key, value: value) }
        return try check(checkLabels(index, but: label, onto: result))
    }
}
