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
        /// The aggregated value; nil to count rows.
        let value: Evaluator?
        /// Where that is a property of what is in a place of the row.
        let property: PropertyPlace?
        /// The second argument.
        let argument: Evaluator?
        /// How often each row counts; nil for once.
        let weight: Int?
        let slot: Int
    }

    /// The work for each row; most aggregates need no object.
    enum Step {
        /// Counts it.
        case row
        /// Counts it where there is such a property.
        case present(PropertyPlace)
        /// Adds a property, where it is an integer, to a number; otherwise as below.
        case sum(PropertyPlace)
        /// Gives a value to the accumulator.
        case value

        fileprivate init(_ aggregate: Aggregate) {
            self = .value
            guard !aggregate.isDistinct, aggregate.weight == nil else { return }
            if aggregate.function == .count, aggregate.value == nil { self = .row }
            guard let property = aggregate.property else { return }
            if aggregate.function == .count { self = .present(property) }
            if aggregate.function == .sum { self = .sum(property) }
        }
    }

    /// A key that is a property that no two rows have in common where it is a text, as long as a rule of the graph says so.
    struct UniqueKey: Sendable {
        let property: PropertyPlace
        let label: Int

        /// A plan may be older than the rules.
        fileprivate func holds(_ execution: Execution) -> Bool {
            guard let label = execution.label(label), let key = execution.key(property.key) else {
                return false
            }
            return execution.graph.uniqueNode(labeled: label, key, equals: .null) != nil
        }
    }

    let hashes = GroupHash.shared
    let keys: [Key]
    let aggregates: [Aggregate]
    let steps: [Step]
    private let unique: UniqueKey?
    /// Where the unique key is, while the rule is there.
    @exclusivity(unchecked) private var uniqueKey: PropertyPlace?
    @exclusivity(unchecked) var groups = GroupTable()
    /// Those of each group, one group after the other.
    @exclusivity(unchecked) var groupKeys: [QueryValue] = []
    /// Those of each group, one group after the other.
    @exclusivity(unchecked) var accumulators: [Accumulator] = []
    /// The counts and sums of each group, one group after the other.
    @exclusivity(unchecked) var numbers: [Int64] = []
    /// The keys of the row.
    @exclusivity(unchecked) var nextKeys: [QueryValue] = []
    @exclusivity(unchecked) var groupCount = 0
    @exclusivity(unchecked) var lastGroup = 0
    @exclusivity(unchecked) private var index = 0
    @exclusivity(unchecked) private var isComplete = false
    /// Where the input gives nodes in blocks, and the keys are properties of them.
    private let blocks: BlockAggregation?

    init(
        _ input: Operator, keys: [Key], aggregates: [Aggregate], unique: UniqueKey?
    ) {
        self.keys = keys
        self.aggregates = aggregates
        steps = aggregates.map(Step.init)
        self.unique = unique
        blocks = BlockAggregation(input, keys, aggregates, steps)
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        let kept = accumulators.reduce(0) { $0 + $1.heldCount }
        execution.letGo(groupCount * width + kept)
        groups.removeAll()
        groupKeys = []
        accumulators = []
        numbers = []
        groupCount = 0
        lastGroup = 0
        index = 0
        isComplete = false
        uniqueKey = unique.flatMap { $0.holds(execution) ? $0.property : nil }
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
            execution.row[aggregates[place].slot] = try result(start + place, execution)
        }
        index += 1
        return true
    }

    private func result(_ place: Int, _ execution: Execution) throws(QueryError) -> QueryValue {
        let number = QueryValue.int(numbers[place])
        switch steps[place % aggregates.count] {
        case .row: return number
        case .present:
            return try QueryValue.arithmetic(
                .add, accumulators[place].result(execution), number, execution)
        case .value: return try accumulators[place].result(execution)
        case .sum:
            let others = try accumulators[place].result(execution)
            guard numbers[place] != 0 else { return others }
            return try QueryValue.arithmetic(.add, others, number, execution)
        }
    }

    /// Groups all rows; true at once for a row that is a group by itself, which fills the row.
    private func aggregate(_ execution: Execution) throws(QueryError) -> Bool {
        if let blocks, uniqueKey == nil {
            try blocks.aggregate(into: self, execution)
            return try complete(execution)
        }
        while try input.next(execution) {
            try execution.tick()
            if let uniqueKey, case .string? = try execution.packed(uniqueKey) {
                try giveAlone(execution)
                return true
            }
            let start = try group(execution) * aggregates.count
            for place in steps.indices { try take(place, start + place, execution) }
        }
        return try complete(execution)
    }

    private func complete(_ execution: Execution) throws(QueryError) -> Bool {
        isComplete = true
        if keys.isEmpty, groupCount == 0 { _ = try addGroup(0, execution) }
        return false
    }

    /// Gives the row to an aggregate of a group.
    @inline(__always)
    func take(
        _ place: Int, _ position: Int, _ execution: Execution
    ) throws(QueryError) {
        switch steps[place] {
        case .row:
            numbers[position] &+= 1
            return
        case .present(let property):
            guard let packed = try execution.packed(property) else { break }
            if case .none = packed { return }
            numbers[position] &+= 1
            return
        case .sum(let property):
            guard case .int(let number)? = try execution.packed(property) else { break }
            let (sum, overflow) = numbers[position].addingReportingOverflow(number)
            guard !overflow else { throw .runtime(.arithmetic, .integerOverflow) }
            numbers[position] = sum
            return
        case .value: break
        }
        try add(aggregates[place], to: accumulators[position], execution)
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
    func group(_ execution: Execution) throws(QueryError) -> Int {
        nextKeys.removeAll(keepingCapacity: true)
        if keys.isEmpty {
            if groupCount == 0 { _ = try addGroup(0, execution) }
            return 0
        }
        if keys.count == 1, let property = keys[0].property,
            case .string(let bytes)? = try execution.packed(property)
        {
            let hash = hashes.bytes(bytes)
            if let known = groups.group(hash, where: { groupKeys[$0].isText(bytes) }) {
                return known
            }
            nextKeys.append(.string(PackedValue.text(bytes)))
            return try addGroup(hash, execution)
        }
        for key in keys { nextKeys.append(try key.value(execution)) }
        // Rows of one group often follow one another.
        if groupCount > 0, hasNextKeys(lastGroup) { return lastGroup }
        var hash = nextKeys[0].groupHash(hashes)
        for place in 1..<nextKeys.count {
            hash = hashes.joined(hash, nextKeys[place].groupHash(hashes))
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

    func addGroup(_ hash: UInt64, _ execution: Execution) throws(QueryError) -> Int {
        try execution.hold(width)
        for (place, aggregate) in aggregates.enumerated() {
            if case .row = steps[place] {
                accumulators.append(noAccumulator)
            } else {
                accumulators.append(try accumulator(aggregate, execution))
            }
            numbers.append(0)
        }
        groupKeys.append(contentsOf: nextKeys)
        groups.add(hash)
        groupCount += 1
        return groupCount - 1
    }

    /// Stands where none is needed.
    private let noAccumulator = Accumulator()

    private func accumulator(
        _ aggregate: Aggregate, _ execution: Execution
    ) throws(QueryError) -> Accumulator {
        var argument = QueryValue.null
        if let expression = aggregate.argument { argument = try expression(execution) }
        return try Accumulator.make(
            aggregate.function, isDistinct: aggregate.isDistinct, argument: argument)
    }
}
