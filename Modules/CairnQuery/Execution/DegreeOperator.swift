// SPDX-License-Identifier: Apache-2.0
//
// The relationships of a node lie far from one another in memory, those of a type one behind the other. So where many
// nodes are asked for, the relationships of the types are counted once for all nodes.

internal import CairnGraph

/// The rows of the input whose node has relationships, with how many.
final class DegreeOperator: InputOperator {
    private let node: Int
    private let direction: Direction
    private let types: [Int]
    private let weight: Int
    /// Whether a large part of all nodes is expected.
    private let expectsMany: Bool

    @exclusivity(unchecked) private var wanted: RelationshipTypes?
    /// How many relationships were looked at.
    @exclusivity(unchecked) private var work = 0
    /// How many relationships the wanted types have.
    @exclusivity(unchecked) private var total = 0
    /// By node, once they were counted.
    @exclusivity(unchecked) private var counts: [UInt32] = []

    init(
        _ input: Operator, node: Int, direction: Direction, types: [Int], weight: Int,
        expectsMany: Bool
    ) {
        self.node = node
        self.direction = direction
        self.types = types
        self.weight = weight
        self.expectsMany = expectsMany
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        execution.letGo(counts.count / 4)
        counts = []
        wanted = nil
        work = 0
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while try input.next(execution) {
            guard let number = try execution.node(in: node) else { continue }
            let degree = try degree(of: number, execution)
            guard degree > 0 else { continue }
            execution.row[weight] = .int(Int64(degree))
            return true
        }
        return false
    }

    private func degree(of number: UInt32, _ execution: Execution) throws(QueryError) -> Int {
        if !counts.isEmpty { return Int(counts[Int(number)]) }
        let all = execution.graph.degree(ofNode: number, direction)
        guard all > 0, !types.isEmpty else { return all }
        try execution.tick()
        let wanted = wanted ?? begin(execution)
        if expectsMany || work > total {
            try countAll(wanted, execution)
            return Int(counts[Int(number)])
        }
        work += 4 * all
        return execution.graph.degree(ofNode: number, direction, types: wanted)
    }

    private func begin(_ execution: Execution) -> RelationshipTypes {
        let types = execution.types(types)
        wanted = types
        total = types.numbers.reduce(0) { $0 + execution.graph.relationshipCount(ofType: $1) }
        return types
    }

    private func countAll(
        _ types: RelationshipTypes, _ execution: Execution
    ) throws(QueryError) {
        let count = Int(execution.graph.nodeSlotCount)
        try execution.hold(count / 4)
        counts = Array(repeating: 0, count: count)
        for type in types.numbers { execution.graph.countEnds(ofType: type, direction, &counts) }
    }
}
