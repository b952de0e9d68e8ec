// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// One row for each group of the rows of the input that have the same keys.
final class AggregateOperator: InputOperator {
    /// A key of a group: how it is computed, and the place where it is put.
    struct Key: Sendable {
        let value: Evaluator
        let slot: Int
        /// Where it is a property of what is in a place of the row.
        let property: PropertyPlace?
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
    /// The key that is a property that no two rows have in common where it is a text.
    private let uniqueKey: PropertyPlace?
    @exclusivity(unchecked) private var groups = GroupTable()
    /// Those of each group, one group after the other.
    @exclusivity(unchecked) private var groupKeys: [QueryValue] = []
    /// Those of each group, one group after the other.
    @exclusivity(unchecked) private var accumulators: [Accumulator] = []
    /// The keys of the row.
    @exclusivity(unchecked) private var nextKeys: [QueryValue] = []
    @exclusivity(unchecked) private var groupCount = 0
    @exclusivity(unchecked) private var lastGroup = 0
    @exclusivity(unchecked) private var index = 0
    @exclusivity(unchecked) private var isComplete = false

    init(
        _ input: Operator, keys: [Key], aggregates: [Aggregate], uniqueKey: PropertyPlace?
    ) {
        self.keys = keys
        self.aggregates = aggregates
        self.uniqueKey = uniqueKey
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        let kept = accumulators.reduce(0) { $0 + $1.heldCount }
        execution.letGo(groupCount * width + kept)
        groups.removeAll()
        groupKeys = []
        accumulators = []
        groupCount = 0
        lastGroup = 0
        index = 0
        isComplete = false
        try input.open(execution)
    }

    private var width: Int { 2 * keys.count + 2 * aggregates.count + 2 }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if !isComplete, try aggregate(execution) { return true }
        guard index < groupCount else { return false }
        for place in keys.indices {
            execution.row[keys[place].slot] = groupKeys[index * keys.count + place]
        }
        let start = index * aggregates.count
        for place in aggregates.indices {
            execution.row[aggregates[place].slot] =
                try accumulators[start + place].result(execution)
        }
        index += 1
        return true
    }

    /// Groups all rows; true at once for a row that is a group by itself, which fills the row.
    private func aggregate(_ execution: Execution) throws(QueryError) -> Bool {
        while try input.next(execution) {
            try execution.tick()
            if let uniqueKey, case .string? = try execution.packed(uniqueKey) {
                try giveAlone(execution)
                return true
            }
            let start = try group(execution) * aggregates.count
            for place in aggregates.indices {
                try add(aggregates[place], to: accumulators[start + place], execution)
            }
        }
        isComplete = true
        if keys.isEmpty, groupCount == 0 { _ = try addGroup(0, execution) }
        return false
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

    // MARK: Groups of one row

    private func giveAlone(_ execution: Execution) throws(QueryError) {
        for key in keys { execution.row[key.slot] = try key.value(execution) }
        for aggregate in aggregates {
            if aggregate.function == .count, !aggregate.isDistinct {
                execution.row[aggregate.slot] = try countAlone(aggregate, execution)
                continue
            }
            let accumulator = try accumulator(aggregate, execution)
            try add(aggregate, to: accumulator, execution)
            execution.row[aggregate.slot] = try accumulator.result(execution)
            execution.letGo(accumulator.heldCount)
        }
    }

    private func countAlone(
        _ aggregate: Aggregate, _ execution: Execution
    ) throws(QueryError) -> QueryValue {
        if let expression = aggregate.value, try expression(execution).isNull { return .int(0) }
        return aggregate.weight.map { execution.row[$0] } ?? .int(1)
    }

    // MARK: Groups

    /// The group of the row, which is made when it is new.
    private func group(_ execution: Execution) throws(QueryError) -> Int {
        nextKeys.removeAll(keepingCapacity: true)
        if keys.isEmpty {
            if groupCount == 0 { _ = try addGroup(0, execution) }
            return 0
        }
        if keys.count == 1, let property = keys[0].property,
            case .string(let bytes)? = try execution.packed(property)
        {
            let hash = GroupHash.bytes(bytes)
            if let known = groups.group(hash, where: { groupKeys[$0].isText(bytes) }) {
                return known
            }
            nextKeys.append(.string(PackedValue.text(bytes)))
            return try addGroup(hash, execution)
        }
        for key in keys { nextKeys.append(try key.value(execution)) }
        // Rows of one group often follow one another.
        if groupCount > 0, hasNextKeys(lastGroup) { return lastGroup }
        var hash = nextKeys[0].groupHash
        for place in 1..<nextKeys.count {
            hash = GroupHash.joined(hash, nextKeys[place].groupHash)
        }
        if let known = groups.group(hash, where: { hasNextKeys($0) }) {
            lastGroup = known
        } else {
            lastGroup = try addGroup(hash, execution)
        }
        return lastGroup
    }

    private func hasNextKeys(_ group: Int) -> Bool {
        let start = group * keys.count
        // The last ones differ most often.
        for place in keys.indices.reversed()
        where !groupKeys[start + place].isEquivalent(to: nextKeys[place]) {
            return false
        }
        return true
    }

    private func addGroup(_ hash: UInt64, _ execution: Execution) throws(QueryError) -> Int {
        try execution.hold(width)
        for aggregate in aggregates { accumulators.append(try accumulator(aggregate, execution)) }
        groupKeys.append(contentsOf: nextKeys)
        groups.add(hash)
        groupCount += 1
        return groupCount - 1
    }

    private func accumulator(
        _ aggregate: Aggregate, _ execution: Execution
    ) throws(QueryError) -> Accumulator {
        var argument = QueryValue.null
        if let expression = aggregate.argument { argument = try expression(execution) }
        return try Accumulator.make(
            aggregate.function, isDistinct: aggregate.isDistinct, argument: argument)
    }
}
