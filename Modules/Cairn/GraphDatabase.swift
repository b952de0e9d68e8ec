// SPDX-License-Identifier: Apache-2.0

public import CairnDurable
public import CairnGraph
public import CairnIO
public import CairnLog
public import CairnQuery
public import CairnSnapshot
public import CairnSync
public import SystemPackage

/// A property graph in memory whose changes survive a crash.
///
/// One directory holds it. One process at a time has it open for writing. All methods may be called from
/// any thread and any task: one writer at a time changes the graph, many wait for the disk together, and readers
/// wait for neither.
///
/// Each call that waits has an `async` twin of the same name, which blocks no thread. A body passed to `read` or
/// `write` must not call the same database again: that ends the program with a sentence.
public final class GraphDatabase: Sendable {
    let durable: Durable<GraphStore>

    /// The engine of statements that name no other one: the clock of the environment, and no procedures.
    public let queryEngine: QueryEngine

    /// The options of opening a database: those of its log.
    public typealias Options = LogOptions

    private init(_ durable: Durable<GraphStore>, _ clock: any TimeSource) {
        self.durable = durable
        queryEngine = QueryEngine(
            host: QueryHost(clock: {
                let (seconds, rest) = clock.wallNanoseconds().quotientAndRemainder(
                    dividingBy: 1_000_000_000)
                return (Int64(seconds), Int64(rest))
            }))
    }

    // MARK: Opening and closing

