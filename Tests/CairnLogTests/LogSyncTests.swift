// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// Who waits for a sync and who does not, under every policy.
@Suite(.timeLimit(.minutes(10)))
struct LogSyncTests {
    typealias Concurrency = LogConcurrencyTests

    @Test func aSyncByTheClockHoldsUpNoWriter() throws {
        let files = SimulatedFileSystem()
        let gate = Gate()
        let log = try Concurrency.open(
            files, smallOptions(segmentByteCount: 1 << 20, .periodic(interval: .milliseconds(1))),
            clock: SystemTime()
        ) { if $0.kind == .syncFile { gate.pass() } }
        gate.shut()
        try log.commit(.small(0))
        gate.waitUntilBlocked()
        // The sync stands still, and all of these return.
        for number in 1..<50 {
            #expect(try log.commit(.small(number)).level == .written)
        }
        #expect(log.status.writtenLSN.rawValue == 150)
        #expect(log.durableFence.lsn.rawValue == 0)
        gate.open()
        // Waiting for it would cause a sync.
        poll { log.durableFence.covers(LSN(rawValue: 150)) }
        let status = log.status
        #expect(status.syncCounts[.period] ?? 0 >= 2)
        #expect(status.syncedCommitCounts[.period] == 50)
        #expect(status.commitsPerSync > 1)
        #expect(try openLog(files.crashImage(.onlySynced)).replayed.transactions.count == 50)
        try log.close()
    }

    @Test func aDurableCommitWaitsForTheSyncUnderWay() throws {
        let files = SimulatedFileSystem()
        let gate = Gate()
        let log = try Concurrency.open(
            files, smallOptions(segmentByteCount: 1 << 20, .periodic(interval: .milliseconds(1))),
            clock: SystemTime()
        ) { if $0.kind == .syncFile { gate.pass() } }
        gate.shut()
        try log.commit(.small(0))
        gate.waitUntilBlocked()
        let level = Locked<DurabilityLevel?>(nil)
        let thread = try BackgroundThread {
            let receipt = try? log.commit(.small(1), level: .durable)
            level.withLock { $0 = receipt?.level }
        }
        poll { log.status.commitCount == 2 }
        for number in 2..<20 { try log.commit(.small(number)) }
        #expect(level.withLock { $0 } == nil)
        gate.open()
        thread.join()
        #expect(level.withLock { $0 } == .durable)
        #expect(log.durableFence.covers(LSN(rawValue: 6)))
        try log.close()
    }

    @Test func aFailedSyncByTheClockIsFinal() throws {
        let files = SimulatedFileSystem()
        let log = try Concurrency.open(
            files, smallOptions(.periodic(interval: .milliseconds(1))), clock: SystemTime())
        let rule = FaultRule(.matching(.syncFile), .fail(.ioError), .once)
        files.setFaults(FaultPlan([rule]))
        let receipt = try log.commit(.small(0))
        do throws(LogError) {
            try log.waitUntilDurable(receipt.commitLSN)
            Issue.record("no caller got the error")
        } catch {
            #expect(error.code == .indeterminate)
        }
        let count = files.operationCount
        #expect(throws: LogError.self) { try log.commit(.small(1)) }
        #expect(throws: LogError.self) { try log.sync() }
        #expect(log.failure?.cause?.errno == .ioError)
        #expect(files.operationCount == count)
        #expect(throws: LogError.self) { try log.close() }
    }

    @Test(arguments: [
        SyncPolicy.everyCommit, .manual, .bytes(500), .periodic(interval: .milliseconds(1)),
    ])
    func levelsMixUnderEveryPolicy(_ policy: SyncPolicy) async throws {
        let files = SimulatedFileSystem()
        let log = try Concurrency.open(
            files, smallOptions(segmentByteCount: 3000, policy), clock: SystemTime())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<3 {
                group.addTask {
                    for number in 0..<60 {
                        let level: DurabilityLevel? = number % 4 == caller ? .durable : nil
                        let transaction = try log.encoded(Concurrency.signed(caller, number))
                        let receipt = try await log.commit(transaction, level: level)
                        if level == .durable { #expect(receipt?.level == .durable) }
                    }
                }
            }
            try onThreads(5) { caller in
                for number in 0..<60 {
                    do {
                        let level: DurabilityLevel? = number % 3 == caller % 3 ? .durable : nil
                        let receipt = try log.commit(
                            Concurrency.signed(3 + caller, number), level: level)
                        if receipt.level == .durable {
                            #expect(log.durableFence.covers(receipt.commitLSN))
                        }
                        if number % 20 == 7 { try log.sync() }
                        if number % 20 == 17 { try log.flush() }
                    } catch {
                        Issue.record("caller \(caller), commit \(number): \(error)")
                    }
                }
            }
            try await group.waitForAll()
        }
        try await log.sync()
        let image = files.crashImage(.onlySynced)
        Concurrency.expectAll(try openLog(image).replayed, callers: 8, each: 60)
        try await log.close()
    }

