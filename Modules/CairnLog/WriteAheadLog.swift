// SPDX-License-Identifier: Apache-2.0

#if CAIRN_REINJECTION
internal import CairnFormat
#endif
internal import CairnCodec
public import CairnIO
public import CairnLSN
internal import CairnSegments
public import CairnSync
internal import Synchronization
public import SystemPackage

/// A write-ahead log: transactions go in, are durable when the policy says so, and come back after a
/// crash in the same order.
///
/// It moves bytes and knows nothing of what they mean. All methods may be called from any thread.
///
/// A lone caller writes and syncs by itself; of many callers, one does it for all, and the others ride
/// along. The first error of a write or a sync stops the log for good: reopening is the only way back,
/// because nobody knows what the disk holds after that.
public final class WriteAheadLog: Sendable {
    /// How it was opened.
    public let options: LogOptions
    /// What opening found and did.
    public let recovery: RecoveryReport
    let core: LogCore
    let store: StoreDirectory
    private let ownsStore: Bool

    private init(
        _ recovered: consuming RecoveredLog, _ store: StoreDirectory, ownsStore: Bool,
        _ options: LogOptions, _ environment: Environment
    ) throws(LogError) {
        self.options = options
        recovery = recovered.report
        self.store = store
        self.ownsStore = ownsStore
        core = LogCore(recovered, options: options, environment: environment)
        if case .periodic = options.syncPolicy, store.access == .readWrite {
            try core.startBackground()
        }
    }

    deinit {
        core.stopBackground()
        if ownsStore { store.release() }
    }

    // MARK: Opening and closing

    /// Opens the log in the directory at `path` and replays it.
    ///
    /// On return everything that was replayed is durable, a torn tail was moved to `quarantine/`, and the
    /// log takes commits.
    ///
    /// - Parameters:
    ///   - fence: What the caller has already; only what was committed after it is replayed.
    ///   - replay: Takes the committed batches in order. Memory stays bounded by the largest
    ///     transaction. What it throws ends the opening, with nothing changed.
    /// - Throws: ``LogError`` with code `.damaged`, `.tailTooLong`, `.replayGap`, `.notEmpty`, `.codec`,
    ///   `.invalidOptions` or `.io` (also when another process holds the directory), or what `replay` throws.
    public static func open(
        _ path: FilePath, options: LogOptions = LogOptions(), environment: Environment = .system,
        after fence: ReplayFence = ReplayFence(), replay: ReplayHandler = { _, _ in }
    ) throws -> WriteAheadLog {
        let store = try io { () throws(IOError) in
            try StoreDirectory.open(
                path, access: options.access, createIfMissing: options.createIfMissing,
                environment: environment)
        }
        do {
            return try open(
                in: store, owning: true, options: options, environment: environment, after: fence,
                replay: replay)
        } catch {
            store.release()
            throw error
        }
    }

    /// Opens the log in the directory at `path`; see the other method.
    public static func open(
        _ path: String, options: LogOptions = LogOptions(), environment: Environment = .system,
        after fence: ReplayFence = ReplayFence(), replay: ReplayHandler = { _, _ in }
    ) throws -> WriteAheadLog {
        try open(
            FilePath(path), options: options, environment: environment, after: fence, replay: replay
        )
    }

    /// Opens the log in a store that the caller has locked and will release; see the other method.
    public static func open(
        in store: StoreDirectory, options: LogOptions = LogOptions(),
        environment: Environment = .system, after fence: ReplayFence = ReplayFence(),
        replay: ReplayHandler = { _, _ in }
    ) throws -> WriteAheadLog {
        try open(
            in: store, owning: false, options: options, environment: environment, after: fence,
            replay: replay)
    }

