// SPDX-License-Identifier: Apache-2.0
//
// - A pattern is a graph: nodes, relationships between them, conditions on both. The plan begins where the fewest
//   rows are expected, goes over relationships that lead from what is known, those with the fewest rows first, and
//   begins anew where nothing leads on.
// - A condition is checked as soon as all that it reads is known.

internal import CairnGraph

/// Plans how a pattern is found.
struct PatternPlanner {
    struct Node {
        let name: String
        var labels: [String] = []
        var isKnown: Bool
    }

    struct Link {
        let name: String
        let left: Int
        let right: Int
        let pattern: RelationshipPattern
        let selection: PatternPart.Selection?
        /// Whether it was known before.
        let isKnown: Bool
        /// The names of the lists of nodes that each relationship starts from and ends at.
        var groups: (starts: String?, ends: String?) = (nil, nil)
        /// Whether anything reads it, or the list of it.
        var isRead: Bool
        var isDone = false
    }

    struct Condition {
        let expression: Expression
        let names: Set<String>
        var isDone = false
    }

    let builder: PlanBuilder
    var bindings: Bindings
    let hints: PatternHints
    var nodes: [Node] = []
    var links: [Link] = []
    var conditions: [Condition] = []
    /// The order of the rows of the plan, when it is the one that is wanted.
    var order: RowOrder?
    private var paths: [(name: String, start: String, links: [String])] = []

    init(_ builder: PlanBuilder, _ bindings: Bindings, _ hints: PatternHints) {
        self.builder = builder
        self.bindings = bindings
        self.hints = hints
    }

    mutating func plan(
        _ parts: [PatternPart], _ condition: Expression?, onto input: PlanNode
    ) throws(QueryError) -> PlanNode {
        for part in parts { add(part, condition) }
        try addConditions(condition)
        var plan = checkKnownNodes(input)
        plan = try check(plan)
        if let (counted, link) = countedLink(parts) {
            links[link].isDone = true
            nodes[links[link].left == counted ? links[link].right : links[link].left].isKnown = true
            plan = try node(counted, onto: plan)
            plan = count(link, from: counted, onto: plan)
            return plan
        }
        plan = try addPaths(plan)
        while let step = nextStep(isFirst: plan === PlanNode.argument) {
            plan = try take(step, onto: plan)
            plan = try addPaths(plan)
        }
        return plan
    }

    var compiler: ExpressionCompiler { ExpressionCompiler(builder: builder, bindings: bindings) }

    // MARK: The pattern as a graph

    private mutating func add(_ part: PatternPart, _ condition: Expression?) {
        var current = add(part.start)
        let start = nodes[current].name
        var names: [String] = []
        for step in part.steps {
            let next = add(step.node)
            let pattern = step.relationship
            let known = pattern.variable.flatMap { bindings[$0] } != nil
            let name = pattern.variable ?? builder.hiddenName()
            var link = Link(
                name: name, left: current, right: next, pattern: pattern,
                selection: part.selection, isKnown: known,
                isRead: pattern.variable != nil || part.variable != nil)
            if let quantified = pattern.quantified {
                link.groups = (quantified.start.variable, quantified.end.variable)
                link.isRead = link.isRead || !quantified.groupNames.isEmpty
            }
            links.append(link)
            names.append(name)
            current = next
        }
        if let variable = part.variable { paths.append((variable, start, names)) }
    }

    private mutating func add(_ pattern: NodePattern) -> Int {
        let name = pattern.variable ?? builder.hiddenName()
        let index: Int
        if let known = nodes.firstIndex(where: { $0.name == name }) {
            index = known
        } else {
            nodes.append(Node(name: name, isKnown: bindings[name] != nil))
            index = nodes.count - 1
        }
        for label in pattern.labels where !nodes[index].labels.contains(label) {
            nodes[index].labels.append(label)
        }
        if let properties = pattern.properties { addEqualities(properties, of: name) }
        if let condition = pattern.condition { addCondition(condition) }
        return index
    }

    private mutating func addEqualities(_ properties: Expression, of name: String) {
        guard case .map(let entries) = properties.kind else { return }
        let variable = Expression(.variable(name), at: properties.offset)
        for entry in entries {
            let property = Expression(.property(variable, key: entry.key), at: properties.offset)
            let comparison = Comparison(operator: .equal, right: entry.value)
            addCondition(
                Expression(.comparison(property, [comparison]), at: properties.offset))
        }
    }

    private mutating func addConditions(_ condition: Expression?) throws(QueryError) {
        for link in links where link.pattern.length == nil && !link.isKnown {
            if let properties = link.pattern.properties {
                addEqualities(properties, of: link.name)
            }
        }
        for link in links where link.isKnown && link.pattern.length == nil {
            if let properties = link.pattern.properties {
                addEqualities(properties, of: link.name)
            }
        }
        for conjunct in condition?.conjuncts ?? [] { addCondition(conjunct) }
    }

    private mutating func addCondition(_ expression: Expression) {
        conditions.append(Condition(expression: expression, names: expression.freeNames))
    }

    /// The names that the pattern binds.
    private var ownNames: Set<String> {
        let groups = links.flatMap { [$0.groups.starts, $0.groups.ends].compactMap { $0 } }
        return Set(nodes.map(\.name) + links.map(\.name) + paths.map(\.name) + groups)
    }

    /// Whether a relationship is left whose ends are known, which is the next step.
    private var hasClosingLink: Bool {
        links.contains { link in
            !link.isDone && !link.isKnown && link.pattern.length == nil && link.selection == nil
                && bindings[nodes[link.left].name] != nil
                && bindings[nodes[link.right].name] != nil && nodes[link.left].isKnown
                && nodes[link.right].isKnown
        }
    }

