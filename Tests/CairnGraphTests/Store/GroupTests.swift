// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// Counts, sums and degrees of many nodes are those of each by itself.
struct GroupTests {
    private func graph() throws -> GraphStore {
        var random = SplitMix64(seed: 5)
        var graph = GraphStore()
        var ids: [NodeID] = []
        for number in 0..<1200 {
            var properties: Properties = [:]
            switch random.next() % 7 {
            case 0: break
            case 1: properties["x"] = .int(Int64(random.next() % 3))
            case 2: properties["x"] = .double(Double(random.next() % 3))
            case 3: properties["x"] = .list([.int(1)])
            default: properties["x"] = .string("text \(random.next() % 4)")
            }
            // Too long for a shape, with the same texts as others have.
            if number % 50 == 0 { properties["long"] = .bytes(Array(repeating: 1, count: 1200)) }
            switch random.next() % 4 {
            case 0: properties["y"] = .double(0.5)
            case 1: break
            default: properties["y"] = .int(Int64(random.next() % 100))
            }
            ids.append(
                try graph.createNode(
                    labels: number % 3 == 0 ? ["L", "M"] : ["L"], properties: properties))
        }
        for _ in 0..<3000 {
            let (from, to) = (
                random.next() % 1200, random.next() % 1200 % (random.next() % 1200 + 1)
            )
            try graph.createRelationship(
                random.next() % 3 == 0 ? "S" : "R", from: ids[Int(from)], to: ids[Int(to)])
        }
        for id in ids where random.next() % 9 == 0 { try graph.deleteNode(id, detach: true) }
        return graph
    }

    @Test func groupsAreThoseOfSingleNodes() throws {
        let graph = try graph()
        var expected: [Value: (count: Int, whole: Int64, part: Double)] = [:]
        for id in graph.nodes(labeled: "L") {
            let key = graph.property("x", of: id) ?? .null
            var group = expected[key] ?? (0, 0, 0)
            group.count += 1
            if case .int(let value)? = graph.property("y", of: id) { group.whole += value }
            if case .double(let value)? = graph.property("y", of: id) { group.part += value }
            expected[key] = group
        }
        let groups = graph.groups(labeled: "L", by: "x", summing: "y")
        #expect(groups.count == expected.count)
        for group in groups {
            let wanted = try #require(expected[group.value ?? .null])
            #expect(group.count == wanted.count)
            let sum: Value =
                wanted.part == 0 ? .int(wanted.whole) : .double(Double(wanted.whole) + wanted.part)
            #expect(group.sum == sum)
        }
        #expect(graph.groups(labeled: "L", by: "x").map(\.count) == groups.map(\.count))
        #expect(
            graph.groups(labeled: "L", by: "none").map(\.count) == [
                graph.nodes(labeled: "L").reduce(0) { count, _ in count + 1 }
            ])
        #expect(graph.groups(labeled: "none", by: "x").isEmpty)
    }

    @Test func aSumThatDoesNotFitIsADouble() throws {
        var graph = GraphStore()
        for value in [Int64.max, 1, 1] {
            try graph.createNode(labels: ["L"], properties: ["y": .int(value)])
        }
        let sum = graph.groups(labeled: "L", by: "x", summing: "y")[0].sum
        #expect(sum == .double(Double(Int64.max) + 2))
    }

    @Test(arguments: [Direction.outgoing, .incoming, .both])
    func degreesAreThoseOfSingleNodes(_ direction: Direction) throws {
        let graph = try graph()
        for types in [nil, ["R"], ["R", "S"], ["none"]] as [Set<String>?] {
            let degrees = graph.degrees(direction: direction, types: types)
            var expected: [(NodeID, Int)] = []
            for id in graph.nodeIDs {
                let degree =
                    types.map { graph.degree(of: id, direction: direction, types: $0) }
                    ?? graph.degree(of: id, direction: direction)
                #expect(degrees[id] == degree)
                if degree > 0, graph.hasLabel("M", id) { expected.append((id, degree)) }
            }
            expected.sort { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }
            for count in [0, 1, 10, 5000] {
                let top = degrees.top(count) { graph.hasLabel("M", $0) }
                #expect(top.map(\.id) == expected.prefix(count).map(\.0))
                #expect(top.map(\.degree) == expected.prefix(count).map(\.1))
            }
        }
        #expect(graph.degrees(direction: .both)[NodeID(rawValue: 99_999)] == 0)
    }
}
