// SPDX-License-Identifier: Apache-2.0

#if CAIRN_REINJECTION
internal import CairnFormat
#endif
public import CairnIO
internal import CairnLSN
public import CairnLog
public import CairnRecorder
public import CairnSnapshot
public import CairnSync
public import SystemPackage

/// A state in memory whose changes survive a crash.
///
/// One directory holds its log and its snapshots. Opening loads the newest snapshot that is intact and
/// replays what was committed after it. All methods may be called from any thread: one writer at a time,
/// any number of readers, who never see what a crash could take back.
///
/// A body that was passed to ``read(_:)`` or ``write(level:_:)`` must not call the same object again.
public final class Durable<State: ReplayableState>: Sendable {
    /// What opening found and did.
    public let recovery: DurableRecovery
    let log: WriteAheadLog
    package let recorder: Recorder
    let snapshots: SnapshotDirectory
    let state: ReadWriteLocked<State>
    /// Held by whoever writes, from the first change to the end of the commit.
    let writer: ReadWriteLocked<Writer>
    /// Held by whoever makes a checkpoint, before ``writer``.
    let checkpoints = ReadWriteLocked<Void>(())
    private let store: StoreDirectory

    struct Writer {
        /// The last commit; what the next snapshot contains.
        var lastCommitLSN: LSN
        var isClosed = false
    }

    private init(
        _ opened: consuming OpenedStore<State>, _ store: StoreDirectory, mirror: (any Mirror)?
    ) {
        self.store = store
        log = opened.log
        snapshots = opened.snapshots
        recovery = opened.recovery
        recorder = Recorder(log: opened.log, mirror: mirror)
        var state = opened.state
        state.attach(to: recorder)
        self.state = ReadWriteLocked(state)
        writer = ReadWriteLocked(Writer(lastCommitLSN: opened.lastCommitLSN))
    }

    deinit { store.release() }

    /// Opens the state in the directory at `path`, which is created when it is missing.
    ///
    /// On return everything that was recovered is durable.
    ///
    /// - Throws: ``LogError`` for a log that cannot be opened (also when another process holds the
    ///   directory), ``SnapshotError`` for a snapshot of another log, ``DurableError`` for an event or
    ///   a snapshot that this program cannot read. Nothing was changed then.
    public static func open(
        _ path: FilePath, options: LogOptions = LogOptions(), environment: Environment = .system,
        mirror: (any Mirror)? = nil
    ) throws -> Durable {
        let store: StoreDirectory
        do throws(IOError) {
            store = try StoreDirectory.open(
                path, access: options.access, createIfMissing: options.createIfMissing,
                environment: environment)
        } catch {
            throw LogError(error)
        }
        do {
            let opened = try OpenedStore<State>.open(store, options, environment)
            return Durable(opened, store, mirror: mirror)
        } catch {
            store.release()
            throw error
        }
    }

    /// Opens the state in the directory at `path`; see the other method.
    public static func open(
        _ path: String, options: LogOptions = LogOptions(), environment: Environment = .system
    ) throws -> Durable {
        try open(FilePath(path), options: options, environment: environment)
    }

