// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Some properties of the nodes of a block, column by column. The memory is used again for the next block.
final class CellColumns {
    @exclusivity(unchecked) private var cells: [PropertyCell] = []
    /// The keys of the columns, by their numbers in the plan.
    @exclusivity(unchecked) private var keys: [Int] = []
    /// The numbers of the keys in the graph, ascending; without those that it does not know.
    @exclusivity(unchecked) private var numbers: [UInt32] = []
    /// Where each column begins; nil where the graph does not know its key.
    @exclusivity(unchecked) private var starts: [Int?] = []
    @exclusivity(unchecked) private var nodeCount = 0

    /// Reads properties of nodes, which are there; the columns are in the order of the keys.
    func read(_ keys: [Int], of nodes: [UInt32], _ execution: Execution) {
        nodeCount = nodes.count
        if numbers.count < keys.count || keys != self.keys { prepare(keys, execution) }
        let needed = numbers.count * nodes.count
        if cells.count < needed {
            cells = Array(repeating: .none, count: numbers.count * EntityBlockSize.countMax)
        }
        nodes.withUnsafeBufferPointer { nodes in
            numbers.withUnsafeBufferPointer { numbers in
                cells.withUnsafeMutableBufferPointer { cells in
                    execution.graph.readCells(numbers, of: nodes, into: cells)
                }
            }
        }
    }

    /// Numbers that were not known may have been made since.
    private func prepare(_ keys: [Int], _ execution: Execution) {
        self.keys = keys
        numbers = Set(keys.compactMap { execution.key($0) }).sorted()
        starts = keys.map { key in
            execution.key(key).flatMap { numbers.firstIndex(of: $0) }
        }
    }

    /// A property of a node by the places of both.
    @inline(__always)
    func cell(_ column: Int, _ index: Int) -> PropertyCell {
        guard let start = starts[column] else { return .none }
        return cells[start &* nodeCount &+ index]
    }

    /// The same as a value; `node` is the one at that place.
    func value(
        _ column: Int, _ index: Int, of node: UInt32, _ execution: Execution
    ) -> QueryValue {
        let cell = cell(column, index)
        switch cell.kind {
        case .none: return .null
        case .bool: return .bool(cell.number != 0)
        case .int: return .int(cell.number)
        case .double: return .double(cell.double)
        case .string: return .string(PackedValue.text(cell.text ?? .init(start: nil, count: 0)))
        case .other:
            guard let key = execution.key(keys[column]) else { return .null }
            return QueryValue(execution.graph.property(key, ofNode: node))
        }
    }
}

extension PropertyCell {
    /// Whether there is no such property.
    @inline(__always)
    var isNone: Bool {
        if case .none = kind { true } else { false }
    }

    var double: Double { Double(bitPattern: UInt64(bitPattern: number)) }

    /// The bytes of a text; nil for another kind.
    @inline(__always)
    var text: UnsafeRawBufferPointer? {
        guard case .string = kind else { return nil }
        return UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: address), count: Int(number))
    }
}
