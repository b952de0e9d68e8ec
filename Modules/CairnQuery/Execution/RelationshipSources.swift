// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// For each row of the input some relationships, which an index finds. Their ends are the work of ``EndsOperator``.
class RelationshipSource: InputOperator {
    private let slot: Int
    @exclusivity(unchecked) private var numbers: [UInt32] = []
    @exclusivity(unchecked) private var index = 0
    @exclusivity(unchecked) private var size = NodeBlockSize()

    /// - Parameter slot: The place of the relationships in the row.
    init(_ input: Operator, slot: Int) {
        self.slot = slot
        super.init(input)
    }

    /// Replaces what is in `numbers` by the next relationships of the row of the input that is there, at least one and at
    /// most `count`.
    ///
    /// - Returns: False when there are no more.
    func nextBlock(
        _ numbers: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool { false }

    override func open(_ execution: Execution) throws(QueryError) {
        numbers.removeAll(keepingCapacity: true)
        index = 0
        size = NodeBlockSize()
        try super.open(execution)
    }

    final override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if index == numbers.count {
            index = 0
            guard try nextBlock(&numbers, upTo: size.next(), execution) else {
                numbers.removeAll(keepingCapacity: true)
                return false
            }
        }
        try execution.tick()
        execution.row[slot] = .relationship(number: numbers[index])
        index += 1
        return true
    }
}

/// The relationships that a look-up gives.
final class RelationshipLookupOperator: RelationshipSource {
    private let lookup: LookupOperator.Lookup

    init(_ input: Operator, slot: Int, lookup: @escaping LookupOperator.Lookup) {
        self.lookup = lookup
        super.init(input, slot: slot)
    }

    override func nextBlock(
        _ numbers: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while true {
            guard try input.next(execution) else { return false }
            try execution.tick()
            numbers = try lookup(execution)
            if !numbers.isEmpty { return true }
        }
    }
}

/// The relationships of a type in the order of a property, for an input of one row.
final class RelationshipOrderOperator: RelationshipSource {
    private let walk: IndexOrderWalk

    init(_ input: Operator, slot: Int, _ order: IndexOrder) {
        walk = IndexOrderWalk(order)
        super.init(input, slot: slot)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        walk.stop()
        try super.open(execution)
    }

    override func nextBlock(
        _ numbers: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while true {
            if try walk.next(&numbers, upTo: count, execution) { return true }
            guard try input.next(execution) else { return false }
            try walk.begin(execution)
        }
    }
}
