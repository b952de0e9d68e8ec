// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

struct ExecutionTests {
    /// A chain a → b → c → d with a shortcut a → c and a loop at d.
    private func chain() throws -> GraphStore {
        var graph = GraphStore()
        try graph.execute(
            """
            CREATE (a:N {name: 'a', x: 1}), (b:N {name: 'b', x: 2}), (c:N:M {name: 'c', x: 3}),
                   (d:M {name: 'd'}), (a)-[:T {w: 1}]->(b), (b)-[:T {w: 2}]->(c),
                   (c)-[:T {w: 3}]->(d), (a)-[:S]->(c), (d)-[:T]->(d)
            """)
        return graph
    }

    private func rows(_ text: String, _ parameters: [String: QueryValue] = [:]) throws -> [String] {
        try chain().query(text, parameters).map { row in
            row.values.map(\.description).joined(separator: " ")
        }
    }

    @Test(
        arguments: [
            ("MATCH (n:N) RETURN n.name ORDER BY n.name", ["'a'", "'b'", "'c'"]),
            ("MATCH (n:N:M) RETURN n.name", ["'c'"]),
            (
                "MATCH (a)-[:T]->(b) RETURN a.name, b.name ORDER BY a.name",
                ["'a' 'b'", "'b' 'c'", "'c' 'd'", "'d' 'd'"]
            ),
            (
                "MATCH (a {name: 'a'})-[:T*]->(b) RETURN b.name ORDER BY b.name",
                ["'b'", "'c'", "'d'", "'d'"]
            ),
            (
                "MATCH (a {name: 'a'})-[:T|S*2..2]->(b) RETURN b.name ORDER BY b.name",
                ["'c'", "'d'"]
            ),
            ("MATCH (a {name: 'a'})-[*]->(b) RETURN count(DISTINCT b)", ["3"]),
            ("MATCH (d {name: 'd'})-[*]->(b) RETURN DISTINCT b.name", ["'d'"]),
            (
                "MATCH (a {name: 'd'})<-[:T*0..1]-(b) RETURN DISTINCT b.name ORDER BY b.name",
                ["'c'", "'d'"]
            ),
            (
                "MATCH (n) OPTIONAL MATCH (n)-[:S]->(m) RETURN n.name, m.name ORDER BY n.name",
                ["'a' 'c'", "'b' null", "'c' null", "'d' null"]
            ),
            (
                "MATCH (n)<-[:T]-() RETURN n.name, count(*) ORDER BY n.name",
                ["'b' 1", "'c' 1", "'d' 2"]
            ),
            (
                "MATCH (n)<-[r]-(m) RETURN n.name, count(r) AS c ORDER BY c DESC, n.name LIMIT 2",
                ["'c' 2", "'d' 2"]
            ),
            ("MATCH (n) WHERE EXISTS { (n)-->(m) WHERE m.x = 2 } RETURN n.name", ["'a'"]),
            (
                "MATCH (n) WHERE NOT (n)-[:S]->() RETURN n.name ORDER BY n.name",
                ["'b'", "'c'", "'d'"]
            ),
            (
                "MATCH (n) RETURN n.name, COUNT { (n)-->() } AS c ORDER BY n.name",
                ["'a' 2", "'b' 1", "'c' 1", "'d' 1"]
            ),
            ("MATCH (n {name: 'a'}) RETURN [(n)-[r]->(m) | m.name] AS l", ["['b', 'c']"]),
            (
                "MATCH (n:N) RETURN sum(n.x), avg(n.x), min(n.x), max(n.x), collect(n.x)",
                ["6 2.0 1 3 [1, 2, 3]"]
            ),
            ("UNWIND [1, 2, 2, null, 1.0] AS x RETURN DISTINCT x", ["1", "2", "null"]),
            ("UNWIND [3, 1, 2] AS x WITH x ORDER BY x DESC SKIP 1 LIMIT 1 RETURN x", ["2"]),
            ("MATCH (n:N) RETURN count(n) AS c, 0 AS z ORDER BY c SKIP 0 LIMIT 1", ["3 0"]),
            ("RETURN 1 AS x UNION RETURN 1 AS x", ["1"]),
            ("RETURN 1 AS x UNION ALL RETURN 1 AS x", ["1", "1"]),
            (
                "RETURN null = 1, null IS NULL, 1 = 1.0, [1, null] = [1, 2], 1 < 'a'",
                ["null true true null null"]
            ),
            ("RETURN reduce(s = 0, x IN [1, 2, 3] | s + x) AS s", ["6"]),
            ("RETURN CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END AS x", ["'b'"]),
        ] as [(String, [String])])
    func gives(_ text: String, _ expected: [String]) throws {
        #expect(try rows(text) == expected)
    }

    @Test func shortestPaths() throws {
        let text = "MATCH p = shortestPath((a {name: $from})-[*]->(b {name: $to})) RETURN length(p)"
        #expect(try rows(text, ["from": "a", "to": "d"]) == ["2"])
        #expect(try rows(text, ["from": "d", "to": "a"]).isEmpty)
        let all = """
            MATCH p = allShortestPaths((a {name: 'a'})-[*]-(d {name: 'd'}))
            RETURN [n IN nodes(p) | n.name] AS names
            """
        #expect(try rows(all) == ["['a', 'c', 'd']"])
    }

    @Test func parametersAreNeverSyntax() throws {
        let graph = try chain()
        let name = "a'}) RETURN 1 //"
        #expect(try graph.query("MATCH (n {name: \(name)}) RETURN n").isEmpty)
        let error = #expect(throws: QueryError.self) { try graph.query("RETURN $x", [:]) }
        #expect(error?.code == .missingParameter)
    }

