// SPDX-License-Identifier: Apache-2.0
//
// The jobs that the state of a log hands out, and the changes at their ends.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSync

extension LogState {
    /// True when a job of that kind may be taken.
    func canTake(_ kind: RoundKind) -> Bool {
        slot != nil && leadership.canTake(kind, rotates: active.rotates)
    }

    /// The next step of a caller that waits for `target`. The job of a caller that leads is in the slot.
    mutating func nextStep(
        _ caller: inout Caller, _ target: WaitTarget, _ delay: CommitDelay?
    ) -> NextStep {
        if leadership.isComplete(caller) { return .reached }
        if hasFailed { return isReached(target) ? .reached : .failed }
        let step = leadership.nextStep(
            of: &caller, rotates: active.rotates, waiterCount: waiting.count, delay: delay)
        if step == .lead { takeJob(caller.kind) }
        return step
    }

    /// Takes out pending frames that a leader finishes before it takes its job; no other caller can take one meanwhile.
    ///
    /// - Returns: How many of the bytes are finished; nil when there is nothing to do.
    mutating func beginFinishing(_ bytes: inout BinaryBuffer) -> Int? {
        guard !hasFailed, leadership.canFinish, let start = active.beginFinishing(&bytes) else {
            return nil
        }
        leadership.beginFinishing()
        return start
    }

    /// Puts them back.
    ///
    /// - Returns: Whether another leader has to be woken.
    mutating func endFinishing(_ bytes: inout BinaryBuffer, _ actions: inout RoundActions) -> Bool {
        active.endFinishing(&bytes)
        leadership.endFinishing()
        let rotates = active.rotates
        actions.wakesNextSyncer = leadership.handOver(.sync, rotates: rotates)
        actions.wakesNextWriter = leadership.handOver(.write, rotates: rotates)
        return actions.wakesNextSyncer || actions.wakesNextWriter
    }

    /// Takes everything that is not written.
    ///
    /// - Precondition: ``canTake(_:)``.
    mutating func takeJob(_ kind: RoundKind) {
        guard let slot else { preconditionFailure("a job without a file") }
        let syncs = kind == .sync || progress.request == .bytes && !leadership.isSyncing
        leadership.take(syncs: syncs, rotates: active.rotates)
        slot.withJob { job in
            active.take(into: &job)
            progress.start(&job, syncs ? progress.request ?? .commit : nil)
        }
    }

    /// Takes a sync of all writes so far, for the policy's clock; writes continue meanwhile.
    ///
    /// - Returns: Nil when a sync is under way, or nothing that was written needs one.
    mutating func takeSync(_ reason: SyncReason, now: UInt64) -> SyncJob? {
        guard let file, !leadership.isSyncing, progress.hasUnsyncedWrites, !hasFailed else {
            return nil
        }
        leadership.takeSync()
        return progress.startSync(of: file, reason, now: now)
    }

    /// Notes a performed job.
    ///
    /// - Returns: The sync that is left to be done.
    mutating func finish(
        _ job: inout WriteJob, now: UInt64, _ actions: inout RoundActions
    ) -> SyncJob? {
        let (plan, hasRotated) = (job.syncPlan, !job.rotations.isEmpty)
        progress.finishWrite(job)
        if plan == .none, !job.bytes.isEmpty,
            let range = writeback.written(upTo: job.end, isNew: hasRotated)
        {
            actions.followUps.append(.writeBack(Writeback.Part(file: job.file, range: range)))
        }
        if hasRotated { finishRotations(&job) }
        job.bytes.removeAll()
        actions.writes = leadership.finishWrite(releasesSync: hasRotated && plan == .none)
        actions.preparesSegment =
            !isClosed && retention.prepared.startPreparing(after: active.byteCount)
        switch plan {
        case .none: return nil
        case .afterWrite:
            return SyncJob(
                file: job.file, coveredLSN: job.lastLSN, coveredWriteCount: progress.writeCount,
                isRound: true)
        case .inWrite, .alreadyDurable:
            finishSync(upTo: job.lastLSN, writeCount: 0, isRound: true, now: now, &actions)
            return nil
        }
    }

    /// Notes the segments that the job has ended.
    private mutating func finishRotations(_ job: inout WriteJob) {
        file = job.file
        retention.sealed += job.rotations.map(\.status)
        active.forgetRotated()
        job.rotations = []
    }

    /// Notes a performed sync.
    mutating func finishSync(
        upTo lsn: LSN, writeCount: UInt64, isRound: Bool, now: UInt64,
        _ actions: inout RoundActions
    ) {
        let round = leadership.finishSync(isRound: isRound)
        progress.finishSync(upTo: lsn, writeCount: writeCount, now: now, &background)
        actions.syncs = round ?? actions.syncs
    }

    /// Adds the callers to wake after the end of a job.
    mutating func handOver(_ actions: inout RoundActions) {
        let resumedCount = waiting.takeReached(progress, &actions)
        if resumedCount > 0 { background.resumedCount = resumedCount }
        // A caller that was overtaken sleeps where the next one does.
        actions.wakesNextWriter = actions.writes?.hasOvertaken ?? false
        actions.wakesNextSyncer = actions.syncs?.hasOvertaken ?? false
        let rotates = active.rotates
        if leadership.handOver(.sync, rotates: rotates) { actions.wakesNextSyncer = true }
        if leadership.handOver(.write, rotates: rotates) { actions.wakesNextWriter = true }
        if background.isWaiting || !waiting.isEmpty || progress.request == .bytes {
            background.hasWork = true
        }
        if background.hasWork, background.isSleeping { actions.wakesBackground = true }
    }

    /// Stops the log for good.
    mutating func fail(_ failure: LogError) -> RoundActions {
        note(failure)
        progress.fail()
        var actions = RoundActions()
        actions.hasFailed = true
        actions.wakesBackground = background.isSleeping
        background.hasWork = true
        for waiter in waiting.takeAll() {
            let result: Result<Void, LogError> =
                progress.covers(waiter.target)
                ? .success(()) : .failure(failure.recoded(.indeterminate))
            actions.followUps.append(.resume(waiter, result))
        }
        return actions
    }
}
