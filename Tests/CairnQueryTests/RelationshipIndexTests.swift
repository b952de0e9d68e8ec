// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnTesting
import Testing

@testable import CairnQuery

/// Relationships that are found by rules for their type, and the rules in statements.
struct RelationshipIndexTests {
    /// 60 nodes and 900 relationships, two in three of type T: `id` is unique, `since` of all kinds, `code` of few values.
    private func graph(isIndexed: Bool) throws -> GraphStore {
        var random = SplitMix64(seed: 5)
        var graph = GraphStore()
        if isIndexed {
            try graph.create(.unique(type: "T", keys: ["id"]))
            try graph.create(.index(type: "T", keys: ["since"]))
            try graph.create(.index(type: "T", keys: ["code", "rank"]))
        }
        var nodes: [NodeID] = []
        for number in 0..<60 {
            nodes.append(
                try graph.createNode(
                    labels: number.isMultiple(of: 2) ? ["A"] : ["B"],
                    properties: ["k": .int(Int64(number))]))
        }
        for number in 0..<900 {
            var properties: Properties = [
                "id": number.isMultiple(of: 7) ? .double(Double(number)) : .int(Int64(number)),
                "code": .string("c\(random.next() % 20)"),
            ]
            switch random.next() % 8 {
            case 0: break
            case 1: properties["since"] = .string("t\(random.next() % 90)")
            case 2: properties["since"] = .double(Double(random.next() % 90) / 2)
            case 3: properties["since"] = .bool(random.next() % 2 == 0)
            case 4: properties["since"] = .list([.int(Int64(random.next() % 5)), .string("a")])
            default: properties["since"] = .int(Int64(random.next() % 90) - 45)
            }
            if random.next() % 5 > 0 { properties["rank"] = .int(Int64(random.next() % 40)) }
            let from = nodes[Int(random.next() % 60)]
            // Every tenth is a loop.
            let to = number.isMultiple(of: 10) ? from : nodes[Int(random.next() % 60)]
            try graph.createRelationship(
                number % 3 > 0 ? "T" : "U", from: from, to: to, properties: properties)
        }
        return graph
    }

    private static let parameters: [String: QueryValue] = [
        "list": [1, 2.0, 20, 20, "a", nil, 7, 70, 5000], "code": "c3",
    ]

    private func rows(_ graph: GraphStore, _ text: String) throws -> [String] {
        try graph.query(text, Self.parameters).map { row in
            row.values.map(\.description).joined(separator: " ")
        }
    }

    private func plan(_ graph: GraphStore, _ text: String) throws -> String {
        try graph.query("EXPLAIN " + text, Self.parameters).plan.joined(separator: "\n")
    }

    private static let ends = "RETURN a.k AS a, r.id AS id, b.k AS b ORDER BY id, a, b"

    static let lookups: [(text: String, step: String)] = [
        ("MATCH (a)-[r:T {id: 20}]->(b) \(ends)", "Seek [r:T](id)"),
        ("MATCH (a)<-[r:T {id: 20}]-(b) \(ends)", "Seek [r:T](id)"),
        // It is stored as a double.
        ("MATCH (a)-[r:T {id: 7}]-(b) \(ends)", "Seek [r:T](id)"),
        ("MATCH (a)-[:T {id: 20}]->(b) RETURN a.k, b.k", "Seek [:T](id)"),
        ("MATCH (a)-[r:T]->(b) WHERE r.id IN $list \(ends)", "SeekIn [r:T](id)"),
        ("MATCH (a:A)-[r:T]-(b) WHERE r.id IN $list \(ends)", "SeekIn [r:T](id)"),
        ("MATCH (a)-[r:T]->(b) WHERE r.since > 30 \(ends)", "SeekRange [r:T](since)"),
        ("MATCH (a)-[r:T]->(b) WHERE 10 <= r.since AND r.since < 12 \(ends)", "SeekRange [r:T]"),
        ("MATCH (a)-[r:T]->(b) WHERE r.since STARTS WITH 't1' \(ends)", "SeekRange [r:T](since)"),
        ("MATCH (a)-[r:T {code: $code}]->(b) \(ends)", "Seek [r:T](code)"),
        (
            "UNWIND range(0, 39) AS n MATCH (a)-[r:T {code: $code, rank: n}]->(b) \(ends)",
            "Seek [r:T](code, rank)"
        ),
        // One node at both ends.
        ("MATCH (a)-[r:T]->(a) WHERE r.code = 'c3' RETURN a.k, r.id ORDER BY r.id", "Seek [r:T]"),
        ("MATCH (a)-[r:T]-(a) WHERE r.code = 'c3' RETURN a.k, r.id ORDER BY r.id", "Seek [r:T]"),
        // The rest of the pattern is found from there, and no relationship twice.
        (
            "MATCH (a)-[r:T {id: 20}]->(b)-[s:T]->(c) RETURN s.id AS id, c.k ORDER BY id",
            "Seek [r:T](id)"
        ),
        (
            "MATCH (a)-[r:T {id: 20}]-(b)-[s:T {id: 20}]-(c) RETURN count(*) AS c",
            "Seek [r:T](id)"
        ),
        (
            "UNWIND $list AS id MATCH (a)-[r:T {id: id}]->(b) RETURN a.k, r.id AS id ORDER BY id",
            "Seek [r:T](id)"
        ),
        (
            "MATCH (a:A) OPTIONAL MATCH (x)-[r:T {id: a.k}]->(y) RETURN a.k AS k, y.k ORDER BY k",
            "Seek [r:T](id)"
        ),
        (
            "MATCH (a:A) WHERE EXISTS { (x)-[:T {id: a.k}]->(y) } RETURN a.k AS k ORDER BY k",
            "Seek [:T](id)"
        ),
        ("MATCH p = (a)-[r:T {id: 20}]->(b) RETURN length(p), r.id", "Seek [r:T](id)"),
    ]

