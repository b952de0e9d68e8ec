// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension PatternPlanner {
    /// The only relationship of a pattern when nothing but how often it is there is asked for, and the node that it
    /// is counted from.
    func countedLink(_ parts: [PatternPart]) -> (node: Int, link: Int)? {
        guard let used = hints.namesBesideCounts, links.count == 1, parts[0].variable == nil,
            links[0].selection == nil, links[0].pattern.length == nil, !links[0].isKnown,
            links[0].pattern.properties == nil, links[0].left != links[0].right
        else { return nil }
        let read = conditions.reduce(into: used) { $0.formUnion($1.names) }
        guard !read.contains(links[0].name) else { return nil }
        for (end, start) in [
            (links[0].right, links[0].left), (links[0].left, links[0].right),
        ] {
            let node = nodes[end]
            if !node.isKnown, node.labels.isEmpty, !read.contains(node.name) { return (start, 0) }
        }
        return nil
    }

    /// Adds how often each row counts for a relationship that is not gone over.
    mutating func count(_ index: Int, from node: Int, onto plan: PlanNode) -> PlanNode {
        let link = links[index]
        guard let from = bindings[nodes[node].name] else { return plan }
        let weight = builder.slot()
        bindings[PatternHints.weightName] = weight
        let isLeft = link.left == node
        let direction = link.pattern.arrow.direction
        let types = link.pattern.types.map { builder.types.number(of: $0) }
        let expectsMany = plan.rowCount > builder.statistics.nodeCount / 4
        return PlanNode(
            "Degree", link.shown(nodes), rowCount: plan.rowCount, [plan],
            distinct: plan.distinct
        ) {
            DegreeOperator(
                $0[0], node: from, direction: isLeft ? direction : direction.reversed,
                types: types, weight: weight, expectsMany: expectsMany)
        }
    }
}
