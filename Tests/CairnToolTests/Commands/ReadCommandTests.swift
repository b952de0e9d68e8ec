// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `status`, `neighbors`, `dump`, `checkpoint`, `export`, on a small graph.
struct ReadCommandTests {
    private let scratch: Scratch
    private var database: String { scratch["db"] }

    init() throws {
        scratch = try Scratch()
        let list = try scratch.write(
            """
            Package: a
            Version: 1
            Depends: z (>= 1) | v:any, z [amd64]
            Breaks: z

            Package: z
            Size: 5

            Package: w
            Depends: a
            """, to: "list")
        _ = try Tool.output("import", "dpkg", list, "--into", database, "--batch", "2")
    }

    @Test func statusHasItsStableShape() throws {
        let text = try Tool.output("status", database, "--json")
        let status = try jsonObject(text)
        #expect(
            status.keys.sorted() == [
                "damagedProgram", "durableLSN", "firstLSN", "labels", "logID", "nextLSN", "nodes",
                "program", "recovery", "relationships", "segments", "snapshots", "types",
            ])
        #expect(status["nodes"] as? Int == 4)
        #expect(status["relationships"] as? Int == 5)
        #expect(status["labels"] as? [String: Int] == ["Package": 3, "VirtualPackage": 1])
        #expect(status["types"] as? [String: Int] == ["BREAKS": 1, "DEPENDS": 4])
        #expect((status["logID"] as? String)?.count == 32)
        #expect(status["firstLSN"] as? Int == 1)
        // Three transactions of three LSNs each: constraints, two batches.
        #expect(status["durableLSN"] as? Int == 9)
        #expect(status["nextLSN"] as? Int == 10)
        let segments = try #require(status["segments"] as? [[String: Any]])
        #expect(segments.count == 1)
        #expect(
            segments[0].keys.sorted() == [
                "baseLSN", "byteCount", "id", "isSealed", "lastLSN", "name",
            ])
        #expect(segments[0]["name"] as? String == "0000000001-00000000000000000001.wal")
        #expect(segments[0]["lastLSN"] as? Int == 9)
        #expect((status["snapshots"] as? [Any])?.isEmpty == true)
        let recovery = try #require(status["recovery"] as? [String: Any])
        #expect(
            recovery.keys.sorted() == [
                "abortedTransaction", "damagedSnapshots", "eventCount", "peakMemoryBytes",
                "quarantine", "repair", "snapshotFence", "transactionCount",
            ])
        #expect(recovery["repair"] is NSNull)
        #expect(recovery["transactionCount"] as? Int == 3)
        // Keys are in order, and there is one line.
        #expect(status["damagedProgram"] is NSNull)
        #expect(
            text.hasPrefix(
                #"{"damagedProgram":null,"durableLSN":9,"firstLSN":1,"labels":{"Package":3,"#))
        #expect(text.count { $0 == "\n" } == 1)
    }

    @Test func statusAsTextNamesEverything() throws {
        let text = try Tool.output("status", database)
        for part in ["nodes", "VirtualPackage", "BREAKS", "durable LSN", "segments", "snapshots"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func readingChangesNothing() throws {
        let before = try scratch.contents(of: "db")
        for arguments in [
            ["status", database], ["neighbors", database, "--name", "a"], ["verify", database],
            ["dump", database], ["export", database, "--format", "dot"],
        ] {
            #expect(try Tool.run(arguments).status == 0, "\(arguments)")
        }
        #expect(try scratch.contents(of: "db") == before)
    }

    @Test func neighborsFollowTheDirection() throws {
        func lines(_ arguments: String...) throws -> [String] {
            try Tool.run(["neighbors", database, "--name", "a"] + arguments).lines
        }
        #expect(
            try lines("--direction", "out") == [
                "a: 4 relationships",
                "->  DEPENDS  z  constraint=(>= 1) group=0",
                "->  DEPENDS  v  group=0 qualifier=any",
                "->  DEPENDS  z  group=1 restriction=[amd64]",
                "->  BREAKS   z  group=0",
            ])
        #expect(
            try lines("--direction", "in") == ["a: 1 relationship", "<-  DEPENDS  w  group=0"])
        #expect(try lines().count == 6)
        #expect(try lines("--type", "BREAKS").count == 2)
        #expect(try lines("--type", "BREAKS", "--type", "DEPENDS").count == 6)
        #expect(try lines("--type", "NONE") == ["a: 0 relationships"])
    }

    @Test func neighborsAsJSON() throws {
        let found = try Tool.json(
            "neighbors", database, "--name", "z", "--direction", "in", "--type", "BREAKS", "--json")
        let node = try #require(found["node"] as? [String: Any])
        #expect(node["labels"] as? [String] == ["Package"])
        let neighbors = try #require(found["neighbors"] as? [[String: Any]])
        #expect(neighbors.count == 1)
        #expect(neighbors[0]["direction"] as? String == "in")
        let relationship = try #require(neighbors[0]["relationship"] as? [String: Any])
        #expect(relationship["type"] as? String == "BREAKS")
        #expect(relationship["properties"] as? [String: Int] == ["group": 0])
        let other = try #require(neighbors[0]["node"] as? [String: Any])
        #expect((other["properties"] as? [String: String])?["name"] == "a")
    }

    @Test func neighborsOfAVirtualPackageAndOfNobody() throws {
        let outcome = try Tool.run(["neighbors", database, "--name", "v"])
        #expect(outcome.lines == ["v: 1 relationship", "<-  DEPENDS  a  group=0 qualifier=any"])
        #expect(
            try Tool.failure("neighbors", database, "--name", "nobody")
                == "cairn: no node has the name nobody\n")
    }

    @Test func exportsLinesOfJSON() throws {
        let text = try Tool.output("export", database, "--format", "jsonl")
        #expect(
            text == """
                {"kind":"node","id":0,"labels":["Package"],"properties":{"name":"a","version":"1"}}
                {"kind":"node","id":1,"labels":["Package"],"properties":{"name":"z","size":5}}
                {"kind":"node","id":2,"labels":["VirtualPackage"],"properties":{"name":"v"}}
                {"kind":"node","id":3,"labels":["Package"],"properties":{"name":"w"}}
                {"kind":"relationship","id":0,"type":"DEPENDS","from":0,"to":1,"properties":{"constraint":">= 1","group":0}}
                {"kind":"relationship","id":1,"type":"DEPENDS","from":0,"to":2,"properties":{"group":0,"qualifier":"any"}}
                {"kind":"relationship","id":2,"type":"DEPENDS","from":0,"to":1,"properties":{"group":1,"restriction":"[amd64]"}}
                {"kind":"relationship","id":3,"type":"BREAKS","from":0,"to":1,"properties":{"group":0}}
                {"kind":"relationship","id":4,"type":"DEPENDS","from":3,"to":0,"properties":{"group":0}}
                {"kind":"rule","rule":"unique","label":"Package","keys":["name"]}
                {"kind":"rule","rule":"unique","label":"VirtualPackage","keys":["name"]}

                """)
    }

    @Test func exportsDot() throws {
        let lines = try Tool.run(["export", database, "--format", "dot"]).lines
        #expect(lines.first == "digraph cairn {")
        #expect(lines.last == "}")
        #expect(lines.contains(#"  n2 [label="v"];"#))
        #expect(lines.contains(#"  n0 -> n1 [label="BREAKS"];"#))
        #expect(lines.count == 4 + 5 + 2)
    }

    @Test func dumpsRecords() throws {
        let lines = try Tool.run(["dump", database, "--json"]).lines
        let records = try lines.map(jsonObject)
        let transactions = records.filter { $0["kind"] as? String == "transaction" }
        #expect(transactions.map { $0["lsn"] as? Int } == [1, 4, 7])
        #expect(transactions.map { $0["lastLSN"] as? Int } == [3, 6, 9])
        #expect(transactions.allSatisfy { $0["segment"] as? Int == 1 })
        let from = try Tool.run(["dump", database, "--from", "5", "--json"]).lines
        #expect(from == Array(lines.dropFirst()))
        let text = try Tool.run(["dump", database]).lines
        #expect(text.count == lines.count)
        #expect(text[0].hasPrefix("1…3  transaction"))
        #expect(try Tool.run(["dump", database, "--from", "100"]).lines.isEmpty)
    }

    @Test func checkpointsAndOpensFromTheSnapshot() throws {
        let before = try Tool.output("export", database, "--format", "jsonl")
        let checkpoint = try Tool.json("checkpoint", database, "--json")
        let snapshot = try #require(checkpoint["snapshot"] as? [String: Any])
        #expect(snapshot.keys.sorted() == ["byteCount", "fence", "name"])
        #expect(snapshot["fence"] as? Int == 9)
        let status = try Tool.json("status", database, "--json")
        #expect((status["snapshots"] as? [[String: Any]])?.count == 1)
        #expect((status["recovery"] as? [String: Any])?["snapshotFence"] as? Int == 9)
        #expect((status["recovery"] as? [String: Any])?["transactionCount"] as? Int == 0)
        #expect(try Tool.output("export", database, "--format", "jsonl") == before)
        #expect(try Tool.json("verify", database, "--json")["verdict"] as? String == "clean")
    }

    /// As `cairn export | head` does it.
    @Test func aClosedPipeEndsTheOutputQuietly() throws {
        let scratch = try Scratch()
        // More output than a pipe holds.
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["db"])
        let run = try ToolRun(["export", scratch["db"], "--format", "jsonl"])
        run.closeOutput()
        let outcome = run.waitForEnd()
        #expect(outcome.status == 141)
        #expect(!outcome.wasKilled)
        #expect(outcome.errors == "")
    }
}
