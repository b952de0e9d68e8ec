// SPDX-License-Identifier: Apache-2.0

public import CairnLSN
public import CairnSegments

/// Risks that a salvage may take; by default it takes none.
public struct SalvageOptions: Sendable {
    /// Goes on behind a loss: transactions after it are applied, although they may rest on what is lost.
    public var goesBehindLosses = false
    /// Leaves out transactions that no longer apply, each as a whole, and goes on with the next. Otherwise the first one
    /// is the end.
    public var leavesOutUnfit = false
    /// Takes the store for one of this program although what says so cannot be read. All of it is then read as this
    /// version's.
    public var assumesProgram = false

    /// Takes no risk: the end is at the first loss, at the first transaction that no longer applies, or at another program's store.
    public init() {}
}

/// The recoverable and the lost parts of a damaged store.
public struct SalvageReport: Hashable, Sendable {
    /// A transaction that no longer applies.
    public struct Unfit: Hashable, Sendable {
        /// The LSN of its commit.
        public let lsn: LSN
        /// Why, in one sentence.
        public let meaning: String
    }

    /// The log of the damaged store; nil when no file says it.
    public let logID: LogID?
    /// The snapshot that the recovered state begins with; nil for none.
    public let snapshot: SnapshotFence?
    /// Snapshots that cannot be read.
    public let damagedSnapshots: [SnapshotFence]
    /// The damage of the log, in the order in which reading meets it.
    public let findings: [Finding]
    /// The LSNs after the snapshot of which no record can be read, in order.
    public let lost: [LSNRange]
    /// From which LSN on nothing can be read, when the log does not end where it did; nil when its end is whole. How much is
    /// lost there no file says.
    public let lostFrom: LSN?
    /// Transactions that were applied on top of the snapshot.
    public let appliedCount: UInt64
    /// Intact transactions that were not applied, because they lie behind a loss, or behind one that does not apply.
    public let leftBehind: [LSN]
    /// Transactions behind a loss that do not apply to what is left: they rest on what is lost.
    public let unfit: [Unfit]
    /// The last commit in the recovered state.
    public let lastLSN: LSN
    /// The last LSN that any record of the damaged store has.
    public let endLSN: LSN
    /// The log of the new store; nil when none was written.
    public var newLogID: LogID?

    /// Whether everything that the store held is recovered, as far as its files tell.
    public var isComplete: Bool {
        lost.isEmpty && lostFrom == nil && leftBehind.isEmpty && unfit.isEmpty
    }
}
