// SPDX-License-Identifier: Apache-2.0
//
// Many callers at once, with the disk held up at the worst moment.
//
// - A sync covers what was appended before it began, and no receipt says more.
// - When the sync of a group fails, every caller that waits for it gets the error, and none waits for ever.
// - A second writer is refused, in any process; a reader is let in.

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSync
import CairnTesting
import SystemPackage

struct ThreadSuite: Suite {
    static let name = "threads"
    static let summary = "group commit with the disk held up, failing syncs, a second opener"

    private static let cases: [(name: String, body: @Sendable (Laboratory) throws -> Void)] = [
        ("group", { try group($0, failsAt: nil) }),
        ("first-fails", { try group($0, failsAt: 0) }),
        ("second-fails", { try group($0, failsAt: 1) }),
        ("second-opener", secondOpener),
    ]

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        var single = effort
        single.threadCount = 1
        return try forEach(Array(Self.cases.indices), single) { index in
            var figures = Figures()
            figures["schedules"] += 1
            do {
                try Self.cases[index].body(laboratory)
            } catch {
                var line = Reproduction(
                    Self.name, Configuration(), Workload([]), Self.cases[index].name)
                line.bug = laboratory.bug?.name ?? ""
                figures.found(Violation(reason: "\(error)", reproduction: line))
            }
            return figures
        }
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        guard let found = Self.cases.first(where: { $0.name == reproduction.detail }) else {
            throw Complaint("no such schedule: \(reproduction.detail)")
        }
        try found.body(laboratory)
    }

    private static func secondOpener(_ laboratory: Laboratory) throws {
        let (files, _) = try Laboratory().start(Configuration(.every, populated: true))
        let image = files.copy
        let first = try laboratory.open(image, Configuration())
        do {
            _ = try laboratory.open(image, Configuration(), seed: 2, access: .readWrite)
            throw Complaint("a second writer was let in")
        } catch let error as DurableError where error.cause?.code == .locked {}
        let reader = try laboratory.open(image, Configuration(), seed: 3, access: .readOnly)
        try reader.close()
        try first.close()
    }

    /// One commit leads and is held up; six others come meanwhile. Then the first or the second sync
    /// may fail.
    private static func group(_ laboratory: Laboratory, failsAt failing: Int?) throws {
        let files = SimulatedFileSystem()
        // The first write waits before one gate, all others before the second.
        let (gate, second, count) = (Gate(), Gate(), Locked(0))
        let hook = CallHook { operation in
            guard operation.kind == .writeDurably else { return }
            let number = count.withLock { number in
                number += 1
                return number
            }
            (number == 1 ? gate : second).pass()
        }
        let environment = laboratory.environment(files, seed: 1)
        var options = LogOptions()
        options.preparesSegments = false
        let log = try WriteAheadLog.open(
            Laboratory.storePath, options: options,
            environment: StorageEnvironment(
                fileSystem: InterceptedFileSystem(environment.fileSystem, hook),
                clock: environment.clock, randomness: environment.randomness))
        var course = Course(log, files)
        count.withLock { $0 = 0 }
        gate.shut()
        second.shut()
        try course.start(1)
        gate.waitUntilBlocked()
        try course.start(5)
        course.startTask()
        try course.waitForAppended(7)
        if failing == 0 { fail(files) }
        gate.open()
        if failing == 0 {
            second.open()
            return try course.expectAllTold(withSuccess: 0)
        }
        try course.waitForFirst()
        try course.expectSucceeded(1)
        if failing == 1 { fail(files) }
        second.open()
        try course.expectAllTold(withSuccess: failing == 1 ? 1 : 7)
        if failing == nil { try log.close() }
    }

    private static func fail(_ files: SimulatedFileSystem) {
        files.setFaults(.fail(.ioError, atOperation: files.operationCount))
    }
}

/// The callers of a schedule and what they were told.
private struct Course {
    private struct Told: Sendable {
        var started = 0
        var receipts: [CommitReceipt] = []
        var errors: [String] = []
        var count: Int { receipts.count + errors.count }
    }

    private let log: WriteAheadLog
    private let files: SimulatedFileSystem
    private let told = Locked(Told())
    private var threads: [BackgroundThread] = []