    @Test(arguments: lookups.indices)
    func aRuleForATypeFindsItsRelationships(_ index: Int) throws {
        let (text, step) = Self.lookups[index]
        let (indexed, plain) = (try graph(isIndexed: true), try graph(isIndexed: false))
        let steps = try plan(indexed, text)
        #expect(steps.contains(step) && steps.contains("Ends "), "\(steps)")
        #expect(try !plan(plain, text).contains("Seek"))
        let expected = try rows(plain, text)
        #expect(try rows(indexed, text) == expected)
        #expect(!expected.isEmpty)
    }

    @Test(arguments: [
        // Another type, no type, several, a length, a node that leaves less.
        "MATCH (a)-[r:U {id: 21}]->(b) RETURN r.id", "MATCH (a)-[r {id: 20}]->(b) RETURN r.id",
        "MATCH (a)-[r:T|U {id: 20}]->(b) RETURN r.id",
        "MATCH (a)-[r:T*1..2 {id: 20}]->(b) RETURN r",
        "MATCH (a)-[r:T]->(b) WHERE r.rank = 3 RETURN r.id ORDER BY r.id",
    ])
    func whatNoRuleCoversIsFoundFromNodes(_ text: String) throws {
        let (indexed, plain) = (try graph(isIndexed: true), try graph(isIndexed: false))
        let steps = try plan(indexed, text)
        #expect(!steps.contains("Seek"), "\(steps)")
        #expect(try rows(indexed, text) == rows(plain, text))
    }

    /// Also without an index, when the relationship is known from before.
    @Test func aRelationshipBetweenTwoNodesIsNoneOfOneNode() throws {
        let graph = try graph(isIndexed: false)
        for arrow in ["->", "-"] {
            let text = "MATCH ()-[r:T]->() WITH r MATCH (a)-[r]\(arrow)(a) RETURN count(*) AS c"
            let loops = "MATCH (a)-[r:T]\(arrow)(b) WHERE id(a) = id(b) RETURN count(*) AS c"
            #expect(try rows(graph, text) == rows(graph, loops))
            #expect(try rows(graph, text) != ["0"])
        }
    }

    @Test func aUniqueNodeIsNotLeftForARangeOfRelationships() throws {
        var graph = try graph(isIndexed: true)
        try graph.createUniqueConstraint(label: "A", key: "k")
        let text = "MATCH (a:A {k: 4})-[r:T]->(b) WHERE r.since > 3 RETURN r.id ORDER BY r.id"
        let steps = try plan(graph, text)
        #expect(steps.contains("Seek a:A(k)") && !steps.contains("SeekRange"), "\(steps)")
        #expect(try rows(graph, text) == rows(try self.graph(isIndexed: false), text))
    }

    // MARK: Order

