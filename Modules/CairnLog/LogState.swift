// SPDX-License-Identifier: Apache-2.0
//
// The state of a log behind its lock. It changes by a few instructions at a time and never does I/O: it
// hands out jobs, and whoever took one performs it outside of the lock.
//
// - Committers encode into `pending` under the lock. One of them, the leader, takes everything pending
//   and writes it for all; meanwhile the others append for the next round. `active` is the token: who
//   holds the file writes, and there is one.
// - A sync covers what was appended when its job was taken, not what came later.
// - The first failure is final: no job is handed out after it.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync

/// The file that is being written; there is one, and it has one owner at a time.
struct ActiveSegment {
    var file: any File
    var name: SegmentName
}

/// A full segment: what its last write, its seal and its successor consist of.
final class SegmentTurn: Sendable {
    let bytes: ByteBuffer
    let offset: UInt64
    let seal: ByteBuffer
    let sealOffset: UInt64
    let successor: SegmentName
    let successorContent: ByteBuffer
    let status: SegmentStatus

    init(
        bytes: consuming ByteBuffer, offset: UInt64, seal: consuming ByteBuffer, sealOffset: UInt64,
        successor: SegmentName, successorContent: consuming ByteBuffer, status: SegmentStatus
    ) {
        self.bytes = bytes
        self.offset = offset
        self.seal = seal
        self.sealOffset = sealOffset
        self.successor = successor
        self.successorContent = successorContent
        self.status = status
    }
}

/// What a leader has to write.
struct WriteJob: ~Copyable {
    var active: ActiveSegment
    let turns: [SegmentTurn]
    var bytes: ByteBuffer
    let offset: UInt64
    /// Why to sync; nil to hand the bytes to the system only.
    let sync: SyncReason?
    let hadUnsyncedWrites: Bool
    /// The last LSN that the job covers.
    let lastLSN: LSN
}

/// What somebody waits for.
enum Goal: Hashable {
    /// The record is in the system's cache.
    case written(LSN)
    /// The record is on the medium.
    case durable(LSN)
    /// Everything is on the medium, also what has no LSN.
    case drained
}

/// A task that waits.
struct Waiter {
    let goal: Goal
    let resume: @Sendable (Result<Void, LogError>) -> Void
}

struct LogState: ~Copyable {
    var encoder: SegmentEncoder
    var pending = ByteBuffer(capacity: 64 << 10)
    var pendingOffset: UInt64
    var turns: [SegmentTurn] = []
    /// Segments whose turn a leader performs at the moment.
    var turning: [SegmentStatus] = []
    var spare: ByteBuffer? = ByteBuffer(capacity: 64 << 10)
    var active: ActiveSegment?
    var scheduler: SyncScheduler
    var sealed: [SegmentStatus]

    var writtenLSN: LSN
    var durable: DurableFence
    var durableGoal: LSN
    var syncRequest: SyncReason?
    var hasUnsyncedWrites = false
    var hasUnmarkedRecords: Bool

    var failure: LogError?
    var isClosed = false
    var isTruncating = false
    var waiters: [Waiter] = []
    /// Readers that wait for what others commit, and cause nothing.
    var observers = Observers()
    /// What truncation has to leave.
    var pins = Pins()
    var commitCount: UInt64 = 0
    var background = BackgroundSignals()

    init(_ recovered: consuming RecoveredLog, policy: SyncPolicy) {
        encoder = recovered.encoder
        pendingOffset = recovered.encoder.progress.byteCount
        let last = recovered.encoder.progress.lastLSN
        active = recovered.file.map { ActiveSegment(file: $0, name: recovered.encoder.header.name) }
        scheduler = SyncScheduler(policy: policy)
        sealed = recovered.statuses.dropLast()
        writtenLSN = last
        durable = DurableFence(last)
        durableGoal = last
        hasUnmarkedRecords = !recovered.endsInDurableMark && encoder.progress.frameCount > 0
    }

    /// The last LSN given out.
    var lastLSN: LSN { encoder.progress.lastLSN }

    /// Throws when the log takes no more records.
    func checkOpen() throws(LogError) {
        if let failure { throw failure.recoded(.poisoned) }
        guard !isClosed else { throw LogError(code: .closed) }
    }

    /// True when what `goal` asks for has happened.
    func isReached(_ goal: Goal) -> Bool {
        switch goal {
        case .written(let lsn): writtenLSN >= lsn
        case .durable(let lsn): durable.covers(lsn)
        case .drained: pending.isEmpty && turns.isEmpty && !hasUnsyncedWrites && active != nil
        }
    }

    /// True when a job would bring `goal` closer. A record that nobody has appended yet is waited for
    /// by waiting.
    func isServable(_ goal: Goal) -> Bool {
        switch goal {
        case .written(let lsn): writtenLSN < min(lsn, lastLSN)
        case .durable(let lsn): !durable.covers(min(lsn, lastLSN))
        case .drained: !isReached(goal)
        }
    }

    /// Makes sure that the next job serves `goal`, too.
    mutating func request(_ goal: Goal, _ reason: SyncReason) {
        switch goal {
        case .written: break
        case .durable(let lsn):
            if isServable(goal) { syncRequest = syncRequest ?? reason }
            durableGoal = max(durableGoal, lsn)
        case .drained: syncRequest = syncRequest ?? reason
        }
    }

