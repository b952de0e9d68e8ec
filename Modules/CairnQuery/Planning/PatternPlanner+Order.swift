// SPDX-License-Identifier: Apache-2.0

/// The order in which the rows of a plan come.
struct RowOrder {
    let property: PropertyPlace
    let isDescending: Bool
}

extension PatternPlanner {
    /// Finds a node, or a relationship, in the order that is wanted, when an index has it and that is likely to be less
    /// work than to sort.
    ///
    /// - Parameters:
    ///   - access: How it would be found otherwise.
    ///   - place: What is found, and where it goes.
    mutating func order(
        _ access: Access, _ place: LookupPlace, _ compiler: ExpressionCompiler,
        onto plan: PlanNode
    ) throws(QueryError) -> PlanNode? {
        guard let wanted = hints.order,
            let (name, values, bounds) = ordered(
                access, by: wanted, isOfRelationships: place.isOfRelationships)
        else { return nil }
        let group = place.group(name, builder)
        var evaluators: [(key: Int, value: Evaluator)] = []
        for value in values {
            evaluators.append(
                (builder.keys.number(of: value.key), try compiler.compile(value.value)))
        }
        let key = builder.keys.number(of: wanted.key)
        var lookup: LookupOperator.Lookup?
        if !values.isEmpty {
            lookup = IndexLookup.equality(
                group,
                zip(values, evaluators).map { value, evaluator in
                    IndexLookup.Key(
                        key: value.key, number: evaluator.key, value: evaluator.value)
                })
        }
        let indexOrder = IndexOrder(
            group: group, values: evaluators, lookup: lookup, key: key,
            keyName: wanted.key, isDescending: wanted.isDescending,
            bounds: try bounds.map { (bounds) throws(QueryError) in
                try IndexRange(bounds, compiler)
            })
        let slot = place.slot
        order = RowOrder(
            property: PropertyPlace(slot: slot, key: key), isDescending: wanted.isDescending)
        let detail = place.detail(name, values.map(\.key) + [wanted.key])
        let distinct = place.isOfRelationships ? nil : DistinctNodes(slot: slot, label: name)
        return PlanNode(
            "IndexOrder", detail + (wanted.isDescending ? " DESC" : ""),
            rowCount: access.rowCount, [plan], distinct: distinct
        ) {
            group.isOfRelationships
                ? RelationshipOrderOperator($0[0], slot: slot, indexOrder)
                : IndexOrderOperator($0[0], slot: slot, indexOrder)
        }
    }

    /// The label, or the type, and the first keys of an index with the order that is wanted, and the range of it.
    private func ordered(
        _ access: Access, by wanted: PatternHints.WantedOrder, isOfRelationships: Bool
    ) -> (group: String, values: [Equality], RangeBounds?)? {
        let rules =
            isOfRelationships ? builder.statistics.typeRules : builder.statistics.labelRules
        func hasIndex(_ group: String, _ keys: [String]) -> Bool {
            rules[group]?.indexes.contains { $0.starts(with: keys) } ?? false
        }
        switch access.kind {
        case .members(let group):
            // Without a limit, a condition that few meet makes sorting those the lesser work.
            guard wanted.isLimited || conditions.isEmpty, hasIndex(group, [wanted.key]) else {
                return nil
            }
            return (group, [], nil)
        case .range(let group, let key, let bounds) where key == wanted.key:
            return (group, [], bounds)
        case .equality(let group, let values):
            guard hasIndex(group, values.map(\.key) + [wanted.key]) else { return nil }
            return (group, values, nil)
        default: return nil
        }
    }
}
