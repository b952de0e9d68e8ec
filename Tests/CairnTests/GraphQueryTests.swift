// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnGraph
import CairnIO
import CairnLSN
import CairnLog
import CairnQuery
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// Statements on a database: durable, atomic, and seen by change readers like changes from Swift.
@Suite(.timeLimit(.minutes(2)))
struct GraphQueryTests {
    private func open(_ files: SimulatedFileSystem) throws -> GraphDatabase {
        try GraphDatabase.open("db", environment: .simulated(files))
    }

    private func image(_ database: GraphDatabase) throws -> [[UInt8]] {
        var sink = MemorySink()
        database.read { graph in graph.write(to: &sink) }
        return sink.records
    }

    private func names(_ result: QueryResult) -> [String] { result.map { $0[0].description } }

    @Test func aWriteSurvivesACrashAndIsReadByAQuery() throws {
        let files = SimulatedFileSystem()
        let database = try open(files)
        let written = try database.write(
            query: "CREATE (a:P {name: 'libc6'})<-[:DEPENDS]-(b:P {name: 'bash'}) RETURN b")
        #expect(written.receipt?.level == .durable)
        #expect(written.value.changes.createdNodeCount == 2)
        #expect(written.value[0].node("b")?.properties["name"] == "bash")
        let again = try open(files.crashImage(.onlySynced))
        #expect(try image(again) == (try image(database)))
        let name = "libc6"
        let found = try again.query(
            "MATCH (:P {name: \(name)})<-[:DEPENDS]-(d) RETURN d.name AS name")
        #expect(names(found) == ["'bash'"])
        #expect(try again.query("MATCH (p {name: $n}) RETURN p.name", ["n": "bash"]).count == 1)
    }

    @Test func aStatementThatOnlyReadsWritesNothing() throws {
        let files = SimulatedFileSystem()
        let database = try open(files)
        let hash = files.contentHash
        #expect(try database.write(query: "MATCH (n) RETURN count(n)").receipt == nil)
        #expect(files.contentHash == hash)
        let error = #expect(throws: QueryError.self) { try database.query("CREATE (n)") }
        #expect(error?.code == .readOnly)
    }

    @Test func aReaderOfChangesIsToldTheSameAsBySwiftCalls() throws {
        func events(_ change: (GraphDatabase) throws -> Void) throws -> [MutationEvent] {
            let database = try open(SimulatedFileSystem())
            let reader = try database.changes().makeReader()
            try change(database)
            return try #require(try reader.next()).events
        }
        let byQuery = try events { database in
            try database.write(
                query: "CREATE (a:A {x: 1})-[:R {w: 2}]->(b:B) SET b.y = 'z' REMOVE a:A")
        }
        let byCalls = try events { database in
            try database.write { transaction in
                let a = try transaction.createNode(labels: ["A"], properties: ["x": 1])
                let b = try transaction.createNode(labels: ["B"])
                try transaction.createRelationship("R", from: a, to: b, properties: ["w": 2])
                try transaction.setProperty("y", to: "z", of: b)
                try transaction.removeLabel("A", from: a)
            }
        }
        #expect(byQuery == byCalls)
    }