    /// Opens the database in the directory at `path`.
    ///
    /// On return everything that was recovered is durable. For reading only, nothing is changed, and another process may
    /// have it open for writing meanwhile: `refresh()` catches up.
    ///
    /// - Parameters:
    ///   - path: The directory of the store.
    ///   - options: The options of the log and of recovery.
    ///   - environment: The file system, the clock and the random numbers to use.
    ///   - checkpoints: When the database makes checkpoints by itself; by default, when the log has become long.
    ///   - mirror: A second form of the database that follows the log, such as `ContainerMirror`.
    /// - Throws: ``/CairnDurable/DurableError``, which describes in one sentence what is wrong and what to do;
    ///   nothing was changed then.
    public static func open(
        _ path: FilePath, options: Options = Options(), environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> GraphDatabase {
        GraphDatabase(
            try Durable.open(
                path, options: options, environment: environment, checkpoints: checkpoints,
                mirror: mirror),
            environment.clock)
    }

    /// Opens the database in the directory at `path`; see the other method.
    public static func open(
        _ path: String, options: Options = Options(), environment: StorageEnvironment = .system,
        checkpoints: CheckpointOptions = CheckpointOptions(), mirror: (any WalMirror)? = nil
    ) throws(DurableError) -> GraphDatabase {
        try open(
            FilePath(path), options: options, environment: environment, checkpoints: checkpoints,
            mirror: mirror)
    }

    /// Makes everything committed durable and closes the database; a second call does nothing. Reading goes on to
    /// work.
    public func close() throws(DurableError) { try durable.close() }

    /// Closes the database without blocking the thread; see the other method.
    public func close() async throws(DurableError) { try await durable.close() }

    // MARK: Writing and reading

    /// Changes the graph in one transaction.
    ///
    /// On return the changes are as durable as the policy says, by default on the medium, and visible to readers.
    /// Until then readers see the graph before, and other writers go on.
    ///
    /// - Parameters:
    ///   - level: More than the policy gives; never less.
    ///   - body: Changes the graph, on top of all writes before, also of those that still wait for the disk. When
    ///     it throws, everything is taken back, and nothing of it was ever on disk.
    /// - Returns: What the body returned; and the receipt, nil when nothing was changed, for which
    ///   nothing is written.
    /// - Throws: What `body` throws. ``/CairnDurable/DurableError`` with code `.tooLarge`: nothing was changed, and
    ///   the database goes on. `.indeterminate`: the changes were taken back in memory, the database is stopped, and
    ///   whether they come back shows when it is opened again. `.poisoned`: it had been stopped before.
    @discardableResult
    public func write<Result>(
        level: DurabilityLevel? = nil, _ body: (inout GraphTransaction) throws -> Result
    ) throws -> WriteResult<Result> {
        try durable.write(level: level) { try change(&$0, body) }
    }

    /// Changes the graph in one transaction, without blocking the thread; see the other method. `body` runs on the
    /// calling task.
    @discardableResult
    public func write<Result>(
        level: DurabilityLevel? = nil, _ body: (inout GraphTransaction) throws -> Result
    ) async throws -> WriteResult<Result> {
        try await durable.write(level: level) { try change(&$0, body) }
    }

    private func change<Result>(
        _ graph: inout GraphStore, _ body: (inout GraphTransaction) throws -> Result
    ) throws -> Result {
        // Savepoints need an open transaction. An error leaves it to the database to take everything back.
        try graph.beginTransaction()
        let result = try withUnsafeMutablePointer(to: &graph) { graph in
            var transaction = GraphTransaction(graph, durable.recorder, queryEngine)
            return try body(&transaction)
        }
        try graph.commitTransaction()
        return result
    }

    /// Reads the graph, which does not change meanwhile. Waits neither for a writer nor for the disk, and delays
    /// neither.
    ///
    /// - Parameter body: Must not write to the same database. Commits that have returned are visible to it.
    public func read<Result, Failure: Error>(
        _ body: (borrowing GraphStore) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try durable.read(body)
    }

    /// Reads the graph and blocks no thread; see the other method.
    public func read<Result, Failure: Error>(
        _ body: (borrowing GraphStore) throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await durable.read(body)
    }

    /// Reads the graph at a level; see the other method.
    public func read<Result, Failure: Error>(
        _ level: ReadLevel, _ body: (borrowing GraphStore) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try durable.read(level, body)
    }

    /// Reads the graph at a level and blocks no thread; see the other method.
    public func read<Result, Failure: Error>(
        _ level: ReadLevel, _ body: (borrowing GraphStore) throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await durable.read(level, body)
    }

    /// The graph as it is now, for good: a store of its own that any thread may read while others write
    /// to the database. It contains what readers see, and nothing of it changes any more.
    ///
    /// - Complexity: O(1). Each commit leaves such a view anyway, so holding one costs the memory of what is
    ///   changed since.
    public func view(_ level: ReadLevel = .committed) -> GraphStore {
        durable.read(level) { graph in graph.view() }
    }

    /// The values of a query, as they change: first the current one, then each that a committed change leaves; see
    /// `values(of:)`.
    ///
    /// ```swift
    /// for try await count in database.values(of: { $0.nodeCount }) { show(count) }
    /// ```
    public func values<Value: Equatable & Sendable>(
        of query: @escaping @Sendable (borrowing GraphStore) -> Value
    ) -> DurableValues<GraphStore, Value> {
        durable.values(of: query)
    }

    // MARK: Durability

    /// Writes a snapshot, and drops older snapshots and the part of the log that is no longer needed.
    /// Others read and write meanwhile: the snapshot is that of a view. A second checkpoint waits for the
    /// first.
    ///
    /// - Parameter progress: Called with the progress of the snapshot; an error that it throws ends the checkpoint.
    /// - Returns: What was done; nil when the newest snapshot contains everything already.
    /// - Throws: ``/CairnDurable/DurableError``, with code `.cancelled` when `progress` ended it, with code `.archiveFailed`
    ///   when the snapshot is in place and nothing was dropped. The store goes on working unless the log failed.
    @discardableResult
    public func checkpoint(
        progress: CheckpointObserver? = nil
    ) throws(DurableError) -> Checkpoint? { try durable.checkpoint(progress: progress) }

    /// Writes a snapshot without blocking the thread; see the other method. When the task is cancelled before the snapshot
    /// is whole, it is given up.
    @discardableResult
    public func checkpoint(
        progress: CheckpointObserver? = nil
    ) async throws(DurableError) -> Checkpoint? {
        try await durable.checkpoint(progress: progress)
    }

    /// Makes everything committed durable, whatever the policy, and forces the mirror.
    ///
    /// - Throws: ``/CairnDurable/DurableError`` with code `.poisoned`, `.indeterminate`, `.closed` or `.mirrorFailed`.
    public func sync() throws(DurableError) { try durable.sync() }

    /// Makes everything committed durable without blocking the thread; see the other method.
    public func sync() async throws(DurableError) { try await durable.sync() }

    /// Replays all that the database at `path` still has of its past, and compares the graph with the digest of each
    /// checkpoint; see ``/CairnDurable/Durable/prove(_:upTo:options:environment:)``.
    public static func prove(
        _ path: FilePath, options: Options = Options(), environment: StorageEnvironment = .system
    ) throws(DurableError) -> StateProof {
        try Durable<GraphStore>.prove(path, options: options, environment: environment)
    }

    /// Catches up with the process that has the database open for writing; see `refresh()`.
    @discardableResult
    public func refresh() throws(DurableError) -> FollowStatus { try durable.refresh() }

    /// Catches up without blocking the thread; see the other method.
    @discardableResult
    public func refresh() async throws(DurableError) -> FollowStatus { try await durable.refresh() }

    // MARK: Backup and restore

    /// Copies the database into a new backup below `directory`, while it is read and written; see
    /// ``/CairnDurable/StoreBackup/make(of:to:options:environment:)``.
    public func backup(
        to directory: FilePath, options: BackupOptions = BackupOptions()
    ) throws(DurableError) -> Backup {
        try durable.backup(to: directory, options: options)
    }

    /// Makes a backup without blocking the thread; see the other method.
    public func backup(
        to directory: FilePath, options: BackupOptions = BackupOptions()
    ) async throws(DurableError) -> Backup {
        try await durable.backup(to: directory, options: options)
    }

    /// Restores a moment of a database, or of a backup, into a new directory, with a proof; see
    /// `restore(from:to:into:environment:)`.
    public static func restore(
        from source: FilePath, to target: RestoreTarget = .latest, into directory: FilePath,
        options: Options = Options(), environment: StorageEnvironment = .system
    ) throws(DurableError) -> Restored {
        try Durable<GraphStore>.restore(
            from: source, to: target, into: directory, options: options, environment: environment)
    }

    // MARK: Looking at the database

    /// The program that the store belongs to: that of every graph; nil while a store that does not say it is open for
    /// reading only.
    public var program: StoreProgram? { durable.program }

    /// The report of the opening: what was read, replayed and repaired.
    public var recovery: DurableRecovery { durable.recovery }

    /// The database at this moment. Reads no file.
    public var status: DatabaseStatus {
        durable.read { graph in
            DatabaseStatus(
                nodeCount: graph.nodeCount, relationshipCount: graph.relationshipCount,
                labelCounts: graph.labelCounts,
                relationshipTypeCounts: graph.relationshipTypeCounts, store: durable.status)
        }
    }

    /// The error that stopped the database for good; nil while it works.
    public var failure: DurableError? { durable.failure }

    /// The snapshots in place, oldest first.
    public func listSnapshots() throws(DurableError) -> [SnapshotInfo] {
        try durable.listSnapshots()
    }

    /// The names of the files in `quarantine`, in order: what was ever cut off the log.
    public func listQuarantine() throws(DurableError) -> [String] { try durable.listQuarantine() }
}

/// A database at one moment.
public struct DatabaseStatus: Sendable {
    /// The number of nodes in the committed state.
    public let nodeCount: Int
    /// The number of relationships in the committed state.
    public let relationshipCount: Int
    /// The number of nodes that have each label.
    public let labelCounts: [String: Int]
    /// The number of relationships that have each type.
    public let relationshipTypeCounts: [String: Int]
    /// Its log, and how far readers see.
    public let store: DurableStatus

    /// The status of the log: segments, syncs, waiting callers.
    public var log: LogStatus { store.log }
}