    static let ordered = [
        "MATCH (a)-[r:T]->(b) RETURN r.since AS s, r.id AS id ORDER BY s, id",
        "MATCH (a)-[r:T]->(b) RETURN r.since AS s, r.id AS id ORDER BY r.since DESC, id LIMIT 9",
        "MATCH (a)-[r:T]-(b) RETURN r.since AS s, r.id AS id, a.k AS k ORDER BY s, id, k LIMIT 40",
        "MATCH (a)-[r:T]->(b) WHERE r.since > 3 RETURN r.since AS s, r.id AS id ORDER BY s, id LIMIT 10",
        "MATCH (a)-[r:T]->(b) WHERE r.since >= -3 AND r.since <= 20 "
            + "RETURN r.since AS s, r.id AS id ORDER BY s DESC, id",
        "MATCH (a)-[r:T]->(b) WHERE r.since > [2] RETURN r.since AS s, r.id AS id ORDER BY s, id",
        "MATCH ()-[r:T {code: $code}]->() RETURN r.rank AS s, r.id AS id ORDER BY s, id",
        "MATCH ()-[r:T {code: $code}]->() RETURN r.rank AS s, r.id AS id ORDER BY s DESC, id LIMIT 5",
        "MATCH (a:A)-[r:T]->(b:B) RETURN r.since AS s, r.id AS id ORDER BY s, id LIMIT 20",
        "MATCH ()-[r:T]->() WITH r ORDER BY r.since, r.id LIMIT 5 RETURN r.id AS id",
        "MATCH (a)-[r:T]->(b)-[q:U]->(c) RETURN r.since AS s, r.id AS id, q.id AS o "
            + "ORDER BY s, id, o LIMIT 30",
    ]

    @Test(arguments: ordered)
    func theOrderOfAnIndexIsThatOfSorting(_ text: String) throws {
        let (indexed, plain) = (try graph(isIndexed: true), try graph(isIndexed: false))
        let steps = try plan(indexed, text)
        #expect(steps.contains("IndexOrder [r:T]"), "\(steps)")
        #expect(!steps.contains("Sort ") && !steps.contains("Top"), "\(steps)")
        #expect(try !plan(plain, text).contains("IndexOrder"))
        let expected = try rows(plain, text)
        #expect(try rows(indexed, text) == expected)
        #expect(try rows(indexed, "PROFILE " + text) == expected)
        #expect(!expected.isEmpty)
    }

    @Test func aLimitEndsTheWalk() throws {
        let graph = try graph(isIndexed: true)
        let text =
            "PROFILE MATCH (a)-[r:T]->(b) WHERE r.since > -45 RETURN r.id ORDER BY r.since LIMIT 3"
        let steps = try graph.query(Query(text)).plan.joined(separator: "\n")
        let count = steps.split(separator: "IndexOrder")[1].split(separator: "rows ")[1]
            .prefix { $0.isNumber }
        #expect(try #require(Int(count)) <= 100, "\(steps)")
    }

    @Test func aPlanOutlivesItsRule() throws {
        var graph = try graph(isIndexed: true)
        let plain = try self.graph(isIndexed: false)
        let engine = QueryEngine()
        for text in [
            "MATCH (a)-[r:T]->(b) RETURN r.since AS s, r.id AS id ORDER BY s, id LIMIT 50",
            "MATCH (a)-[r:T {id: 20}]->(b) RETURN a.k, b.k",
        ] {
            let prepared = try engine.prepare(text)
            let before = try engine.query(prepared(), on: graph).map(\.values)
            // Others in their places: the number of rules is the same, so the plan is.
            try graph.drop(.index(type: "T", keys: ["since"]))
            try graph.drop(.unique(type: "T", keys: ["id"]))
            try graph.create(.index(type: "T", keys: ["k"]))
            try graph.create(.index(type: "T", keys: ["l"]))
            #expect(try engine.query(prepared(), on: graph).map(\.values) == before)
            #expect(try engine.query(prepared(), on: plain).map(\.values) == before)
            graph = try self.graph(isIndexed: true)
        }
    }

    // MARK: Statements on rules

