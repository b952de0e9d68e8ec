// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import Cairn
import CairnExchange
import CairnFormat
import CairnGraph
import CairnLSN
import CairnLog
import Foundation
import SystemPackage
import Testing

@testable import CairnTool

/// Imports within this process, on a real database.
struct PackageImportTests {
    private let scratch: Scratch
    private let database: GraphDatabase

    init() throws {
        scratch = try Scratch()
        database = try GraphDatabase.open(FilePath(scratch["db"]))
    }

    @discardableResult
    private func run(
        _ text: String, batch: Int = 1000,
        acknowledge: @escaping (LSN, Int) throws -> Void = { _, _ in }
    ) throws -> PackageImport.Summary {
        let input = try InputFile(scratch.write(text, to: "list.txt"))
        var run = PackageImport(
            into: database, from: input, batchStanzaCount: batch, showsProgress: false,
            acknowledge: acknowledge)
        return try run.run()
    }

    private func export() -> String { CairnToolTests.export(database) }

    @Test func makesNodesAndRelationships() throws {
        let summary = try run(
            """
            Package: a
            Version: 1
            Depends: b (>= 2) | c:any, d

            Package: b
            Provides: c
            """)
        #expect(summary.stanzaCount == 2)
        #expect(summary.nodeCount == 4)
        #expect(summary.relationshipCount == 4)
        #expect(summary.transactionCount == 2)
        #expect(
            export() == """
                {"kind":"node","id":0,"labels":["Package"],"properties":{"name":"a","version":"1"}}
                {"kind":"node","id":1,"labels":["Package"],"properties":{"name":"b"}}
                {"kind":"node","id":2,"labels":["VirtualPackage"],"properties":{"name":"c"}}
                {"kind":"node","id":3,"labels":["VirtualPackage"],"properties":{"name":"d"}}
                {"kind":"relationship","id":0,"type":"DEPENDS","from":0,"to":1,"properties":{"constraint":">= 2","group":0}}
                {"kind":"relationship","id":1,"type":"DEPENDS","from":0,"to":2,"properties":{"group":0,"qualifier":"any"}}
                {"kind":"relationship","id":2,"type":"DEPENDS","from":0,"to":3,"properties":{"group":1}}
                {"kind":"relationship","id":3,"type":"PROVIDES","from":1,"to":2,"properties":{"group":0}}

                """)
    }

    @Test func aLaterStanzaReplacesPropertiesAndOutgoingRelationships() throws {
        try run(
            """
            Package: a
            Section: x
            Depends: b, c, a

            Package: z
            Depends: a
            """)
        try run("Package: a\nVersion: 2\nDepends: c, b\n")
        // The clause of c has another number now, that of b too; a is gone.
        #expect(
            export() == """
                {"kind":"node","id":0,"labels":["Package"],"properties":{"name":"a","version":"2"}}
                {"kind":"node","id":1,"labels":["VirtualPackage"],"properties":{"name":"b"}}
                {"kind":"node","id":2,"labels":["VirtualPackage"],"properties":{"name":"c"}}
                {"kind":"node","id":3,"labels":["Package"],"properties":{"name":"z"}}
                {"kind":"relationship","id":0,"type":"DEPENDS","from":0,"to":2,"properties":{"group":0}}
                {"kind":"relationship","id":1,"type":"DEPENDS","from":0,"to":1,"properties":{"group":1}}
                {"kind":"relationship","id":3,"type":"DEPENDS","from":3,"to":0,"properties":{"group":0}}

                """)
    }

    @Test func keepsRelationshipsThatStay() throws {
        try run("Package: a\nDepends: b, b, c | c, d\n")
        try run("Package: a\nDepends: b, b, c\n")
        let ids = database.read { graph in
            graph.relationships.map { "\($0.id)>\($0.to) \($0["group"] ?? 0)" }
        }
        #expect(ids == ["0>1 int(0)", "1>1 int(1)", "2>2 int(2)"])
    }

    @Test func aVirtualPackageBecomesAPackageAndKeepsItsID() throws {
        try run("Package: a\nDepends: b\n")
        let before = database.read { $0.node(labeled: "VirtualPackage", "name", equals: "b") }
        try run("Package: b\nVersion: 1\n")
        database.read { graph in
            let id = graph.node(labeled: "Package", "name", equals: "b")
            #expect(id != nil && id == before)
            #expect(graph.node(labeled: "VirtualPackage", "name", equals: "b") == nil)
            #expect(
                graph.node(id ?? NodeID(rawValue: 99))?.properties == ["name": "b", "version": "1"])
            #expect(graph.labelCounts == ["Package": 2])
        }
    }

    @Test func theSameListAgainWritesNothing() throws {
        let text = Fixture.stanzas.joined()
        let first = try run(text, batch: 50)
        #expect(first.transactionCount == 8)
        let before = export()
        let lsn = database.status.log.nextLSN
        var acknowledged: [LSN] = []
        let second = try run(text, batch: 40) { lsn, _ in acknowledged.append(lsn) }
        #expect(second.transactionCount == 0)
        #expect(second.relationshipCount == first.relationshipCount)
        #expect(export() == before)
        let status = database.status
        #expect(status.log.nextLSN == lsn)
        #expect(acknowledged == Array(repeating: status.log.durable.lsn, count: 9))
    }

    @Test func acknowledgesEveryBatchInOrder() throws {
        var acknowledged: [(LSN, Int)] = []
        try run(Fixture.stanzas.joined(), batch: 100) { acknowledged.append(($0, $1)) }
        #expect(acknowledged.map(\.1) == [100, 200, 300, Fixture.stanzas.count])
        #expect(acknowledged.map(\.0) == acknowledged.map(\.0).sorted())
        #expect(Set(acknowledged.map(\.0)).count == 4)
        #expect(database.status.log.durable.lsn == acknowledged.last?.0)
    }

    @Test(arguments: [1, 2, 3, 5])
    func aMalformedStanzaLeavesOutItsBatchOnly(batch: Int) throws {
        // Seven good stanzas of two lines each, and then one whose second line is wrong.
        let good = (1...7).map { "Package: p\($0)\n\n" }.joined()
        let error = #expect(throws: PackageImport.Failure.self) {
            try run(good + "Package: q\nno colon\n", batch: batch)
        }
        let kept = 7 / batch * batch
        #expect(error?.malformed == MalformedInput(.missingColon, line: 16))
        #expect(error?.keptStanzaCount == kept)
        let names = database.read { graph in graph.nodes.compactMap { $0["name"] } }
        #expect(names == (0..<kept).map { .string("p\($0 + 1)") })
        // The database goes on working.
        #expect(try run(good, batch: batch).nodeCount == 7)
    }

    @Test func anEmptyListIsFine() throws {
        for text in ["", "\n\n", "# nothing\n"] {
            let summary = try run(text)
            #expect(summary.stanzaCount == 0)
            #expect(summary.nodeCount == 0)
        }
    }

    /// Lists with names that come again with other content: the graph is the one that a naive reading
    /// gives. Imported again it stays the same; with all ids, if the names come again within a batch.
    @Test(arguments: 1...40)
    func randomListsGiveTheSameGraphTwice(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let list = RandomList(using: &generator)
        let isOneBatch = seed.isMultiple(of: 2)
        let batches = isOneBatch ? 100...200 : 1...9
        try run(list.text, batch: .random(in: batches, using: &generator))
        let first = export()
        #expect(list.isDescribed(by: database), "seed \(seed)")
        let again = try run(list.text, batch: .random(in: batches, using: &generator))
        #expect(list.isDescribed(by: database), "seed \(seed)")
        if isOneBatch {
            #expect(again.transactionCount == 0, "seed \(seed)")
            #expect(export() == first, "seed \(seed)")
        } else {
            #expect(nodes(export()) == nodes(first), "seed \(seed)")
        }
    }

    /// Lists whose names come once: the same graph with all ids, whatever the batches.
    @Test(arguments: 1...20)
    func listsOfDifferentNamesGiveTheSameIDsTwice(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let list = RandomList(using: &generator, repeatsNames: false)
        try run(list.text, batch: .random(in: 1...9, using: &generator))
        let first = export()
        #expect(list.isDescribed(by: database), "seed \(seed)")
        let again = try run(list.text, batch: .random(in: 1...9, using: &generator))
        #expect(again.transactionCount == 0, "seed \(seed)")
        #expect(export() == first, "seed \(seed)")
    }

    private func nodes(_ export: String) -> [Substring] {
        export.split(separator: "\n").filter { $0.contains(#""kind":"node""#) }
    }
}

/// The graph as `cairn export --format jsonl` prints it.
func export(_ database: GraphDatabase) -> String {
    database.read { graph in
        var buffer = BinaryBuffer()
        for node in graph.nodes { JSONLinesExport.append(node, to: &buffer) }
        for relationship in graph.relationships {
            JSONLinesExport.append(relationship, to: &buffer)
        }
        return String(decoding: buffer.array(), as: UTF8.self)
    }
}
