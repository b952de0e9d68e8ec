// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnCodec
import CairnContainer
import CairnDurable
import CairnEncryption
import CairnGraph
import CairnIO
import CairnLog
import CairnTesting
import CairnZlib
import SystemPackage
import Testing

struct RoundTripTests {
    private static let texts = (0..<40).map { "text \($0)" }

    @Test func aStoreComesBackAfterRotationsCheckpointsAndTruncation() throws {
        let files = SimulatedFileSystem()
        var written: [String] = []
        for session in 0..<3 {
            let notes = try Notes.open(
                files, Keys.keys(seed: UInt64(session)), segmentByteCount: 700)
            #expect(notes.read(\.texts) == written)
            for (number, text) in Self.texts.enumerated() {
                try notes.commit(.added(text))
                written.append(text)
                if number % 15 == 14 { try notes.checkpoint() }
            }
            try notes.close()
        }
        let first = try #require(files.paths(in: "log").first?.string)
        #expect(!first.contains("0000000001-"), "nothing was truncated")
        let notes = try Notes.open(files, Keys.keys(seed: 9))
        #expect(notes.read(\.texts) == written)
        #expect(notes.recovery.snapshotFence != nil)
    }

    @Test func aContainerIsEncryptedToo() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        for _ in 0..<2 {
            let notes = try Durable<Notes>.open(
                container: "notes.cairn", options: .encrypted(Keys.keys(), segmentByteCount: 700),
                environment: environment)
            for text in Self.texts { try notes.commit(.added("secret \(text)")) }
            try notes.checkpoint()
            try notes.close()
        }
        let notes = try Durable<Notes>.open(
            container: "notes.cairn", options: .encrypted(Keys.keys()), environment: environment)
        #expect(notes.read(\.texts.count) == 80)
        try notes.close()
        #expect(!files.contains("secret"))
        #expect(throws: DurableError.self) {
            try Durable<Notes>.open(container: "notes.cairn", environment: environment)
        }
    }

    @Test func aGraphComesBackAndIsVerifiedWithAndWithoutItsKey() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        let options = LogOptions.encrypted(Keys.keys())
        var graph = try GraphDatabase.open("notes", options: options, environment: environment)
        for number in 0..<20 {
            try graph.write { transaction in
                let node = try transaction.createNode(labels: ["Person"])
                try transaction.setProperty("name", to: .string("marker \(number)"), of: node)
            }
            if number == 10 { try graph.checkpoint() }
        }
        try graph.close()
        #expect(!files.contains("marker"))
        graph = try GraphDatabase.open("notes", options: options, environment: environment)
        #expect(graph.read { $0.nodeCount } == 20)
        try graph.close()
        let closed = try StoreVerifier.verify("notes", environment: environment)
        #expect(closed.findings.isEmpty && closed.isEncrypted && closed.transactionCount == 20)
        let open = try StoreVerifier.verify("notes", options: options, environment: environment)
        #expect(open.findings.isEmpty && open.isEncrypted && open.transactionCount == 20)
        #expect(throws: LogError.self) {
            try StoreVerifier.verify(
                "notes", options: .encrypted(Keys.keys(Keys.second)), environment: environment)
        }
    }

    @Test func compressedBatchesOfLargeTransactionsComeBack() throws {
        let files = SimulatedFileSystem()
        var options = LogOptions.encrypted(Keys.keys())
        options.compressor = ZlibBatchCompressor()
        options.frameLimits.payloadByteCountMax = 16 << 10
        let large = (0..<60).map { "text \($0) " + String(repeating: "abc", count: 300) }
        let notes = try Durable<Notes>.open(
            "notes", options: options, environment: .simulated(files))
        try notes.commit(contentsOf: large.map { Notes.Event.added($0) })
        try notes.close()
        let again = try Durable<Notes>.open(
            "notes", options: options, environment: .simulated(files))
        #expect(again.read(\.texts) == large)
    }

    @Test func aFollowerAndAReaderOfChangesReadAnEncryptedStore() throws {
        let files = SimulatedFileSystem()
        let writer = try Notes.open(files, Keys.keys(), segmentByteCount: 500)
        try writer.commit(.added("before"))
        var options = LogOptions.encrypted(Keys.keys())
        options.access = .readOnly
        let reader = try Durable<Notes>.open(
            "notes", options: options, environment: .simulated(files))
        #expect(reader.read(\.texts) == ["before"])
        for text in Self.texts { try writer.commit(.added(text)) }
        try reader.refresh()
        #expect(reader.read(\.texts) == ["before"] + Self.texts)
        options.encryption = nil
        let error = #expect(throws: DurableError.self) {
            try Durable<Notes>.open("notes", options: options, environment: .simulated(files))
        }
        #expect(error?.code == .encrypted)
    }

    @Test func backupsStayEncryptedAndAreRestoredWithTheKey() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        let notes = try Notes.open(files, Keys.keys(), segmentByteCount: 700)
        for text in Self.texts { try notes.commit(.added("secret \(text)")) }
        try notes.checkpoint()
        try notes.commit(.added("secret last"))
        // The copy needs no key.
        _ = try StoreBackup.make(of: "notes", to: "backups", environment: environment)
        #expect(try StoreBackup.verify("backups", environment: environment).isEmpty)
        let refused = #expect(throws: DurableError.self) {
            try Durable<Notes>.restore(from: "backups", into: "none", environment: environment)
        }
        #expect(refused?.code == .encrypted)
        let options = LogOptions.encrypted(Keys.keys(Keys.second, previous: [Keys.first]))
        let restored = try Durable<Notes>.restore(
            from: "backups", into: "restored", options: options, environment: environment)
        #expect(restored.proof.replay?.provenCount == 1)
        #expect(!files.contains("secret"))
        // Under the current key alone.
        let again = try Durable<Notes>.open(
            "restored", options: .encrypted(Keys.keys(Keys.second)), environment: environment)
        #expect(again.read(\.texts.last) == "secret last")
    }
}
