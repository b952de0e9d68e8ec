// SPDX-License-Identifier: Apache-2.0
//
// The running log. A commit, in order:
//
//  1. `append`, under the lock: LSNs are given, the frame is laid out behind everything pending (`ActiveSegment`).
//  2. The policy counts it and may ask for a sync (`CommitProgress`, `SyncScheduler`).
//  3. `Leadership` gives the caller its next step: lead now, be next, or follow. The lock is released.
//  4. A leader has everything pending in its job (`WriteJob`); others append for the next round meanwhile.
//  5. `lead`, without a lock: full segments are ended and begun (`LogCore+Rotation`), frames are encrypted and get their
//     checksums (`SegmentFinisher`), then one write, durable when the round is a sync round and nothing unsynced lies
//     before it; else write, and sync apart.
//  6. `LogState.finish`, under the lock: fences advance, the tokens are given back, the next leader is chosen.
//  7. `tell`, without a lock: the next leader is woken first, then the followers, then tasks.
//  8. A follower sees the number of its round and returns; it takes no lock.
//
// A task appends, suspends, and the background thread leads for it. What was tried and dropped, with figures:
// Docs/Decisions/0009-what-was-measured.md.
//
// - Order on disk: the old segment's last bytes are durable before its successor is created; the successor is durable
//   before the old one's seal is written; the seal is durable before the first record goes into the successor.
// - Before a rotation the directory and its lock are checked: see ``StoreDirectory/checkIdentity()``.
// - An error of a write, a sync, a creation or a rename stops the log for good, wakes all callers, and is never
//   tried again.

internal import CairnCodec
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
    let slot: WriteJobSlot?
    let writeWaiters = RoundWaiters()
    let syncWaiters = RoundWaiters()
    /// Where a leader sleeps that lets others join; only a failure ends that early.
    let delaying = Locked(false)
    /// The durable fence, for readers that take no lock.
    let durableLSN: Atomic<UInt64>
    /// The last LSN in the system's cache, for readers that take no lock.
    let writtenLSN: Atomic<UInt64>
    /// The bytes of the log from the segment on that was the last one when it was opened.
    let byteCount: Atomic<UInt64>
    /// The log has failed. Each commit asks, so it takes no lock.
    let hasFailed = Atomic<Bool>(false)

    let thread = Locked<BackgroundThread?>(nil)
    /// The thread runs. Each task that commits asks, so it takes no lock.
    let hasThread = Atomic<Bool>(false)
    /// Raised to wake the background thread.
    let wakeSignal = Locked(false)
    let preparer = Locked<BackgroundThread?>(nil)
    /// The work of the preparer.
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
            WriteJobSlot(
                WriteJob(
                    file: $0, finisher: recovered.encoder.finisher,
                    preparedEnd: recovered.fileByteCount))
        }
        var state = LogState(recovered, policy: options.syncPolicy, slot: slot)
        if options.preparesSegments {
            state.retention.prepared.threshold = UInt64(max(0, options.segmentByteCount) / 4)
            state.retention.prepared.recycledCountMax = max(0, options.recycledSegmentCountMax)
        }
        let largest = options.frameLimits.payloadByteCountMax - options.overheadByteCount
        plainByteCountMax =
            options.compressor == nil ? largest : min(largest, options.compressionByteCountMin - 1)
        needsTime = state.progress.scheduler.needsTime
        durableLSN = Atomic(state.progress.durable.lsn.rawValue)
        writtenLSN = Atomic(state.progress.writtenLSN.rawValue)
        byteCount = Atomic(state.active.byteCount)
        self.state = Locked(state)
    }

    deinit { slot?.destroy() }

    func roundWaiters(_ kind: RoundKind) -> RoundWaiters {
        kind == .write ? writeWaiters : syncWaiters
    }

    // MARK: Closing

    /// Makes everything durable, ends the log with its durable watermark, and closes the file.
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
            let durable = state.progress.durable.lsn
            do throws(LSNError) {
                guard try state.active.append(durableMark: durable) else { return }
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

    /// Tells the callers that still wait that the log is closed.
    func dismissWaiters() {
        let left = state.withLock { $0.waiting.takeAll() }
        for waiter in left { waiter.resume(.failure(LogError(code: .closed))) }
        state.wakeAll()
    }
}
