// SPDX-License-Identifier: Apache-2.0
//
// Writing for all: how a caller waits, leads, and tells the others.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import Synchronization

extension LogCore {
    func parking(_ kind: RoundKind) -> Parking { kind == .write ? writeParking : syncParking }

    /// Waits until `goal` is reached, and does the writing itself whenever nobody else does.
    ///
    /// - Throws: ``LogError`` with code `.indeterminate` when the log fails before.
    func drive(to goal: Goal) throws(LogError) {
        var caller = Caller(kind: goal.kind, ticket: 0)
        var seen: UInt32 = 0
        let first: Turn = state.withLock { state in
            if state.isReached(goal) { return .reached }
            caller = state.leadership.caller(goal.kind)
            return look(&state, &caller, goal, options.commitDelay, &seen)
        }
        try drive(&caller, goal, first, seen)
    }

    /// Waits for what was appended; see the other method.
    ///
    /// Nothing lies between whoever commits alone and the call of the system: on the way back from one, a processor
    /// with mitigations mispredicts each return.
    @inline(__always)
    func drive(_ appended: Appended) throws(LogError) {
        if appended.turn == .lead {
            return lead() ? () : try drive(to: appended.goal)
        }
        var caller = appended.caller
        try drive(&caller, appended.goal, appended.turn, appended.seen)
    }

    /// Waits for what was staged, in the round that its ticket says.
    func drive(to goal: Goal, ticket: UInt64) throws(LogError) {
        var caller = Caller(kind: goal.kind, ticket: ticket)
        var seen: UInt32 = 0
        let first: Turn = state.withLock { state in
            if state.isReached(goal) { return .reached }
            return look(&state, &caller, goal, options.commitDelay, &seen)
        }
        try drive(&caller, goal, first, seen)
    }

    private func drive(
        _ caller: inout Caller, _ goal: Goal, _ first: Turn, _ firstSeen: UInt32
    ) throws(LogError) {
        var (turn, seen, delay, isPausing) = (first, firstSeen, options.commitDelay, false)
        while true {
            switch turn {
            case .reached: return
            case .failed: throw indeterminate
            // The job covers everything pending, so also what this caller waits for.
            case .lead: if lead() { return }
            case .follow: if parking(caller.kind).wait(for: caller.ticket) { return }
            case .next: parking(caller.kind).lead.wait(seen: seen, spinning: Self.spinCount)
            case .delay(let time):
                delaying.sleep(nanoseconds: time) { hasFailed in hasFailed }
                (delay, isPausing) = (nil, true)
            case .gather:
                Signal.spin(40)
                Signal.yield()
                isPausing = true
            }
            turn = state.withLock { state in
                if isPausing { state.leadership.endPause() }
                return look(&state, &caller, goal, delay, &seen)
            }
            isPausing = false
        }
    }

    /// Asks for the turn of a caller. What the signal says is read under the lock: whoever hands over raises it
    /// afterwards.
    private func look(
        _ state: inout LogState, _ caller: inout Caller, _ goal: Goal, _ delay: CommitDelay?,
        _ seen: inout UInt32
    ) -> Turn {
        let turn = state.nextTurn(&caller, goal, delay)
        if turn == .next { seen = parking(caller.kind).lead.read() }
        return turn
    }

    /// What a caller is told whose commit met the failure of the log.
    private var indeterminate: LogError {
        let failure = state.withLock { $0.failure }
        return (failure ?? LogError(code: .poisoned)).recoded(.indeterminate)
    }

    /// How often whoever is next looks for the end of the round before it sleeps.
    private static var spinCount: Int { 200 }

    /// Performs the job that was taken and tells everyone how it went.
    ///
    /// - Returns: False when the log has failed.
    @discardableResult
    @inline(__always)
    func lead() -> Bool {
        guard let slot else { preconditionFailure("a job without a file") }
        do throws(LogError) {
            try slot.withJob { (job) throws(LogError) in try perform(&job) }
        } catch {
            #if CAIRN_REINJECTION
            let goesOn = Reinjection.active == .failureNotLatched
            #else
            let goesOn = false
            #endif
            if !goesOn {
                fail(error)
                return false
            }
        }
        let now = needsTime ? environment.clock.monotonicNanoseconds() : 0
        var wake = Wake()
        let rest = state.withLock { state in
            let rest = slot.withJob { state.finish(&$0, now: now, &wake) }
            state.handOver(&wake)
            show(&state)
            return rest
        }
        tell(wake)
        guard let rest else { return true }
        return sync(rest)
    }

    /// Performs a sync and tells everyone how it went.
    ///
    /// - Returns: False when the log has failed.
    @discardableResult
    func sync(_ job: SyncJob) -> Bool {
        do throws(IOError) { try job.file.sync() } catch {
            fail(LogError(error))
            return false
        }
        let now = needsTime ? environment.clock.monotonicNanoseconds() : 0
        let wake = state.withLock { state in
            var wake = Wake()
            state.finishSync(
                upTo: job.coveredLSN, writeCount: job.coveredWriteCount, isRound: job.isRound,
                now: now, &wake)
            state.handOver(&wake)
            show(&state)
            return wake
        }
        tell(wake)
        return true
    }

    /// Shows how far the log has come, to readers that take no lock.
    @inline(__always)
    private func show(_ state: inout LogState) {
        durableLSN.store(state.durable.lsn.rawValue, ordering: .releasing)
        writtenLSN.store(state.writtenLSN.rawValue, ordering: .releasing)
        byteCount.store(
            state.endedByteCount &+ state.encoder.progress.byteCount, ordering: .relaxed)
    }

