// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnTesting
import Testing

@testable import CairnQuery

/// Conditions and groups on blocks of nodes give what they give row by row: PROFILE measures each step, and so works by rows.
struct BlockTests {
    private func graph() throws -> GraphStore {
        var random = SplitMix64(seed: 21)
        var graph = GraphStore()
        var ids: [NodeID] = []
        for number in 0..<1500 {
            var properties: Properties = ["k": .int(Int64(number))]
            if random.next() % 4 > 0 { properties["s"] = .string("s\(number / 40 % 9)") }
            if random.next() % 5 > 0 { properties["i"] = .int(Int64(random.next() % 20)) }
            switch random.next() % 8 {
            case 0: break
            case 1: properties["x"] = .string(["a", "ab", "b", ""][Int(random.next() % 4)])
            case 2: properties["x"] = .double(Double(random.next() % 6) / 2)
            case 3: properties["x"] = .bool(random.next() % 2 == 0)
            case 4: properties["x"] = .list([.int(1)])
            case 5: properties["long"] = .string(String(repeating: "l", count: 1100))
            default: properties["x"] = .int(Int64(random.next() % 5))
            }
            ids.append(
                try graph.createNode(
                    labels: random.next() % 3 > 0 ? ["L"] : ["L", "M"], properties: properties))
        }
        for id in ids where random.next() % 6 == 0 { try graph.deleteNode(id) }
        return graph
    }

    private static let conditions = [
        "n.x = 1", "n.x <> 1", "n.x < 2", "n.x >= 1.5", "1 < n.x", "n.x = 'a'", "n.x > 'a'",
        "n.x <> 'ab'", "n.x STARTS WITH 'a'", "n.x STARTS WITH ''", "n.x STARTS WITH 1",
        "n.x IS NULL", "n.x IS NOT NULL", "n.x = true", "n.x = [1]", "n.x = null", "n:M",
        "n.x = $one", "n.s = $text", "n.s <= $text AND n.i > 3", "n.y = 1", "n.y IS NULL",
        "n.x = n.i", "n.long IS NOT NULL", "n.i = 3 AND n.s STARTS WITH 's' AND n:M",
    ]

    private func compare(_ graph: GraphStore, _ text: String) throws {
        let parameters: [String: QueryValue] = ["one": 1, "text": "s4"]
        let blocks = try graph.query(text, parameters).map(\.values)
        let rows = try graph.query("PROFILE " + text, parameters).map(\.values)
        #expect(blocks == rows, "\(text)")
    }

    @Test(arguments: Self.conditions)
    func conditionsHoldAsTheyDoForRows(_ condition: String) throws {
        let graph = try graph()
        for start in ["MATCH (n:L)", "MATCH (n)", "UNWIND [1, 2] AS u MATCH (n:L)"] {
            try compare(graph, "\(start) WHERE \(condition) RETURN n.k AS k")
            try compare(graph, "\(start) WHERE \(condition) RETURN n.k AS k LIMIT 3")
            try compare(graph, "\(start) WHERE \(condition) RETURN n.s AS s, count(*) AS c")
        }
    }

    @Test(arguments: [
        "n.s AS s", "n.x AS x", "n.s AS s, n.x AS x", "n.y AS y", "n.i AS i, n.i AS j",
        "n.long AS l, n.s AS s", "n.i + 1 AS i", "1 AS one",
    ])
    func groupsAreThoseOfRows(_ keys: String) throws {
        let graph = try graph()
        let aggregates = [
            "count(*) AS c", "count(n.x) AS c", "sum(n.i) AS c", "min(n.x) AS a, max(n.x) AS b",
            "collect(n.x) AS c", "count(DISTINCT n.i) AS c, avg(n.i) AS d", "count(n) AS c",
            "sum(n.i + 1) AS c, count(*) AS d", "sum(n.y) AS c", "collect(n.k)[0] AS c",
            "percentileCont(n.i, 0.5) AS c",
        ]
        for aggregate in aggregates {
            try compare(graph, "MATCH (n:L) RETURN \(keys), \(aggregate)")
            try compare(graph, "MATCH (n) WHERE n.i > 4 RETURN \(keys), \(aggregate)")
        }
    }

    @Test func groupsOfNoKeysAreThoseOfRows() throws {
        let graph = try graph()
        for text in [
            "MATCH (n:L) RETURN count(*) AS c", "MATCH (n:L) RETURN sum(n.i) AS c, count(n.s) AS d",
            "MATCH (n:None) RETURN count(*) AS c, sum(n.i) AS d, min(n.i) AS e",
            "UNWIND [1, 2] AS u MATCH (n:L) WHERE n.i > u RETURN count(*) AS c",
        ] {
            try compare(graph, text)
        }
    }

    @Test func errorsAreThoseOfRows() throws {
        var graph = GraphStore()
        for value in [Value.int(.max), .int(1), .string("a")] {
            try graph.createNode(labels: ["L"], properties: ["x": value, "s": "s"])
        }
        #expect(throws: QueryError.self) {
            try graph.query("MATCH (n:L) RETURN n.s AS s, sum(n.x) AS x")
        }
        #expect(throws: QueryError.self) {
            try graph.query("MATCH (n:L) WHERE n.x STARTS WITH 'a' RETURN sum(n.x) AS x")
        }
        #expect(throws: QueryError.self) {
            try graph.query("MATCH (n:L) WHERE n.s = 's' AND n.x > 1 / 0 RETURN n")
        }
        #expect(try graph.query("MATCH (n:M) WHERE n.x > 1 / 0 RETURN n").isEmpty)
    }

    @Test func aDeadlineEndsBlocks() throws {
        let graph = try graph()
        let limits = QueryLimits(deadline: .now.advanced(by: .seconds(-1)))
        let text: Query = "UNWIND range(1, 20) AS u MATCH (n:L) WHERE n.x = 1 RETURN count(*) AS c"
        #expect(throws: QueryError.self) {
            try QueryEngine.standard.query(text, on: graph, limits: limits)
        }
    }
}