    @Test func aStatementThatFailsIsTakenBackWithinATransaction() throws {
        let files = SimulatedFileSystem()
        let database = try open(files)
        let reader = try database.changes().makeReader()
        try database.write { transaction in
            try transaction.query("CREATE (:Kept {name: 'first'})")
            let error = #expect(throws: QueryError.self) {
                try transaction.query(
                    "MATCH (k:Kept) SET k.name = 'other' CREATE (:Lost) WITH k RETURN 1 / 0")
            }
            #expect(error?.code == .divisionByZero)
            let seen = try transaction.query("MATCH (n) RETURN n.name ORDER BY n.name")
            #expect(names(seen) == ["'first'"])
            try transaction.query("CREATE (:Kept {name: $name})", ["name": "second"])
        }
        #expect(try #require(try reader.next()).events.count == 2)
        let again = try open(files.crashImage(.onlySynced))
        #expect(
            names(try again.query("MATCH (n) RETURN n.name ORDER BY n.name"))
                == ["'first'", "'second'"])
        #expect(try image(again) == (try image(database)))
    }

    @Test func aWriteThatFailsLeavesNoTrace() throws {
        let files = SimulatedFileSystem()
        let database = try open(files)
        try database.write(query: "CREATE (:A)")
        let before = try image(database)
        let hash = files.contentHash
        #expect(throws: QueryError.self) {
            try database.write(query: "CREATE (:B) WITH 1 AS one RETURN one / 0")
        }
        #expect(try image(database) == before)
        #expect(files.contentHash == hash)
        try database.write(query: "CREATE (:C)")
        #expect(try image(try open(files.crashImage(.onlySynced))) == (try image(database)))
    }

    @Test func limitsEndAStatementAndNothingIsKept() throws {
        let database = try open(SimulatedFileSystem())
        let endless: Query = "UNWIND range(1, 30000) AS x UNWIND range(1, 30000) AS y CREATE (:N)"
        func code(_ limits: QueryLimits) -> QueryError.Code? {
            let error = #expect(throws: QueryError.self) {
                try database.write(query: endless, limits: limits)
            }
            return error?.code
        }
        #expect(code(QueryLimits(timeout: .milliseconds(20))) == .deadlineExceeded)
        #expect(code(QueryLimits(byteCountMax: 1 << 16)) == .tooMuchMemory)
        #expect(code(QueryLimits(isCancelled: { true })) == .cancelled)
        #expect(database.read { $0.nodeCount } == 0)
    }

    @Test func aCancelledTaskEndsItsStatement() async throws {
        let database = try open(SimulatedFileSystem())
        let task = Task {
            try await database.query(
                "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*)")
        }
        task.cancel()
        let error = await #expect(throws: QueryError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test func preparedStatementsFollowTheRulesOfTheGraph() throws {
        let database = try open(SimulatedFileSystem())
        let find = try database.prepare("MATCH (p:P {name: $name}) RETURN p.x AS x")
        for x in 0..<3 {
            try database.write(query: "CREATE (:P {name: \("n\(x)"), x: \(x)})")
            #expect(
                try database.query(find(["name": .string("n\(x)")])).decode(as: Int.self) == [x])
        }
        try database.write(query: "CREATE CONSTRAINT FOR (p:P) REQUIRE p.name IS UNIQUE")
        #expect(try database.query(find(["name": "n1"])).decode(as: Int.self) == [1])
        #expect(throws: QueryError.self) { try database.prepare("MATCH (p RETURN p") }
        let missing = #expect(throws: QueryError.self) { try database.query(find()) }
        #expect(missing?.code == .missingParameter)
    }

    @Test func rowsAreComputedWhenAskedFor() async throws {
        let database = try open(SimulatedFileSystem())
        try await database.write(query: "UNWIND range(1, 5) AS x CREATE (:N {x: x})")
        // All rows would take hours.
        let rows = database.rows(
            of: "MATCH (n:N) UNWIND range(1, 1000000) AS y UNWIND range(1, 1000000) AS z RETURN n")
        var seen: [Int64] = []
        for try await row in rows {
            seen.append(try #require(row.node("n")?["x", as: Int64.self]))
            if seen.count == 1000 { break }
        }
        #expect(seen == Array(repeating: 1, count: 1000))
    }

    @Test func aResultIsObserved() async throws {
        let database = try open(SimulatedFileSystem())
        let results = database.values(of: "MATCH (t:Task {done: false}) RETURN t ORDER BY t.title")
        var iterator = results.makeAsyncIterator()
        #expect(try await iterator.next()?.count == 0)
        try await database.write(query: "CREATE (:Task {title: 'a', done: false})")
        #expect(try await iterator.next()?.count == 1)
        // Other changes are not reported, those of a node in the result are.
        try await database.write(query: "CREATE (:Task {title: 'b', done: true})")
        try await database.write(query: "MATCH (t {title: 'a'}) SET t.title = 'c'")
        let next = try await iterator.next()
        #expect(next?[0].node("t")?.properties["title"] == "c")
        try await database.close()
        #expect(try await iterator.next() == nil)
    }
}
