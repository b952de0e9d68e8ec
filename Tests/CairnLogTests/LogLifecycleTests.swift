// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// Opening, closing, and who may do what.
@Suite struct LogLifecycleTests {
    @Test func readingOnlyWritesNothing() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, smallOptions(segmentByteCount: 500))
        for index in 0..<6 { try log.commit(.small(index, byteCount: 200)) }
        // A torn end, and temporary files, which opening for writing would remove.
        let image = files.copy()
        let path = try #require(image.segmentPaths.last)
        image.truncate(path, to: try #require(image.contents(path)).count - 3)
        image.setContents(
            logPath.appending("0000000009-00000000000000000099.wal.0123456789abcdef.creating"), [])
        let before = image.contentHash
        let (reader, replayed) = try openLog(image, readOnly(smallOptions()))
        #expect(replayed.transactions == (0..<5).map { .small($0, byteCount: 200) })
        #expect(reader.recovery.verdict == .tornTail)
        #expect(reader.recovery.repair?.quarantineName == nil)
        for attempt in [
            { try reader.commit(.small(1)) as Any }, { try reader.flush() }, { try reader.sync() },
            { try reader.checkpointMarker(SnapshotFence(.first)) },
            { try reader.truncate(upTo: TruncationFence(unchecked: .first)) },
        ] {
            #expect(throws: LogError(code: .readOnly)) { _ = try attempt() }
        }
        try reader.close()
        #expect(image.contentHash == before)
        #expect(image.operationCount == 0)
    }

    @Test func readingOnlyCreatesNothing() throws {
        let files = SimulatedFileSystem()
        _ = try files.openDirectory(storePath, creating: true)
        let before = files.operationCount
        let error = #expect(throws: LogError.self) { try openLog(files, readOnly(smallOptions())) }
        #expect(error?.finding?.verdict == .notALog)
        var options = smallOptions()
        options.createIfMissing = false
        let other = #expect(throws: LogError.self) { try openLog(files, options) }
        #expect(other?.finding?.verdict == .notALog)
        #expect(files.segmentPaths.isEmpty)
        // Not even a lock file.
        #expect(files.operationCount == before)
    }

    @Test func aSecondOpenerIsRefused() throws {
        let files = SimulatedFileSystem(processID: 4711)
        let (log, _) = try openLog(files)
        let error = #expect(throws: LogError.self) { try openLog(files) }
        #expect(error?.code == .io)
        #expect(error?.cause?.code == .locked)
        #expect(error?.cause?.holder == 4711)
        #expect(throws: LogError.self) { try openLog(files, readOnly(smallOptions())) }
        try log.close()
        let (next, _) = try openLog(files)
        try next.close()
        // Readers share.
        let readers = try (0..<3).map { _ in try openLog(files, readOnly(smallOptions())).log }
        #expect(throws: LogError.self) { try openLog(files) }
        for reader in readers { try reader.close() }
        _ = try openLog(files)
    }

    @Test func aLogThatIsDroppedGivesItsLockBack() throws {
        let files = SimulatedFileSystem()
        do { _ = try openLog(files) }
        do { _ = try openLog(files, smallOptions(.periodic(interval: .seconds(100)))) }
        _ = try openLog(files)
    }

    @Test func aClosedLogRefuses() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files)
        try log.commit(.small(1))
        try log.close()
        try log.close()
        let before = files.operationCount
        for attempt in [
            { try log.commit(.small(1)) as Any }, { try log.commit(LogTransaction()) as Any },
            { try log.flush() }, { try log.sync() },
            { try log.checkpointMarker(SnapshotFence(.first)) },
            { try log.truncate(upTo: TruncationFence(unchecked: .first)) },
            { try log.waitUntilDurable(LSN(rawValue: 4)) },
        ] {
            #expect(throws: LogError(code: .closed)) { _ = try attempt() }
        }
        try log.waitUntilDurable(LSN(rawValue: 3))
        #expect(files.operationCount == before)
    }

    @Test func closingMakesEverythingDurable() throws {
        for policy in [SyncPolicy.manual, .bytes(1 << 20), .periodic(interval: .seconds(100))] {
            let files = SimulatedFileSystem()
            let (log, _) = try openLog(files, smallOptions(policy))
            for index in 0..<5 { try log.commit(.small(index)) }
            try log.close()
            let (_, replayed) = try openLog(files.crashImage(.onlySynced))
            #expect(replayed.transactions.count == 5, "\(policy)")
        }
    }

    @Test func openingAndClosingAgainAndAgainWritesNothingNew() throws {
        let files = try closedLog([.small(1), .small(2)])
        let before = files.contentHash
        for round in 0..<5 {
            let (log, replayed) = try openLog(files, seed: UInt64(round))
            #expect(replayed.transactions.count == 2)
            try log.close()
            #expect(files.contentHash == before, "round \(round)")
        }
    }

    @Test func theStatusOfAReopenedLogIsThatOfTheClosedOne() throws {
        let files = SimulatedFileSystem()
        let options = smallOptions(segmentByteCount: 400)
        let (log, _) = try openLog(files, options)
        for index in 0..<7 { try log.commit(.small(index, byteCount: 150)) }
        let before = log.status
        try log.close()
        let (again, _) = try openLog(files, options)
        let after = again.status
        #expect(after.logID == before.logID)
        #expect(after.segments.dropLast() == before.segments.dropLast())
        #expect(after.nextLSN == before.nextLSN)
        #expect(after.durable == before.durable)
        #expect(after.firstLSN == before.firstLSN)
    }

    @Test func anInterruptedRotationIsReportedAndShownAsSealed() throws {
        let files = SimulatedFileSystem()
        let options = smallOptions(segmentByteCount: 400)
        // Stop when the seal is about to be written: the second durable write but one of the rotation.
        let (log, _) = try openLog(files, options)
        try log.commit(.small(0, byteCount: 400))
        files.setFaults(FaultPlan([FaultRule(.matching(.writeDurably), .crash)]))
        #expect(throws: LogError.self) { try log.commit(.small(1)) }
        let image = files.crashImage(.onlySynced)
        #expect(image.segmentPaths.count == 2)
        let (again, replayed) = try openLog(image, options)
        #expect(replayed.transactions == [.small(0, byteCount: 400)])
        #expect(again.recovery.resealedSegment == .first)
        #expect(again.recovery.verdict == .clean)
        let shown = again.status.segments
        try again.close()
        #expect(try openLog(image, options).log.status.segments == shown)
        #expect(!image.filePaths.contains { $0.string.contains("quarantine") })
    }

    @Test func aReplayThatThrowsEndsTheOpeningAndChangesNothing() throws {
        struct Refused: Error {}
        let files = try closedLog((0..<5).map { .small($0, byteCount: 700) })
        let path = try #require(files.segmentPaths.last)
        files.truncate(path, to: try #require(files.contents(path)).count - 50)
        let before = files.contentHash
        for last in 0..<4 {
            var count = 0
            #expect(throws: Refused.self) {
                try WriteAheadLog.open(
                    storePath, options: smallOptions(), environment: .simulated(files)
                ) { _, _ in
                    count += 1
                    if count > last { throw Refused() }
                }
            }
            #expect(count == last + 1)
            #expect(files.contentHash == before)
        }
        _ = try openLog(files)
    }

    @Test func theSameCallsGiveTheSameBytes() throws {
        func write() throws -> UInt64 {
            try closedLog((0..<9).map { .small($0, byteCount: 300) }).contentHash
        }
        #expect(try write() == write())
    }
}
