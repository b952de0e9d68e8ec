// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnCodec
import CairnContainer
import CairnDurable
import CairnGraph
import CairnIO
import CairnLog
import CairnRecorder
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

struct GraphDatabaseTests {
    private struct Refused: Error {}

    private func open(
        _ fileSystem: SimulatedFileSystem, _ change: (inout LogOptions) -> Void = { _ in }
    ) throws -> GraphDatabase {
        var options = LogOptions()
        change(&options)
        return try GraphDatabase.open("db", options: options, environment: .simulated(fileSystem))
    }

    @Test func aContainerMirrorsAGraph() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        let database = try GraphDatabase.open(
            "db", environment: environment,
            mirror: ContainerMirror(of: "db", at: "db.cairn", environment: environment))
        for round in 1...3 {
            for _ in 0..<5 { try database.write { try $0.createNode(labels: ["A"]) } }
            if round == 2 { try database.checkpoint() }
            try database.sync()
            var options = LogOptions()
            options.access = .readOnly
            let copy = try GraphDatabase.open(
                container: "db.cairn", options: options, environment: environment)
            #expect(copy.read { $0.nodeCount } == round * 5)
        }
    }

    /// The snapshot bytes of a graph: equal for equal graphs, whatever their history.
    private func image(_ database: GraphDatabase) throws -> [[UInt8]] {
        var sink = MemorySink()
        database.read { graph in graph.write(to: &sink) }
        return sink.records
    }

    @Test func aGraphComesBackAfterACrash() throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        let result = try database.write { transaction in
            try transaction.createUniqueConstraint(label: "Package", key: "name")
            let zlib = try transaction.createNode(
                labels: ["Package"], properties: ["name": "zlib1g", "size": 92])
            let curl = try transaction.createNode(
                labels: ["Package"], properties: ["name": "curl", "tags": ["net", nil]])
            try transaction.createRelationship(
                "DEPENDS", from: curl, to: zlib, properties: ["constraint": ">= 1:1.1.4"])
            return zlib
        }
        #expect(result.receipt?.level == .durable)
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(try image(again) == (try image(database)))
        again.read { graph in
            #expect(graph.node(labeled: "Package", "name", equals: "zlib1g") == result.value)
            let incoming = graph.relationships(of: result.value, direction: .incoming)
            #expect(Array(incoming).map(\.type) == ["DEPENDS"])
        }
    }

    @Test func aBodyThatThrowsLeavesNoTraceInMemoryOrOnDisk() throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        try database.write { _ = try $0.createNode(labels: ["A"]) }
        let before = try image(database)
        let hash = fileSystem.contentHash
        #expect(throws: Refused.self) {
            try database.write { transaction in
                let node = try transaction.createNode(labels: ["B"], properties: ["x": 1])
                try transaction.createRelationship("R", from: node, to: node)
                try transaction.deleteNode(NodeID(rawValue: 0))
                throw Refused()
            }
        }
        #expect(try image(database) == before)
        #expect(fileSystem.contentHash == hash)
        try database.write { _ = try $0.createNode(labels: ["C"]) }
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(try image(again) == (try image(database)))
    }

    @Test func aFailedCommitIsRolledBackInMemoryAndStopsTheDatabase() throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        try database.write { _ = try $0.createNode(labels: ["A"]) }
        let before = try image(database)
        fileSystem.setFaults(.fail(.ioError, atOperation: fileSystem.operationCount))
        let error = #expect(throws: DurableError.self) {
            try database.write { _ = try $0.createNode(labels: ["B"]) }
        }
        #expect(error?.code == .indeterminate)
        #expect(try image(database) == before, "reads are served, without the failed commit")
        let later = #expect(throws: DurableError.self) {
            try database.write { _ = try $0.createNode(labels: ["C"]) }
        }
        #expect(later?.code == .poisoned)
        #expect(try image(database) == before)
    }

    @Test func aWriteThatChangesNothingWritesNothing() throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        let node = try database.write { try $0.createNode(properties: ["x": 1]) }.value
        let operations = fileSystem.operationCount
        let result = try database.write { try $0.setProperty("x", to: 1, of: node) }
        #expect(!result.value)
        #expect(result.receipt == nil)
        #expect(fileSystem.operationCount == operations)
    }

    @Test func savepointsRollBackGraphAndRecorderAlike() throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        try database.write { transaction in
            let node = try transaction.createNode(labels: ["kept"])
            let savepoint = try transaction.savepoint()
            try transaction.createNode(labels: ["lost"])
            try transaction.setProperty("x", to: 1, of: node)
            try transaction.rollBack(to: savepoint)
            try transaction.createNode(labels: ["also kept"])
            try transaction.release(savepoint)
        }
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(try image(again) == (try image(database)))
        #expect(again.read { $0.labelCounts } == ["kept": 1, "also kept": 1])
    }

    @Test func bodiesThatThrowAreTakenBackInGraphAndRecorderAlike() throws {
        struct Stop: Error {}
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        try database.write { transaction in
            try transaction.createNode(labels: ["kept"])
            #expect(throws: Stop.self) {
                try transaction.withSavepoint { transaction in
                    try transaction.createNode(labels: ["lost"])
                    try transaction.withSavepoint { _ = try $0.createNode(labels: ["lost, too"]) }
                    throw Stop()
                }
            }
            let kept = try transaction.withSavepoint { transaction in
                try? transaction.withSavepoint { transaction in
                    try transaction.createNode(labels: ["lost"])
                    throw Stop()
                }
                return try transaction.createNode(labels: ["also kept"])
            }
            try transaction.createRelationship("R", from: kept, to: kept)
        }
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(try image(again) == (try image(database)))
        #expect(again.read { $0.labelCounts } == ["kept": 1, "also kept": 1])
        #expect(again.read { $0.relationshipCount } == 1)
    }

    @Test func checkpointAndReplayGiveTheSameGraphAsReplayAlone() throws {
        let with = SimulatedFileSystem()
        let without = SimulatedFileSystem()
        for (fileSystem, makesCheckpoints) in [(with, true), (without, false)] {
            let database = try open(fileSystem) { $0.segmentByteCount = 2000 }
            for step in 0..<60 {
                try database.write { transaction in
                    let node = try transaction.createNode(
                        labels: ["N"], properties: ["step": .int(Int64(step))])
                    if step > 3 {
                        try transaction.createRelationship(
                            "NEXT", from: NodeID(rawValue: UInt64(step / 2)), to: node)
                    }
                    if step % 9 == 8 {
                        try transaction.deleteNode(NodeID(rawValue: UInt64(step / 3)), detach: true)
                    }
                }
                if makesCheckpoints, step % 13 == 12 { try database.checkpoint() }
            }
        }
        let one = try open(with.crashImage(.onlySynced))
        let other = try open(without.crashImage(.onlySynced))
        #expect(one.recovery.snapshotFence != nil)
        #expect(one.status.log.firstLSN > other.status.log.firstLSN)
        #expect(try image(one) == image(other))
    }

    @Test func aSecondWriterIsToldWhoHoldsTheDatabaseAndAReaderIsLetIn() throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        let error = #expect(throws: DurableError.self) { _ = try open(fileSystem) }
        #expect(error?.cause?.code == .locked)
        #expect(error?.cause?.holder == fileSystem.processID)
        try database.write { _ = try $0.createNode(labels: ["A"]) }
        let reader = try open(fileSystem) { $0.access = .readOnly }
        #expect(reader.status.nodeCount == 1)
        try database.write { _ = try $0.createNode(labels: ["A"]) }
        #expect(try reader.refresh().transactionCount == 1)
        #expect(reader.status.nodeCount == 2)
        try database.close()
        try open(fileSystem).close()
    }

    @Test func verifyFindsDamageInLogAndSnapshots() throws {
        let fileSystem = SimulatedFileSystem()
        let database = try open(fileSystem)
        for _ in 0..<20 { try database.write { _ = try $0.createNode(labels: ["A"]) } }
        try database.checkpoint()
        try database.close()
        let environment = StorageEnvironment.simulated(fileSystem)
        let clean = try StoreVerifier.verify("db", environment: environment)
        #expect(clean.verdict == .clean)
        #expect(clean.transactionCount == 20)

        let hash = fileSystem.contentHash
        let segment = try #require(fileSystem.filePaths.first { $0.string.hasSuffix(".wal") })
        let snapshot = try #require(
            fileSystem.filePaths.first { $0.string.contains("snapshots/") })
        fileSystem.flipBit(segment, 8 * 400)
        let damaged = try StoreVerifier.verify("db", environment: environment)
        #expect(damaged.findings.map(\.verdict) == [.corruption])
        #expect(damaged.findings.first?.segment == .first)
        #expect(damaged.findings.first?.offset != nil)
        #expect(damaged.findings.first?.lsn != nil)
        fileSystem.flipBit(segment, 8 * 400)
        #expect(fileSystem.contentHash == hash)
        fileSystem.flipBit(snapshot, 8 * 100)
        let other = try StoreVerifier.verify("db", environment: environment)
        #expect(other.findings.map(\.file) == ["snapshots/\(snapshot.lastComponent!)"])
    }
}
