// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// For each row of the input some nodes, or some relationships: found in blocks, given one by one.
class EntityBlockOperator: InputOperator {
    /// The place of the entities in the row.
    let slot: Int
    private let isOfRelationships: Bool
    @exclusivity(unchecked) private var numbers: [UInt32] = []
    @exclusivity(unchecked) private var index = 0
    @exclusivity(unchecked) private var size = EntityBlockSize()

    init(_ input: Operator, slot: Int, isOfRelationships: Bool) {
        self.slot = slot
        self.isOfRelationships = isOfRelationships
        super.init(input)
    }

    /// Replaces what is in `numbers` by the next ones, at least one and at most `count`, which all belong to the row of the
    /// input that is there now.
    ///
    /// - Returns: False when there are no more.
    func nextBlock(
        _ numbers: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool { false }

    override func open(_ execution: Execution) throws(QueryError) {
        numbers.removeAll(keepingCapacity: true)
        index = 0
        size = EntityBlockSize()
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
        let number = numbers[index]
        execution.row[slot] =
            isOfRelationships ? .relationship(number: number) : .node(number: number)
        index += 1
        return true
    }
}

/// How many entities are taken at a time: few at first, because often the first decides.
struct EntityBlockSize {
    private var count = 4
    /// The largest block.
    static let countMax = 256

    mutating func next() -> Int {
        count = min(count * 2, Self.countMax)
        return count
    }
}
