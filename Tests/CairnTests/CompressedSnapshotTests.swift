// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnGraph
import CairnIO
import CairnLog
import CairnSegments
import CairnSnapshot
import CairnTesting
import CairnZlib
import SystemPackage
import Testing

@testable import Cairn

/// A database whose checkpoints are compressed.
struct CompressedSnapshotTests {
    private let files = SimulatedFileSystem()

    private static var checkpoints: CheckpointOptions {
        var options = CheckpointOptions.manual
        options.compressor = ZlibBatchCompressor()
        return options
    }

    private static var reading: GraphDatabase.Options {
        var options = GraphDatabase.Options()
        options.decompressors = [ZlibBatchCompressor()]
        return options
    }

    private func open(
        _ path: FilePath = "db", options: GraphDatabase.Options = GraphDatabase.Options(),
        _ checkpoints: CheckpointOptions = .manual, seed: UInt64 = 1
    ) throws -> GraphDatabase {
        try GraphDatabase.open(
            path, options: options, environment: .simulated(files, seed: seed),
            checkpoints: checkpoints)
    }

    /// Writes a snapshot, and something behind it.
    @discardableResult
    private func fill(_ checkpoints: CheckpointOptions) throws -> UInt64 {
        let database = try open(checkpoints)
        try database.write { graph in
            for number in 0..<2000 {
                try graph.createNode(
                    labels: ["P"],
                    properties: ["name": .string("the same words in \(number % 50) names")])
            }
        }
        let checkpoint = try #require(try database.checkpoint())
        try database.write { try $0.createNode(labels: ["Q"]) }
        try database.close()
        return checkpoint.snapshotByteCount
    }

    private func open(_ checkpoints: CheckpointOptions) throws -> GraphDatabase {
        try open("db", options: GraphDatabase.Options(), checkpoints)
    }

    @Test func theOptionsOfEitherSideReadIt() throws {
        let small = try fill(Self.checkpoints)
        for (options, checkpoints) in [
            (GraphDatabase.Options(), Self.checkpoints), (Self.reading, .manual),
        ] {
            let database = try open(options: options, checkpoints)
            #expect(database.recovery.snapshotFence != nil)
            #expect(database.status.nodeCount == 2001)
            try database.close()
        }
        let plain = CompressedSnapshotTests()
        #expect(try plain.fill(.manual) > small * 5 / 4)
    }

    @Test func withoutTheCompressorTheDatabaseIsRefusedAndNotCalledDamaged() throws {
        try fill(Self.checkpoints)
        let before = files.contentHash
        let error = #expect(throws: DurableError.self) { try open() }
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.snapshot?.code == .unknownCompression)
        #expect("\(try #require(error))".contains("among the decompressors of its options"))
        #expect(files.contentHash == before)
        let verification = try StoreVerifier.verify("db", environment: .simulated(files))
        #expect(verification.findings.map(\.verdict) == [.unsupportedVersion])
    }

    @Test func theDigestIsThatOfAPlainSnapshot() throws {
        try fill(Self.checkpoints)
        let proof = try GraphDatabase.prove(
            "db", options: Self.reading, environment: .simulated(files))
        #expect(proof.provenCount == 1 && proof.holds)
        let database = try open(Self.checkpoints)
        try database.write { try $0.createNode(labels: ["Q"]) }
        let digest = try #require(try database.checkpoint()?.stateDigest)
        let plain = CompressedSnapshotTests()
        try plain.fill(.manual)
        let other = try plain.open()
        try other.write { try $0.createNode(labels: ["Q"]) }
        #expect(try other.checkpoint()?.stateDigest == digest)
    }

    @Test func aRestoreKeepsItCompressedAndProvesIt() throws {
        try fill(Self.checkpoints)
        let restored = try GraphDatabase.restore(
            from: "db", into: "new", options: Self.reading,
            environment: .simulated(files, seed: 4))
        #expect(restored.proof.isSnapshotProven == true)
        let sizes = try ["db", "new"].map { folder in
            let path = try #require(
                files.filePaths.first { $0.string.contains("\(folder)/snapshots/") })
            return try #require(files.contents(path)).count
        }
        #expect(sizes[0] == sizes[1])
        #expect(try open("new", options: Self.reading, seed: 5).status.nodeCount == 2001)
        let error = #expect(throws: DurableError.self) {
            try GraphDatabase.restore(
                from: "db", into: "other", environment: .simulated(files, seed: 6))
        }
        #expect(error?.snapshot?.code == .unknownCompression)
    }

    @Test func aReaderFollowsAcrossACompressedSnapshot() throws {
        var options = GraphDatabase.Options()
        options.segmentByteCount = 4096
        let writer = try open(options: options, Self.checkpoints)
        try writer.write { try $0.createNode(labels: ["A"]) }
        options.access = .readOnly
        let reader = try open(options: options, Self.checkpoints, seed: 2)
        for round in 0..<6 {
            for _ in 0..<40 {
                try writer.write {
                    try $0.createNode(
                        labels: ["P"],
                        properties: ["text": .string(String(repeating: "x", count: 99))])
                }
            }
            try writer.checkpoint()
            guard round == 5 else { continue }
            let status = try reader.refresh()
            #expect(status.hasReloaded)
        }
        #expect(reader.status.nodeCount == 241)
    }

    @Test func aBackupNeedsNoCompressor() throws {
        try fill(Self.checkpoints)
        let backup = try StoreBackup.make(
            of: "db", to: "backups", environment: .simulated(files, seed: 3))
        #expect(try StoreBackup.verify("backups", environment: .simulated(files)).isEmpty)
        var options = Self.reading
        options.access = .readOnly
        #expect(try open(backup.path, options: options).status.nodeCount == 2001)
    }
}
