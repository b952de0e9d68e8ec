// SPDX-License-Identifier: Apache-2.0
//
// The running log: appends under the lock, writes and syncs outside of it.
//
// - Order on disk: the old segment's last bytes are durable before its successor is created; the
//   successor is durable before the old one's seal is written; the seal is durable before the first
//   record goes into the successor.
// - An error of a write, a sync, a creation or a rename stops the log for good, wakes everyone, and is
//   never tried again.

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments
internal import CairnSync

final class LogCore: Sendable {
    let state: Locked<LogState>
    let segments: SegmentDirectory
    let options: LogOptions
    let environment: Environment
    private let thread = Locked<BackgroundThread?>(nil)

    init(_ recovered: consuming RecoveredLog, options: LogOptions, environment: Environment) {
        segments = recovered.segments
        self.options = options
        self.environment = environment
        state = Locked(LogState(recovered, policy: options.syncPolicy))
    }

    // MARK: Appending

    /// Gives the transaction its LSNs and puts it behind everything pending. No I/O.
    func append(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel
    ) throws(LogError) -> LSNRange {
        let now = environment.clock.monotonicNanoseconds()
        let time = environment.clock.wallNanoseconds()
        return try state.withLock { (state) throws(LogError) in
            try state.checkOpen()
            if state.encoder.progress.byteCount >= UInt64(options.segmentByteCount),
                state.encoder.progress.frameCount > 0
            {
                try state.turn(limits: options.frameLimits)
            }
            let before = state.pending.count
            let lsns = try encode(transaction, time, &state)
            state.commitCount += 1
            state.hasUnmarkedRecords = true
            let goal = level == .durable ? Goal.durable(lsns.last) : .written(lsns.last)
            state.request(goal, .commit)
            switch state.scheduler.committed(byteCount: state.pending.count - before, now: now) {
            case .none: break
            case .sync(let reason): state.syncRequest = state.syncRequest ?? reason
            case .wake(let wakeTime): state.background.wake(at: wakeTime)
            }
            return lsns
        }
    }

