// SPDX-License-Identifier: Apache-2.0

public import CairnIO
public import CairnLSN
internal import CairnSync
public import SystemPackage

/// A write-ahead log: transactions go in, are durable when the policy says so, and come back after a
/// crash in the same order.
///
/// It moves bytes and knows nothing of their meaning. All methods may be called from any thread.
///
/// A lone caller writes and syncs by itself; of many callers, one does so for all, and the others follow.
/// The first error of a write or a sync stops the log for good: reopening is the only way back,
/// because the content of the disk is unknown after that.
public final class WriteAheadLog: Sendable {
    /// How it was opened.
    public let options: LogOptions
    /// The result of recovery.
    public let recovery: RecoveryReport
    let core: LogCore
    let store: StoreDirectory
    private let ownsStore: Bool
    /// Marks the store as being written, for code that shares it; nil when it is not.
    private let writing: StoreWriting?
    /// Reads on beside the writer, in a log that was opened for reading; nil before that is asked for.
    let followed = Locked<LogFollowing?>(nil)

    init(
        _ recovered: consuming RecoveredLog, _ store: StoreDirectory, ownsStore: Bool,
        _ writing: StoreWriting?, _ options: LogOptions, _ environment: StorageEnvironment
    ) throws(LogError) {
        self.options = options
        recovery = recovered.report
        self.store = store
        self.ownsStore = ownsStore
        self.writing = writing
        core = LogCore(recovered, store, options: options, environment: environment)
        if case .periodic = options.syncPolicy, store.access == .readWrite {
            try core.startBackground()
        }
    }

    deinit {
        core.stopBackground()
        writing?.end()
        if ownsStore { store.release() }
    }

    // MARK: Opening and closing

    /// Opens the log in the directory at `path` and replays it.
    ///
    /// On return everything that was replayed is durable, a torn tail was moved to `quarantine/`, and the
    /// log takes commits.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the log.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - fence: What the caller has already; only what was committed after it is replayed.
    ///   - replay: Takes the committed batches in order. Memory stays bounded by the largest
    ///     transaction. An error that it throws ends the opening, with nothing changed.
    /// - Throws: ``LogError`` with code `.damaged`, `.tailTooLong`, `.replayGap`, `.notEmpty`, `.codec`,
    ///   `.invalidOptions` or `.io` (also when another process holds the directory), or what `replay` throws.
    public static func open(
        _ path: FilePath, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        after fence: ReplayFence = ReplayFence(), replay: ReplayHandler = { _, _ in }
    ) throws -> WriteAheadLog {
        let store = try io { () throws(StorageError) in
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
        _ path: String, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system,
        after fence: ReplayFence = ReplayFence(), replay: ReplayHandler = { _, _ in }
    ) throws -> WriteAheadLog {
        try open(
            FilePath(path), options: options, environment: environment, after: fence, replay: replay
        )
    }

    /// Opens the log in a store that the caller has locked and will release; see the other method.
    public static func open(
        in store: StoreDirectory, options: LogOptions = LogOptions(),
        environment: StorageEnvironment = .system, after fence: ReplayFence = ReplayFence(),
        replay: ReplayHandler = { _, _ in }
    ) throws -> WriteAheadLog {
        try open(
            in: store, owning: false, options: options, environment: environment, after: fence,
            replay: replay)
    }

    /// Opens the log in a store that the caller has locked; see the other method.
    ///
    /// - Parameter judgeEnd: Called with the last LSN of the log when everything was replayed and nothing is changed yet. An error
    ///   that it throws ends the opening.
    package static func open(
        in store: StoreDirectory, options: LogOptions, environment: StorageEnvironment,
        after fence: ReplayFence, replay: ReplayHandler, judgingEnd judgeEnd: (LSN) throws -> Void
    ) throws -> WriteAheadLog {
        try open(
            in: store, owning: false, options: options, environment: environment, after: fence,
            replay: replay, judgingEnd: judgeEnd)
    }

    private static func open(
        in store: StoreDirectory, owning: Bool, options: LogOptions,
        environment: StorageEnvironment,
        after fence: ReplayFence, replay: ReplayHandler,
        judgingEnd judgeEnd: (LSN) throws -> Void = { _ in }
    ) throws -> WriteAheadLog {
        try options.check()
        if store.isLive {
            return try openBesideWriter(
                in: store, owning: owning, options: options, environment: environment,
                after: fence, replay: replay, judgingEnd: judgeEnd)
        }
        // Recovery writes already.
        let writing = store.access == .readWrite ? StoreWriting(store) : nil
        let recovery = LogRecovery(
            directory: LogDirectory(store: store, environment: environment), options: options)
        let recovered = try recovery.run(after: fence, replay, judgingEnd: judgeEnd)
        return try WriteAheadLog(
            recovered, store, ownsStore: owning, writing, options, environment)
    }

    /// Makes everything durable and closes the log; a second call does nothing.
    ///
    /// A log closed this way ends in a durable watermark that covers all of it, so that later damage to its
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
            writing?.end()
            if ownsStore { store.release() }
        }
        guard store.access == .readWrite else { return }
        try core.finishWriting()
    }

    /// Makes everything durable and closes the log without blocking the calling thread; see the other method.
    public func close() async throws(LogError) {
        try await withBlockingThread { [self] () throws(LogError) in try close() }
    }
}
