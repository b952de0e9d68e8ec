// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnTesting
import Testing

@testable import CairnQuery

/// Relationships that are gone over in blocks, and neighbours that are gathered, beside a list of all relationships.
struct ExpandTests {
    private struct Edge {
        let from: Int
        let to: Int
        let type: String
    }

    /// A few nodes that many others are linked with, both ways, some several times, some with themselves.
    private func graph() throws -> (GraphStore, [Edge]) {
        var random = SplitMix64(seed: 8)
        var graph = GraphStore()
        var ids: [NodeID] = []
        for number in 0..<120 {
            ids.append(
                try graph.createNode(
                    labels: Self.labels(number), properties: ["k": .int(Int64(number))]))
        }
        var edges: [Edge] = []
        for number in 0..<900 {
            let hub = Int(random.next() % 3)
            let other = Int(random.next() % 120)
            let (from, to) =
                number % 3 == 0
                ? (hub, other) : number % 3 == 1 ? (other, hub) : (other, (other * 7) % 120)
            let type = random.next() % 4 > 0 ? "R" : "S"
            try graph.createRelationship(type, from: ids[from], to: ids[to])
            edges.append(Edge(from: from, to: to, type: type))
        }
        return (graph, edges)
    }

    private static func labels(_ number: Int) -> [String] {
        [number % 2 == 0 ? "A" : nil, number % 3 == 0 ? "B" : nil].compactMap(\.self)
    }

    private func pairs(_ graph: GraphStore, _ text: String) throws -> [[Int64]] {
        try graph.query(text, [:]).map { row in
            row.values.map { value in
                if case .int(let number) = value { return number }
                return -1
            }
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test(
        arguments: [
            ("(b:A)", ["A"]), ("(b:A:B)", ["A", "B"]), ("(b:A) WHERE b:B", ["A", "B"]),
            ("(b) WHERE b:A AND b:B", ["A", "B"]), ("(b:None)", ["None"]), ("(b)", []),
        ] as [(String, Set<String>)])
    func theOtherEndHasAllLabels(end: String, labels: Set<String>) throws {
        let (graph, edges) = try graph()
        let expected = edges.filter { $0.type == "R" && labels.isSubset(of: Self.labels($0.to)) }
            .map { [Int64($0.from), Int64($0.to)] }.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(try pairs(graph, "MATCH (a)-[:R]->\(end) RETURN a.k, b.k") == expected)
        let limited = try pairs(graph, "MATCH (a)-[:R]->\(end) RETURN a.k, b.k LIMIT 5")
        #expect(limited.count == min(5, expected.count))
    }

    @Test(arguments: ["", "WHERE a.k < b.k", "WHERE b.k < 3", "WHERE a.k < 3"])
    func relationshipsBackAreFound(condition: String) throws {
        let (graph, edges) = try graph()
        var expected: [[Int64]] = []
        for (number, one) in edges.enumerated() where one.type == "R" {
            for (other, two) in edges.enumerated()
            where other != number && two.type == "S" && one.to == two.from && one.from == two.to {
                let (a, b) = (Int64(one.from), Int64(one.to))
                let holds =
                    condition.isEmpty || (condition.contains("a.k < b.k") && a < b)
                    || (condition.contains("b.k < 3") && b < 3)
                    || (condition.contains("WHERE a.k < 3") && a < 3)
                if holds { expected.append([a, b]) }
            }
        }
        expected.sort { $0.lexicographicallyPrecedes($1) }
        #expect(expected.count > 10)
        let text = "MATCH (a)-[:R]->(b)-[:S]->(a) \(condition) RETURN a.k, b.k"
        #expect(try pairs(graph, text) == expected)
    }
}