    private func encode(
        _ transaction: borrowing LogTransaction, _ time: UInt64, _ state: inout LogState
    ) throws(LogError) -> LSNRange {
        let batches = transaction.batches
        let durable = state.durable.lsn
        do throws(LSNError) {
            let first = try state.lastLSN.successor()
            let lsns = try LSNRange(first: first, count: UInt64(batches.count) + 2)
            if batches.count == 1 {
                let batch = batches[0]
                try state.encoder.append(
                    .transaction, relatedLSN: durable, compression: batch.compression,
                    uncompressedByteCount: batch.uncompressedByteCount, prefix: time,
                    payload: transaction.stored(batch), to: &state.pending)
                return lsns
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
        } catch {
            throw LogError(error)
        }
    }

    /// Appends a checkpoint record, which is to be durable.
    func appendCheckpoint(_ fence: LSN) throws(LogError) -> LSN {
        try state.withLock { (state) throws(LogError) in
            try state.checkOpen()
            do throws(LSNError) {
                try state.encoder.append(
                    .checkpoint, relatedLSN: fence, payload: RawSpan(), to: &state.pending)
            } catch {
                throw LogError(error)
            }
            state.request(.durable(state.lastLSN), .request)
            state.hasUnmarkedRecords = true
            return state.lastLSN
        }
    }

    /// Makes everything durable, ends it with a promise that it is, and closes the file.
    ///
    /// - Precondition: The state says closed, so that nothing is appended meanwhile.
    func finishWriting() throws(LogError) {
        let goal = try state.withLock { (state) throws(LogError) in
            if let failure = state.failure { throw failure.recoded(.poisoned) }
            state.request(.durable(state.lastLSN), .close)
            return Goal.durable(state.lastLSN)
        }
        try drive(to: goal)
        try state.withLock { (state) throws(LogError) in
            state.request(.drained, .close)
            guard state.hasUnmarkedRecords else { return }
            state.hasUnmarkedRecords = false
            let durable = state.durable.lsn
            do throws(LSNError) {
                try state.encoder.append(
                    .durableMark, relatedLSN: durable, payload: RawSpan(), to: &state.pending)
            } catch {
                throw LogError(error)
            }
        }
        try drive(to: .drained)
        let active = state.withLock { $0.active.take() }
        if let active { try io { () throws(IOError) in try active.file.close() } }
    }

    // MARK: Writing

    private enum Turn: ~Copyable {
        case reached
        case failed(LogError)
        case lead(WriteJob)
    }

    /// Waits until `goal` is reached, and does the writing itself whenever nobody else does.
    ///
    /// - Throws: ``LogError`` with code `.indeterminate` when the log fails before.
    func drive(to goal: Goal) throws(LogError) {
        while true {
            let turn: Turn = state.wait { state in
                if state.isReached(goal) { return .reached }
                if let failure = state.failure { return .failed(failure.recoded(.indeterminate)) }
                guard let active = state.active else { return nil }
                return .lead(state.takeJob(active))
            }
            switch consume turn {
            case .reached: return
            case .failed(let error): throw error
            case .lead(let job): lead(job)
            }
        }
    }

    /// Performs a job and tells everyone how it went.
    func lead(_ job: consuming WriteJob) {
        var job = job
        var failure: LogError?
        do throws(LogError) { try perform(&job) } catch { failure = error }
        let now = environment.clock.monotonicNanoseconds()
        let told = finish(job, failure, now)
        state.wakeAll()
        for (waiter, result) in told { waiter.resume(result) }
    }

    private func finish(
        _ job: consuming WriteJob, _ failure: LogError?, _ now: UInt64
    ) -> [(Waiter, Result<Void, LogError>)] {
        var taken: WriteJob? = consume job
        return state.withLock { state in
            guard let job = taken.take() else { return [] }
            return state.finish(job, failure, now: now)
        }
    }

    private func perform(_ job: inout WriteJob) throws(LogError) {
        for turn in job.turns { try perform(turn, &job.active) }
        try io { () throws(IOError) in
            let hadUnsyncedWrites = job.hadUnsyncedWrites && job.turns.isEmpty
            let file = job.active.file
            switch (job.bytes.isEmpty, job.sync != nil) {
            case (true, true): if hadUnsyncedWrites { try file.sync() }
            case (true, false): break
            case (false, false): try file.write(job.bytes.bytes, at: job.offset)
            case (false, true) where hadUnsyncedWrites:
                try file.write(job.bytes.bytes, at: job.offset)
                try file.sync()
            case (false, true): try file.writeDurably(job.bytes.bytes, at: job.offset)
            }
        }
    }

    /// Ends one segment and begins the next.
    private func perform(_ turn: SegmentTurn, _ active: inout ActiveSegment) throws(LogError) {
        let old = active.file
        try io { () throws(IOError) in
            if !turn.bytes.isEmpty { try old.write(turn.bytes, at: turn.offset) }
            try old.sync()
        }
        let new = try segment { () throws(SegmentError) in
            try create(turn.successor, turn.successorContent)
        }
        try io { () throws(IOError) in
            try old.writeDurably(turn.seal, at: turn.sealOffset)
            try old.close()
        }
        active = ActiveSegment(file: new, name: turn.successor)
    }

    private func create(
        _ name: SegmentName, _ content: borrowing ByteBuffer
    ) throws(SegmentError) -> any File {
        try segments.create(
            name, content: content.bytes,
            preparedByteCount: options.preparesSegments ? UInt64(options.segmentByteCount) : 0)
    }

    // MARK: Background

    /// Starts the thread that syncs by the clock and writes for tasks. Does nothing when it runs.
    func startBackground() throws(LogError) {
        let mustStart = state.withLock { state in
            defer { state.background.isStarted = true }
            return !state.background.isStarted
        }
        guard mustStart else { return }
        do throws(IOError) {
            let started = try BackgroundThread { [self] in runBackground() }
            thread.withLock { $0 = started }
        } catch {
            state.withLock { $0.background.isStarted = false }
            throw LogError(error)
        }
    }

    private enum BackgroundTurn: ~Copyable {
        case stop
        case sleep(UInt64)
        case lead(WriteJob)
    }

    private func runBackground() {
        while true {
            let now = environment.clock.monotonicNanoseconds()
            let turn: BackgroundTurn = state.withLock { state in nextBackgroundTurn(&state, now) }
            switch consume turn {
            case .stop: return
            case .lead(let job): lead(job)
            case .sleep(let time):
                state.sleep(nanoseconds: time) { state in
                    defer { state.background.hasWork = false }
                    return state.background.hasWork || state.background.isStopping
                }
            }
        }
    }

    private func nextBackgroundTurn(_ state: inout LogState, _ now: UInt64) -> BackgroundTurn {
        if state.background.isStopping { return .stop }
        let idle: UInt64 = 60_000_000_000
        guard state.failure == nil else { return .sleep(idle) }
        var pause = idle
        state.background.wakeTime = nil
        switch state.scheduler.tick(now: now) {
        case .sync(let reason): state.syncRequest = state.syncRequest ?? reason
        case .wake(let time):
            state.background.wakeTime = time
            pause = time > now ? time - now : 1
        case .none: break
        }
        let hasWork =
            state.syncRequest != nil || state.waiters.contains { state.isServable($0.goal) }
        guard hasWork, let active = state.active else { return .sleep(pause) }
        return .lead(state.takeJob(active))
    }

    /// Tells whoever still waits that the log is closed.
    func dismissWaiters() {
        let left = state.withLock { $0.takeWaiters() }
        for waiter in left { waiter.resume(.failure(LogError(code: .closed))) }
    }

    /// Ends the thread and waits for it.
    func stopBackground() {
        state.withLock { $0.background.isStopping = true }
        state.wakeAll()
        thread.withLock { $0.take() }?.join()
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