    /// Stops the log for good and tells everyone.
    func fail(_ failure: LogError) {
        let wake = state.withLock { state in
            let wake = state.fail(failure)
            hasFailed.store(true, ordering: .releasing)
            return wake
        }
        tell(wake)
    }

    /// Stops the log for good when its directory or the lock is no longer the one that was opened.
    func checkIdentity() throws(LogError) {
        do throws(IOError) { try store.checkIdentity() } catch {
            let failure = LogError(error)
            fail(failure)
            throw failure
        }
    }

    /// Wakes whoever is to be woken. Those who lead next come first: the disk waits for them.
    private func tell(_ wake: Wake) {
        #if CAIRN_REINJECTION
        if Reinjection.active == .followersNotWoken, wake.hasFailed { return }
        #endif
        if wake.hasFailed {
            writeParking.fail()
            syncParking.fail()
            delaying.withLock { $0 = true }
            delaying.wakeAll()
        }
        if wake.wakesNextSyncer { syncParking.wakeNext() }
        if wake.wakesNextWriter { writeParking.wakeNext() }
        if let round = wake.syncs { syncParking.complete(round) }
        if let round = wake.writes { writeParking.complete(round) }
        if wake.wakesBackground { ring() }
        state.wakeAll()
        for errand in wake.errands {
            switch errand {
            case .resume(let waiter, let result): waiter.resume(result)
            case .writeBack(let part): startWriteback(part)
            }
        }
        if wake.preparesSpare { prepareSpare() }
    }

    // MARK: On disk

    @inline(__always)
    private func perform(_ job: inout WriteJob) throws(LogError) {
        if !job.turns.isEmpty { try performTurns(&job) }
        // Without bytes, what remains to be synced is synced by the caller.
        guard !job.bytes.isEmpty else { return }
        if job.end > job.preparedEnd { pad(&job) }
        do throws(IOError) {
            if job.isOneCall {
                try job.file.writeDurably(job.bytes.bytes, at: job.offset)
            } else {
                try job.file.write(job.bytes.bytes, at: job.offset)
            }
        } catch {
            throw LogError(error)
        }
    }

    private func performTurns(_ job: inout WriteJob) throws(LogError) {
        try io { () throws(IOError) in try store.checkIdentity() }
        var hadUnsyncedWrites = job.hadUnsyncedWrites
        for turn in job.turns {
            try perform(turn, &job, hadUnsyncedWrites)
            hadUnsyncedWrites = false
        }
    }

    /// Lets a write that passes the prepared end of its file end in zeros, so that the next ones find blocks
    /// that exist: overwriting them syncs in half the time of appending.
    private func pad(_ job: inout WriteJob) {
        let end = job.end
        // Where nobody waits for the medium, zeros would only be more to write.
        guard job.isOneCall else { return job.preparedEnd = end }
        let growth = UInt64(max(0, options.growthByteCount))
        var preparedEnd = end
        if growth > 0 {
            let (sum, isTooLarge) = end.addingReportingOverflow(growth)
            let rounded = isTooLarge ? end : sum - sum % growth
            preparedEnd = max(end, min(rounded, spareByteCount))
        }
        job.bytes.append(zeros: Int(preparedEnd - end))
        job.preparedEnd = preparedEnd
    }

    /// Ends one segment and begins the next.
    private func perform(
        _ turn: SegmentTurn, _ job: inout WriteJob, _ hadUnsyncedWrites: Bool
    ) throws(LogError) {
        let old = job.file
        try io { () throws(IOError) in
            switch (turn.bytes.isEmpty, hadUnsyncedWrites) {
            case (true, false): break
            case (false, false): try old.writeDurably(turn.bytes, at: turn.offset)
            case (true, true): try old.sync()
            case (false, true):
                try old.write(turn.bytes, at: turn.offset)
                try old.sync()
            }
        }
        #if CAIRN_REINJECTION
        if Reinjection.active == .sealBeforeSuccessor {
            try io { () throws(IOError) in try old.writeDurably(turn.seal, at: turn.sealOffset) }
        }
        #endif
        let next = try begin(turn.successor, turn.successorContent)
        try io { () throws(IOError) in
            try old.writeDurably(turn.seal, at: turn.sealOffset)
            try old.close()
        }
        (job.file, job.preparedEnd) = next
    }

    /// Puts the next segment durably in place: a spare that is ready, or a new file.
    private func begin(
        _ name: SegmentName, _ content: borrowing ByteBuffer
    ) throws(LogError) -> (file: any File, preparedEnd: UInt64) {
        let spare = state.withLock { $0.spares.ready.take() }
        if let spare {
            let file = try segment { () throws(SegmentError) in
                try segments.adopt((spare.name, spare.file), as: name, content: content.bytes)
            }
            return (file, spare.byteCount)
        }
        let file = try segment { () throws(SegmentError) in
            try segments.create(name, content: content.bytes)
        }
        return (file, UInt64(content.count))
    }
}

extension File {
    func write(_ buffer: borrowing ByteBuffer, at offset: UInt64) throws(IOError) {
        try write(buffer.bytes, at: offset)
    }

    func writeDurably(_ buffer: borrowing ByteBuffer, at offset: UInt64) throws(IOError) {
        try writeDurably(buffer.bytes, at: offset)
    }
}
