// SPDX-License-Identifier: Apache-2.0
//
// The state of a log behind its lock. It changes by a few instructions at a time and never does I/O: it
// hands out jobs, and whoever took one performs it outside of the lock.
//
// - Committers encode into `pending` under the lock. One of them, the leader, takes everything pending
//   and writes it for all; meanwhile the others append for the next round.
// - Who may write and who may sync is decided by `Leadership`.
// - A sync covers what was written when it started, not what came later.
// - The first failure is final: no job is handed out after it.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync

/// What somebody waits for.
enum WaitTarget: Hashable {
    /// The record is in the system's cache.
    case written(LSN)
    /// The record is on the medium.
    case durable(LSN)
    /// Everything is on the medium, also what has no LSN.
    case drained

    var kind: RoundKind {
        if case .written = self { .write } else { .sync }
    }
}

/// A task that waits.
struct Waiter {
    /// Not a checked one, which is an allocation for each commit: whoever takes a waiter out of the state, under its
    /// lock, resumes it, once.
    typealias Continuation = UnsafeContinuation<Result<Void, LogError>, Never>

    let target: WaitTarget
    let continuation: Continuation

    func resume(_ result: Result<Void, LogError>) { continuation.resume(returning: result) }
}

struct LogState: ~Copyable {
    var encoder: SegmentEncoder
    var pending = BinaryBuffer(capacity: 64 << 10)
    var pendingOffset: UInt64
    /// What was accepted and is not written yet.
    var unwritten = SyncScheduler.Uncovered()
    var rotations: [SegmentRotation] = []
    /// Segments whose rotation a leader performs at the moment.
    var rotating: [SegmentStatus] = []
    /// The file that is written; nil when the log was closed, or opened for reading only.
    var file: (any VirtualFile)?
    var scheduler: SyncScheduler
    var sealed: [SegmentStatus]

    let slot: JobSlot?
    var leadership = Leadership()

    var writtenLSN: LSN
    var durable: DurableFence
    var syncRequest: SyncReason?
    /// Writes to the file that were not made durable at once, and how many of them a sync covered.
    var writeCount: UInt64 = 0
    var syncedWriteCount: UInt64 = 0
    var hasUnmarkedRecords: Bool
    var lastCommitNanoseconds: UInt64

    private(set) var failure: LogError?
    /// The same, quicker to ask.
    private(set) var hasFailed = false
    var isClosed = false
    var isTruncating = false
    var waiters: [Waiter] = []
    /// How many threads wait for a record that is not appended yet.
    var blockedCount = 0
    /// Readers that wait for what others commit, and cause nothing.
    var changeWaiters = ChangeWaiters()
    /// What truncation has to leave.
    var pins = Pins()
    /// Files that are read at the moment, and must not be used again.
    var holds = SegmentHolds()
    var preparedSegments = PreparedSegments()
    var writeback = Writeback()
    var commitCount: UInt64 = 0
    /// How long the segments were that have ended since the log was opened.
    var endedByteCount: UInt64 = 0
    var background = BackgroundSignals()

    init(_ recovered: consuming RecoveredLog, policy: SyncPolicy, slot: JobSlot?) {
        self.slot = slot
        encoder = recovered.encoder
        pendingOffset = recovered.encoder.progress.byteCount
        let last = recovered.encoder.progress.lastLSN
        file = recovered.file
        scheduler = SyncScheduler(policy: policy)
        sealed = recovered.statuses.dropLast()
        writtenLSN = last
        durable = DurableFence(last)
        hasUnmarkedRecords = !recovered.endsInDurableMark && encoder.progress.frameCount > 0
        lastCommitNanoseconds = recovered.lastCommitNanoseconds
        preparedSegments.recycled = recovered.preparedSegments
    }

    /// The last LSN given out.
    var lastLSN: LSN { encoder.progress.lastLSN }

    /// True when a write to the file may be in the system's cache only.
    var hasUnsyncedWrites: Bool { writeCount > syncedWriteCount }