    @Test func statementsMakeAndDropRulesForRelationships() throws {
        var graph = try graph(isIndexed: false)
        let made = [
            "CREATE INDEX since FOR ()-[r:T]-() ON (r.since)",
            "CREATE INDEX FOR ()-[r:T]->() ON (r.code, r.rank)",
            "CREATE INDEX IF NOT EXISTS FOR ()<-[r:T]-() ON r.since",
            "CREATE CONSTRAINT ids FOR ()-[r:T]-() REQUIRE r.id IS UNIQUE",
            "CREATE CONSTRAINT FOR ()-[r:U]-() REQUIRE (r.id, r.code) IS UNIQUE",
            "CREATE CONSTRAINT FOR ()-[r:T]-() REQUIRE r.code IS NOT NULL",
            "CREATE CONSTRAINT FOR ()-[r:U]-() REQUIRE (r.code, r.id) IS RELATIONSHIP KEY",
            "CREATE CONSTRAINT IF NOT EXISTS FOR ()-[r:U]-() REQUIRE (r.code, r.id) IS REL KEY",
            "CREATE INDEX FOR (n:A) ON (n.k)",
            "CREATE CONSTRAINT FOR (n:A) REQUIRE n.k IS UNIQUE",
        ]
        for text in made { try graph.execute(Query(text)) }
        #expect(
            graph.relationshipRules == [
                .existence(type: "T", key: "code"), .index(type: "T", keys: ["code", "rank"]),
                .index(type: "T", keys: ["since"]), .unique(type: "T", keys: ["id"]),
                .key(type: "U", keys: ["code", "id"]), .unique(type: "U", keys: ["id", "code"]),
            ])
        #expect(
            try rows(graph, "SHOW INDEXES") == [
                "'INDEX' 'NODE' 'A' ['k']", "'INDEX' 'RELATIONSHIP' 'T' ['code', 'rank']",
                "'INDEX' 'RELATIONSHIP' 'T' ['since']",
            ])
        #expect(
            try rows(graph, "SHOW CONSTRAINTS") == [
                "'UNIQUE' 'NODE' 'A' ['k']", "'NOT NULL' 'RELATIONSHIP' 'T' ['code']",
                "'UNIQUE' 'RELATIONSHIP' 'T' ['id']",
                "'RELATIONSHIP KEY' 'RELATIONSHIP' 'U' ['code', 'id']",
                "'UNIQUE' 'RELATIONSHIP' 'U' ['id', 'code']",
            ])
        #expect(
            try graph.query("SHOW INDEXES", [:]).columns
                == ["type", "entityType", "labelOrType", "properties"])
        for text in made where !text.contains("IF NOT EXISTS") && text.contains("FOR (") {
            let dropped = text.replacing("CREATE", with: "DROP").replacing("since FOR", with: "FOR")
                .replacing("ids FOR", with: "FOR")
            try graph.execute(Query(dropped))
            #expect(throws: QueryError.self) { try graph.execute(Query(dropped)) }
            try graph.execute(Query(dropped + " IF EXISTS"))
        }
        #expect(graph.relationshipRules.isEmpty && graph.rules.isEmpty)
    }

    @Test(arguments: [
        "CREATE INDEX FOR ()-[r]-() ON (r.k)", "CREATE INDEX FOR ()-[:T]-() ON (r.k)",
        "CREATE INDEX FOR ()-[r:T|U]-() ON (r.k)", "CREATE INDEX FOR (a)-[r:T]-() ON (r.k)",
        "CREATE INDEX FOR ()-[r:T]-(b) ON (r.k)", "CREATE INDEX FOR ()<-[r:T]->() ON (r.k)",
        "CREATE INDEX FOR ()-[r:T]-() ON (s.k)", "CREATE INDEX FOR ()-[r:T*]-() ON (r.k)",
        "CREATE CONSTRAINT FOR ()-[r:T]-() REQUIRE r.k IS NODE KEY",
        "CREATE CONSTRAINT FOR (n:T) REQUIRE n.k IS RELATIONSHIP KEY",
        "CREATE CONSTRAINT FOR ()-[r:T]-() REQUIRE (r.k, r.l) IS NOT NULL",
        "CREATE CONSTRAINT FOR (n:T) REQUIRE (n.k, n.l) IS UNIQUE",
    ])
    func otherWordsAreErrorsOfSyntax(_ text: String) {
        var graph = GraphStore()
        #expect(throws: QueryError.self) { try graph.execute(Query(text)) }
        #expect(graph.relationshipRules.isEmpty && graph.rules.isEmpty)
    }

    @Test func aStatementThatViolatesARuleHasChangedNothing() throws {
        var graph = try graph(isIndexed: true)
        try graph.create(.existence(type: "T", key: "code"))
        let before = try rows(graph, "MATCH (a)-[r]->(b) RETURN id(r), r.id, r.since, r.code")
        for text in [
            "MATCH (a)-[r:T]->(b) WHERE r.since > 3 SET r.id = 1",
            "MATCH (a:A) CREATE (a)-[:T {id: 20, code: 'x'}]->(a)",
            "MATCH (a:A) CREATE (a)-[:T {id: 10000 + a.k}]->(a)",
            "MATCH (a)-[r:T {id: 20}]->(b) REMOVE r.code",
            "MATCH (a:A), (b:B) MERGE (a)-[:T {id: 20, code: 'x'}]->(b)",
        ] {
            let error = #expect(throws: QueryError.self) { try graph.execute(Query(text)) }
            #expect(error?.code == .constraintViolated, "\(text)")
        }
        #expect(
            try rows(graph, "MATCH (a)-[r]->(b) RETURN id(r), r.id, r.since, r.code") == before)
        // What a statement changes, it finds again.
        let found = try graph.execute(
            """
            MATCH (a)-[r:T {id: 20}]->(b) SET r.id = 20000, r.since = 'later' WITH a
            MATCH (c)-[s:T {id: 20000}]->(d) WHERE s.since STARTS WITH 'later' RETURN a.k = c.k AS same
            """, [:])
        #expect(found.count == 1 && found[0]["same"] == true)
    }
}
