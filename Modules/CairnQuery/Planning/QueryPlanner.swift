// SPDX-License-Identifier: Apache-2.0
//
// A plan is made clause by clause: each adds steps to those of the clauses before. Patterns are the work of
// ``PatternPlanner``.

/// Plans a statement that was checked.
struct QueryPlanner {
    let builder: PlanBuilder
    var bindings: Bindings
    /// The columns of the last RETURN.
    var columns: [Plan.Column] = []

    init(_ builder: PlanBuilder, _ bindings: Bindings = Bindings()) {
        self.builder = builder
        self.bindings = bindings
    }

    /// The plan of a statement.
    static func plan(
        _ statement: StatementSyntax, _ statistics: GraphStatistics,
        _ procedures: [String: QueryProcedure]
    ) throws(QueryError) -> Plan {
        let builder = PlanBuilder(statistics, procedures)
        var planner = QueryPlanner(builder)
        let (root, columns) = try planner.body(statement.body)
        guard root.depth <= PlanNode.depthMax else { throw .syntax(.nestingTooDeep, at: 0) }
        return Plan(
            mode: statement.mode, root: root, columns: columns,
            isWriting: statement.body.parts.joined().contains(where: \.isWriting), builder)
    }

    /// Plans queries that UNION joins.
    mutating func body(
        _ body: Query.Body
    ) throws(QueryError) -> (PlanNode, [Plan.Column]) {
        guard body.parts.count > 1 else { return try single(body.parts[0]) }
        var plans: [PlanNode] = []
        var outputs: [Plan.Column] = []
        for part in body.parts {
            var planner = QueryPlanner(builder, bindings)
            let (plan, columns) = try planner.single(part)
            if outputs.isEmpty {
                outputs = columns.map { Plan.Column(name: $0.name, slot: builder.slot()) }
            }
            let copies = zip(outputs, columns).map { output, column in
                let slot = column.slot
                return ProjectOperator.Assignment(slot: output.slot) { (execution) in
                    execution.row[slot]
                }
            }
            plans.append(
                PlanNode("Copy", rowCount: plan.rowCount, [plan]) {
                    ProjectOperator($0[0], copies)
                })
        }
        var union = PlanNode(
            "Union", rowCount: plans.reduce(0) { $0 + $1.rowCount }, plans
        ) { UnionOperator($0) }
        if !(body.unions.first?.isAll ?? true) { union = distinct(union, outputs.map(\.slot)) }
        return (union, outputs)
    }

    private mutating func single(
        _ clauses: [Clause]
    ) throws(QueryError) -> (PlanNode, [Plan.Column]) {
        var plan = PlanNode.argument
        var index = 0
        while index < clauses.count {
            let created = clauses[index...].prefix { $0.created != nil }.compactMap(\.created)
            if created.count > 1 {
                plan = try create(created, onto: plan)
                index += created.count
            } else {
                plan = try add(clauses[index], Array(clauses[(index + 1)...]), to: plan)
                index += 1
            }
            guard plan.depth <= PlanNode.depthMax else {
                throw .syntax(.nestingTooDeep, at: clauses[index - 1].offset)
            }
        }
        return (plan, columns)
    }

    private mutating func add(
        _ clause: Clause, _ following: [Clause], to plan: PlanNode
    ) throws(QueryError) -> PlanNode {
        if !clause.keepsOrder { rowOrder = nil }
        switch clause.kind {
        case .match(let match): return try self.match(match, following, onto: plan)
        case .unwind(let list, let variable):
            let list = try compiler.compile(list)
            let slot = builder.slot()
            bindings[variable] = slot
            return PlanNode("Unwind", variable, rowCount: plan.rowCount * 10, [plan]) {
                UnwindOperator($0[0], slot: slot, list: list)
            }
        case .with(let projection): return try project(projection, onto: plan, isReturn: false)
        case .return(let projection): return try project(projection, onto: plan, isReturn: true)
        case .create(let parts): return try create([parts], onto: plan)
        case .merge(let merge): return try self.merge(merge, onto: plan)
        case .set(let items): return try set(items, onto: plan)
        case .remove(let items): return try remove(items, onto: plan)
        case .delete(let items, let detach): return try delete(items, detach, onto: plan)
        case .call(let call): return try self.call(call, onto: plan)
        case .schema(let command): return schema(command)
        }
    }

    var compiler: ExpressionCompiler { ExpressionCompiler(builder: builder, bindings: bindings) }

