// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension PatternPlanner {
    /// The next step of a plan.
    enum Step {
        /// Finds a node by itself.
        case node(Int)
        /// Finds a relationship by an index of its type, with its ends.
        case seek(Int)
        /// Finds the node, or nodes, of a relationship that is known.
        case ends(Int)
        /// Goes over a relationship, from its left end or from its right.
        case expand(Int, fromLeft: Bool)
    }

    /// The step with the fewest rows; nil when all is found.
    ///
    /// - Parameter isFirst: Whether nothing was found before.
    func nextStep(isFirst: Bool) -> Step? {
        for (index, link) in links.enumerated()
        where !link.isDone && link.isKnown && link.pattern.length == nil {
            return .ends(index)
        }
        var best: (step: Step, cost: Double)?
        func consider(_ step: Step, _ cost: Double) {
            if best.map({ cost < $0.cost }) ?? true { best = (step, cost) }
        }
        for (index, link) in links.enumerated() where !link.isDone {
            let (left, right) = (nodes[link.left].isKnown, nodes[link.right].isKnown)
            if link.selection != nil {
                if left && right { return .expand(index, fromLeft: true) }
                continue
            }
            if left && right { consider(.expand(index, fromLeft: true), 0) }
            if left != right {
                consider(.expand(index, fromLeft: left), expansionCost(link, fromLeft: left))
                if let access = access(ofLink: index, isFirst: isFirst) {
                    consider(.seek(index), access.cost)
                }
            }
        }
        if let best { return best.step }
        for (index, node) in nodes.enumerated() where !node.isKnown {
            consider(.node(index), scanCost(index))
        }
        for index in links.indices {
            guard let access = access(ofLink: index, isFirst: isFirst) else { continue }
            if case .members = access.kind {
                consider(.seek(index), access.cost)
            } else {
                consider(.seek(index), access.cost + access.rowCount)
            }
        }
        return best?.step
    }

    /// How many rows a relationship makes of one.
    func expansionCost(_ link: Link, fromLeft: Bool) -> Double {
        let (from, to) = fromLeft ? (link.left, link.right) : (link.right, link.left)
        let statistics = builder.statistics
        let count = statistics.count(ofTypes: link.pattern.types)
        let starts = nodes[from].labels.map { statistics.count(ofLabel: $0) }.min()
        let degree = count / max(1, starts ?? statistics.nodeCount)
        let lengths = link.pattern.length == nil ? 1 : 4.0
        return degree * lengths * selectivity(to)
    }

    /// Which share of nodes has the labels and properties that are asked for.
    func selectivity(_ index: Int) -> Double {
        let statistics = builder.statistics
        var share = nodes[index].labels.reduce(1.0) {
            $0 * statistics.count(ofLabel: $1) / max(1, statistics.nodeCount)
        }
        if !equalities(nodes[index].name).isEmpty { share *= 0.1 }
        return share
    }

    /// How much work it is to find a node by itself, with what follows from it.
    private func scanCost(_ index: Int) -> Double {
        let access = access(index)
        let fanout =
            links.filter { !$0.isDone && ($0.left == index || $0.right == index) }
            .map { expansionCost($0, fromLeft: $0.left == index) }.min() ?? 1
        return access.cost + access.rowCount * min(max(1, fanout), 100)
    }

    mutating func take(_ step: Step, onto plan: PlanNode) throws(QueryError) -> PlanNode {
        switch step {
        case .node(let index): return try node(index, onto: plan)
        case .seek(let index): return try seek(index, onto: plan)
        case .ends(let index): return try ends(index, onto: plan)
        case .expand(let index, let fromLeft):
            return try expand(index, fromLeft: fromLeft, onto: plan)
        }
    }

    // MARK: Relationships

    /// The place of a node, which is made when there is none.
    private mutating func slot(of node: Int) -> Int {
        let name = nodes[node].name
        if let known = bindings[name] { return known }
        let slot = builder.slot()
        bindings[name] = slot
        return slot
    }

    /// The places of relationships of the pattern that were met before.
    private func metSlots(but link: Int) -> [Int] {
        links.indices.filter { index in
            index != link && links[index].isDone && links[index].mayBeSame(as: links[link])
        }.compactMap { bindings[links[$0].name] }
    }

    private mutating func expandStep(
        _ index: Int, fromLeft: Bool, relationship: Int
    ) -> ExpandStep {
        let link = links[index]
        let (from, to) = fromLeft ? (link.left, link.right) : (link.right, link.left)
        let isInto = nodes[to].isKnown
        let direction = link.pattern.arrow.direction
        return ExpandStep(
            from: slot(of: from), to: slot(of: to), isInto: isInto, relationship: relationship,
            direction: fromLeft ? direction : direction.reversed,
            types: link.pattern.types.map { builder.types.number(of: $0) },
            others: metSlots(but: index))
    }

    mutating func ends(_ index: Int, onto plan: PlanNode) throws(QueryError) -> PlanNode {
        let link = links[index]
        let isLeftKnown = nodes[link.left].isKnown
        guard let relationship = bindings[link.name] else { return plan }
        let step = expandStep(index, fromLeft: true, relationship: relationship)
        links[index].isDone = true
        var result = PlanNode("Ends", link.shown(nodes), rowCount: plan.rowCount, [plan]) {
            EndsOperator($0[0], step, isFromKnown: isLeftKnown)
        }
        for node in Set([link.left, link.right]).sorted() {
            result = checkLabels(node, onto: result)
            nodes[node].isKnown = true
        }
        return try check(result)
    }

    private mutating func expand(
        _ index: Int, fromLeft: Bool, onto plan: PlanNode
    ) throws(QueryError) -> PlanNode {
        let link = links[index]
        let to = fromLeft ? link.right : link.left
        let isInto = nodes[to].isKnown
        // A list that is known is compared with what is found.
        let name = link.isKnown ? builder.hiddenName() : link.name
        let relationship = builder.slot()
        let step = expandStep(index, fromLeft: fromLeft, relationship: relationship)
        let rowCount =
            plan.rowCount * (isInto ? 0.5 : max(0.01, expansionCost(link, fromLeft: fromLeft)))
        var result: PlanNode
        if link.selection != nil || link.pattern.length != nil {
            result = try variableExpand(index, step, fromLeft, rowCount, onto: plan)
        } else {
            result = PlanNode(
                isInto ? "ExpandInto" : "Expand", link.shown(nodes), rowCount: rowCount, [plan]
            ) { ExpandOperator($0[0], step) }
        }
        bindings[name] = relationship
        links[index].isDone = true
        if !isInto {
            nodes[to].isKnown = true
            result = checkLabels(to, onto: result)
        }
        if link.isKnown {
            let comparison = Comparison(
                operator: .equal, right: Expression(.variable(link.name), at: 0))
            let isSame = Expression(
                .comparison(Expression(.variable(name), at: 0), [comparison]), at: 0)
            let evaluator = try compiler.compile(isSame)
            result = PlanNode("Filter", "same list", rowCount: result.rowCount, [result]) {
                FilterOperator($0[0], condition: evaluator)
            }
        }
        return try check(result)
    }
}

extension PatternPlanner.Link {
    /// Whether both may be the same relationship.
    fileprivate func mayBeSame(as other: Self) -> Bool {
        pattern.types.isEmpty || other.pattern.types.isEmpty
            || !Set(pattern.types).isDisjoint(with: other.pattern.types)
    }

    func shown(_ nodes: [PatternPlanner.Node]) -> String {
        let types = pattern.types.isEmpty ? "" : ":" + pattern.types.joined(separator: "|")
        let length = pattern.length.map { length in
            "*\(length.lower.map(String.init) ?? "")..\(length.upper.map(String.init) ?? "")"
        }
        let start = pattern.arrow == .left ? "<-" : "-"
        let end = pattern.arrow == .right ? "->" : "-"
        let (left, right) = (nodes[left].shown, nodes[right].shown)
        return "\(left)\(start)[\(types)\(length ?? "")]\(end)\(right)"
    }
}