    @Test func aStatementThatFailsChangesNothing() throws {
        var graph = try chain()
        let before = graph.nodeCount
        #expect(throws: QueryError.self) {
            try graph.execute("CREATE (:New) WITH 1 AS one UNWIND [1, 0] AS x RETURN one / x")
        }
        #expect(graph.nodeCount == before)
        try graph.beginTransaction()
        try graph.execute("CREATE (:Kept)")
        #expect(throws: QueryError.self) { try graph.execute("CREATE (:New) RETURN 1 / 0") }
        try graph.commitTransaction()
        #expect(graph.nodeCount == before + 1)
    }

    @Test func readingDoesNotWrite() throws {
        let error = #expect(throws: QueryError.self) { try chain().query("CREATE (n)") }
        #expect(error?.code == .readOnly)
    }

    @Test func whatIsDeletedIsMarked() throws {
        var graph = try chain()
        let result = try graph.execute(
            "MATCH (n {name: 'd'}) DETACH DELETE n CREATE (m:Next) RETURN n, m")
        guard case .deleted = result[0]["n"], case .node = result[0]["m"] else {
            Issue.record("\(result[0].values)")
            return
        }
        #expect(result.changes.deletedRelationshipCount == 2)
        let error = #expect(throws: QueryError.self) {
            try graph.execute("MATCH (n {name: 'a'}) DETACH DELETE n RETURN n.name")
        }
        #expect(error?.code == .deletedEntityAccess)
    }

    @Test(arguments: [
        ("RETURN 9223372036854775807 + 1", QueryError.Code.integerOverflow),
        ("RETURN -(-9223372036854775807 - 1)", .integerOverflow),
        ("RETURN (-9223372036854775807 - 1) / -1", .integerOverflow),
        ("RETURN 1 % 0", .divisionByZero),
        ("RETURN abs(-9223372036854775807 - 1)", .integerOverflow),
        ("RETURN range(0, 9223372036854775807)", .tooMuchMemory),
        ("RETURN range(-9223372036854775807, 9223372036854775807)", .tooMuchMemory),
        ("RETURN range(1, 2, 0)", .numberOutOfRange),
        ("UNWIND range(1, 100000000) AS x RETURN x", .tooMuchMemory),
        ("RETURN substring('a', -1)", .numberOutOfRange),
        ("RETURN date()", .noClock),
        ("RETURN reduce(l = [], x IN range(1, 10000) | [l])", .nestingTooDeep),
        ("RETURN reduce(m = {}, x IN range(1, 10000) | {m: m})", .nestingTooDeep),
        ("RETURN reduce(s = 'ab', x IN range(1, 100) | s + s)", .tooMuchMemory),
    ])
    func whatHasNoResultIsAnError(_ text: String, _ code: QueryError.Code) throws {
        let error = #expect(throws: QueryError.self) {
            try GraphStore().query(Query(text), limits: QueryLimits(byteCountMax: 1 << 20))
        }
        #expect(error?.code == code)
    }

    @Test func deadlinesAndCancellationEndAStatement() throws {
        let endless = Query(
            "UNWIND range(1, 30000) AS x UNWIND range(1, 30000) AS y RETURN count(*)")
        let late = #expect(throws: QueryError.self) {
            try GraphStore().query(endless, limits: QueryLimits(deadline: .now))
        }
        #expect(late?.code == .deadlineExceeded)
        let cancelled = #expect(throws: QueryError.self) {
            try GraphStore().query(endless, limits: QueryLimits(isCancelled: { true }))
        }
        #expect(cancelled?.code == .cancelled)
        let rows = #expect(throws: QueryError.self) {
            try chain().query("MATCH (n) RETURN n", limits: QueryLimits(rowCountMax: 3))
        }
        #expect(rows?.code == .tooManyRows)
    }

    @Test func rowsAreDecoded() throws {
        struct Person: Decodable, Equatable {
            let name: String
            let x: Int?
            let next: [String]
        }
        let rows = try chain().query(
            "MATCH (n:M) RETURN n.name AS name, n.x AS x, [(n)-->(m) | m.name] AS next ORDER BY name",
            [:])
        #expect(
            try rows.decode(as: Person.self)
                == [Person(name: "c", x: 3, next: ["d"]), Person(name: "d", x: nil, next: ["d"])])
        #expect(
            try chain().query("MATCH (n:N) RETURN n.x AS x ORDER BY x", [:]).decode(as: Int.self)
                == [1, 2, 3])
    }

    @Test func indexesAreUsedAndSayTheSame() throws {
        var graph = try chain()
        let text = "MATCH (n:N) WHERE n.x >= 2 RETURN n.name ORDER BY n.name"
        let expected = try graph.query(text, [:]).map { $0[0].description }
        try graph.execute("CREATE INDEX FOR (n:N) ON (n.x)")
        try graph.execute("CREATE CONSTRAINT FOR (n:N) REQUIRE n.name IS UNIQUE")
        #expect(try graph.query(text, [:]).map { $0[0].description } == expected)
        let plan = try graph.query("EXPLAIN " + text, [:]).map { $0[0].description }
        #expect(plan.contains { $0.contains("SeekRange n:N(x)") })
        let seek = try graph.query("EXPLAIN MATCH (n:N {name: $name}) RETURN n", [:]).plan
        #expect(seek.contains { $0.contains("Seek n:N(name)") })
        #expect(
            try graph.query("MATCH (n:N {x: 2.0}) RETURN n.name", [:])[0][0].description == "'b'")
        #expect(try graph.query("SHOW INDEXES", [:]).count == 1)
    }
}
