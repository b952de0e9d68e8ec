// SPDX-License-Identifier: Apache-2.0
//
// The running log: appends under the lock, writes and syncs outside of it.
//
// - Order on disk: the old segment's last bytes are durable before its successor is created; the
//   successor is durable before the old one's seal is written; the seal is durable before the first
//   record goes into the successor.
// - Before a rotation the directory and its lock are looked at: see ``StoreDirectory/checkIdentity()``.
// - An error of a write, a sync, a creation or a rename stops the log for good, wakes everyone, and is
//   never tried again.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync
internal import Synchronization

final class LogCore: Sendable {
    let state: Locked<LogState>
    let segments: SegmentDirectory
    let store: StoreDirectory
    let options: LogOptions
    let environment: StorageEnvironment
    let needsTime: Bool
    /// Batches up to this size are stored as they are.
    let plainByteCountMax: Int
    /// Nil when the log was opened for reading only.
    let slot: JobSlot?
    let writeWaiters = RoundWaiters()
    let syncWaiters = RoundWaiters()
    /// Where a leader sleeps that lets others join: nothing but a failure ends that early.
    let delaying = Locked(false)
    /// The durable fence, for readers that only look.
    let durableLSN: Atomic<UInt64>
    /// The end of what is in the system's cache, for readers that only look.
    let writtenLSN: Atomic<UInt64>
    /// How long the log is from the segment on that was the last one when it was opened.
    let byteCount: Atomic<UInt64>
    /// The log has failed: asked before each commit, so it takes no lock.
    let hasFailed = Atomic<Bool>(false)

    let thread = Locked<BackgroundThread?>(nil)
    /// The thread runs: asked by each task that commits, so it takes no lock.
    let hasThread = Atomic<Bool>(false)
    /// Rung for the background thread.
    let wakeSignal = Locked(false)
    let preparer = Locked<BackgroundThread?>(nil)
    /// Rung for the thread that prepares prepared segments: how often, and whether to stop.
    let preparerQueue = Locked<PreparerQueue>(PreparerQueue())

    init(
        _ recovered: consuming RecoveredLog, _ store: StoreDirectory, options: LogOptions,
        environment: StorageEnvironment
    ) {
        segments = recovered.segments
        self.store = store
        self.options = options
        self.environment = environment
        slot = recovered.file.map {
            JobSlot(WriteJob(file: $0, preparedEnd: recovered.fileByteCount))
        }
        var state = LogState(recovered, policy: options.syncPolicy, slot: slot)
        if options.preparesSegments {
            state.preparedSegments.threshold = UInt64(max(0, options.segmentByteCount) / 4)
            state.preparedSegments.recycledCountMax = max(0, options.recycledSegmentCountMax)
        }
        let largest = options.frameLimits.payloadByteCountMax - 8
        plainByteCountMax =
            options.compressor == nil ? largest : min(largest, options.compressionByteCountMin - 1)
        needsTime = state.scheduler.needsTime
        durableLSN = Atomic(state.durable.lsn.rawValue)
        writtenLSN = Atomic(state.writtenLSN.rawValue)
        byteCount = Atomic(state.encoder.progress.byteCount)
        self.state = Locked(state)
    }

    deinit { slot?.destroy() }

    // MARK: Appending

    /// What was appended, and how to wait for it.
    struct Appended {
        let lsns: LSNRange
        let target: WaitTarget
        let caller: Caller
        let step: NextStep
        /// The signal of whoever is next, when the step was told.
        let seen: UInt32
    }

    /// Gives the transaction its LSNs and puts it behind everything pending, for a caller who leads when nobody
    /// else does. No I/O.
    func append(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel
    ) throws(LogError) -> Appended {
        try append(level: level) { (state, target, lsns) in
            caller(&state, target, lsns)
        } _: { (state, time) throws(LSNError) in
            try Self.encode(transaction, time, &state)
        }
    }

    /// The same for a transaction of one batch that is not compressed.
    func append(batch: RawSpan, level: DurabilityLevel) throws(LogError) -> Appended {
        try append(level: level) { (state, target, lsns) in
            caller(&state, target, lsns)
        } _: { (state, time) throws(LSNError) in
            try state.encoder.append(
                .transaction, relatedLSN: state.durable.lsn, prefix: time, payload: batch,
                to: &state.pending)
        }
    }

    /// The same for a task, which the thread of the log resumes when the transaction has the level.
    ///
    /// - Precondition: The thread was started; otherwise nobody writes.
    func append(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel,
        _ continuation: Waiter.Continuation
    ) throws(LogError) -> LSNRange {
        var mustWake = false
        let lsns = try append(level: level) { (state, target, lsns) in
            state.waiters.append(Waiter(target: target, continuation: continuation))
            state.background.hasWork = true
            mustWake = state.background.isSleeping
            return lsns
        } _: { (state, time) throws(LSNError) in
            try Self.encode(transaction, time, &state)
        }
        if mustWake { wakeBackground() }
        return lsns
    }

    /// The same for a caller that waits later, or not at all.
    ///
    /// - Returns: The LSNs, and the ticket of the round that covers them.
    func stage(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel
    ) throws(LogError) -> (lsns: LSNRange, ticket: UInt64) {
        var hasBlocked = false
        let staged = try append(level: level) { (state, target, lsns) in
            hasBlocked = state.blockedCount > 0
            return (lsns: lsns, ticket: state.leadership.caller(target.kind).ticket)
        } _: { (state, time) throws(LSNError) in
            try Self.encode(transaction, time, &state)
        }
        if hasBlocked { state.wakeAll() }
        return staged
    }

