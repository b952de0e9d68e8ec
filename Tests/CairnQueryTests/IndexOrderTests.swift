// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnTesting
import Testing

@testable import CairnQuery

/// Rows that come in the order of an index are not sorted, and are those that sorting gives.
struct IndexOrderTests {
    private func graph(isIndexed: Bool) throws -> GraphStore {
        var random = SplitMix64(seed: 3)
        var graph = GraphStore()
        if isIndexed {
            try graph.create(.index(label: "L", keys: ["x"]))
            try graph.create(.index(label: "L", keys: ["city", "y"]))
        }
        for number in 0..<900 {
            var properties: Properties = [
                "k": .int(Int64(number)), "city": .string("c\(random.next() % 5)"),
            ]
            properties["i"] = .int(Int64(random.next() % 10))
            switch random.next() % 8 {
            case 0: break
            case 1: properties["x"] = .string("t\(random.next() % 90)")
            case 2: properties["x"] = .double(Double(random.next() % 90) / 2)
            case 3: properties["x"] = .bool(random.next() % 2 == 0)
            case 4: properties["x"] = .double(random.next() % 2 == 0 ? .nan : -0.0)
            case 5: properties["x"] = .list([.int(Int64(random.next() % 5)), .string("a")])
            default: properties["x"] = .int(Int64(random.next() % 90) - 45)
            }
            if random.next() % 5 > 0 { properties["y"] = .int(Int64(random.next() % 40)) }
            try graph.createNode(
                labels: random.next() % 9 > 0 ? ["L"] : ["M"], properties: properties)
        }
        return graph
    }

    private func rows(_ graph: GraphStore, _ text: String) throws -> [String] {
        try graph.query(text, ["city": "c3"]).map { row in
            row.values.map(\.description).joined(separator: " ")
        }
    }

    private func plan(_ graph: GraphStore, _ text: String) throws -> String {
        try graph.query("EXPLAIN " + text, ["city": "c3"]).plan.joined(separator: "\n")
    }

    /// Statements whose rows have one order.
    static let statements = [
        "MATCH (n:L) RETURN n.x AS x, n.k AS k ORDER BY x, k",
        "MATCH (n:L) RETURN n.x AS x, n.k AS k ORDER BY n.x DESC, k DESC",
        "MATCH (n:L) RETURN n.x AS x, n.k AS k ORDER BY x, k DESC LIMIT 7",
        "MATCH (n:L) RETURN n.x AS x, n.k AS k ORDER BY x DESC, k SKIP 150 LIMIT 90",
        "MATCH (n:L) WHERE n.i > 6 RETURN n.k AS k, n.x AS x ORDER BY n.x, k LIMIT 40",
        "MATCH (n:L) WHERE n.x > 3 RETURN n.k AS k, n.x AS x ORDER BY n.x, k",
        "MATCH (n:L) WHERE n.x >= -3 AND n.x <= 20 RETURN n.x AS x, n.k AS k ORDER BY x DESC, k",
        "MATCH (n:L) WHERE n.x STARTS WITH 't1' RETURN n.x AS x, n.k AS k ORDER BY x DESC, k",
        "MATCH (n:L) WHERE n.x > [2] RETURN n.x AS x, n.k AS k ORDER BY x, k",
        "MATCH (n:L {city: $city}) RETURN n.y AS y, n.k AS k ORDER BY y, k",
        "MATCH (n:L {city: $city}) RETURN n.y AS y, n.k AS k ORDER BY y DESC, k LIMIT 9",
        "MATCH (n:L) WITH DISTINCT n.x AS x ORDER BY x LIMIT 30 RETURN x",
        "MATCH (n:L) WITH n ORDER BY n.x, n.k LIMIT 5 RETURN n.k AS k",
        "MATCH (n:L) WITH n.x AS n ORDER BY n LIMIT 3 RETURN n",
        "MATCH (n:L) UNWIND [1, 2] AS u RETURN n.x AS x, u, n.k AS k ORDER BY x, k, u LIMIT 40",
        "MATCH (n:L) OPTIONAL MATCH (m:M {i: n.i}) RETURN n.x AS x, n.k AS k, m.k AS o "
            + "ORDER BY x, k, o LIMIT 40",
    ]

    @Test(arguments: Self.statements)
    func theOrderOfAnIndexIsThatOfSorting(_ text: String) throws {
        let (indexed, plain) = (try graph(isIndexed: true), try graph(isIndexed: false))
        let steps = try plan(indexed, text)
        #expect(steps.contains("IndexOrder n:L"), "\(steps)")
        #expect(!steps.contains("Sort ") && !steps.contains("Top"), "\(steps)")
        #expect(try !plan(plain, text).contains("IndexOrder"))
        let expected = try rows(plain, text)
        #expect(try rows(indexed, text) == expected)
        #expect(try rows(indexed, "PROFILE " + text) == expected)
        #expect(!expected.isEmpty)
    }

    @Test(arguments: [
        "MATCH (n:L) RETURN n.k AS k ORDER BY k",
        "MATCH (n:L) RETURN n.x AS x, count(*) AS c ORDER BY x",
        "MATCH (n:L) WHERE n.i = 3 RETURN n.x AS x ORDER BY x",
        "MATCH (m:M), (n:L) RETURN n.x AS x, m.k AS k ORDER BY k, x LIMIT 5",
        "MATCH (n:L) WITH n AS m, n.i AS n RETURN m.x AS x, n AS i ORDER BY n, x LIMIT 5",
        "MATCH (n) RETURN n.x AS x ORDER BY x LIMIT 5",
    ])
    func otherOrdersAreSorted(_ text: String) throws {
        let (indexed, plain) = (try graph(isIndexed: true), try graph(isIndexed: false))
        let steps = try plan(indexed, text)
        #expect(!steps.contains("IndexOrder"), "\(steps)")
        #expect(steps.contains("Sort ") || steps.contains("Top"), "\(steps)")
        #expect(try rows(indexed, text) == rows(plain, text))
    }

    /// With a second key, only rows with the same first one are gathered.
    @Test(arguments: ["x", "x, k"]) func aLimitEndsTheWalk(_ order: String) throws {
        let graph = try graph(isIndexed: true)
        let text =
            "PROFILE MATCH (n:L) WHERE n.x > 0 RETURN n.x AS x, n.k AS k ORDER BY \(order) LIMIT 3"
        let steps = try graph.query(Query(text)).plan.joined(separator: "\n")
        let count = steps.split(separator: "IndexOrder")[1].split(separator: "rows ")[1]
            .prefix { $0.isNumber }
        #expect(try #require(Int(count)) <= 100, "\(steps)")
    }

    @Test func aPlanOutlivesItsIndex() throws {
        var graph = try graph(isIndexed: true)
        let plain = try self.graph(isIndexed: false)
        let engine = QueryEngine()
        let text = "MATCH (n:L) RETURN n.x AS x, n.k AS k ORDER BY x, k LIMIT 50"
        let prepared = try engine.prepare(text)
        _ = try engine.query(prepared(), on: graph)
        // Another index in its place: the number of rules is the same, so the plan is.
        try graph.drop(.index(label: "L", keys: ["x"]))
        try graph.create(.index(label: "L", keys: ["k"]))
        let found = try engine.query(prepared(), on: graph).map(\.values)
        #expect(found == (try plain.query(Query(text)).map(\.values)))
    }
}
