// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnIO
import CairnLSN
import CairnLog
import CairnRecorder
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// Appending and waiting, one by one; hosts of a recorder alone.
struct RecorderPipelineTests {
    @Test func theNextWriteBeginsWhileTheOneBeforeWaits() throws {
        let fixture = try RecorderFixture()
        let recorder = fixture.recorder
        let operations = fixture.fileSystem.operationCount
        var pending: [PendingCommit] = []
        for text in ["a", "b", "c"] {
            try recorder.arm()
            #expect(recorder.record(TextEvent(text)))
            pending.append(try #require(try recorder.append()))
        }
        #expect(fixture.fileSystem.operationCount == operations, "an append causes no write")
        #expect(pending.map(\.commitLSN) == pending.map(\.commitLSN).sorted())
        #expect(try recorder.wait(for: pending[1]).level == .durable)
        #expect(fixture.fileSystem.operationCount == operations + 1, "one sync carries all")
        #expect(try recorder.wait(for: pending[2]).level == .durable)
        #expect(try recorder.wait(for: pending[0]).level == .durable)
        #expect(fixture.fileSystem.operationCount == operations + 1)
        let image = fixture.fileSystem.crashImage(.onlySynced)
        #expect(try RecorderFixture.recovered(image) == [["a"], ["b"], ["c"]])
    }

    @Test func aFailureIsToldToAllThatWait() throws {
        let fixture = try RecorderFixture()
        var pending: [PendingCommit] = []
        for text in ["a", "b"] {
            try fixture.recorder.arm()
            fixture.recorder.record(TextEvent(text))
            pending.append(try #require(try fixture.recorder.append()))
        }
        fixture.fileSystem.setFaults(
            .fail(.ioError, atOperation: fixture.fileSystem.operationCount))
        for commit in pending {
            let error = #expect(throws: RecorderError.self) {
                try fixture.recorder.wait(for: commit)
            }
            #expect(error?.code == .commitFailed && error?.cause?.code == .indeterminate)
        }
        #expect(throws: RecorderError.self) { try fixture.recorder.arm() }
    }

    @Test func theTwinsDoTheSame() async throws {
        let fixture = try RecorderFixture(policy: .manual)
        let recorder = fixture.recorder
        try recorder.arm()
        recorder.record(TextEvent("a"))
        #expect(try await recorder.commit()?.level == .written)
        try recorder.arm()
        #expect(try await recorder.commit() == nil)
        var buffer = EventBuffer()
        buffer.append(TextEvent("b"))
        #expect(try await recorder.commit(buffer, level: .durable)?.level == .durable)
        try await recorder.flush()
        #expect(fixture.mirror.persisted == 1)
        try await recorder.sync()
        #expect(fixture.mirror.forced == 1)
        try await recorder.close()
        let image = fixture.fileSystem.crashImage(.onlySynced)
        #expect(try RecorderFixture.recovered(image) == [["a"], ["b"]])
    }

    @Test func whatCannotBeStoredIsRefusedAndTheRecorderGoesOn() throws {
        let files = SimulatedFileSystem()
        var options = LogOptions()
        options.frameLimits = FrameLimits(payloadByteCountMax: 2048)
        let log = try WriteAheadLog.open(
            "store", options: options, environment: .simulated(files))
        let recorder = WalRecorder(log: log)
        try recorder.arm()
        recorder.record(TextEvent(String(repeating: "x", count: 3000)))
        let error = #expect(throws: RecorderError.self) { try recorder.commit() }
        #expect(error?.code == .refused && error?.cause?.code == .codec)
        #expect(recorder.failure == nil && log.status.commitCount == 0)
        try recorder.arm()
        recorder.record(TextEvent("small"))
        #expect(try recorder.commit()?.level == .durable)
        #expect(try RecorderFixture.recovered(files.crashImage(.onlySynced)) == [["small"]])
    }

    @Test func aHostCanStopARecorderAndTheFirstReasonStays() throws {
        let fixture = try RecorderFixture()
        try fixture.recorder.arm()
        fixture.recorder.record(TextEvent("never"))
        fixture.recorder.poison()
        fixture.recorder.poison(RecorderError(code: .notArmed))
        #expect(fixture.recorder.failure?.code == .hostFailed)
        #expect(!fixture.recorder.record(TextEvent("refused")), "the caller is told")
        let error = #expect(throws: RecorderError.self) { try fixture.recorder.arm() }
        #expect(error?.code == .poisoned && error?.reason == .hostFailed)
        #expect(
            try RecorderFixture.recovered(fixture.fileSystem.crashImage(.onlySynced)).isEmpty)
    }

    @Test func theErrorOfTheMirrorIsKept() throws {
        let fixture = try RecorderFixture()
        try fixture.commit(["a"])
        fixture.mirror.failFromNowOn()
        let error = #expect(throws: RecorderError.self) { try fixture.recorder.sync() }
        #expect(error?.mirrorFailure?.error is CountingMirror.Failure)
        #expect(error?.description.contains("Failure") == true)
    }

    @Test func aHostOpensItsRecorderInOneCall() throws {
        let fixture = try RecorderFixture()
        try fixture.commit(["a", "b"])
        try fixture.commit(["c"])
        let image = fixture.fileSystem.crashImage(.onlySynced)
        var texts: [String] = []
        let recorder = try WalRecorder.open(
            "store", replaying: TextEvent.self, environment: .simulated(image)
        ) { texts.append($0.text) }
        #expect(texts == ["a", "b", "c"])
        #expect(recorder.recovery.transactionCount == 2)
        try recorder.arm()
        recorder.record(TextEvent("d"))
        try recorder.commit()
        try recorder.close()
        #expect(try RecorderFixture.recovered(image) == [["a", "b"], ["c"], ["d"]])
    }

    @Test func anEventOfAnotherProgramIsNamed() throws {
        let fixture = try RecorderFixture()
        let receipt = try fixture.commit(["not a number"])
        let error = #expect(throws: RecorderError.self) {
            try WalRecorder.open(
                "store", replaying: TextEventAsNumber.self,
                environment: .simulated(fixture.fileSystem.crashImage(.onlySynced))
            ) { _ in }
        }
        #expect(error?.code == .unreadableEvent && error?.lsn == receipt?.commitLSN)
        #expect(error?.format != nil)
    }
}
