// SPDX-License-Identifier: Apache-2.0
//
// Appending: a short time under the lock, and no I/O.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSync

extension LogCore {
    /// An appended transaction, and how to wait for it.
    struct Appended {
        let lsns: LSNRange
        let target: WaitTarget
        let caller: Caller
        let step: NextStep
        /// The value of the signal for the next leader when the step was given.
        let seen: UInt32
    }

    /// Appends a transaction for a caller that leads when no other does.
    func append(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel
    ) throws(LogError) -> Appended {
        try append(level: level) { (state, target, lsns) in
            caller(&state, target, lsns)
        } _: { (active, time, durable) throws(LSNError) in
            try active.append(transaction, time: time, durable: durable)
        }
    }

    /// Appends a transaction of one batch that is not compressed, for a caller that leads when no other does.
    func append(batch: RawSpan, level: DurabilityLevel) throws(LogError) -> Appended {
        try append(level: level) { (state, target, lsns) in
            caller(&state, target, lsns)
        } _: { (active, time, durable) throws(LSNError) in
            try active.append(batch: batch, time: time, durable: durable)
        }
    }

    /// Appends a transaction for a task, which is resumed when the transaction has the level.
    ///
    /// - Precondition: The background thread was started; otherwise no thread writes.
    func append(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel,
        _ continuation: Waiter.Continuation
    ) throws(LogError) -> LSNRange {
        var mustWake = false
        let lsns = try append(level: level) { (state, target, lsns) in
            state.waiting.add(Waiter(target: target, continuation: continuation))
            state.background.hasWork = true
            mustWake = state.background.isSleeping
            return lsns
        } _: { (active, time, durable) throws(LSNError) in
            try active.append(transaction, time: time, durable: durable)
        }
        if mustWake { wakeBackground() }
        return lsns
    }

    /// Appends a transaction for a caller that waits later, or never.
    ///
    /// - Returns: The LSNs, and the ticket of the round that covers them.
    func stage(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel
    ) throws(LogError) -> (lsns: LSNRange, ticket: UInt64) {
        var hasBlocked = false
        let staged = try append(level: level) { (state, target, lsns) in
            hasBlocked = state.waiting.blockedCount > 0
            return (lsns: lsns, ticket: state.leadership.caller(target.kind).ticket)
        } _: { (active, time, durable) throws(LSNError) in
            try active.append(transaction, time: time, durable: durable)
        }
        if hasBlocked { state.wakeAll() }
        return staged
    }

    private func caller(
        _ state: inout LogState, _ target: WaitTarget, _ lsns: LSNRange
    ) -> Appended {
        var caller = state.leadership.caller(target.kind)
        let step = state.nextStep(&caller, target, options.commitDelay)
        return Appended(
            lsns: lsns, target: target, caller: caller, step: step,
            seen: step == .next ? roundWaiters(caller.kind).lead.read() : 0)
    }

    /// - Parameters:
    ///   - join: Makes the caller wait for its target, still under the lock.
    ///   - encode: Appends the frames, with the commit time and the durable watermark.
    @inline(__always)
    private func append<Joined>(
        level: DurabilityLevel, _ join: (inout LogState, WaitTarget, LSNRange) -> Joined,
        _ encode: (inout ActiveSegment, UInt64, LSN) throws(LSNError) -> LSNRange
    ) throws(LogError) -> Joined {
        let now = needsTime ? environment.clock.monotonicNanoseconds() : 0
        let wallTime = environment.clock.wallNanoseconds()
        return try state.withLock { (state) throws(LogError) -> Joined in
            try state.checkOpen()
            if state.active.isFull(at: options.segmentByteCount) {
                try state.active.rotate(options)
            }
            let before = state.active.byteCount
            let lsns: LSNRange
            let time = state.active.commitTime(wallTime)
            let durable = state.progress.durable.lsn
            do throws(LSNError) { lsns = try encode(&state.active, time, durable) } catch {
                throw LogError(error)
            }
            let target =
                level == .durable ? WaitTarget.durable(lsns.last) : .written(lsns.last)
            state.request(target, .commit)
            state.active.noteCommit()
            state.progress.account(
                for: state.active.byteCount - before, now: now, &state.background)
            return join(&state, target, lsns)
        }
    }

    /// Appends a checkpoint record, and requests a sync for it.
    ///
    /// - Throws: ``LogError`` with code `.checkpointRefused` for a fence beyond the durable end.
    func appendCheckpoint(_ fence: LSN, _ digest: StateDigest?) throws(LogError) -> LSN {
        var payload = BinaryBuffer(capacity: CheckpointMark.byteCount)
        if let digest {
            let time = environment.clock.wallNanoseconds()
            CheckpointMark(digest: digest, nanoseconds: time).append(to: &payload)
        }
        return try state.withLock { (state) throws(LogError) in
            try state.checkOpen()
            guard state.progress.durable.covers(fence) else {
                throw LogError(code: .checkpointRefused, lsn: fence)
            }
            if state.active.nextBeginsSegment { try state.active.rotate(options) }
            do throws(LSNError) {
                try state.active.append(checkpoint: fence, payload.bytes)
            } catch {
                throw LogError(error)
            }
            state.request(.durable(state.lastLSN), .request)
            return state.lastLSN
        }
    }
}
