// SPDX-License-Identifier: Apache-2.0
//
// How far the log is written and durable, and which sync is due.
//
// - Whether a sync is under way is known to ``Leadership`` alone. This counts what a sync covered.
// - A sync covers the writes before its start, not later ones.
// - What each commit passes through is inlined: as calls they were a twentieth of its instructions.

internal import CairnIO
internal import CairnLSN
internal import CairnSync

struct CommitProgress {
    private(set) var scheduler: SyncScheduler
    /// Everything at or below is in the system's cache.
    private(set) var writtenLSN: LSN
    /// Everything at or below is on the medium.
    private(set) var durable: DurableFence
    /// The reason of the next sync; nil when no sync is due.
    private(set) var request: SyncReason?
    /// Accepted and not written.
    private var unwritten = SyncScheduler.Uncovered()
    /// Writes to the active file that were not durable by themselves, and how many of them a sync covered.
    private(set) var writeCount: UInt64 = 0
    private var syncedWriteCount: UInt64 = 0

    init(policy: SyncPolicy, upTo lsn: LSN) {
        scheduler = SyncScheduler(policy: policy)
        writtenLSN = lsn
        durable = DurableFence(lsn)
    }

    /// True when a write to the active file may be in the system's cache only.
    var hasUnsyncedWrites: Bool { writeCount > syncedWriteCount }

    /// True when everything that `target` names is written, or durable. Never true for ``WaitTarget/drained``.
    @inline(__always)
    func covers(_ target: WaitTarget) -> Bool {
        switch target {
        case .written(let lsn): writtenLSN >= lsn
        case .durable(let lsn): durable.covers(lsn)
        case .drained: false
        }
    }

    /// Sets the reason of the next sync, unless one is set.
    mutating func request(_ reason: SyncReason) {
        if request == nil { request = reason }
    }

    /// Counts a commit that was appended, and asks the policy for a sync.
    @inline(__always)
    mutating func account(
        for byteCount: UInt64, now: UInt64, _ background: inout BackgroundSignals
    ) {
        unwritten.byteCount += byteCount
        unwritten.commitCount += 1
        switch scheduler.committed(byteCount: Int(byteCount), now: now) {
        case .none: break
        // The background thread syncs; a commit does not wait for that.
        case .sync(.period): background.hasWork = true
        case .sync(let reason): request(reason)
        case .wake(let wakeTime): background.wake(at: wakeTime)
        }
    }

    /// Asks the policy for a sync that is due by time.
    mutating func tick(now: UInt64) -> SyncScheduler.Action { scheduler.tick(now: now) }

    // MARK: Writes and syncs

    /// Fills in the range that a job covers, and starts its sync when there is a reason for one.
    @inline(__always)
    mutating func start(_ job: inout WriteJob, _ reason: SyncReason?) {
        if let reason {
            request = nil
            scheduler.syncStarted(reason)
        }
        job.writeCount = writeCount
        job.unwritten = unwritten
        job.plan(reason, hadUnsyncedWrites: hasUnsyncedWrites)
    }

    /// Starts a sync of all writes so far.
    mutating func startSync(of file: any VirtualFile, _ reason: SyncReason, now: UInt64) -> SyncJob
    {
        var uncovered = unwritten
        uncovered.since = now
        scheduler.syncStarted(reason, uncovered: uncovered)
        return SyncJob(
            file: file, coveredLSN: writtenLSN, coveredWriteCount: writeCount, isRound: false)
    }

    /// Notes a performed job. Its sync, when it has one, is noted by ``finishSync(upTo:writeCount:now:_:)``.
    @inline(__always)
    mutating func finishWrite(_ job: borrowing WriteJob) {
        writtenLSN = max(writtenLSN, job.lastLSN)
        unwritten.byteCount -= job.unwritten.byteCount
        unwritten.commitCount -= job.unwritten.commitCount
        if let last = job.rotations.last {
            // All that the ended segments hold is durable.
            syncedWriteCount = max(syncedWriteCount, job.writeCount)
            advanceDurable(to: last.status.lastLSN)
            scheduler.rotated(job.rotations.count)
        }
        if job.leavesUnsyncedBytes { writeCount += 1 }
    }

    /// Notes a performed sync.
    mutating func finishSync(
        upTo lsn: LSN, writeCount: UInt64, now: UInt64, _ background: inout BackgroundSignals
    ) {
        syncedWriteCount = max(syncedWriteCount, writeCount)
        advanceDurable(to: lsn)
        switch scheduler.syncFinished(succeeded: true, now: now) {
        case .none: break
        // Later commits are due already: for the next job, or the background thread.
        case .sync(.bytes): request(.bytes)
        case .sync(.period): background.hasWork = true
        case .sync: break
        case .wake(let time): background.wake(at: time)
        }
    }

    /// Notes a failed write or sync: no sync is started after it.
    mutating func fail() { _ = scheduler.syncFinished(succeeded: false, now: 0) }

    /// Notes how far a log was followed that another process writes.
    mutating func follow(upTo lsn: LSN) {
        if writtenLSN < lsn { writtenLSN = lsn }
        advanceDurable(to: lsn)
    }

    /// The fence never moves back.
    @inline(__always)
    private mutating func advanceDurable(to lsn: LSN) {
        if !durable.covers(lsn) { durable = DurableFence(lsn) }
    }
}