    /// Ends the active segment in memory; the next job does it on disk.
    mutating func turn(limits: FrameLimits) throws(LogError) {
        let end = encoder.progress
        var seal = ByteBuffer(capacity: 128)
        var successorContent = ByteBuffer(capacity: SegmentLayout.headerByteCount)
        let header: SegmentHeader
        do { header = try encoder.seal(into: &seal) } catch { throw LogError(error) }
        let status = SegmentStatus(
            name: encoder.header.name, lastLSN: end.lastLSN, byteCount: encoder.progress.byteCount,
            isSealed: true)
        encoder = SegmentEncoder(new: header, limits: limits, into: &successorContent)
        var bytes = ByteBuffer(capacity: 64 << 10)
        swap(&bytes, &pending)
        turns.append(
            SegmentTurn(
                bytes: bytes, offset: pendingOffset, seal: seal, sealOffset: end.byteCount,
                successor: header.name, successorContent: successorContent, status: status))
        pendingOffset = encoder.progress.byteCount
    }

    /// Takes everything that is to be written.
    ///
    /// - Precondition: `active` is there and nothing has failed.
    mutating func takeJob(_ active: ActiveSegment) -> WriteJob {
        let needsSync = syncRequest != nil || isServable(.durable(durableGoal))
        let reason = needsSync ? syncRequest ?? .commit : nil
        syncRequest = nil
        if let reason { scheduler.syncStarted(reason) }
        var bytes = spare.take() ?? ByteBuffer(capacity: 64 << 10)
        swap(&bytes, &pending)
        let offset = pendingOffset
        pendingOffset += UInt64(bytes.count)
        let taken = turns
        turns = []
        turning = taken.map(\.status)
        self.active = nil
        return WriteJob(
            active: active, turns: taken, bytes: bytes, offset: offset, sync: reason,
            hadUnsyncedWrites: hasUnsyncedWrites, lastLSN: lastLSN)
    }

    /// Takes a performed job back.
    ///
    /// - Returns: The tasks to resume after the lock was released, with what to tell them.
    mutating func finish(
        _ job: consuming WriteJob, _ failure: LogError?, now: UInt64
    ) -> [(Waiter, Result<Void, LogError>)] {
        if let failure { return fail(failure) }
        writtenLSN = max(writtenLSN, job.lastLSN)
        hasUnsyncedWrites =
            job.sync == nil && (job.hadUnsyncedWrites && job.turns.isEmpty || !job.bytes.isEmpty)
        if let last = job.turns.last {
            sealed += turning
            turning = []
            advanceDurable(to: last.status.lastLSN)
        }
        if job.sync != nil {
            advanceDurable(to: job.lastLSN)
            switch scheduler.syncFinished(succeeded: true, now: now) {
            case .none: break
            // What arrived meanwhile is due already. Whoever committed it takes the next job.
            case .sync(let reason): syncRequest = syncRequest ?? reason
            case .wake(let time): background.wake(at: time)
            }
        }
        active = job.active
        var emptied = ByteBuffer(capacity: 0)
        swap(&emptied, &job.bytes)
        emptied.removeAll()
        spare = consume emptied
        if syncRequest != nil { background.hasWork = true }
        return reachedWaiters() + reachedObservers()
    }

    /// The fence never moves back, so advancing it to something lower changes nothing.
    private mutating func advanceDurable(to lsn: LSN) {
        if !durable.covers(lsn) { durable = DurableFence(lsn) }
    }

    /// Stops the log for good.
    mutating func fail(_ failure: LogError) -> [(Waiter, Result<Void, LogError>)] {
        self.failure = self.failure ?? failure
        _ = scheduler.syncFinished(succeeded: false, now: 0)
        let stopped = waiters + observers.takeAll()
        waiters = []
        return stopped.map { waiter in
            (
                waiter,
                isReached(waiter.goal) ? .success(()) : .failure(failure.recoded(.indeterminate))
            )
        }
    }

    private mutating func reachedObservers() -> [(Waiter, Result<Void, LogError>)] {
        let (written, durable) = (writtenLSN, durable)
        let reached = observers.take { goal in
            switch goal {
            case .written(let lsn): written >= lsn
            case .durable(let lsn): durable.covers(lsn)
            case .drained: false
            }
        }
        return reached.map { ($0, .success(())) }
    }

    private mutating func reachedWaiters() -> [(Waiter, Result<Void, LogError>)] {
        guard !waiters.isEmpty else { return [] }
        var reached: [(Waiter, Result<Void, LogError>)] = []
        var left: [Waiter] = []
        for waiter in waiters {
            if isReached(waiter.goal) {
                reached.append((waiter, .success(())))
            } else {
                left.append(waiter)
            }
        }
        waiters = left
        if left.contains(where: { isServable($0.goal) }) { background.hasWork = true }
        return reached
    }

    /// Takes out whoever waits for something that can no longer come.
    mutating func takeWaiters() -> [Waiter] {
        let left = waiters + observers.takeAll()
        waiters = []
        return left
    }
}

/// What the background thread is to look at.
struct BackgroundSignals {
    /// The thread runs.
    var isStarted = false
    /// The thread is to end.
    var isStopping = false
    /// Something changed that the thread should see.
    var hasWork = false
    /// When the scheduler wants to be asked again, in nanoseconds of the monotonic clock.
    var wakeTime: UInt64?

    mutating func wake(at time: UInt64) {
        guard wakeTime.map({ time < $0 }) ?? true else { return }
        wakeTime = time
        hasWork = true
    }
}
