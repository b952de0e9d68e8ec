// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnDurable
import CairnEncryption
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// What is accepted with keys can be kept, and is found again wherever it went.
struct UpkeepTests {
    /// Just below, at and above what a record takes: kept, or refused, and the store goes on.
    @Test func whatIsAcceptedCanBeKept() throws {
        var refusedCount = 0
        for byteCount in 900...1_060 {
            let files = SimulatedFileSystem()
            var options = LogOptions.encrypted(Keys.keys())
            options.frameLimits.payloadByteCountMax = 1_024
            let notes = try Durable<Notes>.open(
                "notes", options: options, environment: .simulated(files))
            let text = String(repeating: "x", count: byteCount)
            do { try notes.commit(.added(text)) } catch let error as DurableError {
                #expect(error.code == .tooLarge, "\(byteCount)")
                refusedCount += 1
            }
            try notes.commit(.added("after"))
            let texts = notes.read(\.texts)
            try notes.close()
            // From the log, and from a snapshot.
            for _ in 0..<2 {
                let again = try Durable<Notes>.open(
                    "notes", options: options, environment: .simulated(files))
                #expect(again.read(\.texts) == texts, "\(byteCount)")
                try again.checkpoint()
                try again.close()
            }
        }
        #expect((20...140).contains(refusedCount))
    }

    @Test func whatWentToAnArchiveIsRestoredWithTheKey() throws {
        let files = SimulatedFileSystem()
        let environment = StorageEnvironment.simulated(files)
        let archive = DirectoryArchive("archive", environment: environment)
        var checkpoints = CheckpointOptions.manual
        checkpoints.archive = archive
        let notes = try Durable<Notes>.open(
            "notes", options: .encrypted(Keys.keys(), segmentByteCount: 700),
            environment: environment, checkpoints: checkpoints)
        for number in 1...24 {
            try notes.commit(.added("secret \(number)"))
            if number % 8 == 0 { try notes.checkpoint() }
        }
        try notes.close()
        #expect(try StoreArchive.verify(archive, environment: environment).isEmpty)
        _ = try Durable<Notes>.restore(
            from: "archive", into: "restored", options: .encrypted(Keys.keys()),
            environment: environment)
        let again = try Durable<Notes>.open(
            "restored", options: .encrypted(Keys.keys()), environment: environment)
        #expect(again.read(\.texts.count) >= 16)
        #expect(again.read(\.texts.first) == "secret 1")
        #expect(!files.contains("secret"))
    }

    @Test func whatIsSalvagedStaysEncrypted() throws {
        let files = try Notes.store(Keys.keys(), texts: (1...9).map { "secret \($0)" })
        let path = try #require(files.paths(in: "log").first { $0.string.hasSuffix(".wal") })
        files.flipBit(path, 8 * 700)
        let options = LogOptions.encrypted(Keys.keys())
        let report = try Durable<Notes>.salvage(
            "notes", into: "new", options: options, environment: .simulated(files, seed: 4))
        #expect(report.appliedCount > 0 && !report.isComplete)
        let again = try Durable<Notes>.open(
            "new", options: options, environment: .simulated(files, seed: 5))
        #expect(again.read(\.texts.count) == Int(report.appliedCount))
        #expect(!files.contains("secret"))
        let error = #expect(throws: DurableError.self) {
            try Durable<Notes>.salvage(
                "notes", into: nil, environment: .simulated(files, seed: 6))
        }
        #expect(error?.code == .encrypted)
    }
}