    /// Reads the state while nobody changes it.
    public func read<Result, Failure: Error>(
        _ body: (borrowing State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.read(body)
    }

    /// Makes everything committed durable and closes the store; a second call does nothing. A checkpoint
    /// that is under way is waited for.
    ///
    /// - Throws: ``LogError`` when the log had failed or fails now; the store is closed all the same.
    public func close() throws(LogError) {
        try checkpoints.write { (_) throws(LogError) in
            try writer.write { (writer) throws(LogError) in
                guard !writer.isClosed else { return }
                writer.isClosed = true
                defer { store.release() }
                try log.close()
            }
        }
    }

    /// Makes everything committed durable, whatever the policy, and forces the mirror.
    public func sync() throws(RecorderError) { try recorder.sync() }

    /// The log at this moment.
    public var logStatus: LogStatus { log.status }

    /// The snapshots in place, oldest first.
    public func listSnapshots() throws(SnapshotError) -> [SnapshotInfo] { try snapshots.list() }

    /// The names of the files in `quarantine`, in order: what was ever cut off the log.
    public func listQuarantine() throws(LogError) -> [String] {
        do throws(IOError) {
            let entries = try store.root.openDirectory("quarantine").list()
            return entries.compactMap { $0.name?.string }
        } catch {
            if error.code == .notFound { return [] }
            throw LogError(error)
        }
    }

    /// What stopped the store for good, if anything did.
    public var poisonReason: RecorderError? { recorder.poisonReason }
}

extension Durable where State: DurableState {
    /// Commits events and applies them.
    ///
    /// On return they are as durable as the policy says, by default on the medium, and visible to readers.
    /// They come back after a crash all together or not at all.
    ///
    /// - Returns: What was achieved; nil when there were no events.
    /// - Throws: What ``DurableState/validate(_:)`` throws, or ``DurableError`` with code `.unencodable`:
    ///   nothing was committed. ``RecorderError`` with code `.commitFailed`: nothing was applied, the store
    ///   is stopped, and whether the events come back shows when it is opened again.
    @discardableResult
    public func commit(_ events: State.Event...) throws -> CommitReceipt? {
        try commit(contentsOf: events)
    }

    /// Commits events and applies them; see the other method.
    @discardableResult
    public func commit(contentsOf events: some Sequence<State.Event>) throws -> CommitReceipt? {
        try writer.write { writer in
            var buffer = EventBuffer(limits: log.options.frameLimits)
            let events = Array(events)
            for event in events {
                try state.read { state in try state.validate(event) }
                buffer.append(event)
            }
            if let reason = buffer.failure {
                throw DurableError(code: .unencodable, reason: reason)
            }
            #if CAIRN_REINJECTION
            if Reinjection.active == .appliedBeforeCommit {
                state.write { state in for event in events { state.apply(event) } }
                guard let receipt = try recorder.commit(buffer) else { return nil }
                writer.lastCommitLSN = receipt.commitLSN
                return receipt
            }
            #endif
            guard let receipt = try recorder.commit(buffer) else { return nil }
            writer.lastCommitLSN = receipt.commitLSN
            state.write { state in
                for event in events { state.apply(event) }
            }
            return receipt
        }
    }
}

/// What a write returned and achieved.
public struct WriteResult<Value> {
    /// What the body returned.
    public let value: Value
    /// What the commit achieved; nil when nothing was changed, for which nothing was written.
    public let receipt: CommitReceipt?

    /// A result.
    public init(value: Value, receipt: CommitReceipt?) {
        self.value = value
        self.receipt = receipt
    }
}

extension WriteResult: Sendable where Value: Sendable {}

extension Durable where State: TransactionalState {
    /// Changes the state in one transaction.
    ///
    /// On return the changes are as durable as the policy says, by default on the medium. Readers wait
    /// meanwhile and see all of them or none.
    ///
    /// - Parameters:
    ///   - level: More than the policy gives; never less.
    ///   - body: Changes the state. When it throws, everything is taken back, and nothing of it was ever
    ///     on disk.
    /// - Throws: What `body` throws. ``RecorderError`` with code `.commitFailed`: the changes were taken
    ///   back in memory, the store is stopped, and whether they come back shows when it is opened again;
    ///   `.poisoned` when it had been stopped before.
    public func write<Value>(
        level: DurabilityLevel? = nil, _ body: (inout State) throws -> Value
    ) throws -> WriteResult<Value> {
        try writer.write { writer in
            try recorder.arm()
            let result = try state.write { state in
                defer { recorder.abort() }
                try state.beginTransaction()
                do {
                    let value = try body(&state)
                    let receipt = try recorder.commit(level: level)
                    try state.commitTransaction()
                    return WriteResult(value: value, receipt: receipt)
                } catch {
                    try state.rollBackTransaction()
                    throw error
                }
            }
            if let receipt = result.receipt { writer.lastCommitLSN = receipt.commitLSN }
            return result
        }
    }
}
