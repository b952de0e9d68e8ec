// SPDX-License-Identifier: Apache-2.0
//
// Makes the checkpoints that are due, on a thread that is there only while there is something to do or to wait for.
//
// - A commit compares two numbers; it takes no lock and starts a thread at most once.
// - The thread has the store only while it makes a checkpoint: a store that is no longer used goes.
// - No lock is held while a checkpoint is made or a failure is reported.

internal import CairnIO
internal import Synchronization

/// A store, as far as its checkpoints go.
protocol MakesCheckpoints: AnyObject, Sendable {
    func makeCheckpointByItself() throws(DurableError)
    /// The length of the log in bytes, counted since it was opened.
    var logByteCount: Int { get }
}

final class CheckpointKeeper: Sendable {
    let options: CheckpointOptions
    private let environment: StorageEnvironment
    private let schedule: Locked<CheckpointSchedule>
    private let thread = Locked<BackgroundThread?>(nil)
    /// At which length of the log a commit is to look.
    private let dueByteCount: Atomic<Int>
    private let commitCount = Atomic<Int>(0)
    private let looksAtEachCommit: Bool

    init(
        _ options: CheckpointOptions, environment: StorageEnvironment, baseByteCount: Int,
        snapshotByteCount: Int
    ) {
        self.options = options
        self.environment = environment
        let schedule = CheckpointSchedule(
            options, baseByteCount: baseByteCount, snapshotByteCount: snapshotByteCount,
            now: environment.clock.monotonicNanoseconds())
        dueByteCount = Atomic(schedule.dueByteCount)
        looksAtEachCommit =
            options.isAutomatic
            && (options.commitCount != nil
                || options.interval != nil && environment.backgroundWork == .inline)
        self.schedule = Locked(schedule)
    }

    /// Begins to look at the clock, if that is asked for.
    func begin(_ owner: any MakesCheckpoints) {
        guard options.isAutomatic, options.interval != nil || owner.logByteCount >= due else {
            return
        }
        signal(owner)
    }

    private var due: Int { dueByteCount.load(ordering: .relaxed) }

    /// Looks whether a checkpoint is due, after a commit.
    @inline(__always)
    func noticeCommit(_ owner: some MakesCheckpoints) {
        guard looksAtEachCommit || owner.logByteCount >= due else { return }
        look(owner)
    }

    @inline(never)
    private func look(_ owner: any MakesCheckpoints) {
        if let most = options.commitCount {
            let count = commitCount.wrappingAdd(1, ordering: .relaxed).newValue
            guard count >= most || owner.logByteCount >= due || options.interval != nil else {
                return
            }
        }
        signal(owner)
    }

    private func signal(_ owner: any MakesCheckpoints) {
        guard environment.backgroundWork == .onThreads else { return lookInline(owner) }
        let mustStart = schedule.withLock { schedule in
            schedule.isSignalled = true
            guard !schedule.hasThread, schedule.isActive else { return false }
            schedule.hasThread = true
            return true
        }
        guard mustStart else { return schedule.wakeAll() }
        do throws(StorageError) {
            let started = try BackgroundThread { [weak owner, self] in run { owner } }
            thread.withLock { $0 = started }
        } catch {
            // The next commit tries again.
            schedule.withLock { $0.hasThread = false }
        }
    }

    private func lookInline(_ owner: any MakesCheckpoints) {
        if next(owner.logByteCount) == .checkpoint { perform(owner) }
    }

    private func run(_ owner: () -> (any MakesCheckpoints)?) {
        while true {
            guard let byteCount = owner()?.logByteCount else { return }
            switch next(byteCount) {
            case .stop: return
            case .rest: if leaves(byteCount) { return }
            case .wait(let nanoseconds):
                schedule.sleep(nanoseconds: nanoseconds) { $0.isStopped || $0.isSignalled }
            case .checkpoint:
                guard let owner = owner() else { return }
                perform(owner)
            }
        }
    }

    private func next(_ byteCount: Int) -> CheckpointSchedule.Action {
        let now = environment.clock.monotonicNanoseconds()
        let commits = commitCount.load(ordering: .relaxed)
        return schedule.withLock {
            $0.next(now: now, byteCount: byteCount, commitCount: commits)
        }
    }

    /// Ends the thread, unless something has become due since it looked.
    private func leaves(_ byteCount: Int) -> Bool {
        schedule.withLock { schedule in
            guard !schedule.isSignalled || !schedule.isActive else { return false }
            schedule.hasThread = false
            return true
        }
    }

    private func perform(_ owner: any MakesCheckpoints) {
        do throws(DurableError) {
            try owner.makeCheckpointByItself()
            schedule.withLock { $0.succeeded() }
        } catch {
            let now = environment.clock.monotonicNanoseconds()
            let reports = schedule.withLock { schedule in
                schedule.ended()
                guard !schedule.isStopped else { return false }
                schedule.failed(error, now: now)
                dueByteCount.store(schedule.dueByteCount, ordering: .relaxed)
                return true
            }
            if reports { options.onFailure?(error) }
        }
    }

    /// A checkpoint was made, by itself or by a call.
    ///
    /// - Parameter byteCount: How long the log was when it began.
    func made(_ checkpoint: Checkpoint?, at byteCount: Int) {
        commitCount.store(0, ordering: .relaxed)
        let now = environment.clock.monotonicNanoseconds()
        schedule.withLock { schedule in
            schedule.made(checkpoint, baseByteCount: byteCount, now: now)
            dueByteCount.store(schedule.dueByteCount, ordering: .relaxed)
        }
    }

    /// Whether the log is long enough for a checkpoint, whatever has failed.
    func isDue(_ byteCount: Int) -> Bool { byteCount >= due }

    /// Makes no more, and waits for the one that is being made.
    func stop(waiting: Bool) {
        schedule.withLock { schedule in
            schedule.isStopped = true
            dueByteCount.store(.max, ordering: .relaxed)
        }
        schedule.wakeAll()
        let running = thread.withLock { $0.take() }
        if waiting { running?.join() }
    }

    func status(_ byteCount: Int) -> CheckpointStatus {
        let now = environment.clock.monotonicNanoseconds()
        return schedule.withLock { schedule in
            CheckpointStatus(
                logByteCount: schedule.logByteCount(byteCount),
                dueByteCount: schedule.isActive ? schedule.threshold : nil,
                isRunning: schedule.isRunning, madeCount: schedule.madeCount, last: schedule.last,
                failure: schedule.failure, failureCount: schedule.failureCount,
                retryPause: schedule.isActive ? schedule.retryPause(now: now) : nil)
        }
    }
}