    init(_ log: WriteAheadLog, _ files: SimulatedFileSystem) {
        self.log = log
        self.files = files
    }

    mutating func start(_ count: Int) throws {
        for _ in 0..<count {
            let (log, told) = (log, told)
            threads.append(
                try BackgroundThread {
                    let batch: [UInt8] = [1, 2, 3]
                    do throws(LogError) {
                        let receipt = try log.commit(batch: batch.span.bytes)
                        told.withLock { $0.receipts.append(receipt) }
                    } catch {
                        told.withLock { $0.errors.append(error.code.description) }
                    }
                })
        }
    }

    /// A caller that waits without a thread.
    func startTask() {
        let (log, told) = (log, told)
        Task.detached(executorPreference: ThreadPerJob.shared) {
            var transaction = LogTransaction()
            do throws(LogError) {
                try transaction.append([4, 5].span.bytes, options: log.options)
                guard let receipt = try await log.commit(transaction) else { return }
                told.withLock { $0.receipts.append(receipt) }
            } catch {
                told.withLock { $0.errors.append(error.code.description) }
            }
        }
    }

    func waitForAppended(_ count: Int) throws {
        let log = log
        try poll("all to be appended") { log.status.commitCount == UInt64(count) }
    }

    func waitForFirst() throws {
        let told = told
        try poll("the leader to be told") { told.withLock { $0.count } > 0 }
    }

    func expectSucceeded(_ count: Int) throws {
        let receipts = told.withLock { $0.receipts }
        guard receipts.count >= count else { throw Complaint("the leader was told of a failure") }
        for receipt in receipts where log.durableFence.lsn < receipt.commitLSN {
            throw Complaint("\(receipt.commitLSN) was acknowledged, durable is \(log.durableFence)")
        }
        let (fence, recovered) = (log.durableFence.lsn, try recoveredLSN())
        guard recovered >= fence else {
            throw Complaint("\(fence) is called durable, and \(recovered) would come back")
        }
    }

    func expectAllTold(withSuccess count: Int) throws {
        let told = told
        try poll("everyone to be told") { told.withLock { $0.count } == 7 }
        let (receipts, errors) = told.withLock { ($0.receipts, $0.errors) }
        guard receipts.count >= count, count > 1 || receipts.count <= 7 else {
            throw Complaint("\(receipts.count) receipts, \(errors)")
        }
        guard errors.allSatisfy({ $0 == "indeterminate" || $0 == "poisoned" }) else {
            throw Complaint("told \(errors)")
        }
        if count == 0, !receipts.isEmpty { throw Complaint("a receipt after a failed sync") }
        // What was acknowledged is on the medium.
        let recovered = try recoveredLSN()
        for receipt in receipts where receipt.commitLSN > recovered {
            throw Complaint("\(receipt.commitLSN) was acknowledged, \(recovered) came back")
        }
    }

    /// The last commit that a crash at this moment would leave.
    private func recoveredLSN() throws -> LSN {
        var recovered = LSN.never
        var options = LogOptions()
        options.preparesSegments = false
        _ = try WriteAheadLog.open(
            Laboratory.storePath, options: options,
            environment: .simulated(files.crashImage(.onlySynced), seed: 9)
        ) { _, transaction in recovered = transaction.commitLSN }
        return recovered
    }

    private func poll(_ what: String, _ condition: () -> Bool) throws {
        let (clock, pause) = (SystemTime(), Locked(()))
        let end = clock.monotonicNanoseconds() + 3_000_000_000
        while !condition() {
            guard clock.monotonicNanoseconds() < end else {
                throw Complaint("waiting for \(what), in vain")
            }
            pause.sleep(nanoseconds: 200_000) { _ in false }
        }
    }
}

/// Runs each job of a task on a thread of its own, so that schedules do not depend on how busy the threads are
/// that all tasks of a process share.
private final class ThreadPerJob: TaskExecutor {
    static let shared = ThreadPerJob()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        do throws(StorageError) {
            _ = try BackgroundThread {
                job.runSynchronously(on: Self.shared.asUnownedTaskExecutor())
            }
        } catch {
            preconditionFailure("no thread for a job: \(error)")
        }
    }
}