    private func caller(_ state: inout LogState, _ target: WaitTarget, _ lsns: LSNRange) -> Appended
    {
        var caller = state.leadership.caller(target.kind)
        let step = state.nextStep(&caller, target, options.commitDelay)
        return Appended(
            lsns: lsns, target: target, caller: caller, step: step,
            seen: step == .next ? roundWaiters(caller.kind).lead.read() : 0)
    }

    /// - Parameters:
    ///   - join: Makes whoever appends wait for its target, still under the lock.
    ///   - encode: Puts the frames behind everything pending.
    @inline(__always)
    private func append<Joined>(
        level: DurabilityLevel, _ join: (inout LogState, WaitTarget, LSNRange) -> Joined,
        _ encode: (inout LogState, UInt64) throws(LSNError) -> LSNRange
    ) throws(LogError) -> Joined {
        let now = needsTime ? environment.clock.monotonicNanoseconds() : 0
        let wallTime = environment.clock.wallNanoseconds()
        return try state.withLock { (state) throws(LogError) -> Joined in
            try state.checkOpen()
            if state.encoder.progress.byteCount >= UInt64(options.segmentByteCount),
                state.encoder.progress.frameCount > 0
            {
                try state.rotate(limits: options.frameLimits)
            }
            let before = state.encoder.progress.byteCount
            let lsns: LSNRange
            let time = state.commitTime(wallTime)
            do throws(LSNError) { lsns = try encode(&state, time) } catch {
                throw LogError(error)
            }
            let target = level == .durable ? WaitTarget.durable(lsns.last) : .written(lsns.last)
            state.request(target, .commit)
            state.account(for: state.encoder.progress.byteCount - before, now: now)
            return join(&state, target, lsns)
        }
    }

    private static func encode(
        _ transaction: borrowing LogTransaction, _ time: UInt64, _ state: inout LogState
    ) throws(LSNError) -> LSNRange {
        let batches = transaction.batches
        #if CAIRN_REINJECTION
        let durable =
            Reinjection.active == .watermarkAheadOfSync ? state.lastLSN : state.durable.lsn
        #else
        let durable = state.durable.lsn
        #endif
        let first = try state.lastLSN.successor()
        let lsns = try LSNRange(first: first, count: UInt64(batches.count) + 2)
        if batches.count == 1 {
            let batch = batches[0]
            return try state.encoder.append(
                .transaction, relatedLSN: durable, compression: batch.compression,
                uncompressedByteCount: batch.uncompressedByteCount, prefix: time,
                payload: transaction.stored(batch), to: &state.pending)
        }
        let none = RawSpan()
        try state.encoder.append(
            .transactionBegin, relatedLSN: durable, payload: none, to: &state.pending)
        for batch in batches {
            try state.encoder.append(
                .mutationBatch, relatedLSN: first, compression: batch.compression,
                uncompressedByteCount: batch.uncompressedByteCount,
                payload: transaction.stored(batch), to: &state.pending)
        }
        try state.encoder.append(
            .transactionCommit, relatedLSN: first, prefix: time, payload: none,
            to: &state.pending)
        return lsns
    }

    /// Appends a checkpoint record, which is to be durable.
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
            guard state.durable.covers(fence) else {
                throw LogError(code: .checkpointRefused, lsn: fence)
            }
            do throws(LSNError) {
                try state.encoder.append(
                    .checkpoint, relatedLSN: fence, payload: payload.bytes, to: &state.pending)
            } catch {
                throw LogError(error)
            }
            state.hasUnmarkedRecords = true
            state.request(.durable(state.lastLSN), .request)
            return state.lastLSN
        }
    }

    /// Makes everything durable, ends it with its durable watermark, and closes the file.
    ///
    /// - Precondition: The state says closed, so that nothing is appended meanwhile.
    func finishWriting() throws(LogError) {
        if let failure = state.withLock({ $0.failure }) { throw failure.recoded(.poisoned) }
        do throws(LogError) { try checkIdentity() } catch { throw error.recoded(.indeterminate) }
        let target = try state.withLock { (state) throws(LogError) in
            if let failure = state.failure { throw failure.recoded(.poisoned) }
            state.request(.durable(state.lastLSN), .close)
            return WaitTarget.durable(state.lastLSN)
        }
        try drive(to: target)
        try state.withLock { (state) throws(LogError) in
            guard state.hasUnmarkedRecords else { return }
            state.hasUnmarkedRecords = false
            let durable = state.durable.lsn
            do throws(LSNError) {
                try state.encoder.append(
                    .durableMark, relatedLSN: durable, payload: RawSpan(), to: &state.pending)
            } catch {
                throw LogError(error)
            }
            state.request(.drained, .close)
        }
        try drive(to: .drained)
        let file = state.withLock { state in
            state.leadership.stop()
            return state.file.take()
        }
        if let file { try io { () throws(StorageError) in try file.close() } }
    }

    // MARK: Background

    /// Tells whoever still waits that the log is closed.
    func dismissWaiters() {
        let left = state.withLock { $0.takeWaiters() }
        for waiter in left { waiter.resume(.failure(LogError(code: .closed))) }
        state.wakeAll()
    }
}
