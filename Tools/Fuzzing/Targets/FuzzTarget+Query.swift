// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph
internal import CairnQuery

extension FuzzTarget {
    /// One switch byte (bit 0: with an index and a constraint), then a statement.
    static let query = FuzzTarget(
        name: "query",
        purpose:
            "a statement on a small graph; failing it changes nothing, its events replay, again gives the same"
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let switches = input.byte()
        guard let text = String(validating: input.remainder(), as: UTF8.self) else { return }
        var graph = try QueryFuzz.graph(isIndexed: switches.has(0))
        let before = graph.image
        let sink = EventSink()
        graph.recorder = sink
        let outcome = QueryFuzz.run(text, on: &graph)
        var again = try QueryFuzz.graph(isIndexed: switches.has(0))
        try require(
            QueryFuzz.run(text, on: &again) == outcome, "the same statement gives something else")
        try require(graph.image == again.image, "the same statement leaves something else")
        switch outcome {
        case .failed(let error):
            try require(graph.image == before, "a statement that failed has changed the graph")
            try QueryFuzz.check(error, in: text)
        case .gave:
            var replayed = try QueryFuzz.graph(isIndexed: switches.has(0))
            for event in sink.events {
                try mustSucceed("an event of a statement must replay") { try replayed.apply(event) }
            }
            try require(
                replayed.image == graph.image, "the events of a statement leave another graph")
        }
    } seeds: {
        QueryFuzz.seeds.map { [0] + $0.utf8 } + QueryFuzz.seeds.suffix(11).map { [1] + $0.utf8 }
    }
}

/// Keeps the events of a store.
private final class EventSink: MutationRecorder, @unchecked Sendable {
    // Used by one thread.
    private(set) var events: [MutationEvent] = []
    func record(_ event: MutationEvent) { events.append(event) }
}

enum QueryFuzz {
    /// The result of a statement, in a form that can be compared.
    enum Outcome: Equatable {
        case gave([String])
        case failed(QueryError)
    }

    private static let engine = QueryEngine(
        host: QueryHost(
            procedures: [
                QueryProcedure(
                    "test.rows", parameters: [.init("count", .integer)],
                    results: [.init("row", .integer)]
                ) { arguments in
                    guard case .int(let count)? = arguments.first, count < 10 else { return [] }
                    return (0..<max(0, count)).map { [.int($0)] }
                }
            ], clock: { (1_700_000_000, 5) }, random: { 0.5 }),
        planCountMax: 10)

    /// A chain, a loop, two relationships between the same nodes, and one of each kind of value.
    static func graph(isIndexed: Bool) throws(BrokenInvariant) -> GraphStore {
        try mustSucceed("the graph of the target") {
            var graph = GraphStore()
            if isIndexed {
                try graph.createUniqueConstraint(label: "A", key: "k")
                try graph.create(.index(label: "A", keys: ["x", "y"]))
                try graph.create(.unique(type: "S", keys: ["w"]))
                try graph.create(.index(type: "R", keys: ["w", "x"]))
            }
            var nodes: [NodeID] = []
            for number in 0..<6 {
                let values: [Value] = [1, 2.0, "a", true, ["a", "b"], .null]
                nodes.append(
                    try graph.createNode(
                        labels: number.isMultiple(of: 2) ? ["A"] : ["A", "B"],
                        properties: ["k": .int(Int64(number)), "x": values[number]]))
            }
            for (from, to, type) in [
                (0, 1, "R"), (1, 2, "R"), (2, 3, "S"), (3, 3, "R"), (0, 1, "R"), (4, 0, "S"),
            ] {
                try graph.createRelationship(
                    type, from: nodes[from], to: nodes[to], properties: ["w": .int(Int64(to))])
            }
            return graph
        }
    }

    static func run(_ text: String, on graph: inout GraphStore) -> Outcome {
        // Looked at every few thousand steps, so this counts steps and not time.
        let checks = CheckCounter()
        let limits = QueryLimits(
            rowCountMax: 200, byteCountMax: 1 << 20, isCancelled: { checks.isOver() })
        do {
            let result = try graph.execute(
                Query(text, ["p": .int(1), "l": .list([.int(1), .string("a")])]), with: engine,
                limits: limits)
            return .gave(
                result.columns
                    + result.map { $0.values.map(\.description).joined(separator: "|") })
        } catch let error as QueryError {
            return .failed(error)
        } catch {
            return .gave(["\(error)"])
        }
    }

