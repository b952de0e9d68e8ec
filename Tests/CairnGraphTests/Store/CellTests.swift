// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// Properties of many nodes at once are those of each by itself.
struct CellTests {
    private static let keys = ["a", "b", "c", "d", "e", "f"]

    /// Nodes of many shapes, some without properties, some too long for a shape, some changed or gone.
    private func graph(_ seed: UInt64) throws -> GraphStore {
        var random = SplitMix64(seed: seed)
        func value() -> Value {
            switch random.next() % 9 {
            case 0: .bool(random.next() % 2 == 0)
            case 1: .int(Int64(bitPattern: random.next()))
            case 2: .int(Int64(random.next() % 100))
            case 3: .double(0.5)
            case 4: .double(0.1)
            case 5: .string(String(repeating: "x", count: Int(random.next() % 300)))
            case 6: .bytes(Array(repeating: 7, count: Int(random.next() % 200)))
            case 7: .date(CalendarDate(dayNumber: Int(random.next() % 1000))!)
            default: .list([.int(1), .string("two")])
            }
        }
        var graph = GraphStore()
        var ids: [NodeID] = []
        for _ in 0..<700 {
            var properties: Properties = [:]
            for key in Self.keys where random.next() % 3 > 0 { properties[key] = value() }
            ids.append(try graph.createNode(properties: properties))
        }
        for id in ids where random.next() % 5 == 0 {
            if random.next() % 2 == 0 {
                try graph.deleteNode(id)
            } else {
                try graph.setProperty("c", to: value(), of: id)
            }
        }
        return graph
    }

    private func shown(_ cell: PropertyCell, _ value: Value?) -> Bool {
        switch (cell.kind, value) {
        case (.none, nil): true
        case (.bool, .bool(let truth)?): cell.number == (truth ? 1 : 0)
        case (.int, .int(let number)?): cell.number == number
        case (.double, .double(let number)?):
            UInt64(bitPattern: cell.number) == number.bitPattern
        case (.string, .string(let text)?):
            PackedValue.text(
                UnsafeRawBufferPointer(
                    start: UnsafeRawPointer(bitPattern: cell.address), count: Int(cell.number)))
                == text
        case (.other, .bytes?), (.other, .date?), (.other, .list?), (.other, .string?): true
        default: false
        }
    }

    @Test(arguments: [[0], [5], [2, 3], [0, 1, 2, 3, 4, 5], [1, 5], []])
    func columnsHoldWhatEachNodeHas(_ wanted: [Int]) throws {
        var otherCount = 0
        for seed in 1...4 as ClosedRange<UInt64> {
            let graph = try graph(seed)
            let keys = wanted.map { Self.keys[$0] }
            let numbers = keys.compactMap { graph.keyNumber(of: $0) }.sorted()
            let nodes = graph.nodeIDs.map { UInt32($0.rawValue) }
            for step in [1, 7, nodes.count] {
                for start in stride(from: 0, to: nodes.count, by: step) {
                    let block = Array(nodes[start..<min(start + step, nodes.count)])
                    var cells = [PropertyCell](
                        repeating: .none, count: numbers.count * block.count)
                    withUnsafePointer(to: graph) { graph in
                        numbers.withUnsafeBufferPointer { numbers in
                            block.withUnsafeBufferPointer { block in
                                cells.withUnsafeMutableBufferPointer {
                                    GraphAccess(graph).readCells(numbers, of: block, into: $0)
                                }
                            }
                        }
                    }
                    for (column, number) in numbers.enumerated() {
                        for (place, node) in block.enumerated() {
                            let cell = cells[column * block.count + place]
                            let value = graph.property(number, ofNode: node)
                            #expect(
                                shown(cell, value), "seed \(seed) node \(node) key \(number)")
                            if case .other = cell.kind { otherCount += 1 }
                        }
                    }
                }
            }
        }
        // Most values are read at once.
        #expect(wanted.isEmpty || otherCount > 0)
        #expect(otherCount < 3 * 4 * 700 * max(1, wanted.count))
    }
}