    private static func open(
        in store: StoreDirectory, owning: Bool, options: LogOptions, environment: Environment,
        after fence: ReplayFence, replay: ReplayHandler
    ) throws -> WriteAheadLog {
        try options.check()
        let recovery = LogRecovery(
            directory: LogDirectory(store: store, environment: environment), options: options)
        let recovered = try recovery.run(after: fence, replay)
        return try WriteAheadLog(recovered, store, ownsStore: owning, options, environment)
    }

    /// Makes everything durable and closes the log; a second call does nothing.
    ///
    /// A log closed this way ends in a promise that all of it was durable, so that later damage to its
    /// last records is never mistaken for an interrupted write.
    ///
    /// - Throws: ``LogError`` with code `.poisoned` or `.indeterminate` when it had failed, or fails
    ///   now; `.io` when all is durable and only the closing of the file failed. It is closed all the same,
    ///   and the lock is given back.
    public func close() throws(LogError) {
        let isFirst = core.state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        defer {
            core.stopBackground()
            core.dismissWaiters()
            if ownsStore { store.release() }
        }
        guard store.access == .readWrite else { return }
        try core.finishWriting()
    }

    // MARK: Committing

    /// Commits a transaction.
    ///
    /// On return it has at least the level of the policy, or the one asked for when that is higher. After
    /// a crash it is there as a whole or, if it was not durable, possibly not at all.
    ///
    /// - Parameter level: More than the policy gives; never less.
    /// - Returns: What was achieved; nil for a transaction without batches, for which nothing is written.
    /// - Throws: ``LogError`` with code `.poisoned`, `.closed`, `.readOnly`, `.exhausted` (nothing was
    ///   committed) or `.indeterminate` (it may come back when the log is opened again).
    /// - Complexity: O(*n*) in its bytes, one write and one sync shared with whoever commits meanwhile.
    @discardableResult
    public func commit(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel? = nil
    ) throws(LogError) -> CommitReceipt? {
        guard try isWritten(transaction) else { return nil }
        let level = leastLevel(level)
        let appended = try core.append(transaction, level: level, leads: true)
        let lsns = appended.lsns
        try core.drive(appended)
        return receipt(lsns, level)
    }

    /// Commits a transaction without blocking the thread; otherwise like the other method.
    @discardableResult
    public func commit(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel? = nil
    ) async throws(LogError) -> CommitReceipt? {
        guard try isWritten(transaction) else { return nil }
        // Before anything is appended: without the thread nobody would write it.
        try core.startBackground()
        let level = leastLevel(level)
        let appended = try core.append(transaction, level: level, leads: false)
        let (lsns, goal) = (appended.lsns, appended.goal)
        try await wait(for: goal)
        return receipt(lsns, level)
    }

    /// Commits one batch that is bytes already, as a transaction of its own.
    ///
    /// - Throws: As the other methods, and ``LogError`` with code `.codec` for a batch that is larger than a
    ///   frame may be.
    /// - Complexity: O(*n*) in its bytes; no allocation in steady state when it is not compressed.
    @discardableResult
    public func commit(
        batch: RawSpan, level: DurabilityLevel? = nil
    ) throws(LogError) -> CommitReceipt {
        let level = leastLevel(level)
        if batch.byteCount <= core.plainByteCountMax {
            guard store.access == .readWrite else { throw LogError(code: .readOnly) }
            let appended = try core.append(batch: batch, level: level, leads: true)
            let lsns = appended.lsns
            try core.drive(appended)
            return receipt(lsns, level)
        }
        var transaction = LogTransaction()
        try transaction.append(batch, options: options)
        guard let receipt = try commit(transaction, level: level) else {
            preconditionFailure("a transaction with a batch has a receipt")
        }
        return receipt
    }

    /// False for a transaction without batches.
    private func isWritten(_ transaction: borrowing LogTransaction) throws(LogError) -> Bool {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        guard !transaction.isEmpty else {
            try core.state.withLock { (state) throws(LogError) in try state.checkOpen() }
            return false
        }
        return true
    }

