// SPDX-License-Identifier: Apache-2.0

/// One row for each group of the rows of the input that have the same keys.
final class AggregateOperator: InputOperator {
    /// A key of a group: how it is computed, and the place where it is put.
    struct Key: Sendable {
        let value: Evaluator
        let slot: Int
    }

    /// A value of a group.
    struct Aggregate: Sendable {
        let function: AggregateFunction
        let isDistinct: Bool
        /// What is aggregated; nil to count rows.
        let value: Evaluator?
        /// The second argument.
        let argument: Evaluator?
        /// How often each row counts; nil for once.
        let weight: Int?
        let slot: Int
    }

    private let keys: [Key]
    private let aggregates: [Aggregate]
    private var groups: [QueryValue: Int] = [:]
    private var groupKeys: [[QueryValue]] = []
    /// Those of each group, one group after the other.
    private var accumulators: [Accumulator] = []
    private var index = 0
    private var isComplete = false

    init(_ input: Operator, keys: [Key], aggregates: [Aggregate]) {
        self.keys = keys
        self.aggregates = aggregates
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        let kept = accumulators.reduce(0) { $0 + $1.heldCount }
        execution.letGo(groupKeys.count * width + kept)
        groups = [:]
        groupKeys = []
        accumulators = []
        index = 0
        isComplete = false
        try input.open(execution)
    }

    private var width: Int { 2 * keys.count + 2 * aggregates.count + 2 }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if !isComplete { try aggregate(execution) }
        guard index < groupKeys.count else { return false }
        for (place, key) in keys.enumerated() {
            execution.row[key.slot] = groupKeys[index][place]
        }
        let start = index * aggregates.count
        for (place, aggregate) in aggregates.enumerated() {
            execution.row[aggregate.slot] = try accumulators[start + place].result(execution)
        }
        index += 1
        return true
    }

    private func aggregate(_ execution: Execution) throws(QueryError) {
        isComplete = true
        while try input.next(execution) {
            try execution.tick()
            let start = try group(execution) * aggregates.count
            for place in aggregates.indices {
                try add(aggregates[place], to: accumulators[start + place], execution)
            }
        }
        if keys.isEmpty, groupKeys.isEmpty { try addGroup([], execution) }
    }

    private func add(
        _ aggregate: Aggregate, to accumulator: Accumulator, _ execution: Execution
    ) throws(QueryError) {
        if let weight = aggregate.weight, let counter = accumulator as? CountAccumulator {
            if let expression = aggregate.value, try expression(execution).isNull { return }
            if case .int(let count) = execution.row[weight] { counter.count += count }
            return
        }
        guard let expression = aggregate.value else {
            return try accumulator.add(.null, execution)
        }
        let value = try expression(execution)
        if !value.isNull { try accumulator.add(value, execution) }
    }

    /// The group of the row, which is made when it is new.
    private func group(_ execution: Execution) throws(QueryError) -> Int {
        if keys.isEmpty {
            if groupKeys.isEmpty { try addGroup([], execution) }
            return 0
        }
        if keys.count == 1 {
            let value = try keys[0].value(execution)
            if let known = groups[value] { return known }
            groups[value] = groupKeys.count
            try addGroup([value], execution)
            return groupKeys.count - 1
        }
        var values: [QueryValue] = []
        values.reserveCapacity(keys.count)
        for key in keys { values.append(try key.value(execution)) }
        let name = QueryValue.list(values)
        if let known = groups[name] { return known }
        groups[name] = groupKeys.count
        try addGroup(values, execution)
        return groupKeys.count - 1
    }

    private func addGroup(_ values: [QueryValue], _ execution: Execution) throws(QueryError) {
        try execution.hold(width)
        for aggregate in aggregates {
            var argument = QueryValue.null
            if let expression = aggregate.argument { argument = try expression(execution) }
            accumulators.append(
                try Accumulator.make(
                    aggregate.function, isDistinct: aggregate.isDistinct, argument: argument))
        }
        groupKeys.append(values)
    }
}
