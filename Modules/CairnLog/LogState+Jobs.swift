// SPDX-License-Identifier: Apache-2.0
//
// The jobs that the state of a log hands out, and what it makes of their ends.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync

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
    /// Writes before this one, and how many of them may be in the system's cache only.
    let writeCount: UInt64
    let hadUnsyncedWrites: Bool
    /// The last LSN that the job covers.
    let lastLSN: LSN
    let unwritten: SyncScheduler.Uncovered

    /// True when writing and syncing is one call: nothing else needs the sync.
    var isOneCall: Bool { sync != nil && !bytes.isEmpty && (!hadUnsyncedWrites || !turns.isEmpty) }
    /// True when the file must be synced after the write.
    var needsSync: Bool {
        sync != nil && !isOneCall && (!bytes.isEmpty || hadUnsyncedWrites && turns.isEmpty)
    }
}

/// What somebody has to sync who writes nothing, or has written already.
struct SyncJob {
    let file: any File
    let coveredLSN: LSN
    let coveredWriteCount: UInt64
    /// True when the sync is part of a round.
    let isRound: Bool
}

/// What to do after the lock was released.
struct Wake {
    var waiters: [(Waiter, Result<Void, LogError>)] = []
    var writes: Rounds.Completion?
    var syncs: Rounds.Completion?
    var wakesNextWriter = false
    var wakesNextSyncer = false
    var wakesBackground = false
    var wakesObservers = false
    var preparesSpare = false
    var writeback: Writeback.Part?
    var hasFailed = false
}

/// Where the job lies that is being performed: there is one, and it belongs to whoever has the token for
/// writing. So nobody moves it about.
final class JobSlot: @unchecked Sendable {
    // Only the holder of the token touches the job.
    private let pointer = UnsafeMutablePointer<WriteJob>.allocate(capacity: 1)

    deinit { pointer.deallocate() }

    func fill(_ job: consuming WriteJob) { pointer.initialize(to: job) }
    func empty() -> WriteJob { pointer.move() }
    func read<Result: ~Copyable, Failure: Error>(
        _ body: (inout WriteJob) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(&pointer.pointee) }
}

extension LogState {
    /// True when a job of that kind may be taken.
    func canTake(_ kind: RoundKind) -> Bool {
        active != nil && leadership.canTake(kind, rotates: !turns.isEmpty)
    }

    /// What a caller is to do next, who waits for `goal`. One that is to lead has its job in the slot.
    mutating func nextTurn(_ caller: inout Caller, _ goal: Goal, _ delay: CommitDelay?) -> Turn {
        if leadership.isComplete(caller) { return .reached }
        if hasFailed { return isReached(goal) ? .reached : .failed }
        let turn = leadership.turn(
            of: &caller, rotates: !turns.isEmpty, waiterCount: waiters.count, delay: delay)
        if turn == .lead { takeJob(caller.kind) }
        return turn
    }

    /// Takes everything that is to be written.
    ///
    /// - Precondition: ``canTake(_:)``.
    mutating func takeJob(_ kind: RoundKind) {
        guard let active else { preconditionFailure("a job without a file") }
        let syncs = kind == .sync || syncRequest == .bytes && !leadership.isSyncing
        let reason = syncs ? syncRequest ?? .commit : nil
        leadership.take(syncs: syncs, rotates: !turns.isEmpty)
        if let reason {
            syncRequest = nil
            scheduler.syncStarted(reason)
        }
        var bytes = spareBuffer.take() ?? ByteBuffer(capacity: 64 << 10)
        swap(&bytes, &pending)
        let offset = pendingOffset
        pendingOffset += UInt64(bytes.count)
        let taken = turns
        if !taken.isEmpty {
            turns = []
            turning = taken.map(\.status)
        }
        slot.fill(
            WriteJob(
                active: active, turns: taken, bytes: bytes, offset: offset, sync: reason,
                writeCount: writeCount, hadUnsyncedWrites: hasUnsyncedWrites, lastLSN: lastLSN,
                unwritten: unwritten))
    }

    /// Takes a sync of what was written so far, for the clock: whoever writes goes on meanwhile.
    ///
    /// - Returns: Nil when a sync is under way, or nothing that was written needs one.
    mutating func takeSync(_ reason: SyncReason, now: UInt64) -> SyncJob? {
        guard let active, !leadership.isSyncing, hasUnsyncedWrites, !hasFailed else { return nil }
        leadership.takeSync()
        var uncovered = unwritten
        uncovered.since = now
        scheduler.syncStarted(reason, uncovered: uncovered)
        return SyncJob(
            file: active.file, coveredLSN: writtenLSN, coveredWriteCount: writeCount,
            isRound: false)
    }

