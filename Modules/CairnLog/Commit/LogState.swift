// SPDX-License-Identifier: Apache-2.0
//
// The state of a log behind its lock. It does no I/O: it hands out jobs, and the caller that took one performs it
// outside of the lock.
//
// - Each group of fields has one purpose, and functions that need one group are members of it.
// - ``Leadership`` alone knows who writes and whether a sync is under way.
// - The first failure is final: no job is handed out after it.

internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync

struct LogState: ~Copyable {
    /// The frames that were appended and not taken by a job.
    var active: ActiveSegment
    /// How far the log is written and durable.
    var progress: CommitProgress
    /// The tokens for writing and syncing, and the rounds.
    var leadership = Leadership()
    /// Callers that wait without leading.
    var waiting = WaitingTasks()
    /// Sealed segments, and files for later ones.
    var retention: SegmentRetention
    /// The background thread.
    var background = BackgroundSignals()
    /// The file that is written; nil when the log was closed, or opened for reading only.
    var file: (any VirtualFile)?
    var writeback = Writeback()
    /// Nil when the log was opened for reading only.
    let slot: WriteJobSlot?

    private(set) var failure: LogError?
    /// The same, quicker to ask.
    private(set) var hasFailed = false
    var isClosed = false

    init(_ recovered: consuming RecoveredLog, policy: SyncPolicy, slot: WriteJobSlot?) {
        self.slot = slot
        active = ActiveSegment(
            recovered.encoder.appender, endsInDurableMark: recovered.endsInDurableMark,
            lastCommitNanoseconds: recovered.lastCommitNanoseconds,
            nextBeginsSegment: recovered.nextBeginsSegment)
        progress = CommitProgress(policy: policy, upTo: recovered.encoder.progress.lastLSN)
        retention = SegmentRetention(
            sealed: recovered.statuses.dropLast(), prepared: recovered.preparedSegments)
        file = recovered.file
    }

    /// The last LSN given out.
    var lastLSN: LSN { active.lastLSN }

    /// Throws when the log takes no more records.
    // Mutating, because a call that only reads would be given a copy of the whole state.
    mutating func checkOpen() throws(LogError) {
        if hasFailed, let failure { throw failure.recoded(.poisoned) }
        guard !isClosed else { throw LogError(code: .closed) }
    }

    /// True when the log is in the state that `target` names.
    func isReached(_ target: WaitTarget) -> Bool {
        guard target == .drained else { return progress.covers(target) }
        return !active.hasPending && !progress.hasUnsyncedWrites && !leadership.isWriting
            && !leadership.isSyncing
    }

    /// True when a job would bring the log closer to `target`. A record that is not appended yet is waited for.
    func isServable(_ target: WaitTarget) -> Bool {
        switch target {
        case .written(let lsn): progress.writtenLSN < min(lsn, lastLSN)
        case .durable(let lsn): !progress.durable.covers(min(lsn, lastLSN))
        case .drained: !isReached(target)
        }
    }

    /// Notes why the next sync takes place.
    mutating func request(_ target: WaitTarget, _ reason: SyncReason) {
        guard target.kind == .sync, progress.request == nil, isServable(target) else { return }
        progress.request(reason)
    }

    /// Notes the failure that stopped the log; the first one stays.
    mutating func note(_ failure: LogError) {
        guard !hasFailed else { return }
        self.failure = failure
        hasFailed = true
        leadership.stop()
    }

    /// The segments that are there or that the next jobs create, oldest first.
    var segmentNames: [SegmentName] {
        retention.sealed.map(\.name) + active.rotating.map(\.name)
            + active.rotations.map(\.status.name) + [active.appender.name]
    }

    /// Shows how far a log was followed that another process writes.
    mutating func follow(
        _ appender: SegmentAppender, sealed: [SegmentStatus]?, upTo lsn: LSN,
        lastCommitNanoseconds time: UInt64
    ) {
        active.follow(appender, lastCommitNanoseconds: time)
        if let sealed { retention.sealed = sealed }
        progress.follow(upTo: lsn)
    }
}