    private func leastLevel(_ asked: DurabilityLevel?) -> DurabilityLevel {
        options.syncPolicy == .everyCommit ? .durable : asked ?? .written
    }

    private func receipt(_ lsns: LSNRange, _ level: DurabilityLevel) -> CommitReceipt {
        let isDurable =
            level == .durable
            || core.durableLSN.load(ordering: .acquiring) >= lsns.last.rawValue
        return CommitReceipt(lsns: lsns, level: isDurable ? .durable : .written)
    }

    // MARK: Making durable

    /// Hands everything pending to the system: it then survives a crash of the process.
    public func flush() throws(LogError) {
        try core.drive(to: try request { .written($0) })
    }

    /// Makes everything committed so far durable, whatever the policy.
    ///
    /// - Throws: ``LogError`` with code `.poisoned`, `.closed`, `.readOnly` or `.indeterminate`.
    public func sync() throws(LogError) {
        try core.drive(to: try request { .durable($0) })
    }

    private func request(_ goal: (LSN) -> Goal) throws(LogError) -> Goal {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        return try core.state.withLock { (state) throws(LogError) in
            try state.checkOpen()
            let goal = goal(state.lastLSN)
            state.request(goal, .request)
            return goal
        }
    }

    /// Waits until the record at `lsn` is durable. It does not cause a sync: the policy or another
    /// caller does.
    ///
    /// - Throws: ``LogError`` with code `.indeterminate` when the log fails before, `.closed` when it is
    ///   closed before there is such a record, `.readOnly` when it never will be seen here.
    public func waitUntilDurable(_ lsn: LSN) throws(LogError) {
        let result: Result<Void, LogError> = core.state.wait { state in
            answer(.durable(lsn), state)
        }
        try result.get()
    }

    /// Waits without blocking the thread until the record at `lsn` is durable, and causes the sync.
    ///
    /// - Throws: As the other method.
    public func waitUntilDurable(_ lsn: LSN) async throws(LogError) {
        try await wait(for: .durable(lsn))
    }

    /// What somebody who waits for `goal` can be told at once; nil when it may still come.
    private func answer(_ goal: Goal, _ state: borrowing LogState) -> Result<Void, LogError>? {
        if state.isReached(goal) { return .success(()) }
        if let failure = state.failure { return .failure(failure.recoded(.indeterminate)) }
        // What was appended before the close is being written by it.
        if state.isClosed, !state.isServable(goal) { return .failure(LogError(code: .closed)) }
        return store.access == .readOnly ? .failure(LogError(code: .readOnly)) : nil
    }

