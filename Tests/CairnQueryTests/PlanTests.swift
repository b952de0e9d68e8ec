// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

/// Which steps answer a question, and that they give what simpler ones give.
struct PlanTests {
    /// 300 nodes with `k` from 0 and `x` from 0 to 9, as integers and as doubles, and a ring with chords.
    private func graph(isIndexed: Bool) throws -> GraphStore {
        var graph = GraphStore()
        if isIndexed {
            try graph.createUniqueConstraint(label: "A", key: "k")
            try graph.create(.index(label: "A", keys: ["x"]))
        }
        var ids: [NodeID] = []
        for number in 0..<300 {
            let x = number % 10
            ids.append(
                try graph.createNode(
                    labels: number.isMultiple(of: 3) ? ["A", "B"] : ["A"],
                    properties: [
                        "k": .int(Int64(number)),
                        "x": number.isMultiple(of: 2) ? .int(Int64(x)) : .double(Double(x)),
                    ]))
        }
        for number in ids.indices {
            for step in [1, 7] {
                try graph.createRelationship(
                    "R", from: ids[number], to: ids[(number + step) % ids.count])
            }
        }
        return graph
    }

    private func rows(_ graph: GraphStore, _ text: String) throws -> [String] {
        try graph.query(text, ["list": [1, 2.0, 2, "a", nil, 299, 400]]).map { row in
            row.values.map(\.description).joined(separator: " ")
        }
    }

    private func plan(_ graph: GraphStore, _ text: String) throws -> String {
        try graph.query("EXPLAIN " + text, ["list": []]).plan.joined(separator: "\n")
    }

    @Test(arguments: [
        ("MATCH (a:A) WHERE a.k IN $list RETURN a.k ORDER BY a.k", "SeekIn a:A(k)", 3),
        ("MATCH (a:A) WHERE a.x IN [3, 4.0] RETURN a.k ORDER BY a.k", "SeekIn a:A(x)", 60),
        ("MATCH (a:A) WHERE a.k IN null RETURN a.k", "SeekIn a:A(k)", 0),
    ])
    func listsAreSought(_ text: String, _ step: String, _ count: Int) throws {
        let indexed = try graph(isIndexed: true)
        let plain = try graph(isIndexed: false)
        #expect(try plan(indexed, text).contains(step))
        let found = try rows(indexed, text)
        #expect(found.count == count)
        #expect(try rows(plain, text) == found)
        #expect(try !plan(plain, text).contains("Seek"))
    }

    @Test func equalPropertiesAreJoinedByATable() throws {
        let text = """
            MATCH (a:A:B), (b:B) WHERE a.x = b.x AND a.k < b.k RETURN count(*) AS c
            """
        let graph = try graph(isIndexed: false)
        #expect(try plan(graph, text).contains("HashSeek"))
        // The same without a table: the condition is none of equality.
        let slow = text.replacing("a.x = b.x", with: "NOT a.x <> b.x")
        #expect(try !plan(graph, slow).contains("HashSeek"))
        #expect(try rows(graph, text) == rows(graph, slow))
        #expect(try rows(graph, text) == ["450"])
    }

    @Test func aTableOfEqualPropertiesSeesWhatTheStatementMade() throws {
        var graph = try graph(isIndexed: false)
        let result = try graph.execute(
            """
            MATCH (a:B) WHERE a.k < 30 WITH a MATCH (b:B) WHERE b.x = a.x
            WITH a, count(b) AS before CREATE (:B {x: a.x}) WITH a, before
            MATCH (b:B) WHERE b.x = a.x RETURN a.k AS k, before, count(b) AS after ORDER BY k
            """, [:])
        #expect(result.count == 10)
        #expect(result.allSatisfy { $0["before"] == 10 && $0["after"] == 11 })
    }

    @Test func relationshipsBetweenKnownNodesComeBeforeConditions() throws {
        let text = "MATCH (a:A)-[:R]->(b:A)-[:R]->(a) WHERE a.x < b.x RETURN a.k, b.k"
        let plan = try plan(try graph(isIndexed: false), text)
        let into = try #require(plan.firstRange(of: "ExpandInto"))
        let filter = try #require(plan.firstRange(of: "a.x < b.x"))
        // What comes later stands above.
        #expect(filter.lowerBound < into.lowerBound)
    }

    @Test func fiveEqualitiesWithZerosAreFound() throws {
        var graph = GraphStore()
        try graph.create(.index(label: "Z", keys: ["a", "b", "c", "d", "e"]))
        try graph.execute("CREATE (:Z {a: 0, b: 0.0, c: 0, d: 0, e: -0.0})", [:])
        let text = "MATCH (z:Z {a: 0, b: 0, c: 0, d: 0, e: 0}) RETURN count(z) AS c"
        #expect(try graph.query(text, [:])[0]["c"] == 1)
    }

    @Test func resultsAreComparedWithWhatTheyName() throws {
        var graph = try graph(isIndexed: false)
        let text = "MATCH (a:A {k: 5}) RETURN [a] AS list, a.x AS x"
        let before = try graph.query(text, [:])
        #expect(before == (try graph.query(text, [:])))
        try graph.execute("MATCH (a:A {k: 6}) SET a.other = 1", [:])
        #expect(before == (try graph.query(text, [:])))
        try graph.execute("MATCH (a:A {k: 5}) SET a.other = 1", [:])
        #expect(before != (try graph.query(text, [:])))
    }

    @Test func shortestPathsOfHubsAreFoundFromTheOtherEnd() throws {
        var graph = try graph(isIndexed: false)
        // A node that everything leads to.
        try graph.execute(
            "CREATE (h:Hub) WITH h MATCH (a:A) WHERE a.k > 10 CREATE (a)-[:R]->(h)", [:])
        let text = """
            MATCH p = shortestPath((a:A {k: 0})-[:R*]->(h:Hub)) RETURN length(p) AS hops
            """
        #expect(try rows(graph, text) == ["3"])
    }
}
