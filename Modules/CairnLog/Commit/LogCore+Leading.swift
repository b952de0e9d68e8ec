// SPDX-License-Identifier: Apache-2.0
//
// Leading: how a caller waits for its round, performs the job of one, and wakes the others.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import Synchronization

extension LogCore {
    /// Waits until `target` is reached, and leads whenever no other caller does.
    ///
    /// - Throws: ``LogError`` with code `.indeterminate` when the log fails before.
    func drive(to target: WaitTarget) throws(LogError) {
        var caller = Caller(kind: target.kind, ticket: 0)
        var seen: UInt32 = 0
        let first: NextStep = state.withLock { state in
            if state.isReached(target) { return .reached }
            caller = state.leadership.caller(target.kind)
            return look(&state, &caller, target, options.commitDelay, &seen)
        }
        try drive(&caller, target, first, seen)
    }

    /// Waits for an appended transaction; see the other method.
    ///
    /// Nothing lies between a lone caller and the system call: on the way back from one, a processor
    /// with mitigations mispredicts each return.
    @inline(__always)
    func drive(_ appended: Appended) throws(LogError) {
        if appended.step == .lead {
            return lead() ? () : try drive(to: appended.target)
        }
        var caller = appended.caller
        try drive(&caller, appended.target, appended.step, appended.seen)
    }

    /// Waits for a staged transaction, in the round of its ticket.
    func drive(to target: WaitTarget, ticket: UInt64) throws(LogError) {
        var caller = Caller(kind: target.kind, ticket: ticket)
        var seen: UInt32 = 0
        let first: NextStep = state.withLock { state in
            if state.isReached(target) { return .reached }
            return look(&state, &caller, target, options.commitDelay, &seen)
        }
        try drive(&caller, target, first, seen)
    }

    private func drive(
        _ caller: inout Caller, _ target: WaitTarget, _ first: NextStep, _ firstSeen: UInt32
    ) throws(LogError) {
        var (step, seen, delay, isPausing) = (first, firstSeen, options.commitDelay, false)
        while true {
            switch step {
            case .reached: return
            case .failed: throw indeterminate
            // The job covers everything pending, so also the target of this caller.
            case .lead: if lead() { return }
            case .follow: if roundWaiters(caller.kind).wait(for: caller.ticket) { return }
            case .next: roundWaiters(caller.kind).lead.wait(seen: seen, spinning: Self.spinCount)
            case .delay(let time):
                delaying.sleep(nanoseconds: time) { hasFailed in hasFailed }
                (delay, isPausing) = (nil, true)
            case .gather:
                if !finishPending() {
                    Signal.spin(40)
                    Signal.yield()
                }
                isPausing = true
            }
            step = state.withLock { state in
                if isPausing { state.leadership.endPause() }
                return look(&state, &caller, target, delay, &seen)
            }
            isPausing = false
        }
    }

    /// Returns the next step of a caller. The signal is read under the lock: the caller that hands over raises it
    /// afterwards.
    private func look(
        _ state: inout LogState, _ caller: inout Caller, _ target: WaitTarget,
        _ delay: CommitDelay?,
        _ seen: inout UInt32
    ) -> NextStep {
        let step = state.nextStep(&caller, target, delay)
        if step == .next { seen = roundWaiters(caller.kind).lead.read() }
        return step
    }

    /// The error of a commit that met the failure of the log.
    private var indeterminate: LogError {
        let failure = state.withLock { $0.failure }
        return (failure ?? LogError(code: .poisoned)).recoded(.indeterminate)
    }

    /// How often the next leader looks for the end of the round before it sleeps.
    private static var spinCount: Int { 200 }

    /// Performs the job that was taken and wakes its callers.
    ///
    /// - Returns: False when the log has failed.
    @discardableResult
    @inline(__always)
    func lead() -> Bool {
        guard let slot else { preconditionFailure("a job without a file") }
        do throws(LogError) {
            try slot.withJob { (job) throws(LogError) in try perform(&job) }
        } catch {
            fail(error)
            return false
        }
        let now = needsTime ? environment.clock.monotonicNanoseconds() : 0
        var actions = RoundActions()
        let rest = state.withLock { state in
            let rest = slot.withJob { state.finish(&$0, now: now, &actions) }
            state.handOver(&actions)
            show(&state)
            return rest
        }
        tell(actions)
        guard let rest else { return true }
        return sync(rest)
    }

