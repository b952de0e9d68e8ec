// SPDX-License-Identifier: Apache-2.0
//
// The jobs that the state of a log hands out, and what it makes of their ends.

internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync

/// A full segment: what its last write, its seal and its successor consist of.
final class SegmentRotation: Sendable {
    let bytes: BinaryBuffer
    let offset: UInt64
    let seal: BinaryBuffer
    let sealOffset: UInt64
    let successor: SegmentName
    let successorContent: BinaryBuffer
    let status: SegmentStatus

    init(
        bytes: consuming BinaryBuffer, offset: UInt64, seal: consuming BinaryBuffer,
        sealOffset: UInt64,
        successor: SegmentName, successorContent: consuming BinaryBuffer, status: SegmentStatus
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

/// What a leader has to write. There is one, which every round fills anew: what it owns stays where it is, so a
/// commit makes and moves nothing but numbers.
struct WriteJob: ~Copyable {
    /// The file that is being written.
    var file: any VirtualFile
    /// Up to here the blocks of the file exist and hold zeros where nothing was written.
    var preparedEnd: UInt64
    /// The segments that end with this job, before its bytes go into their successor.
    var rotations: [SegmentRotation] = []
    /// Empty between two rounds.
    var bytes = BinaryBuffer(capacity: 64 << 10)
    var offset: UInt64 = 0
    /// Why to sync; nil to hand the bytes to the system only.
    var sync: SyncReason?
    /// Writes before this one, and whether some of them may be in the system's cache only.
    var writeCount: UInt64 = 0
    var hadUnsyncedWrites = false
    /// The last LSN that the job covers.
    var lastLSN = LSN.never
    var unwritten = SyncScheduler.Uncovered()

    init(file: any VirtualFile, preparedEnd: UInt64) {
        self.file = file
        self.preparedEnd = preparedEnd
    }

    /// Where the bytes end in the file.
    var end: UInt64 { offset + UInt64(bytes.count) }

    /// True when writing and syncing is one call: nothing else needs the sync.
    var isOneCall: Bool {
        sync != nil && !bytes.isEmpty && (!hadUnsyncedWrites || !rotations.isEmpty)
    }
    /// True when the file must be synced after the write.
    var needsSync: Bool {
        sync != nil && !isOneCall && (!bytes.isEmpty || hadUnsyncedWrites && rotations.isEmpty)
    }
}

/// What somebody has to sync who writes nothing, or has written already.
struct SyncJob {
    let file: any VirtualFile
    let coveredLSN: LSN
    let coveredWriteCount: UInt64
    /// True when the sync is part of a round.
    let isRound: Bool
}

/// What to do after the lock was released.
struct Wake {
    var followUps: [FollowUp] = []
    var writes: Rounds.Completion?
    var syncs: Rounds.Completion?
    var wakesNextWriter = false
    var wakesNextSyncer = false
    var wakesBackground = false
    var preparesSegment = false
    var hasFailed = false
}

/// What most rounds do not have to do.
enum FollowUp {
    case resume(Waiter, Result<Void, LogError>)
    case writeBack(Writeback.Part)
}

/// Where the job of a log lies. It belongs to whoever has the token for writing, and nobody else touches it.
struct JobSlot: @unchecked Sendable {
    // A pointer, because counting references to an object around each commit shows.
    private let pointer = UnsafeMutablePointer<WriteJob>.allocate(capacity: 1)

    init(_ job: consuming WriteJob) { pointer.initialize(to: job) }

    /// Ends the life of the job: nobody may have the token, or get it.
    func destroy() {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }

    @inline(__always)
    func withJob<Result: ~Copyable, Failure: Error>(
        _ body: (inout WriteJob) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(&pointer.pointee) }
}

extension LogState {
    /// True when a job of that kind may be taken.
    func canTake(_ kind: RoundKind) -> Bool {
        slot != nil && leadership.canTake(kind, rotates: !rotations.isEmpty)
    }

    /// What a caller is to do next, who waits for `target`. One that is to lead has its job in the slot.
    mutating func nextStep(_ caller: inout Caller, _ target: WaitTarget, _ delay: CommitDelay?)
        -> NextStep
    {
        if leadership.isComplete(caller) { return .reached }
        if hasFailed { return isReached(target) ? .reached : .failed }
        let step = leadership.nextStep(
            of: &caller, rotates: !rotations.isEmpty, waiterCount: waiters.count, delay: delay)
        if step == .lead { takeJob(caller.kind) }
        return step
    }

    /// Takes everything that is to be written.
    ///
    /// - Precondition: ``canTake(_:)``.
    mutating func takeJob(_ kind: RoundKind) {
        guard let slot else { preconditionFailure("a job without a file") }
        let syncs = kind == .sync || syncRequest == .bytes && !leadership.isSyncing
        let reason = syncs ? syncRequest ?? .commit : nil
        leadership.take(syncs: syncs, rotates: !rotations.isEmpty)
        if let reason {
            syncRequest = nil
            scheduler.syncStarted(reason)
        }
        slot.withJob { job in
            swap(&job.bytes, &pending)
            job.offset = pendingOffset
            pendingOffset += UInt64(job.bytes.count)
            if !rotations.isEmpty {
                swap(&job.rotations, &rotations)
                rotating = job.rotations.map(\.status)
            }
            job.sync = reason
            job.writeCount = writeCount
            job.hadUnsyncedWrites = hasUnsyncedWrites
            job.lastLSN = lastLSN
            job.unwritten = unwritten
        }
    }

    /// Takes a sync of what was written so far, for the clock: whoever writes goes on meanwhile.
    ///
    /// - Returns: Nil when a sync is under way, or nothing that was written needs one.
    mutating func takeSync(_ reason: SyncReason, now: UInt64) -> SyncJob? {
        guard let file, !leadership.isSyncing, hasUnsyncedWrites, !hasFailed else { return nil }
        leadership.takeSync()
        var uncovered = unwritten
        uncovered.since = now
        scheduler.syncStarted(reason, uncovered: uncovered)
        return SyncJob(
            file: file, coveredLSN: writtenLSN, coveredWriteCount: writeCount, isRound: false)
    }

    /// Takes the performed job back.
    ///
    /// - Returns: The sync that is left to be done.
    mutating func finish(_ job: inout WriteJob, now: UInt64, _ wake: inout Wake) -> SyncJob? {
        let (isOneCall, needsSync, hasRotated) = (
            job.isOneCall, job.needsSync, !job.rotations.isEmpty
        )
        writtenLSN = max(writtenLSN, job.lastLSN)
        unwritten.byteCount -= job.unwritten.byteCount
        unwritten.commitCount -= job.unwritten.commitCount
        if hasRotated { finishRotations(&job) }
        if !job.bytes.isEmpty, !isOneCall {
            writeCount += 1
            if job.sync == nil {
                if let range = writeback.written(upTo: job.end, isNew: hasRotated) {
                    wake.followUps.append(.writeBack(Writeback.Part(file: job.file, range: range)))
                }
            }
        }
        job.bytes.removeAll()
        wake.writes = leadership.finishWrite(releasesSync: hasRotated && job.sync == nil)
        wake.preparesSegment =
            !isClosed && preparedSegments.startPreparing(after: encoder.progress.byteCount)
        guard job.sync != nil else { return nil }
        guard !needsSync else {
            return SyncJob(
                file: job.file, coveredLSN: job.lastLSN, coveredWriteCount: writeCount,
                isRound: true)
        }
        finishSync(upTo: job.lastLSN, writeCount: 0, isRound: true, now: now, &wake)
        return nil
    }

    /// Notes the segments that the job has ended: all they hold is durable.
    private mutating func finishRotations(_ job: inout WriteJob) {
        guard let last = job.rotations.last else { return }
        file = job.file
        sealed += rotating
        rotating = []
        syncedWriteCount = max(syncedWriteCount, job.writeCount)
        advanceDurable(to: last.status.lastLSN)
        scheduler.rotated(job.rotations.count)
        job.rotations = []
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
        let rotates = !rotations.isEmpty
        if leadership.handOver(.sync, rotates: rotates) { wake.wakesNextSyncer = true }
        if leadership.handOver(.write, rotates: rotates) { wake.wakesNextWriter = true }
        if background.isWaiting || !waiters.isEmpty || syncRequest == .bytes {
            background.hasWork = true
        }
        if background.hasWork, background.isSleeping { wake.wakesBackground = true }
    }

    /// Takes out the tasks whose target was reached.
    private mutating func takeReached(_ wake: inout Wake) {
        if !waiters.isEmpty {
            var kept = 0
            for index in waiters.indices {
                if isReached(waiters[index].target) {
                    wake.followUps.append(.resume(waiters[index], .success(())))
                } else {
                    if kept != index { waiters.swapAt(kept, index) }
                    kept += 1
                }
            }
            if kept < waiters.count { background.resumedCount = waiters.count - kept }
            waiters.removeLast(waiters.count - kept)
        }
        guard !changeWaiters.isEmpty else { return }
        let (written, durable) = (writtenLSN, durable)
        let reached = changeWaiters.take { target in
            switch target {
            case .written(let lsn): written >= lsn
            case .durable(let lsn): durable.covers(lsn)
            case .drained: false
            }
        }
        for waiter in reached { wake.followUps.append(.resume(waiter, .success(()))) }
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
                isReached(waiter.target) ? .success(()) : .failure(failure.recoded(.indeterminate))
            wake.followUps.append(.resume(waiter, result))
        }
        return wake
    }
}
