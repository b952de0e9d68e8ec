// SPDX-License-Identifier: Apache-2.0

import CairnIO
import CairnLSN
import CairnLog
import CairnRecorder
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// The eleven behaviours of the contract, each with a test named after it.
struct RecorderContractTests {
    @Test func behaviour1ArmTouchesNoLogAndArmingTwicePoisons() throws {
        let fixture = try RecorderFixture()
        let operations = fixture.fileSystem.operationCount
        try fixture.recorder.arm()
        #expect(fixture.fileSystem.operationCount == operations)
        #expect(fixture.log.status.nextLSN == .first)

        let twice = #expect(throws: RecorderError.self) { try fixture.recorder.arm() }
        #expect(twice?.code == .alreadyArmed)
        let poisoned = #expect(throws: RecorderError.self) { try fixture.recorder.arm() }
        #expect(poisoned?.code == .poisoned)
        #expect(poisoned?.reason == .alreadyArmed)
    }

    @Test func behaviour2RecordOutsideOfAScopePoisonsAndAfterPoisonDoesNothing() throws {
        let fixture = try RecorderFixture()
        fixture.recorder.record(TextEvent("stray"))
        #expect(fixture.recorder.failure?.code == .recordedOutsideOfScope)
        fixture.recorder.record(TextEvent("later"))
        #expect(fixture.recorder.failure?.code == .recordedOutsideOfScope)
        fixture.recorder.resetPoisonForTesting()
        try fixture.recorder.arm()
        #expect(try fixture.recorder.commit() == nil, "nothing of the stray events may be left")
    }

    @Test func behaviour2RecordTouchesNoLog() throws {
        let fixture = try RecorderFixture()
        try fixture.recorder.arm()
        let operations = fixture.fileSystem.callCount
        for number in 0..<1000 { fixture.recorder.record(TextEvent("event \(number)")) }
        #expect(fixture.fileSystem.callCount == operations)
        #expect(fixture.log.status.nextLSN == .first)
    }

    @Test func behaviour3CommitOfNothingWritesNothingAndSaysSo() throws {
        let fixture = try RecorderFixture()
        let operations = fixture.fileSystem.callCount
        try fixture.recorder.arm()
        #expect(try fixture.recorder.commit() == nil)
        #expect(fixture.fileSystem.callCount == operations)
        #expect(fixture.log.status.nextLSN == .first)
    }

    @Test func behaviour3CommitWritesOneTransactionDurably() throws {
        let fixture = try RecorderFixture()
        let operations = fixture.fileSystem.operationCount
        let receipt = try #require(try fixture.commit(["a", "b"]))
        #expect(receipt.level == .durable)
        #expect(receipt.lsns == (try LSNRange(first: .first, count: 3)))
        #expect(fixture.fileSystem.operationCount == operations + 1, "one durable write")
        let image = fixture.fileSystem.crashImage(.onlySynced)
        #expect(try RecorderFixture.recovered(image) == [["a", "b"]])
    }

    @Test func behaviour3CommitWithoutArmPoisonsAndThrows() throws {
        let fixture = try RecorderFixture()
        let error = #expect(throws: RecorderError.self) { try fixture.recorder.commit() }
        #expect(error?.code == .notArmed)
        #expect(fixture.recorder.failure?.code == .notArmed)
    }