    /// Takes the performed job out of its slot.
    ///
    /// - Returns: The sync that is left to be done.
    mutating func finishWrite(_ wake: inout Wake) -> SyncJob? {
        let job = slot.empty()
        if job.turns.isEmpty {
            active?.preparedEnd = job.active.preparedEnd
        } else {
            active = job.active
        }
        writtenLSN = max(writtenLSN, job.lastLSN)
        unwritten.byteCount -= job.unwritten.byteCount
        unwritten.commitCount -= job.unwritten.commitCount
        if let last = job.turns.last {
            sealed += turning
            turning = []
            syncedWriteCount = max(syncedWriteCount, job.writeCount)
            advanceDurable(to: last.status.lastLSN)
            scheduler.rotated(job.turns.count)
        }
        if !job.bytes.isEmpty, !job.isOneCall {
            writeCount += 1
            if job.sync == nil {
                wake.writeback = writeback.written(
                    job.active.file, upTo: job.offset + UInt64(job.bytes.count),
                    isNew: !job.turns.isEmpty)
            }
        }
        wake.writes = leadership.finishWrite(releasesSync: !job.turns.isEmpty && job.sync == nil)
        var sync: SyncJob?
        if job.sync != nil, job.needsSync {
            sync = SyncJob(
                file: job.active.file, coveredLSN: job.lastLSN, coveredWriteCount: writeCount,
                isRound: true)
        }
        wake.preparesSpare =
            !isClosed && spares.startPreparing(after: encoder.progress.byteCount)
        var emptied = job.bytes
        emptied.removeAll()
        spareBuffer = consume emptied
        return sync
    }

    /// Takes a performed sync back.
    mutating func finishSync(
        upTo lsn: LSN, writeCount: UInt64, isRound: Bool, now: UInt64, _ wake: inout Wake
    ) {
        let round = leadership.finishSync(isRound: isRound)
        syncedWriteCount = max(syncedWriteCount, writeCount)
        #if CAIRN_REINJECTION
        if Reinjection.active == .syncCoversLater { advanceDurable(to: lastLSN) }
        #endif
        advanceDurable(to: lsn)
        wake.syncs = round ?? wake.syncs
        switch scheduler.syncFinished(succeeded: true, now: now) {
        case .none: break
        // What arrived meanwhile is due already: for the next job, or the thread that keeps the clock.
        case .sync(.bytes): syncRequest = syncRequest ?? .bytes
        case .sync(.period): background.hasWork = true
        case .sync: break
        case .wake(let time): background.wake(at: time)
        }
    }

    /// Adds whom to wake after the end of a job.
    mutating func handOver(_ wake: inout Wake) {
        takeReached(&wake)
        // Whoever was overtaken sleeps where the next one does.
        wake.wakesNextWriter = wake.writes?.hasOvertaken ?? false
        wake.wakesNextSyncer = wake.syncs?.hasOvertaken ?? false
        let rotates = !turns.isEmpty
        if leadership.handOver(.sync, rotates: rotates) { wake.wakesNextSyncer = true }
        if leadership.handOver(.write, rotates: rotates) { wake.wakesNextWriter = true }
        if background.isWaiting || !waiters.isEmpty || syncRequest == .bytes {
            background.hasWork = true
        }
        if background.hasWork, background.isSleeping { wake.wakesBackground = true }
    }

    /// Takes out the tasks whose goal was reached.
    private mutating func takeReached(_ wake: inout Wake) {
        if !waiters.isEmpty {
            var kept = 0
            for index in waiters.indices {
                if isReached(waiters[index].goal) {
                    wake.waiters.append((waiters[index], .success(())))
                } else {
                    if kept != index { waiters.swapAt(kept, index) }
                    kept += 1
                }
            }
            waiters.removeLast(waiters.count - kept)
            if !wake.waiters.isEmpty { background.resumedCount = wake.waiters.count }
        }
        guard !observers.isEmpty else { return }
        let (written, durable) = (writtenLSN, durable)
        let reached = observers.take { goal in
            switch goal {
            case .written(let lsn): written >= lsn
            case .durable(let lsn): durable.covers(lsn)
            case .drained: false
            }
        }
        for waiter in reached { wake.waiters.append((waiter, .success(()))) }
    }

    /// The fence never moves back, so advancing it to something lower changes nothing.
    private mutating func advanceDurable(to lsn: LSN) {
        if !durable.covers(lsn) { durable = DurableFence(lsn) }
    }

    /// Stops the log for good.
    mutating func fail(_ failure: LogError) -> Wake {
        note(failure)
        _ = scheduler.syncFinished(succeeded: false, now: 0)
        var wake = Wake()
        wake.hasFailed = true
        wake.wakesBackground = background.isSleeping
        background.hasWork = true
        for waiter in takeWaiters() {
            let result: Result<Void, LogError> =
                isReached(waiter.goal) ? .success(()) : .failure(failure.recoded(.indeterminate))
            wake.waiters.append((waiter, result))
        }
        return wake
    }
}
