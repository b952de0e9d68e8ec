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

/// Waiting for what others do: the clock, a limit, a close.
@Suite(.timeLimit(.minutes(10)))
struct LogWaitingTests {
    typealias Concurrency = LogConcurrencyTests

    @Test func thePeriodMakesCommitsDurableByItself() throws {
        let files = SimulatedFileSystem()
        let log = try Concurrency.open(
            files, smallOptions(.periodic(interval: .milliseconds(5))), clock: SystemTime())
        for number in 0..<20 {
            let receipt = try log.commit(.small(number))
            #expect(receipt.level == .written || log.durableFence.covers(receipt.commitLSN))
            // Waiting for it would cause the sync.
            poll { log.durableFence.covers(receipt.commitLSN) }
        }
        #expect(log.status.syncCounts[.period] ?? 0 > 0)
        #expect(try openLog(files.crashImage(.onlySynced)).replayed.transactions.count == 20)
        try log.close()
    }

    @Test func whatArrivesDuringASyncDoesNotEscapeTheLimit() throws {
        let files = SimulatedFileSystem()
        let gate = Gate()
        let log = try Concurrency.open(files, smallOptions(.bytes(100))) { operation in
            if operation.kind == .writeDurably { gate.pass() }
        }
        gate.shut()
        let first = try BackgroundThread { _ = try? log.commit(.small(1, byteCount: 200)) }
        gate.waitUntilBlocked()
        let second = try BackgroundThread { _ = try? log.commit(.small(2, byteCount: 200)) }
        poll { log.status.nextLSN.rawValue == 7 }
        gate.open()
        first.join()
        second.join()
        #expect(log.durableFence.lsn.rawValue == 6)
    }

    @Test func waitingForTheFutureEndsWhenItComes() async throws {
        let files = SimulatedFileSystem()
        let log = try Concurrency.open(files, smallOptions(.manual))
        async let waiting: Void = log.waitUntilDurable(LSN(rawValue: 6))
        await Task.yield()
        try log.commit(Transaction.small(1))
        try log.commit(Transaction.small(2))
        try await log.sync()
        try await waiting
        #expect(log.durableFence.lsn.rawValue == 6)
    }

    @Test func waitingForTheFutureKeepsNoThreadBusy() async throws {
        let files = SimulatedFileSystem()
        let log = try Concurrency.open(files, smallOptions(.manual))
        let task = Task { try await log.waitUntilDurable(LSN(rawValue: 300)) }
        while log.status.waiterCount == 0 { await Task.yield() }
        let counts = log.status.syncCounts.values.reduce(0, +)
        let pause = Locked(())
        pause.sleep(nanoseconds: 50_000_000) { _ in false }
        #expect(log.status.syncCounts.values.reduce(0, +) <= counts + 1)
        try await log.close()
        await #expect(throws: LogError(code: .closed)) { try await task.value }
    }

    @Test func aReaderDoesNotWaitForWhatItCannotSee() throws {
        let files = try closedLog([.small(1)])
        let (log, _) = try openLog(files, readOnly(smallOptions()))
        try log.waitUntilDurable(LSN(rawValue: 3))
        #expect(throws: LogError(code: .readOnly)) { try log.waitUntilDurable(LSN(rawValue: 4)) }
    }

    @Test func aTaskThatReadsDoesNotEither() async throws {
        let files = try closedLog([.small(1)])
        let (log, _) = try openLog(files, readOnly(smallOptions()))
        try await log.waitUntilDurable(LSN(rawValue: 3))
        await #expect(throws: LogError(code: .readOnly)) {
            try await log.waitUntilDurable(LSN(rawValue: 4))
        }
    }

    @Test func theStatusIsWholeDuringARotation() throws {
        let files = SimulatedFileSystem()
        let seen = Locked<[LogStatus]>([])
        let current = Locked<WriteAheadLog?>(nil)
        let log = try Concurrency.open(files, smallOptions(segmentByteCount: 200)) { operation in
            guard operation.kind == .createFile, let log = current.withLock({ $0 }) else { return }
            seen.withLock { $0.append(log.status) }
        }
        current.withLock { $0 = log }
        for number in 0..<5 { try log.commit(Transaction.small(number, byteCount: 200)) }
        current.withLock { $0 = nil }
        let statuses = seen.withLock { $0 }
        #expect(statuses.count == 4)
        for (index, status) in statuses.enumerated() {
            #expect(status.firstLSN == .first)
            #expect(status.segments.map(\.name.segment.rawValue) == Array(1...UInt64(index + 2)))
        }
    }

    /// A commit that was told "closed" is not there, one that got a receipt is.
    @Test func closingWhileOthersCommit() async throws {
        for round in 0..<60 {
            let files = SimulatedFileSystem()
            let log = try Concurrency.open(files, smallOptions(segmentByteCount: 1000))
            let committed = Locked<[Transaction]>([])
            await withTaskGroup(of: Void.self) { group in
                for caller in 0..<6 {
                    group.addTask {
                        for number in 0..<40 {
                            let transaction = Concurrency.signed(caller, number)
                            do {
                                try await log.commit(log.encoded(transaction))
                                committed.withLock { $0.append(transaction) }
                            } catch {
                                #expect((error as? LogError)?.code == .closed, "round \(round)")
                                return
                            }
                        }
                    }
                }
                while log.status.commitCount <= UInt64(round) { await Task.yield() }
                #expect(throws: Never.self) { try log.close() }
            }
            let expected = Set(committed.withLock { $0 })
            let found = try openLog(files.crashImage(.onlySynced)).replayed.transactions
            #expect(Set(found) == expected, "round \(round)")
        }
    }

    @Test func aThreadThatWaitsIsWokenByAClose() throws {
        let files = SimulatedFileSystem()
        let log = try Concurrency.open(files, smallOptions(.manual))
        let code = Locked<LogError.Code?>(nil)
        let thread = try BackgroundThread {
            do throws(LogError) {
                try log.waitUntilDurable(LSN(rawValue: 9))
            } catch {
                code.withLock { $0 = error.code }
            }
        }
        let pause = Locked(())
        pause.sleep(nanoseconds: 5_000_000) { _ in false }
        try log.close()
        thread.join()
        #expect(code.withLock { $0 } == .closed)
    }
}
