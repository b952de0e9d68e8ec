// SPDX-License-Identifier: Apache-2.0

public import CairnLSN
public import SystemPackage

/// The moment to restore.
public enum RestoreTarget: Hashable, Sendable {
    /// After the last commit at or below an LSN.
    case lsn(LSN)
    /// After the last commit at or before a time, in nanoseconds since 1970.
    case time(UInt64)
    /// After the last commit there is.
    case latest
}

/// The steps and the result of a restore, known before anything is written.
public struct RestorePlan: Hashable, Sendable {
    /// A moment that a store had.
    public struct Moment: Hashable, Sendable {
        /// The last commit; `LSN.never` for the empty store.
        public let lsn: LSN
        /// When it was committed, in nanoseconds since 1970; nil when the log no longer has it.
        public let nanoseconds: UInt64?
    }

    /// The directory that is read: the store, or the chosen backup.
    public let source: FilePath
    /// The identity of the log that is read.
    public let logID: LogID
    /// The earliest moment that can be restored from it.
    public let earliest: Moment
    /// The latest moment that the source has.
    public let latest: Moment
    /// The moment that is restored: the last commit that the target includes.
    public let moment: Moment
    /// The snapshot that it begins with; nil for none.
    public let snapshot: SnapshotFence?
    /// Transactions of the log that come on top of it.
    public let transactionCount: UInt64
    /// Transactions after the moment, which are left out.
    public let leftOutCount: UInt64
    /// The approximate number of bytes of snapshot and log that are written.
    public let byteCount: UInt64
    /// Snapshots that cannot be read, and are passed over.
    public let damagedSnapshots: [SnapshotFence]
}

/// A store that was restored.
public struct Restored: Hashable, Sendable {
    /// The plan that was carried out.
    public let plan: RestorePlan
    /// The identity of the new log, whose parent is the log of the plan.
    public let logID: LogID
    /// The proof that was made by reading the result.
    public let proof: RestoreProof
}

/// Facts about a restored store that were found by reading it back.
public struct RestoreProof: Hashable, Sendable {
    /// Transactions of the new log whose bytes are those of the source, each at its LSN.
    public let transactionCount: UInt64
    /// Whether the state in the snapshot has the digest of its checkpoint; nil when the source has no checkpoint of it.
    public let isSnapshotProven: Bool?
    /// The replay of the restored store by its program, which compares the state with the digest of each checkpoint that
    /// is passed; nil when it was restored without its program.
    public var replay: StateProof?
}
