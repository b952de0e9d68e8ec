// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

/// Groups, orders and counts that have a short way, and give what the long one gives.
struct GroupingTests {
    private func rows(_ graph: GraphStore, _ text: String) throws -> [String] {
        try graph.query(Query(text)).map { $0.values.map(\.description).joined(separator: " ") }
    }

    /// The values of a unique key are texts that differ, but also nothing, and numbers that the language calls equal.
    @Test func aUniqueKeyGroupsAsAnyOther() throws {
        let text = "MATCH (p:P) RETURN p.k AS k, count(*) AS c, sum(p.i) AS s ORDER BY c DESC, k"
        var results: [[String]] = []
        for isUnique in [false, true] {
            var graph = GraphStore()
            if isUnique { try graph.createUniqueConstraint(label: "P", key: "k") }
            try graph.execute(
                """
                CREATE (:P {k: 'a', i: 1}), (:P {i: 2}), (:P {k: 1, i: 3}), (:P {k: 1.0, i: 4}),
                       (:P {k: 'b', i: 0.5}), (:P), (:P {k: true}), (:Q {k: 'a', i: 100})
                """)
            results.append(try rows(graph, text))
        }
        #expect(
            results[0] == ["1 2 7", "null 2 2", "'a' 1 1", "'b' 1 0.5", "true 1 0"])
        #expect(results[1] == results[0])
    }

    /// A plan that was made under a rule is used after another rule has taken its place.
    @Test func aPlanOutlivesTheRuleThatAKeyIsUnique() throws {
        var graph = GraphStore()
        try graph.createUniqueConstraint(label: "P", key: "k")
        try graph.execute("CREATE (:P {k: 'a'}), (:P {k: 'b'})")
        let engine = QueryEngine()
        let groups = try engine.prepare("MATCH (p:P) RETURN p.k AS k, count(*) AS c ORDER BY k")
        #expect(try engine.query(groups(), on: graph).map { $0["c"] } == [.int(1), .int(1)])
        try graph.dropUniqueConstraint(label: "P", key: "k")
        try graph.createUniqueConstraint(label: "P", key: "other")
        try graph.execute("CREATE (:P {k: 'b'})")
        #expect(try engine.query(groups(), on: graph).map { $0["c"] } == [.int(1), .int(2)])
    }

    /// A node that several rows have is several rows of its group.
    @Test func aUniqueKeyIsNoGroupWhereRowsAreMultiplied() throws {
        var graph = GraphStore()
        try graph.createUniqueConstraint(label: "P", key: "k")
        try graph.execute("CREATE (:P {k: 'a'}), (:P {k: 'b'})")
        #expect(
            try rows(
                graph, "MATCH (p:P) UNWIND [1, 2, 3] AS x RETURN p.k AS k, count(*) AS c ORDER BY k"
            )
                == ["'a' 3", "'b' 3"])
        #expect(
            try rows(
                graph, "UNWIND [1, 2] AS x MATCH (p:P) RETURN p.k AS k, count(*) AS c ORDER BY k")
                == ["'a' 2", "'b' 2"])
        #expect(
            try rows(graph, "MATCH (p:P), (q:P) RETURN p.k AS k, count(q) AS c ORDER BY k")
                == ["'a' 2", "'b' 2"])
    }

    @Test func sumsOfIntegersOverflowAsAnError() throws {
        var graph = GraphStore()
        try graph.execute("CREATE (:P {i: 9223372036854775807}), (:P {i: 1})")
        #expect(throws: QueryError.self) { try graph.query("MATCH (p:P) RETURN sum(p.i)") }
    }

    private static let values =
        "['', 'a', 'a\u{0}', 'ab', 'abcdefgh', 'abcdefgi', 'abcdefgh1', 'ü', true, false, -1, 0, -0.5, "
        + "1, 2, 1.5, 9007199254740993, 9007199254740992, 9007199254740994, -9007199254740993, "
        + "9223372036854775807, -9223372036854775808, 1.0e300, -1.0e300, 0.0/0.0, null, [1], [1, 2], {a: 1}, "
        + "date('2020-01-01'), duration('P1D')]"

    /// Sorting compares beginnings of values first.
    @Test(arguments: ["", " DESC"])
    func theBeginningOfAValueHasTheOrderOfTheValue(_ direction: String) throws {
        let graph = GraphStore()
        // Texts, not literals of statements, whose interpolations are parameters.
        let all: String = "UNWIND \(Self.values) AS x RETURN x ORDER BY x\(direction)"
        let result = try graph.query(Query(all))
        let sorted = result.map { $0["x"] }
        for (one, two) in zip(sorted, sorted.dropFirst()) {
            let order = direction.isEmpty ? one.order(two) : two.order(one)
            #expect(order != .after, "\(one) and \(two)")
        }
        for limit in [1, 3, 20] {
            let text: String =
                "UNWIND range(1, 20) AS y UNWIND \(Self.values) AS x WITH DISTINCT x "
                + "RETURN x ORDER BY x\(direction) LIMIT \(limit)"
            let first = try graph.query(Query(text))
            #expect(first.map { $0["x"].description } == sorted.prefix(limit).map(\.description))
        }
    }

    @Test func manyRowsAreCutToTheFirst() throws {
        let graph = GraphStore()
        let text = "UNWIND range(1, 5000) AS x WITH x * 7919 % 5003 AS y, x RETURN y, x ORDER BY y"
        let all = try rows(graph, text)
        #expect(all.count == 5000)
        for limit in [0, 1, 10, 700] {
            #expect(try rows(graph, text + " LIMIT \(limit)") == Array(all.prefix(limit)))
        }
        #expect(try rows(graph, text + " SKIP 3 LIMIT 4") == Array(all[3..<7]))
    }

    /// A hub, loops and parallel relationships; degrees are counted from nodes or from types.
    private func hub() throws -> GraphStore {
        var graph = GraphStore()
        try graph.execute(
            """
            CREATE (h:H {k: 0}) WITH h UNWIND range(1, 60) AS i
            CREATE (h)-[:R]->(n:N {k: i}) CREATE (n)-[:S]->(n)
            """)
        try graph.execute(
            "MATCH (h:H), (n:N) WHERE n.k % 3 = 0 CREATE (n)-[:R]->(h), (n)-[:R]->(h)")
        try graph.execute(
            "MATCH (n:N), (m:N) WHERE m.k = n.k + 1 CREATE (n)-[:R]->(m), (m)-[:S]->(n)")
        return graph
    }

    @Test(arguments: ["-[r:R]->", "<-[r:R]-", "-[r:R]-", "-[r:R|S]-", "<-[r:S|R|R]-", "-[r]-"])
    func degreesAreCountedAsRelationshipsAreFound(_ link: String) throws {
        let graph = try hub()
        let short = try rows(
            graph, "MATCH (n)\(link)() RETURN n.k AS k, count(r) AS c ORDER BY k")
        let long = try rows(
            graph,
            "MATCH (n)\(link)(m) WITH n.k AS k, collect(r) AS found "
                + "RETURN k, size(found) AS c ORDER BY k")
        #expect(short == long)
        #expect(short.count > 30)
    }

    @Test(arguments: ["-[:R]->", "<-[:R]-", "-[:R]-", "-[:R|S]-"])
    func circlesAreFoundFromAHubAsFromItsNodes(_ link: String) throws {
        let graph = try hub()
        let short = try rows(
            graph, "MATCH (a)-[:R]->(b)\(link)(a) RETURN a.k AS one, b.k AS two ORDER BY one, two")
        let long = try rows(
            graph,
            "MATCH (a)-[r:R]->(b) MATCH (b)-[s]-(c) WHERE s <> r AND id(c) = id(a) "
                + "AND \(Self.fits(link)) RETURN a.k AS one, b.k AS two ORDER BY one, two")
        #expect(short == long)
        #expect(!short.isEmpty)
    }

    private static func fits(_ link: String) -> String {
        switch link {
        case "-[:R]->": "type(s) = 'R' AND startNode(s) = b"
        case "<-[:R]-": "type(s) = 'R' AND endNode(s) = b"
        case "-[:R]-": "type(s) = 'R'"
        default: "true"
        }
    }
}
