// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The rows of the input whose node has relationships, with how many.
final class DegreeOperator: InputOperator {
    private let node: Int
    private let direction: Direction
    private let types: [Int]
    private let weight: Int

    init(_ input: Operator, node: Int, direction: Direction, types: [Int], weight: Int) {
        self.node = node
        self.direction = direction
        self.types = types
        self.weight = weight
        super.init(input)
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
        let all = execution.graph.degree(ofNode: number, direction)
        guard all > 0, !types.isEmpty else { return all }
        try execution.tick()
        return execution.graph.degree(ofNode: number, direction, types: execution.types(types))
    }
}
