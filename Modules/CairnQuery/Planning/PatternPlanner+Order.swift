// SPDX-License-Identifier: Apache-2.0

/// The order in which the rows of a plan come.
struct RowOrder {
    let property: PropertyPlace
    let isDescending: Bool
}

extension PatternPlanner {
    /// Finds a node in the order that is wanted, when an index has it and that is likely to be less work than to sort.
    ///
    /// - Parameter access: How the node would be found otherwise.
    mutating func order(
        _ access: Access, _ name: String, _ slot: Int, _ compiler: ExpressionCompiler,
        onto plan: PlanNode
    ) throws(QueryError) -> PlanNode? {
        guard let wanted = hints.order,
            let (label, values, bounds) = ordered(access, by: wanted)
        else { return nil }
        var evaluators: [(key: Int, value: Evaluator)] = []
        for (key, value) in values {
            evaluators.append((builder.keys.number(of: key), try compiler.compile(value)))
        }
        let key = builder.keys.number(of: wanted.key)
        let number = builder.labels.number(of: label)
        var lookup: LookupOperator.Lookup?
        if !values.isEmpty {
            lookup = IndexLookup.equality(
                label: label, number: number,
                zip(values, evaluators).map { value, evaluator in
                    IndexLookup.Key(
                        key: value.key, number: evaluator.key, value: evaluator.value)
                })
        }
        let indexOrder = IndexOrder(
            label: number, values: evaluators, lookup: lookup, key: key,
            keyName: wanted.key, isDescending: wanted.isDescending,
            bounds: try bounds.map { (bounds) throws(QueryError) in
                try IndexRange(bounds, compiler)
            })
        order = RowOrder(
            property: PropertyPlace(slot: slot, key: key), isDescending: wanted.isDescending)
        let keys = (values.map(\.key) + [wanted.key]).joined(separator: ", ")
        let direction = wanted.isDescending ? " DESC" : ""
        return PlanNode(
            "IndexOrder", "\(name):\(label)(\(keys))\(direction)", rowCount: access.rowCount,
            [plan],
            distinct: DistinctNodes(slot: slot, label: label)
        ) { IndexOrderOperator($0[0], slot: slot, indexOrder) }
    }

    /// The label and the first keys of an index with the order that is wanted, and the range of it.
    private func ordered(
        _ access: Access, by wanted: PatternHints.WantedOrder
    ) -> (label: String, values: [(key: String, value: Expression)], RangeBounds?)? {
        let indexes = builder.statistics.indexes
        switch access.kind {
        case .label(let label):
            // Without a limit, a condition that few nodes meet makes sorting those the lesser work.
            guard wanted.isLimited || conditions.isEmpty,
                (indexes[label] ?? []).contains(where: { $0[0] == wanted.key })
            else { return nil }
            return (label, [], nil)
        case .range(let label, let key, let bounds) where key == wanted.key:
            return (label, [], bounds)
        case .equality(let label, let values):
            let keys = values.map(\.key) + [wanted.key]
            guard (indexes[label] ?? []).contains(where: { $0.starts(with: keys) }) else {
                return nil
            }
            return (label, values, nil)
        default: return nil
        }
    }
}