    func distinct(_ plan: PlanNode, _ slots: [Int]) -> PlanNode {
        PlanNode("Distinct", rowCount: plan.rowCount, [plan]) {
            DistinctOperator($0[0], slots: slots)
        }
    }

    func filter(_ plan: PlanNode, _ condition: Expression) throws(QueryError) -> PlanNode {
        let evaluator = try compiler.compile(condition)
        return PlanNode(
            "Filter", condition.description, rowCount: plan.rowCount * 0.3, [plan]
        ) { FilterOperator($0[0], condition: evaluator) }
    }

    // MARK: Reading

    /// Adds the steps that find a pattern.
    mutating func pattern(
        _ parts: [PatternPart], condition: Expression?, onto plan: PlanNode,
        _ hints: PatternHints = PatternHints()
    ) throws(QueryError) -> PlanNode {
        var planner = PatternPlanner(builder, bindings, hints)
        let result = try planner.plan(parts, condition, onto: plan)
        bindings = planner.bindings
        if let order = planner.order { rowOrder = order }
        return result
    }

    private mutating func match(
        _ match: Match, _ following: [Clause], onto plan: PlanNode
    ) throws(QueryError) -> PlanNode {
        var hints = PatternHints(match, following)
        guard match.isOptional else {
            let result = try pattern(
                match.pattern, condition: match.condition, onto: plan, hints)
            weight = nil
            if hints.namesBesideCounts != nil { weight = bindings[PatternHints.weightName] }
            return result
        }
        hints.namesBesideCounts = nil
        hints.order = nil
        let known = Set(bindings.slots.keys)
        let inner = try pattern(
            match.pattern, condition: match.condition, onto: .argument, hints)
        let slots = bindings.slots.filter { !known.contains($0.key) }.map(\.value)
        return PlanNode(
            "Optional", rowCount: plan.rowCount * max(1, inner.rowCount), [plan, inner]
        ) { OptionalOperator($0[0], $0[1], slots: slots) }
    }

    /// The order in which rows come; nil when nothing is known of it.
    var rowOrder: RowOrder?

    /// The place that says how often each row counts, when not once.
    var weight: Int?

    private mutating func call(
        _ call: ProcedureCall, onto plan: PlanNode
    ) throws(QueryError) -> PlanNode {
        guard let procedure = builder.procedures[call.name] else {
            throw QueryError(
                .procedure, .procedureNotFound, .compileTime, name: call.name)
        }
        var arguments: [Evaluator] = []
        if let given = call.arguments {
            for argument in given { arguments.append(try compiler.compile(argument)) }
        } else {
            for parameter in procedure.parameters {
                builder.argumentParameters.insert(parameter.name)
                let expression = Expression(.parameter(parameter.name), at: 0)
                arguments.append(try compiler.compile(expression))
            }
        }
        var slots: [(result: Int, slot: Int)] = []
        func add(_ name: String, as variable: String) {
            guard let place = procedure.results.firstIndex(where: { $0.name == name }) else {
                return
            }
            let slot = builder.slot()
            slots.append((place, slot))
            bindings[variable] = slot
            if call.isStandalone { columns.append(Plan.Column(name: variable, slot: slot)) }
        }
        switch call.yield {
        case .nothing where !call.isStandalone: break
        case .nothing, .all: for result in procedure.results { add(result.name, as: result.name) }
        case .items(let items): for item in items { add(item.name, as: item.variable) }
        }
        let node = PlanNode("Procedure", call.name, rowCount: plan.rowCount * 10, [plan]) {
            [arguments, slots] in
            ProcedureOperator($0[0], procedure, arguments: arguments, slots: slots)
        }
        return try call.condition.map { (condition) throws(QueryError) in
            try filter(node, condition)
        } ?? node
    }

    private mutating func schema(_ command: SchemaCommand) -> PlanNode {
        columns = SchemaOperator.columns(of: command).map {
            Plan.Column(name: $0, slot: builder.slot())
        }
        let slots = columns.map(\.slot)
        return PlanNode("Schema", rowCount: 1) { _ in SchemaOperator(command, slots: slots) }
    }
}

extension Clause {
    /// Whether its rows come in the order of those that it is given, so that a projection need not sort.
    fileprivate var keepsOrder: Bool {
        switch kind {
        case .match, .unwind, .with, .return: true
        default: false
        }
    }

    /// The patterns of CREATE; nil for another clause.
    fileprivate var created: [PatternPart]? {
        if case .create(let parts) = kind { parts } else { nil }
    }
}
