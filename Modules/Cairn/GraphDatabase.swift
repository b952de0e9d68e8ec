// SPDX-License-Identifier: Apache-2.0

public import CairnDurable
public import CairnGraph
public import CairnIO
public import CairnLog
public import CairnSnapshot
public import CairnSync
public import SystemPackage

/// A property graph in memory whose changes survive a crash.
///
/// One directory holds it. One process at a time has it open for writing. All methods may be called from
/// any thread; a body passed to one of them must not call the same database again.
public final class GraphDatabase: Sendable {
    let durable: Durable<GraphStore>

    /// How a database is opened: the options of its log.
    public typealias Options = LogOptions

    private init(_ durable: Durable<GraphStore>) {
        self.durable = durable
    }

    /// Opens the database in the directory at `path`.
    ///
    /// On return everything that was recovered is durable. For reading only, nothing is changed.
    ///
    /// - Throws: ``LogError``, ``SnapshotError`` or ``DurableError``; nothing was changed then. Each
    ///   describes in one sentence what is wrong and what to do.
    public static func open(
        _ path: FilePath, options: Options = Options(), environment: Environment = .system
    ) throws -> GraphDatabase {
        GraphDatabase(try Durable.open(path, options: options, environment: environment))
    }

    /// Opens the database in the directory at `path`; see the other method.
    public static func open(
        _ path: String, options: Options = Options(), environment: Environment = .system
    ) throws -> GraphDatabase {
        try open(FilePath(path), options: options, environment: environment)
    }

    /// What opening found and did.
    public var recovery: DurableRecovery { durable.recovery }

    /// Changes the graph in one transaction.
    ///
    /// On return the changes are as durable as the policy says, by default on the medium. Readers wait
    /// meanwhile and see all of them or none.
    ///
    /// - Parameters:
    ///   - level: More than the policy gives; never less.
    ///   - body: Changes the graph. When it throws, everything is taken back, and nothing of it was ever
    ///     on disk.
    /// - Returns: What the body returned; and the receipt, nil when nothing was changed, for which
    ///   nothing is written.
    /// - Throws: What `body` throws, or ``RecorderError``: `.commitFailed` (the changes were taken back in
    ///   memory, the database is stopped, and whether they come back shows when it is opened again) or
    ///   `.poisoned` (it had been stopped before).
    @discardableResult
    public func write<Result>(
        level: DurabilityLevel? = nil, _ body: (inout GraphTransaction) throws -> Result
    ) throws -> WriteResult<Result> {
        try durable.write(level: level) { graph in
            // The store moves into the transaction and back, so that it is never copied.
            var transaction = GraphTransaction(GraphStore(), durable.recorder)
            swap(&transaction.graph, &graph)
            defer { swap(&transaction.graph, &graph) }
            return try body(&transaction)
        }
    }

    /// Reads the graph while nobody changes it.
    public func read<Result, Failure: Error>(
        _ body: (borrowing GraphStore) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try durable.read(body)
    }

    /// The graph as it is now, for good: a store of its own that any thread may read while others write
    /// to the database. It contains what was committed, and nothing of it changes any more.
    ///
    /// - Complexity: O(1); while it is held, every chunk of 1,024 nodes or relationships that is written to
    ///   is copied once.
    public func view() -> GraphStore {
        durable.read { graph in graph.view() }
    }

    /// Writes a snapshot, and drops older snapshots and the part of the log that nobody needs any more.
    /// Others read and write meanwhile: the snapshot is that of a view. A second checkpoint waits for the
    /// first.
    ///
    /// - Returns: What was done; nil when the newest snapshot contains everything already.
    @discardableResult
    public func checkpoint() throws -> Checkpoint? {
        try durable.checkpoint()
    }

    /// Makes everything committed durable, whatever the policy.
    public func sync() throws { try durable.sync() }

    /// Makes everything committed durable and closes the database; a second call does nothing.
    public func close() throws { try durable.close() }

    /// The database at this moment.
    public func status() throws -> DatabaseStatus {
        let snapshots = try durable.listSnapshots()
        let quarantine = try durable.listQuarantine()
        return durable.read { graph in
            DatabaseStatus(
                nodeCount: graph.nodeCount, relationshipCount: graph.relationshipCount,
                labelCounts: graph.labelCounts,
                relationshipTypeCounts: graph.relationshipTypeCounts, log: durable.logStatus,
                snapshots: snapshots, recovery: durable.recovery, quarantine: quarantine)
        }
    }
}

/// A database at one moment.
public struct DatabaseStatus: Sendable {
    /// How many nodes there are.
    public let nodeCount: Int
    /// How many relationships there are.
    public let relationshipCount: Int
    /// How many nodes have each label.
    public let labelCounts: [String: Int]
    /// How many relationships have each type.
    public let relationshipTypeCounts: [String: Int]
    /// Its log.
    public let log: LogStatus
    /// Its snapshots, oldest first.
    public let snapshots: [SnapshotInfo]
    /// What opening it found and did.
    public let recovery: DurableRecovery
    /// The names of the files in `quarantine`: what was ever cut off the log.
    public let quarantine: [String]
}
