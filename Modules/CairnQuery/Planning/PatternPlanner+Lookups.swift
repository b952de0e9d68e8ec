// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The entities that a look-up finds, and the slot they go to.
struct LookupPlace {
    /// The name as a plan shows it; empty for a relationship without one.
    let name: String
    let slot: Int
    let isOfRelationships: Bool

    /// The group of a label, or of a type.
    func group(_ name: String, _ builder: PlanBuilder) -> EntityGroup {
        isOfRelationships
            ? .type(name, builder.types.number(of: name))
            : .label(name, builder.labels.number(of: name))
    }

    /// The subject of a step, as plans show it: `a:Label(key)` or `[r:TYPE](key)`.
    func detail(_ group: String, _ keys: [String]) -> String {
        let member = "\(name):\(group)"
        return (isOfRelationships ? "[\(member)]" : member) + "(\(keys.joined(separator: ", ")))"
    }

    /// A step that gives what a look-up finds.
    func step(
        _ step: String, _ detail: String, rowCount: Double,
        _ lookup: @escaping LookupOperator.Lookup, onto plan: PlanNode
    ) -> PlanNode {
        let (slot, isOfRelationships) = (slot, isOfRelationships)
        return PlanNode(step, detail, rowCount: rowCount, [plan]) {
            isOfRelationships
                ? RelationshipLookupOperator($0[0], slot: slot, lookup: lookup)
                : LookupOperator($0[0], slot: slot, lookup: lookup)
        }
    }
}

extension PatternPlanner {
    /// Finds a node, or a relationship, by an index; nil where no index is used.
    ///
    /// - Returns: The step, and the label, or the type, that what it finds has.
    func lookUp(
        _ access: Access, _ place: LookupPlace, _ rowCount: Double, _ compiler: ExpressionCompiler,
        onto plan: PlanNode
    ) throws(QueryError) -> (PlanNode, String)? {
        func key(_ name: String, _ value: Expression) throws(QueryError) -> IndexLookup.Key {
            IndexLookup.Key(
                key: name, number: builder.keys.number(of: name),
                value: try compiler.compile(value))
        }
        switch access.kind {
        case .all, .members: return nil
        case .equality(let name, let values):
            var keys: [IndexLookup.Key] = []
            for value in values { keys.append(try key(value.key, value.value)) }
            let lookup = IndexLookup.equality(place.group(name, builder), keys)
            let detail = place.detail(name, values.map(\.key))
            return (place.step("Seek", detail, rowCount: rowCount, lookup, onto: plan), name)
        case .membership(let name, let keyName, let list):
            let lookup = IndexLookup.membership(
                place.group(name, builder), try key(keyName, list))
            let detail = place.detail(name, [keyName])
            return (place.step("SeekIn", detail, rowCount: rowCount, lookup, onto: plan), name)
        case .range(let name, let keyName, let bounds):
            let lookup = IndexLookup.range(
                place.group(name, builder), key: keyName, try IndexRange(bounds, compiler))
            let detail = place.detail(name, [keyName])
            return (place.step("SeekRange", detail, rowCount: rowCount, lookup, onto: plan), name)
        }
    }

    /// Leaves out the conditions that hold for all that a look-up finds.
    mutating func setDone(_ access: Access) {
        guard case .equality(_, let values) = access.kind else { return }
        for value in values { conditions[value.condition].isDone = true }
    }

    /// Finds a relationship by an index of its type, then its ends.
    mutating func seek(_ index: Int, onto plan: PlanNode) throws(QueryError) -> PlanNode {
        let isFirst = plan === PlanNode.argument
        let link = links[index]
        guard let access = access(ofLink: index, isFirst: isFirst) else { return plan }
        let compiler = compiler
        let slot = builder.slot()
        let place = LookupPlace(
            name: link.name.isHiddenName ? "" : link.name, slot: slot, isOfRelationships: true)
        let rowCount = plan.rowCount * max(1, access.rowCount)
        var result: PlanNode?
        if isFirst, hints.order?.name == link.name {
            result = try order(access, place, compiler, onto: plan)
        }
        if result == nil {
            result = try lookUp(access, place, rowCount, compiler, onto: plan)?.0
            if result != nil { setDone(access) }
        }
        guard let result else { return plan }
        bindings[link.name] = slot
        return try ends(index, onto: result)
    }
}