    @Test func aDelayLetsOthersJoin() throws {
        let files = SimulatedFileSystem()
        let gate = Gate()
        let options = smallOptions(segmentByteCount: 1 << 20) {
            $0.commitDelay = CommitDelay(.seconds(2), minimumWaiters: 2)
        }
        let log = try Concurrency.open(files, options) {
            if $0.kind == .writeDurably { gate.pass() }
        }
        gate.shut()
        let threads = try (0..<4).map { number in
            try BackgroundThread { _ = try? log.commit(.small(number)) }
        }
        poll { log.status.commitCount == 4 }
        gate.open()
        poll { log.durableFence.lsn > .never }
        // The next leader waits, and this one rides along.
        try log.commit(.small(5))
        for thread in threads { thread.join() }
        #expect(gate.passed == 2)
        #expect(log.durableFence.lsn.rawValue == 15)
        try log.close()
    }

    @Test func aLoneCommitIsNeverDelayed() throws {
        let files = SimulatedFileSystem()
        let options = smallOptions {
            $0.commitDelay = CommitDelay(.seconds(100_000), minimumWaiters: 1)
        }
        let (log, _) = try openLog(files, options)
        for number in 0..<10 { try log.commit(.small(number)) }
        try log.close()
        #expect(try openLog(files).replayed.transactions.count == 10)
    }

    @Test func commitTimesNeverGoBack() throws {
        let files = SimulatedFileSystem()
        for (seed, base) in [(UInt64(1), UInt64(5000)), (2, 100)] {
            let clock = Clock([base, base + 10, 3, base + 5, base + 20])
            let environment = StorageEnvironment(
                fileSystem: files, clock: clock, randomness: SeededRandomness(seed: seed))
            let log = try WriteAheadLog.open(
                storePath, options: smallOptions(), environment: environment)
            for number in 0..<5 { try log.commit(Transaction.small(number)) }
            try log.close()
        }
        let times = try openLog(files, seed: 9).replayed.times
        #expect(times == [5000, 5010, 5010, 5010, 5020, 5020, 5020, 5020, 5020, 5020])
    }

    /// A wall clock that shows a given time.
    private final class Clock: TimeSource {
        private let times: Locked<[UInt64]>
        init(_ times: [UInt64]) { self.times = Locked(times) }
        func wallNanoseconds() -> UInt64 {
            times.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }
        func monotonicNanoseconds() -> UInt64 { 0 }
    }

    @Test func aCheckpointOfWhatIsNotDurableIsRefused() throws {
        let files = SimulatedFileSystem()
        let (log, _) = try openLog(files, smallOptions(.manual))
        let receipt = try log.commit(.small(1))
        for lsn in [receipt.commitLSN, LSN(rawValue: 1000)] {
            #expect(throws: LogError(code: .checkpointRefused, lsn: lsn)) {
                try log.checkpointMarker(SnapshotFence(lsn))
            }
        }
        try log.sync()
        #expect(try log.checkpointMarker(SnapshotFence(receipt.commitLSN)).rawValue == 4)
        try log.close()
    }

    @Test func limitsThatAllowNoSealAreRefused() throws {
        for (limit, isAllowed) in [(-1, false), (0, false), (39, false), (40, true)] {
            let files = SimulatedFileSystem()
            let options = smallOptions(segmentByteCount: 200) {
                $0.frameLimits.payloadByteCountMax = limit
            }
            guard isAllowed else {
                #expect(throws: LogError(code: .invalidOptions)) { try openLog(files, options) }
                continue
            }
            let (log, _) = try openLog(files, options)
            for number in 0..<10 { try log.commit(.small(number)) }
            #expect(log.status.segments.count > 1)
            try log.close()
        }
    }
}