    /// Throws when the log takes no more records.
    // Mutating, because a call that only reads would be given a copy of the whole state.
    mutating func checkOpen() throws(LogError) {
        if hasFailed, let failure { throw failure.recoded(.poisoned) }
        guard !isClosed else { throw LogError(code: .closed) }
    }

    /// True when what `target` asks for has happened.
    func isReached(_ target: WaitTarget) -> Bool {
        switch target {
        case .written(let lsn): writtenLSN >= lsn
        case .durable(let lsn): durable.covers(lsn)
        case .drained:
            pending.isEmpty && rotations.isEmpty && !hasUnsyncedWrites && !leadership.isWriting
                && !leadership.isSyncing
        }
    }

    /// True when a job would bring `target` closer. A record that nobody has appended yet is waited for
    /// by waiting.
    func isServable(_ target: WaitTarget) -> Bool {
        switch target {
        case .written(let lsn): writtenLSN < min(lsn, lastLSN)
        case .durable(let lsn): !durable.covers(min(lsn, lastLSN))
        case .drained: !isReached(target)
        }
    }

    /// Notes why the next sync takes place.
    mutating func request(_ target: WaitTarget, _ reason: SyncReason) {
        guard target.kind == .sync, syncRequest == nil, isServable(target) else { return }
        syncRequest = reason
    }

    /// The time of a commit: never before that of an earlier one, whatever the clock does.
    mutating func commitTime(_ now: UInt64) -> UInt64 {
        if now > lastCommitNanoseconds { lastCommitNanoseconds = now }
        return lastCommitNanoseconds
    }

    /// Counts a commit that was appended, and asks the policy about it.
    mutating func account(for byteCount: UInt64, now: UInt64) {
        commitCount += 1
        hasUnmarkedRecords = true
        unwritten.byteCount += byteCount
        unwritten.commitCount += 1
        switch scheduler.committed(byteCount: Int(byteCount), now: now) {
        case .none: break
        // The thread that keeps the clock syncs; a commit does not wait for that.
        case .sync(.period): background.hasWork = true
        case .sync(let reason): syncRequest = syncRequest ?? reason
        case .wake(let wakeTime): background.wake(at: wakeTime)
        }
    }

    /// Ends the active segment in memory; the next job does it on disk.
    mutating func rotate(limits: FrameLimits) throws(LogError) {
        let end = encoder.progress
        var seal = BinaryBuffer(capacity: 128)
        var successorContent = BinaryBuffer(capacity: SegmentLayout.headerByteCount)
        let header: SegmentHeader
        do { header = try encoder.seal(into: &seal) } catch { throw LogError(error) }
        let status = SegmentStatus(
            name: encoder.header.name, lastLSN: end.lastLSN, byteCount: encoder.progress.byteCount,
            isSealed: true)
        endedByteCount &+= end.byteCount
        encoder = SegmentEncoder(new: header, limits: limits, into: &successorContent)
        var bytes = BinaryBuffer(capacity: 64 << 10)
        swap(&bytes, &pending)
        rotations.append(
            SegmentRotation(
                bytes: bytes, offset: pendingOffset, seal: seal, sealOffset: end.byteCount,
                successor: header.name, successorContent: successorContent, status: status))
        pendingOffset = encoder.progress.byteCount
    }

    /// Notes what stopped the log; the first failure stays.
    mutating func note(_ failure: LogError) {
        guard !hasFailed else { return }
        self.failure = failure
        hasFailed = true
        leadership.stop()
    }

    /// Takes out whoever waits for something that can no longer come.
    mutating func takeWaiters() -> [Waiter] {
        let left = waiters + changeWaiters.takeAll()
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
    /// The thread sleeps, or is about to.
    var isSleeping = false
    /// Something changed that the thread should see.
    var hasWork = false
    /// The thread wanted to lead and could not.
    var isWaiting = false
    /// When the scheduler wants to be asked again, in nanoseconds of the monotonic clock.
    var wakeTime: UInt64?
    /// How many tasks the last round resumed: so many may come back soon.
    var resumedCount = 0

    mutating func wake(at time: UInt64) {
        guard wakeTime.map({ time < $0 }) ?? true else { return }
        wakeTime = time
        hasWork = true
    }
}
