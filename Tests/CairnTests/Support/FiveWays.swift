// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnExchange
import CairnFormat
import CairnGraph
import CairnIO
import CairnLog
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

@testable import Cairn

/// The ways that whatever was accepted must go: commit, checkpoint, reopen, export, import.
///
/// A change that is refused changes nothing, and the store goes on.
struct FiveWays {
    var options = LogOptions()
    /// Lowers limits of the graph that the change is made to.
    var lower: (inout GraphStore) -> Void = { _ in }
    /// What is there before the change.
    var prepare: (inout GraphStore) throws -> Void = { _ in }

    /// Makes a change and goes all ways.
    ///
    /// - Returns: What the change was refused with; nil when it was accepted.
    func go(_ change: (inout GraphStore) throws -> Void) throws -> (any Error)? {
        let files = SimulatedFileSystem()
        let database = try open(files)
        _ = try database.durable.write { graph in
            lower(&graph)
            try prepare(&graph)
            try graph.createNode(labels: ["Before"])
        }
        let before = Self.image(database)
        do {
            _ = try database.durable.write { graph in try change(&graph) }
        } catch {
            #expect(Self.image(database) == before, "a refused change left something")
            try goOn(database, files)
            return error
        }
        try goAllWays(database, files)
        return nil
    }

    /// The next commit succeeds, and survives.
    private func goOn(_ database: GraphDatabase, _ files: SimulatedFileSystem) throws {
        // What is at a limit makes room first.
        _ = try database.write { transaction in
            let last = Array(transaction.graph.nodes).last
            if let last { try transaction.deleteNode(last.id, detach: true) }
            try transaction.createNode(labels: ["After"])
        }
        let after = Self.image(database)
        try database.close()
        let again = try open(files)
        #expect(Self.image(again) == after)
        #expect(try again.checkpoint() != nil)
        try again.close()
        #expect(Self.image(try open(files)) == after)
    }

    private func goAllWays(_ database: GraphDatabase, _ files: SimulatedFileSystem) throws {
        let image = Self.image(database)
        let replayed = try open(files.crashImage(.onlySynced))
        #expect(Self.image(replayed) == image, "the log gives another graph")
        #expect(try database.checkpoint() != nil)
        try database.close()
        let loaded = try open(files)
        #expect(loaded.durable.recovery.snapshotFence != nil)
        #expect(Self.image(loaded) == image, "the snapshot gives another graph")

        let others = SimulatedFileSystem()
        let imported = try open(others)
        try Self.bring(Self.export(loaded), into: imported)
        #expect(Self.image(imported) == image, "the text gives another graph")
        #expect(try imported.checkpoint() != nil)
        try imported.close()
        #expect(Self.image(try open(others)) == image)
    }

    func open(_ files: SimulatedFileSystem) throws -> GraphDatabase {
        try GraphDatabase.open("db", options: options, environment: .simulated(files))
    }

    /// The bytes of a snapshot: equal for equal graphs, whatever their history.
    static func image(_ database: GraphDatabase) -> [[UInt8]] {
        var sink = MemorySink()
        database.read { graph in graph.write(to: &sink) }
        return sink.records
    }

    static func export(_ database: GraphDatabase) -> [UInt8] {
        var bytes = BinaryBuffer()
        database.read { graph in JSONLinesExport.write(graph) { bytes.append($0) } }
        return bytes.array()
    }

    static func bring(
        _ text: [UInt8], into database: GraphDatabase,
        _ options: JSONLinesImport.Options = JSONLinesImport.Options()
    ) throws {
        var lines = JSONLinesImport(options: options)
        _ = try database.durable.write { graph in
            try lines.read(text, into: &graph)
            try lines.finish(into: &graph)
        }
    }
}