    /// Performs a sync and wakes its callers.
    ///
    /// - Returns: False when the log has failed.
    @discardableResult
    func sync(_ job: SyncJob) -> Bool {
        do throws(StorageError) { try job.file.sync() } catch {
            fail(LogError(error))
            return false
        }
        let now = needsTime ? environment.clock.monotonicNanoseconds() : 0
        let actions = state.withLock { state in
            var actions = RoundActions()
            state.finishSync(
                upTo: job.coveredLSN, writeCount: job.coveredWriteCount, isRound: job.isRound,
                now: now, &actions)
            state.handOver(&actions)
            show(&state)
            return actions
        }
        tell(actions)
        return true
    }

    /// Shows how far the log has come, to readers that take no lock.
    @inline(__always)
    private func show(_ state: inout LogState) {
        durableLSN.store(state.progress.durable.lsn.rawValue, ordering: .releasing)
        writtenLSN.store(state.progress.writtenLSN.rawValue, ordering: .releasing)
        byteCount.store(
            state.active.endedByteCount &+ state.active.byteCount, ordering: .relaxed)
    }

    /// Stops the log for good and wakes all callers.
    func fail(_ failure: LogError) {
        let actions = state.withLock { state in
            let actions = state.fail(failure)
            hasFailed.store(true, ordering: .releasing)
            return actions
        }
        tell(actions)
    }

    /// Stops the log for good when its directory or the lock is no longer the one that was opened.
    func checkIdentity() throws(LogError) {
        do throws(StorageError) { try store.checkIdentity() } catch {
            let failure = LogError(error)
            fail(failure)
            throw failure
        }
    }

    /// Performs the actions at the end of a round. The next leaders are woken first: the disk waits for them.
    private func tell(_ actions: RoundActions) {
        if actions.hasFailed {
            writeWaiters.fail()
            syncWaiters.fail()
            delaying.withLock { $0 = true }
            delaying.wakeAll()
        }
        if actions.wakesNextSyncer { syncWaiters.wakeNext() }
        if actions.wakesNextWriter { writeWaiters.wakeNext() }
        if let round = actions.syncs { syncWaiters.complete(round) }
        if let round = actions.writes { writeWaiters.complete(round) }
        if actions.wakesBackground { wakeBackground() }
        state.wakeAll()
        for followUp in actions.followUps {
            switch followUp {
            case .resume(let waiter, let result): waiter.resume(result)
            case .writeBack(let part): startWriteback(part)
            }
        }
        if actions.preparesSegment { prepareSegment() }
    }

    /// Finishes frames that wait to be written, while a leader waits for more of them: encrypting takes longer than
    /// appending, and this thread would only spin.
    ///
    /// - Returns: False when there was nothing to do.
    func finishPending() -> Bool {
        guard let slot else { return false }
        var bytes = BinaryBuffer(capacity: 0)
        guard let start = state.withLock({ $0.beginFinishing(&bytes) }) else { return false }
        slot.withJob { $0.finisher.finish(&bytes, from: start) }
        var actions = RoundActions()
        let handsOver = state.withLock { $0.endFinishing(&bytes, &actions) }
        if handsOver { tell(actions) }
        return true
    }

    // MARK: On disk

    @inline(__always)
    private func perform(_ job: inout WriteJob) throws(LogError) {
        if !job.rotations.isEmpty { try performRotations(&job) }
        // Without bytes, a sync that is left is performed by the caller.
        guard !job.bytes.isEmpty else { return }
        job.finisher.finish(&job.bytes, from: job.finishedByteCount)
        if job.end > job.preparedEnd { pad(&job) }
        do throws(StorageError) {
            if job.syncPlan == .inWrite {
                try job.file.writeDurably(job.bytes.bytes, at: job.offset)
            } else {
                try job.file.write(job.bytes.bytes, at: job.offset)
            }
        } catch {
            throw LogError(error)
        }
    }

    /// Lets a write that passes the prepared end of its file end in zeros, so that the next ones find blocks
    /// that exist: overwriting them syncs in half the time of appending.
    private func pad(_ job: inout WriteJob) {
        let end = job.end
        // When no caller waits for the medium, zeros would only be more to write.
        guard job.syncPlan == .inWrite else { return job.preparedEnd = end }
        let growth = UInt64(max(0, options.growthByteCount))
        var preparedEnd = end
        if growth > 0 {
            let (sum, isTooLarge) = end.addingReportingOverflow(growth)
            let rounded = isTooLarge ? end : sum - sum % growth
            preparedEnd = max(end, min(rounded, preparedByteCount))
        }
        job.bytes.append(zeros: Int(preparedEnd - end))
        job.preparedEnd = preparedEnd
    }
}