    @Test func behaviour3AFailedCommitPoisonsWithTheCause() throws {
        let fixture = try RecorderFixture()
        try fixture.commit(["kept"])
        let next = fixture.fileSystem.operationCount
        fixture.fileSystem.setFaults(.fail(.ioError, atOperation: next))
        let error = #expect(throws: RecorderError.self) { try fixture.commit(["lost"]) }
        #expect(error?.code == .commitFailed)
        #expect(error?.cause?.code == .indeterminate)
        #expect(error?.cause?.cause?.errno == .ioError)
        let later = #expect(throws: RecorderError.self) { try fixture.commit(["later"]) }
        #expect(later?.code == .poisoned)
        #expect(later?.reason == .commitFailed)
        #expect(later?.cause == error?.cause)
        #expect(
            try RecorderFixture.recovered(fixture.fileSystem.crashImage(.onlySynced)).first
                == ["kept"])
    }

    @Test func behaviour4AbortLeavesNoTraceAndSaysWhetherAnythingWasRecorded() throws {
        let fixture = try RecorderFixture()
        let hash = fixture.fileSystem.contentHash
        try fixture.recorder.arm()
        fixture.recorder.record(TextEvent("never"))
        #expect(fixture.recorder.abort())
        try fixture.recorder.arm()
        #expect(!fixture.recorder.abort())
        #expect(!fixture.recorder.abort(), "an abort without a scope is tolerated")
        #expect(fixture.recorder.failure == nil)
        #expect(fixture.fileSystem.contentHash == hash)
        try fixture.commit(["next"])
        #expect(
            try RecorderFixture.recovered(fixture.fileSystem.crashImage(.onlySynced)) == [["next"]])
    }

    @Test func behaviour5CommitOfAnOwnBufferTellsPoisonedFromFailed() throws {
        let fixture = try RecorderFixture()
        var buffer = EventBuffer()
        #expect(try fixture.recorder.commit(buffer) == nil)
        buffer.append(TextEvent("explicit"))
        #expect(try fixture.recorder.commit(buffer)?.level == .durable)
        fixture.fileSystem.setFaults(
            .fail(.noSpace, atOperation: fixture.fileSystem.operationCount))
        let failed = #expect(throws: RecorderError.self) { try fixture.recorder.commit(buffer) }
        #expect(failed?.code == .commitFailed)
        #expect(failed?.cause?.cause?.code == .noSpace)
        let poisoned = #expect(throws: RecorderError.self) { try fixture.recorder.commit(buffer) }
        #expect(poisoned?.code == .poisoned)
    }

    @Test func behaviour6SavepointsMarkRollBackAndRelease() throws {
        let fixture = try RecorderFixture()
        try fixture.recorder.arm()
        fixture.recorder.record(TextEvent("a"))
        let outer = try fixture.recorder.savepoint()
        fixture.recorder.record(TextEvent("b"))
        let inner = try fixture.recorder.savepoint()
        fixture.recorder.record(TextEvent("c"))
        try fixture.recorder.rollBack(to: inner)
        fixture.recorder.record(TextEvent("d"))
        try fixture.recorder.rollBack(to: outer)
        let gone = #expect(throws: RecorderError.self) { try fixture.recorder.rollBack(to: inner) }
        #expect(gone?.code == .unknownSavepoint)
        fixture.recorder.record(TextEvent("e"))
        try fixture.recorder.release(outer)
        let released = #expect(throws: RecorderError.self) { try fixture.recorder.release(outer) }
        #expect(released?.code == .unknownSavepoint)
        try fixture.recorder.commit()
        let image = fixture.fileSystem.crashImage(.onlySynced)
        #expect(try RecorderFixture.recovered(image) == [["a", "e"]])
    }

    @Test func behaviour6RollingBackOverLargeBatchesForgetsAllOfThem() throws {
        let fixture = try RecorderFixture()
        let large = String(repeating: "x", count: 300_000)
        try fixture.recorder.arm()
        fixture.recorder.record(TextEvent("first"))
        let mark = try fixture.recorder.savepoint()
        for _ in 0..<12 { fixture.recorder.record(TextEvent(large)) }
        try fixture.recorder.rollBack(to: mark)
        fixture.recorder.record(TextEvent("last"))
        let receipt = try #require(try fixture.recorder.commit())
        #expect(receipt.lsns.count == 3, "one batch is left")
        let image = fixture.fileSystem.crashImage(.onlySynced)
        #expect(try RecorderFixture.recovered(image) == [["first", "last"]])
    }

    @Test func behaviour7FlushSyncAndSyncLogOnlyDifferInTheMirror() throws {
        let fixture = try RecorderFixture(policy: .manual)
        try fixture.commit(["a"])
        try fixture.recorder.flush()
        #expect(fixture.mirror.persisted == 1)
        #expect(
            try RecorderFixture.recovered(fixture.fileSystem.crashImage(.onlySynced)).isEmpty)
        try fixture.recorder.syncLogOnly()
        #expect(fixture.mirror.forced == 0)
        #expect(
            try RecorderFixture.recovered(fixture.fileSystem.crashImage(.onlySynced)) == [["a"]])
        try fixture.recorder.sync()
        #expect(fixture.mirror.forced == 1)
    }

    @Test func behaviour8TheCheckpointMarkerIsDurableAndCarriesTheFence() throws {
        let fixture = try RecorderFixture()
        let receipt = try #require(try fixture.commit(["a"]))
        let lsn = try fixture.recorder.checkpointMarker(SnapshotFence(receipt.commitLSN))
        #expect(lsn == (try receipt.commitLSN.successor()))
        let image = fixture.fileSystem.crashImage(.onlySynced)
        let reopened = try WriteAheadLog.open("store", environment: .simulated(image))
        #expect(reopened.recovery.checkpointLSN == receipt.commitLSN)
    }

    @Test func behaviour9TruncateDropsSealedSegmentsAtOrBelowTheFenceAndNeverTheActiveOne() throws {
        let fixture = try RecorderFixture(segmentByteCount: 256)
        var last: LSN = .never
        for number in 0..<20 {
            last = try #require(try fixture.commit(["event \(number)"])).commitLSN
        }
        let segments = fixture.log.status.segments
        #expect(segments.count > 3)
        let middle = segments[1].lastLSN
        let dropped = try fixture.recorder.truncate(
            upTo: TruncationFence(unchecked: try middle.successor()))
        #expect(dropped.map(\.lastLSN) == segments[...1].map(\.lastLSN))
        #expect(fixture.log.status.firstLSN == segments[2].name.baseLSN)
        try fixture.recorder.truncate(upTo: TruncationFence(unchecked: last))
        #expect(fixture.log.status.segments.map(\.name) == [segments[segments.count - 1].name])
    }

    @Test func behaviour10PoisonIsStickyTheFirstReasonWinsAndTheLogsFailureSurfaces() throws {
        let fixture = try RecorderFixture()
        try fixture.recorder.arm()
        fixture.recorder.record(TextEvent("in memory"))
        fixture.fileSystem.setFaults(
            .fail(.ioError, atOperation: fixture.fileSystem.operationCount))
        #expect(throws: LogError.self) { try fixture.log.commit(batch: [1, 2, 3].span.bytes) }
        #expect(fixture.recorder.failure?.code == .logFailed)
        #expect(throws: RecorderError.self) { try fixture.recorder.arm() }
        fixture.recorder.record(TextEvent("ignored"))
        #expect(fixture.recorder.failure?.code == .logFailed)
        #expect(!fixture.recorder.abort(), "poison ended the scope and cleared the buffer")

        let reopened = try RecorderFixture(fixture.fileSystem.crashImage(.onlySynced))
        try reopened.commit(["works again"])
    }

    @Test func behaviour11TheMirrorFollowsTheLogAndItsFailureHarmsNothing() throws {
        let fixture = try RecorderFixture()
        try fixture.commit(["a"])
        fixture.mirror.failFromNowOn()
        let error = #expect(throws: RecorderError.self) { try fixture.recorder.sync() }
        #expect(error?.code == .mirrorFailed)
        #expect(fixture.recorder.failure == nil)
        try fixture.commit(["b"])
        let image = fixture.fileSystem.crashImage(.onlySynced)
        #expect(try RecorderFixture.recovered(image) == [["a"], ["b"]])
    }
}