    // MARK: Conditions

    /// Adds the checks of nodes that were known before: their labels, and that they are there at all.
    private func checkKnownNodes(_ input: PlanNode) -> PlanNode {
        var plan = input
        for (index, node) in nodes.enumerated() where node.isKnown {
            plan = checkLabels(index, onto: plan)
            let isExpanded = links.contains { $0.left == index || $0.right == index }
            guard node.labels.isEmpty, !isExpanded, let slot = bindings[node.name] else {
                continue
            }
            let evaluator: Evaluator = { (execution) in .bool(!execution.row[slot].isNull) }
            plan = PlanNode("Filter", node.shown, rowCount: plan.rowCount, [plan]) {
                FilterOperator($0[0], condition: evaluator)
            }
        }
        return plan
    }

    /// Adds the conditions that can be checked now.
    mutating func check(_ plan: PlanNode) throws(QueryError) -> PlanNode {
        // A relationship between two known nodes is looked for first: few rows are left after it.
        guard !hasClosingLink else { return plan }
        let own = ownNames
        var plan = plan
        for index in conditions.indices where !conditions[index].isDone {
            let names = conditions[index].names
            guard names.allSatisfy({ !own.contains($0) || bindings[$0] != nil }) else { continue }
            conditions[index].isDone = true
            let expression = conditions[index].expression
            let evaluator = try compiler.compile(expression)
            let test = try compiler.nodeTest(expression)
            plan = PlanNode(
                "Filter", expression.description, rowCount: plan.rowCount * 0.3, [plan],
                distinct: plan.distinct
            ) { NodeFilterOperator.make($0[0], test, condition: evaluator) }
        }
        return plan
    }

    /// Adds the check of labels, but of one that is known to be there.
    func checkLabels(_ index: Int, but known: String? = nil, onto plan: PlanNode) -> PlanNode {
        let labels = nodes[index].labels.filter { $0 != known }
        guard !labels.isEmpty, let slot = bindings[nodes[index].name] else { return plan }
        let numbers = labels.map { builder.labels.number(of: $0) }
        let share = labels.reduce(1.0) {
            $0 * builder.statistics.count(ofLabel: $1) / max(1, builder.statistics.nodeCount)
        }
        let evaluator: Evaluator = { (execution) throws(QueryError) in
            try execution.hasLabels(numbers, execution.row[slot]).map(QueryValue.bool) ?? .null
        }
        let test = NodeTest(slot: slot, kind: .labels(numbers))
        return PlanNode(
            "Filter", nodes[index].shown + ":" + labels.joined(separator: ":"),
            rowCount: plan.rowCount * share, [plan], distinct: plan.distinct
        ) { NodeFilterOperator.make($0[0], test, condition: evaluator) }
    }

    // MARK: Paths

    /// Binds paths whose nodes and relationships are known, and checks what reads them.
    mutating func addPaths(_ plan: PlanNode) throws(QueryError) -> PlanNode {
        var plan = addGroups(plan)
        for path in paths where bindings[path.name] == nil {
            guard let start = bindings[path.start] else { continue }
            let slots = path.links.compactMap { bindings[$0] }
            guard slots.count == path.links.count else { continue }
            let slot = builder.slot()
            bindings[path.name] = slot
            let assignment = Self.path(slot: slot, start: start, slots)
            plan = PlanNode("Path", path.name, rowCount: plan.rowCount, [plan]) {
                ProjectOperator($0[0], [assignment])
            }
        }
        return try check(plan)
    }

    /// Binds the lists of nodes of quantified path patterns whose relationships are known.
    private mutating func addGroups(_ plan: PlanNode) -> PlanNode {
        var plan = plan
        for link in links {
            guard let start = bindings[nodes[link.left].name], let list = bindings[link.name]
            else { continue }
            for (name, isStart) in [(link.groups.starts, true), (link.groups.ends, false)] {
                guard let name, !name.isHiddenName, bindings[name] == nil else { continue }
                let slot = builder.slot()
                bindings[name] = slot
                let path = Self.path(slot: slot, start: start, [list])
                let group = ProjectOperator.Assignment(slot: slot) {
                    (execution) throws(QueryError) in
                    guard case .path(let path) = try path.value(execution) else { return .null }
                    let nodes = isStart ? path.nodes.dropLast() : path.nodes.dropFirst()
                    return .list(nodes.map(QueryValue.node))
                }
                plan = PlanNode("Path", name, rowCount: plan.rowCount, [plan]) {
                    ProjectOperator($0[0], [group])
                }
            }
        }
        return plan
    }

    /// Puts a path together of its first node and its relationships, single ones or lists.
    static func path(slot: Int, start: Int, _ slots: [Int]) -> ProjectOperator.Assignment {
        ProjectOperator.Assignment(slot: slot) { (execution) throws(QueryError) in
            guard case .node(let first) = execution.row[start] else { return .null }
            var relationships: [RelationshipID] = []
            for slot in slots {
                switch execution.row[slot] {
                case .relationship(let id): relationships.append(id)
                case .list(let list):
                    for case .relationship(let id) in list { relationships.append(id) }
                default: return .null
                }
            }
            let nodes = try execution.path(from: first, over: relationships)
            return .path(QueryPath(nodes: nodes, relationships: relationships))
        }
    }
}

extension PatternPlanner.Node {
    /// The name as a plan shows it.
    var shown: String { name.hasPrefix("\u{0}") ? "()" : name }
}