    /// The place of an error lies in the text.
    static func check(_ error: QueryError, in text: String) throws(BrokenInvariant) {
        guard let position = error.position else { return }
        let lines = text.unicodeScalars.split(
            separator: "\n", omittingEmptySubsequences: false)
        try require(
            (1...lines.count).contains(position.line)
                && (1...lines[position.line - 1].count + 1).contains(position.column),
            "an error is at \(position.line):\(position.column), outside of the text")
    }

    private final class CheckCounter: @unchecked Sendable {
        // Used by one thread.
        private var count = 0
        func isOver() -> Bool {
            count += 1
            return count > 20
        }
    }

    static let seeds = [
        "MATCH (n:A {k: $p})-[r:R|S*1..3]->(m) WHERE n.x > 1 OR NOT m:B RETURN n, r, m.k AS k ORDER BY k DESC SKIP 1 LIMIT 2",
        "MATCH p = shortestPath((a)-[*]-(b)) WHERE a.k < b.k RETURN length(p), [n IN nodes(p) | n.k]",
        "MATCH (a) OPTIONAL MATCH (a)-[:R]->(b) WITH a, count(b) AS c WHERE c > 0 RETURN a.k, c UNION ALL RETURN 1 AS `a.k`, 2 AS c",
        "UNWIND [1, 2.5, 'x', null, [1], {a: 1}] AS v RETURN DISTINCT v, v IS NULL, v = 1, v IN $l",
        "RETURN CASE 1 WHEN 1 THEN 'a' ELSE 'b' END, reduce(s = 0, x IN [1, 2] | s + x), all(x IN [] WHERE x), -1 ^ 2 % 3, 0x1F, 1e3, 'a\\u0041\\n'",
        "RETURN date('2020-01-31') + duration('P1M'), datetime('2020-01-01T10:00+01:00').epochMillis, duration.between(date('2020-01-01'), date('2021-02-03')), time('10:00'), localtime() < localtime('23:00')",
        "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WHERE m.k = 2 } AND COUNT { (n)<--() } > 0 RETURN [(n)-[r]->(m) | r.w] AS l",
        "RETURN substring('abc', 1, 1), split('a,b', ','), toInteger('12'), range(1, 9, 3), [1, 2, 3][-1..], {a: {b: 1}}.a.b, keys({x: 1}), rand()",
        "CALL test.rows(3) YIELD row AS x WHERE x > 0 RETURN collect(x), sum(x), avg(x), percentileDisc(x, 0.5), stDev(x)",
        "CREATE (a:N {v: 1})-[:T {w: [1, 2]}]->(b:N), (b)<-[:U]-(a) SET b += {z: 'q'}, a.v = null, b:M REMOVE b:N RETURN a, b",
        "MERGE (a:A {k: 9})-[r:R]->(b:A {k: 1}) ON CREATE SET a.new = true ON MATCH SET b.seen = 1 RETURN a.k, r",
        "MATCH (a {k: 0}) DETACH DELETE a WITH 1 AS one MATCH (b) RETURN count(b) AS c",
        "MATCH (a:A) WHERE a.x >= 1 AND a.x < 3 RETURN a.k UNION MATCH (b:B) WHERE b.k STARTS WITH 'a' RETURN b.k AS `a.k`",
        "CREATE INDEX FOR (n:B) ON (n.k, n.x)",
        "CREATE CONSTRAINT FOR (n:B) REQUIRE n.k IS NOT NULL",
        "MATCH (a)-[r:R {w: $p}]-(b)-[s:S]->(c) WHERE s.w IN $l OR r.x > 1 RETURN a.k, r.w, c.k",
        "MATCH (a)-[r:R]->(b) WHERE r.w >= 1 SET r.w = r.w + 1 RETURN r.w AS w ORDER BY r.w DESC LIMIT 2",
        "MATCH (a:A)-[s:S]->(b) CREATE (b)-[:S {w: s.w + 1}]->(a)",
        "CREATE CONSTRAINT FOR ()-[r:S]-() REQUIRE (r.w, r.x) IS UNIQUE",
        "DROP INDEX FOR ()<-[r:R]-() ON (r.w, r.x) IF EXISTS",
        "EXPLAIN MATCH (a:A {k: 1}), (b:A) WHERE a.x = b.x RETURN a, b // comment",
    ]
}
