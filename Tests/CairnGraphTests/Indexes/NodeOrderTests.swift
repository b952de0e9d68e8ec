// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// Nodes in the order of an index.
struct NodeOrderTests {
    private func graph(_ count: Int) throws -> GraphStore {
        var random = SplitMix64(seed: 11)
        var graph = GraphStore()
        try graph.create(.index(label: "L", keys: ["x"]))
        try graph.create(.index(label: "L", keys: ["city", "x"]))
        var ids: [NodeID] = []
        for _ in 0..<count {
            var properties: Properties = ["city": .string(["A", "B"][Int(random.next() % 2)])]
            switch random.next() % 6 {
            case 0: break
            case 1: properties["x"] = .string("t\(random.next() % 50)")
            case 2: properties["x"] = .double(Double(random.next() % 50) + 0.5)
            case 3: properties["x"] = .bool(random.next() % 2 == 0)
            default: properties["x"] = .int(Int64(random.next() % 50) - 25)
            }
            ids.append(try graph.createNode(labels: ["L"], properties: properties))
        }
        for id in ids where random.next() % 4 == 0 { try graph.deleteNode(id) }
        return graph
    }

    @Test(arguments: [0, 1, 7, 2000], [false, true])
    func nodesComeInTheOrderOfTheirValues(_ count: Int, _ descending: Bool) throws {
        let graph = try graph(count)
        guard count > 0 else {
            #expect(Array(try #require(graph.nodes(labeled: "L", orderedBy: "x"))).isEmpty)
            return
        }
        var expected = graph.nodes(labeled: "L").compactMap { id in
            graph.property("x", of: id).map { ($0, id) }
        }
        expected.sort { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }
        if descending { expected.reverse() }
        let found = try #require(
            graph.nodes(labeled: "L", orderedBy: "x", descending: descending))
        #expect(Array(found) == expected.map(\.1))
    }

    @Test(arguments: [false, true])
    func theFirstKeysOfAnIndexMayBeGiven(_ descending: Bool) throws {
        let graph = try graph(2000)
        var expected = graph.nodes(labeled: "L").filter {
            graph.property("city", of: $0) == .string("B")
        }.map { (graph.property("x", of: $0) ?? .null, $0) }
        expected.sort { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }
        if descending { expected.reverse() }
        let found = try #require(
            graph.nodes(
                labeled: "L", orderedBy: "x", descending: descending, having: ["city": "B"]))
        #expect(Array(found) == expected.map(\.1))
        #expect(expected.count > 500)
    }

    @Test func kindsComeOneByOne() throws {
        let graph = try graph(2000)
        let label = try #require(graph.labelNumber(of: "L"))
        let key = try #require(graph.keyNumber(of: "x"))
        let order = try #require(graph.order(ofLabel: label, [], by: key))
        var count = 0
        for kind in [EntityOrder.Kind.bool, .number, .string, .other] {
            let numbers = Array(order.numbers(kind, descending: false))
            #expect(numbers.reversed() == Array(order.numbers(kind, descending: true)))
            count += numbers.count
        }
        #expect(count == order.count)
        #expect(Array(order.numbers(.other, descending: false)).isEmpty)
    }

    @Test func theFirstNodeHasTheLeastValue() throws {
        let graph = try graph(2000)
        var nodes = try #require(graph.nodes(labeled: "L", orderedBy: "x"))
        let first = nodes.next()
        #expect(first.flatMap { graph.property("x", of: $0) } == .bool(false))
    }

    @Test func withoutAnIndexThereIsNoOrder() throws {
        let graph = try graph(10)
        #expect(graph.nodes(labeled: "L", orderedBy: "city", having: ["x": 1]) == nil)
        #expect(graph.nodes(labeled: "M", orderedBy: "x") == nil)
        #expect(graph.nodes(labeled: "L", orderedBy: "y") == nil)
    }
}
