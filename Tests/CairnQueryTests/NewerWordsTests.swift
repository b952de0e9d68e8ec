// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

/// What ISO 39075 says in newer words gives what the older ones give.
struct NewerWordsTests {
    private func graph() throws -> GraphStore {
        var graph = GraphStore()
        try graph.execute(
            """
            INSERT (a:A {k: 1}), (b:A&B {k: 2}), (c:B:C {k: 3}), (d {k: 4}), (e:C {k: 5}),
                (a)-[:R {i: 1}]->(b), (b)-[:R {i: 2}]->(c), (c)-[:R {i: 3}]->(d), (d)-[:S]->(e),
                (c)-[:R {i: 1}]->(a), (e)-[:R {i: 4}]->(e)
            """)
        return graph
    }

    private func rows(_ text: String) throws -> [String] {
        try graph().query(Query(text)).map { row in
            row.values.map(\.description).joined(separator: " ")
        }
    }

    @Test(arguments: [
        ("A&B", [2]), ("A|C", [1, 2, 3, 5]), ("!A", [3, 4, 5]), ("A&!B", [1]), ("%", [1, 2, 3, 5]),
        ("!%", [4]), ("(A|B)&!C", [1, 2]), ("A:B", [2]), ("!(A&B)", [1, 3, 4, 5]), ("!!A", [1, 2]),
        ("A|B&C", [1, 2, 3]), ("None", []), ("!None", [1, 2, 3, 4, 5]),
    ])
    func labelExpressionsChooseNodes(_ labels: String, _ expected: [Int]) throws {
        let wanted = expected.map { "\($0)" }
        #expect(try rows("MATCH (n:\(labels)) RETURN n.k AS k ORDER BY k") == wanted)
        #expect(try rows("MATCH (n) WHERE n:\(labels) RETURN n.k AS k ORDER BY k") == wanted)
        // Colons between labels are no part of the newer words.
        guard !labels.contains(":") else { return }
        #expect(try rows("MATCH (n IS \(labels)) RETURN n.k AS k ORDER BY k") == wanted)
        #expect(
            try rows("MATCH (n) WHERE n IS LABELED \(labels) RETURN n.k AS k ORDER BY k") == wanted)
        let others = (1...5).filter { !expected.contains($0) }.map { "\($0)" }
        #expect(
            try rows("MATCH (n) WHERE n IS NOT LABELED \(labels) RETURN n.k AS k ORDER BY k")
                == others)
    }

    @Test(arguments: [
        ("MATCH (:A|B)-[:R]->(m) RETURN m.k AS k ORDER BY k", ["1", "2", "3", "4"]),
        ("MATCH (n) WHERE (n)-[:R]->(:!B&!A) RETURN n.k AS k ORDER BY k", ["3", "5"]),
        ("MATCH (n:A) RETURN size([(n)-->(m:B|C) | m.k]) AS c ORDER BY c", ["1", "1"]),
        ("MATCH (n) RETURN [m IN [n] WHERE m:A&B | m.k] AS l ORDER BY n.k LIMIT 2", ["[]", "[2]"]),
        ("MATCH (n) RETURN [m IN [n] WHERE m:(A|B) | m.k] AS l ORDER BY n.k LIMIT 1", ["[1]"]),
        ("MATCH ()-[r]->() WHERE r IS LABELED S|T RETURN type(r) AS t", ["'S'"]),
        ("OPTIONAL MATCH (n:None) RETURN n IS LABELED A AS l, n:!A AS m", ["null null"]),
    ])
    func labelExpressionsStandWhereLabelsDo(_ text: String, _ expected: [String]) throws {
        #expect(try rows(text) == expected)
    }

    @Test(arguments: [
        ("-[:R]->{1,3}", "-[:R*1..3]->"), ("-[:R]->{2}", "-[:R*2]->"), ("-[:R]->+", "-[:R*1..]->"),
        ("-[:R]->*", "-[:R*0..]->"), ("-[:R]->{,2}", "-[:R*0..2]->"), ("<-[]-{2,}", "<-[*2..]-"),
        ("-[r:R {i: 1}]-{1,2}", "-[r:R*1..2 {i: 1}]-"), ("-->{1,2}", "-[*1..2]->"),
        ("-[:R]->{3,1}", "-[:R*3..1]->"),
    ])
    func quantifiedRelationshipsAreThoseOfAVariableLength(
        _ newer: String, _ older: String
    ) throws {
        func text(_ pattern: String) -> String {
            "MATCH p = (n)\(pattern)(m) RETURN n.k AS n, m.k AS m, length(p) AS l ORDER BY n, m, l"
        }
        #expect(try rows(text(newer)) == rows(text(older)))
    }

    @Test(arguments: [
        (
            "MATCH (x:A) ((a)-[r:R]->(b)){1,2} (y) RETURN x.k AS x, [n IN a | n.k] AS a, "
                + "[e IN r | e.i] AS r, [n IN b | n.k] AS b, y.k AS y ORDER BY x, y, size(a)",
            [
                "1 [1] [1] [2] 2", "1 [1, 2] [1, 2] [2, 3] 3", "2 [2, 3] [2, 1] [3, 1] 1",
                "2 [2] [2] [3] 3", "2 [2, 3] [2, 3] [3, 4] 4",
            ]
        ),
        (
            "MATCH ((a)-[r:R]->(b) WHERE a.k < b.k){2} RETURN [n IN a | n.k] AS a ORDER BY a",
            ["[1, 2]", "[2, 3]"]
        ),
        (
            "MATCH (x) ((a:!C)-[:R]->(b:B)){1,3} (y) RETURN x.k AS x, y.k AS y ORDER BY x, y",
            ["1 2", "1 3", "2 3"]
        ),
        (
            "MATCH (x {k: 4}) ((a)<-[r]-(b {k: 3})){1} RETURN [n IN b | n.k] AS b", ["[3]"]
        ),
        (
            "MATCH (x {k: 3}) ((a)-[r:R]->(b) WHERE r.i > 1){0,2} (y) RETURN y.k AS y, size(a) AS s "
                + "ORDER BY y", ["3 0", "4 1"]
        ),
        (
            "MATCH (x) ((a)-[:R]->(b) WHERE a.k < b.k){2} (y {k: 4}) RETURN x.k AS x, "
                + "[n IN a | n.k] AS a", ["2 [2, 3]"]
        ),
        (
            "MATCH (x {k: 1}) ((a)-[:R]-(b) WHERE b.k > a.k)+ (y {k: 4}) RETURN [n IN b | n.k] AS b",
            ["[2, 3, 4]", "[3, 4]"]
        ),
        (
            "MATCH ((a:A)-[:R]->(b)){1} ((c)-[:R]->(d)){1} RETURN [n IN a + d | n.k] AS l ORDER BY l",
            ["[1, 3]", "[2, 1]", "[2, 4]"]
        ),
    ])
    func quantifiedPathPatternsBindLists(_ text: String, _ expected: [String]) throws {
        #expect(try rows(text).sorted() == expected.sorted())
    }

    @Test(arguments: [
        "CREATE (n:A|B)", "MERGE (n:!A)", "MATCH ((a)-->(b)-->(c)){2} RETURN a",
        "MATCH ((a)-[:R*2]->(b)){2} RETURN a", "MATCH (a) ((a)-->(b)){2} RETURN a",
        "MATCH ((a)-->(a)){2} RETURN a", "MATCH ((a)-->(b)) RETURN a",
        "MATCH (n)-[:R]->{}(m) RETURN n", "CREATE (n)-[:R]->{2}(m)", "MATCH (n:A&) RETURN n",
        "MATCH ((a)-->(b) WHERE c.x = 1){2} RETURN a", "MATCH (n:(A|B) RETURN n",
        "MATCH ((a {x: 1})-->(b $p)){2} RETURN a",
        "MATCH (n:" + String(repeating: "!", count: 5000) + "A) RETURN n",
    ])
    func whatHasNoMeaningIsRefused(_ text: String) throws {
        #expect(throws: QueryError.self) { try QueryEngine.standard.prepare(text) }
    }
}