    private func wait(for goal: Goal) async throws(LogError) {
        if store.access == .readWrite { try core.startBackground() }
        let core = core
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, LogError>, Never>) in
            var mustRing = false
            let atOnce: Result<Void, LogError>? = core.state.withLock { state in
                if let answer = answer(goal, state) { return answer }
                state.request(goal, .commit)
                state.waiters.append(Waiter(goal: goal) { continuation.resume(returning: $0) })
                state.background.hasWork = true
                mustRing = state.background.isSleeping
                return nil
            }
            if let atOnce {
                continuation.resume(returning: atOnce)
            } else if mustRing {
                core.ring()
            }
        }
        try result.get()
    }

    // MARK: Checkpoints

    /// Records that a snapshot up to `fence` is durably in place. Durable on return.
    ///
    /// - Returns: The LSN of the record.
    /// - Throws: ``LogError`` with code `.checkpointRefused` for a fence beyond the durable end, `.readOnly`,
    ///   `.poisoned`, `.closed`, `.exhausted` or `.indeterminate`.
    @discardableResult
    public func checkpointMarker(_ fence: SnapshotFence) throws(LogError) -> LSN {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        let lsn = try core.appendCheckpoint(fence.lsn)
        try core.drive(to: .durable(lsn))
        return lsn
    }

    /// Removes the sealed segments that lie wholly at or below `fence`, oldest first. The removal is
    /// durable on return. The last segment always stays, and so does what a ``LogPin`` holds.
    ///
    /// - Returns: The segments that were removed.
    /// - Throws: ``LogError`` with code `.truncationRefused` for a fence beyond the durable end,
    ///   `.readOnly`, `.poisoned`, `.closed`, or `.io`.
    @discardableResult
    public func truncate(upTo fence: TruncationFence) throws(LogError) -> [SegmentStatus] {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        let removable = try core.state.withLock { (state) throws(LogError) -> [SegmentStatus] in
            try state.checkOpen()
            guard state.durable.covers(fence.lsn) else {
                throw LogError(code: .truncationRefused, lsn: fence.lsn)
            }
            guard !state.isTruncating else { return [] }
            state.isTruncating = true
            #if CAIRN_REINJECTION
            if Reinjection.active == .truncatesOneTooMany {
                return Array(
                    state.sealed.prefix(
                        state.sealed.prefix { fence.covers($0.lastLSN) }.count + 1))
            }
            if Reinjection.active == .removesNewestFirst {
                return state.sealed.prefix { fence.covers($0.lastLSN) }.reversed()
            }
            #endif
            return state.pins.removable(of: state.sealed.prefix { fence.covers($0.lastLSN) })
        }
        defer { core.state.withLock { $0.isTruncating = false } }
        guard !removable.isEmpty else { return [] }
        for status in removable {
            let spare = try segment { () throws(SegmentError) in try leave(status) }
            core.state.withLock { state in
                _ = state.sealed.removeFirst()
                state.holds.forget(status.name)
            }
            // One by one: a crash may keep any of several removals, and a gap would be a loss.
            try syncRemoval()
            if let spare { core.state.withLock { $0.spares.retired.append(spare) } }
        }
        return removable
    }

    /// Takes a segment out of the log: its file is kept as a spare, or removed.
    ///
    /// - Returns: The name of the spare; nil when it was removed.
    private func leave(_ status: SegmentStatus) throws(SegmentError) -> FileName? {
        let isRetired = core.state.withLock { state in
            // One that became much larger than the others would keep that space for good.
            state.spares.takesRetired && status.byteCount <= core.spareByteCount
                && state.holds.retire(status.name)
        }
        if isRetired { return try core.segments.retire(status.name) }
        try core.segments.remove(status.name)
        return nil
    }

    private func syncRemoval() throws(LogError) {
        do throws(SegmentError) {
            try core.segments.sync()
        } catch {
            let failure = LogError(error)
            core.fail(failure)
            throw failure
        }
    }

    // MARK: Status

    /// The log at this moment.
    public var status: LogStatus {
        core.state.withLock { state in
            let active = SegmentStatus(
                name: state.encoder.header.name, lastLSN: state.lastLSN,
                byteCount: state.encoder.progress.byteCount, isSealed: false)
            let segments = state.sealed + state.turning + state.turns.map(\.status) + [active]
            return LogStatus(
                logID: state.encoder.header.logID,
                firstLSN: segments.first?.name.baseLSN ?? .first,
                nextLSN: LSN(rawValue: state.lastLSN.rawValue &+ 1), durable: state.durable,
                writtenLSN: state.writtenLSN, segments: segments, commitCount: state.commitCount,
                syncCounts: state.scheduler.syncCounts,
                syncedCommitCounts: state.scheduler.commitCounts,
                waiterCount: state.waiters.count, spareSegmentCount: state.spares.count,
                spareFailure: state.spares.failure,
                failure: state.failure)
        }
    }

    /// What stopped the log for good, if anything did.
    public var failure: LogError? { core.state.withLock { $0.failure } }

    /// The identity of the log.
    public var logID: LogID { core.state.withLock { $0.encoder.header.logID } }

    /// Everything at or below survives a crash of the machine.
    public var durableFence: DurableFence { core.state.withLock { $0.durable } }
}
