// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnLog
import CairnSegments
import CairnSync
import CairnTesting
import SystemPackage
import Testing

/// Many callers at once. Files are simulated; threads and tasks are real.
@Suite(.timeLimit(.minutes(10)))
struct LogConcurrencyTests {
    static func open(
        _ files: SimulatedFileSystem, _ options: LogOptions,
        clock: any TimeSource = TestClock(),
        _ hook: @escaping @Sendable (SimulatedOperation) -> Void = { _ in }
    ) throws -> WriteAheadLog {
        let environment = StorageEnvironment(
            fileSystem: InterceptedFileSystem(files, CallHook(hook)), clock: clock,
            randomness: SeededRandomness(seed: 1))
        return try WriteAheadLog.open(storePath, options: options, environment: environment)
    }

    /// A transaction that says who committed it and when.
    static func signed(_ caller: Int, _ number: Int) -> Transaction {
        var batch = [UInt8](repeating: 0xcc, count: 30)
        batch[0] = UInt8(caller)
        batch[1] = UInt8(number)
        return Transaction(batches: [batch])
    }

    /// Checks that every caller's transactions came back, in its order.
    static func expectAll(_ replayed: Replayed, callers: Int, each: Int) {
        var next = [Int](repeating: 0, count: callers)
        for transaction in replayed.transactions {
            let caller = Int(transaction.batches[0][0])
            #expect(transaction == signed(caller, next[caller]))
            next[caller] += 1
        }
        #expect(next == [Int](repeating: each, count: callers))
        for (range, following) in zip(replayed.ranges, replayed.ranges.dropFirst()) {
            #expect(following.first.rawValue == range.last.rawValue + 1)
        }
    }

    @Test func threadsShareSyncs() throws {
        let files = SimulatedFileSystem()
        let slow = Locked(())
        let syncs = Gate()
        let log = try Self.open(files, smallOptions(segmentByteCount: 32 << 10)) { operation in
            guard operation.kind == .writeDurably else { return }
            syncs.pass()
            slow.sleep(nanoseconds: 200_000) { _ in false }
        }
        try onThreads(8) { caller in
            for number in 0..<200 {
                do {
                    let receipt = try log.commit(Self.signed(caller, number))
                    #expect(receipt.level == .durable)
                    #expect(log.durableFence.covers(receipt.commitLSN))
                } catch {
                    Issue.record("caller \(caller), commit \(number): \(error)")
                }
            }
        }
        #expect(syncs.passed < 800)
        let counts = log.status.syncCounts.values.reduce(0, +)
        #expect(counts < 800)
        let image = files.crashImage(.onlySynced)
        Self.expectAll(try openLog(image).replayed, callers: 8, each: 200)
        try log.close()
        Self.expectAll(try openLog(files).replayed, callers: 8, each: 200)
    }

    @Test func tasksBlockNoThread() async throws {
        let files = SimulatedFileSystem()
        let gate = Gate()
        let log = try Self.open(files, smallOptions(segmentByteCount: 2000)) { operation in
            if operation.kind == .writeDurably { gate.pass() }
        }
        gate.shut()
        let started = Locked(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    started.withLock { $0 += 1 }
                    let receipt = try await log.commit(
                        log.encoded(Self.signed(0, number)), level: nil)
                    #expect(receipt?.level == .durable)
                    try await log.waitUntilDurable(try #require(receipt).commitLSN)
                }
            }
            // This one gets to run only if the others do not hold all threads.
            group.addTask {
                while started.withLock({ $0 }) < 200 { await Task.yield() }
                gate.open()
            }
            try await group.waitForAll()
        }
        #expect(log.status.commitCount == 200)
        try await log.close()
        #expect(try openLog(files).replayed.transactions.count == 200)
    }

    @Test func threadsAndTasksTogether() async throws {
        let files = SimulatedFileSystem()
        let log = try Self.open(files, smallOptions(segmentByteCount: 4096))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<4 {
                group.addTask {
                    for number in 0..<50 {
                        let transaction = try log.encoded(Self.signed(caller, number))
                        try await log.commit(transaction)
                    }
                }
            }
            try onThreads(4) { caller in
                for number in 0..<50 { _ = try? log.commit(Self.signed(4 + caller, number)) }
            }
            try await group.waitForAll()
        }
        let image = files.crashImage(.onlySynced)
        Self.expectAll(try openLog(image).replayed, callers: 8, each: 50)
    }

    @Test func aFailureWakesEverybody() async throws {
        for operation in [3, 40, 41, 42, 43, 44, 45, 46, 60] {
            let files = SimulatedFileSystem()
            let log = try Self.open(files, smallOptions(segmentByteCount: 2000))
            let base = files.operationCount
            files.setFaults(.fail(.ioError, atOperation: base + operation, .forever))
            let codes = Locked<Set<String>>([])
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do {
                            for number in 0..<100 {
                                try await log.commit(log.encoded(Self.signed(1, number)))
                            }
                        } catch {
                            codes.withLock { _ = $0.insert("\((error as? LogError)?.code as Any)") }
                        }
                    }
                }
                _ = try? onThreads(4) { _ in
                    do {
                        for number in 0..<200 { try log.commit(Self.signed(2, number)) }
                        Issue.record("operation \(operation): no caller got the error")
                    } catch {
                        codes.withLock { _ = $0.insert("\((error as? LogError)?.code as Any)") }
                    }
                }
            }
            let allowed: Set<String> = ["Optional(indeterminate)", "Optional(poisoned)"]
            #expect(codes.withLock { $0 }.isSubset(of: allowed), "operation \(operation)")
            #expect(files.operationCount == base + operation + 1, "operation \(operation)")
            #expect(log.status.failure?.cause?.errno == .ioError)
            #expect(throws: LogError.self) { try log.close() }
            let fence = log.durableFence.lsn
            let image = files.crashImage(.onlySynced)
            let (_, replayed) = try openLog(image)
            #expect(replayed.ranges.last?.last ?? .never >= fence, "operation \(operation)")
        }
    }

    @Test func truncationWhileOthersCommit() throws {
        let files = SimulatedFileSystem()
        let log = try Self.open(files, smallOptions(segmentByteCount: 700))
        try onThreads(4) { caller in
            for number in 0..<100 {
                do {
                    if caller == 0 {
                        let fence = TruncationFence(unchecked: log.durableFence.lsn)
                        try log.truncate(upTo: fence)
                    }
                    try log.commit(Self.signed(caller, number))
                } catch {
                    Issue.record("caller \(caller), commit \(number): \(error)")
                }
            }
        }
        let first = log.status.firstLSN
        let segments = log.status.segments.count
        try log.close()
        let (again, replayed) = try openLog(files, after: ReplayFence(first.predecessor))
        #expect(replayed.ranges.last?.last.rawValue == 1200)
        #expect(again.status.segments.count == segments)
        #expect(files.segmentPaths.count == segments)
    }
}
