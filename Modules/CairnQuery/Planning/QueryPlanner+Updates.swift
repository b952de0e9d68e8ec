// SPDX-License-Identifier: Apache-2.0

extension QueryPlanner {
    // MARK: Creation

    /// Adds clauses that create, one behind the other: none of them reads more than the rows of the first.
    mutating func create(
        _ clauses: [[PatternPart]], onto plan: PlanNode
    ) throws(QueryError) -> PlanNode {
        let inputSlots = bindings.allSlots
        var creations: [CreationPlan] = []
        for parts in clauses { creations.append(try creation(of: parts)) }
        let outputSlots = bindings.allSlots
        return PlanNode("Create", rowCount: plan.rowCount, [plan]) { [creations] in
            CreateOperator($0[0], creations, inputSlots: inputSlots, outputSlots: outputSlots)
        }
    }

    /// The creations of patterns; binds their names.
    private mutating func creation(of parts: [PatternPart]) throws(QueryError) -> CreationPlan {
        var nodes: [NodeCreationStep] = []
        var relationships: [RelationshipCreationStep] = []
        var paths: [ProjectOperator.Assignment] = []
        for part in parts {
            var places: [Int] = []
            for node in part.nodes { places.append(try add(node, to: &nodes)) }
            var steps: [Int] = []
            for (index, step) in part.steps.enumerated() {
                let pattern = step.relationship
                let slot = builder.slot()
                let isLeft = pattern.arrow == .left
                let properties = try properties(pattern.properties)
                relationships.append(
                    RelationshipCreationStep(
                        slot: slot, type: pattern.types[0],
                        from: places[isLeft ? index + 1 : index],
                        to: places[isLeft ? index : index + 1], properties: properties))
                if let name = pattern.variable { bindings[name] = slot }
                steps.append(slot)
            }
            if let name = part.variable {
                let slot = builder.slot()
                bindings[name] = slot
                paths.append(PatternPlanner.path(slot: slot, start: places[0], steps))
            }
        }
        return CreationPlan(nodes: nodes, relationships: relationships, paths: paths)
    }

    private mutating func add(
        _ node: NodePattern, to nodes: inout [NodeCreationStep]
    ) throws(QueryError) -> Int {
        if let name = node.variable, let known = bindings[name] {
            if !nodes.contains(where: { $0.slot == known }) {
                nodes.append(
                    NodeCreationStep(slot: known, isKnown: true, labels: [], properties: nil))
            }
            return known
        }
        let slot = builder.slot()
        let properties = try properties(node.properties)
        nodes.append(
            NodeCreationStep(
                slot: slot, isKnown: false, labels: node.labels, properties: properties))
        if let name = node.variable { bindings[name] = slot }
        return slot
    }

    private func properties(_ expression: Expression?) throws(QueryError) -> Evaluator? {
        guard let expression else { return nil }
        return try compiler.compile(expression)
    }

    mutating func merge(_ merge: Merge, onto plan: PlanNode) throws(QueryError) -> PlanNode {
        let inputSlots = bindings.allSlots
        let known = bindings
        // Found and created entities fill the same slots.
        let creation = try creation(of: [merge.pattern])
        let created = bindings
        var searcher = QueryPlanner(builder, known)
        let search = try searcher.pattern([merge.pattern], condition: nil, onto: .argument)
        let copies = created.slots.compactMap { name, slot -> ProjectOperator.Assignment? in
            guard known[name] == nil, let found = searcher.bindings[name] else { return nil }
            return ProjectOperator.Assignment(slot: slot) { (execution) in execution.row[found] }
        }
        let copied = PlanNode("Copy", rowCount: search.rowCount, [search]) {
            ProjectOperator($0[0], copies)
        }
        let outputSlots = bindings.allSlots
        let onCreate = try updates(merge.onCreate)
        let onMatch = try updates(merge.onMatch)
        return PlanNode("Merge", rowCount: plan.rowCount, [plan, copied]) {
            MergeOperator(
                $0[0], search: $0[1], creation, onCreate: onCreate, onMatch: onMatch,
                inputSlots: inputSlots, outputSlots: outputSlots)
        }
    }

    // MARK: Updates

    private func updates(_ items: [SetItem]) throws(QueryError) -> [UpdateStep] {
        let compiler = compiler
        var steps: [UpdateStep] = []
        for item in items {
            switch item {
            case .property(let entity, let key, let value):
                steps.append(
                    .property(
                        entity: try compiler.compile(entity), key: key,
                        value: try compiler.compile(value)))
            case .replace(let variable, let value):
                steps.append(
                    .properties(
                        entity: try compiler.compile(variable),
                        value: try compiler.compile(value), keepsOthers: false))
            case .merge(let variable, let value):
                steps.append(
                    .properties(
                        entity: try compiler.compile(variable),
                        value: try compiler.compile(value), keepsOthers: true))
            case .labels(let variable, let labels):
                steps.append(
                    .labels(entity: try compiler.compile(variable), labels, isAdding: true))
            }
        }
        return steps
    }

    func set(_ items: [SetItem], onto plan: PlanNode) throws(QueryError) -> PlanNode {
        update("Set", try updates(items), onto: plan)
    }

    func remove(_ items: [RemoveItem], onto plan: PlanNode) throws(QueryError) -> PlanNode {
        let compiler = compiler
        var steps: [UpdateStep] = []
        for item in items {
            switch item {
            case .property(let entity, let key):
                steps.append(
                    .property(
                        entity: try compiler.compile(entity), key: key, value: { (_) in .null }))
            case .labels(let variable, let labels):
                steps.append(
                    .labels(entity: try compiler.compile(variable), labels, isAdding: false))
            }
        }
        return update("Remove", steps, onto: plan)
    }

    private func update(_ name: String, _ steps: [UpdateStep], onto plan: PlanNode) -> PlanNode {
        let slots = bindings.allSlots
        return PlanNode(name, rowCount: plan.rowCount, [plan]) {
            UpdateOperator($0[0], steps, slots: slots)
        }
    }

    func delete(
        _ items: [Expression], _ detach: Bool, onto plan: PlanNode
    ) throws(QueryError) -> PlanNode {
        var evaluators: [Evaluator] = []
        for item in items { evaluators.append(try compiler.compile(item)) }
        let slots = bindings.allSlots
        return PlanNode(detach ? "DetachDelete" : "Delete", rowCount: plan.rowCount, [plan]) {
            [evaluators] in
            DeleteOperator($0[0], items: evaluators, detaches: detach, slots: slots)
        }
    }
}
