// SPDX-License-Identifier: Apache-2.0
//
// - A source of nodes gives them one by one, as any operator, or in blocks to a consumer that knows blocks: a consumer
//   then reads properties of many nodes at once, and fills no row for each of them.
// - A block belongs to one row of the input: all other places of the row are the same for all of its nodes.
// - A consumer either calls ``next(_:)`` or ``nextBlock(_:upTo:_:)`` from one opening to the next.

internal import CairnGraph

/// For each row of the input some nodes, in blocks.
class NodeBlockOperator: InputOperator {
    /// The place of the nodes in the row.
    let slot: Int
    @exclusivity(unchecked) private var nodes: [UInt32] = []
    @exclusivity(unchecked) private var index = 0
    @exclusivity(unchecked) private var size = NodeBlockSize()

    init(_ input: Operator, slot: Int) {
        self.slot = slot
        super.init(input)
    }

    /// Replaces what is in `nodes` by the next ones, at least one and at most `count`, which all belong to the row of the
    /// input that is there now.
    ///
    /// - Returns: False when there are no more.
    func nextBlock(
        _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool { false }

    override func open(_ execution: Execution) throws(QueryError) {
        nodes.removeAll(keepingCapacity: true)
        index = 0
        size = NodeBlockSize()
        try super.open(execution)
    }

    final override func next(_ execution: Execution) throws(QueryError) -> Bool {
        if index == nodes.count {
            index = 0
            guard try nextBlock(&nodes, upTo: size.next(), execution) else {
                nodes.removeAll(keepingCapacity: true)
                return false
            }
        }
        try execution.tick()
        execution.row[slot] = .node(number: nodes[index])
        index += 1
        return true
    }
}

/// How many nodes are taken at a time: few at first, because often the first decides.
struct NodeBlockSize {
    private var count = 4
    /// The largest block.
    static let countMax = 256

    mutating func next() -> Int {
        count = min(count * 2, Self.countMax)
        return count
    }
}
