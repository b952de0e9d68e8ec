// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnLSN
public import CairnSegments
public import CairnSync

/// What a commit achieved.
public struct CommitReceipt: Hashable, Sendable {
    /// The LSNs that the transaction took: begin, batches, commit.
    public let lsns: LSNRange
    /// How far it got before the commit returned.
    public let level: DurabilityLevel

    /// A receipt.
    public init(lsns: LSNRange, level: DurabilityLevel) {
        self.lsns = lsns
        self.level = level
    }

    /// The LSN of the commit: what a snapshot or a reader refers to.
    public var commitLSN: LSN { lsns.last }
}

/// A transaction that was appended and may not have its level yet.
public struct PendingCommit: Hashable, Sendable {
    /// The LSNs that the transaction took: begin, batches, commit.
    public let lsns: LSNRange
    /// The level that it is to have.
    public let level: DurabilityLevel
    /// The round that covers it.
    let ticket: UInt64

    /// The LSN of the commit: what a snapshot or a reader refers to.
    public var commitLSN: LSN { lsns.last }

    var target: WaitTarget { level == .durable ? .durable(lsns.last) : .written(lsns.last) }
}

/// One segment of a log.
public struct SegmentStatus: Hashable, Sendable {
    /// Its name.
    public let name: SegmentName
    /// The last LSN in it; one below its base when it holds none.
    public let lastLSN: LSN
    /// Its bytes, without unused space behind them.
    public let byteCount: UInt64
    /// True when nothing can be added.
    public let isSealed: Bool

    /// A segment.
    public init(name: SegmentName, lastLSN: LSN, byteCount: UInt64, isSealed: Bool) {
        self.name = name
        self.lastLSN = lastLSN
        self.byteCount = byteCount
        self.isSealed = isSealed
    }
}

/// A log at one moment.
public struct LogStatus: Hashable, Sendable {
    /// Its identity.
    public let logID: LogID
    /// The first LSN that it still holds, or will hold.
    public let firstLSN: LSN
    /// The LSN of the next record.
    public let nextLSN: LSN
    /// Everything at or below survives a crash of the machine.
    public let durable: DurableFence
    /// Everything at or below survives a crash of the process.
    public let writtenLSN: LSN
    /// Its segments, oldest first.
    public let segments: [SegmentStatus]
    /// Commits since it was opened.
    public let commitCount: UInt64
    /// Syncs since it was opened, by reason.
    public let syncCounts: [SyncReason: UInt64]
    /// Commits that those syncs covered, by the reason of the sync.
    public let syncedCommitCounts: [SyncReason: UInt64]
    /// Tasks that wait for a commit to be written or durable.
    public let waiterCount: Int
    /// Files that lie beside the segments: prepared for a later one, or recycled.
    public let preparedSegmentCount: Int
    /// Why no more segments are prepared, if that failed. The log goes on without.
    public let preparationFailure: LogError?
    /// What stopped it, if anything did.
    public let failure: LogError?

    /// How many commits a sync covered on average, of those that covered any; 0 before the first one.
    public var commitsPerSync: Double {
        let reasons = syncedCommitCounts.filter { $0.value > 0 }
        let syncs = reasons.keys.reduce(0) { $0 + (syncCounts[$1] ?? 0) }
        return syncs == 0 ? 0 : Double(reasons.values.reduce(0, +)) / Double(syncs)
    }
}

/// What opening found and did.
public struct RecoveryReport: Hashable, Sendable {
    /// `.clean`, or `.tornTail` when one was cut (or, for reading only, left out).
    public var verdict: Verdict = .clean
    /// Replay began after this.
    public var fence = ReplayFence()
    /// Transactions handed to the replay.
    public var transactionCount: UInt64 = 0
    /// Batches handed to the replay.
    public var batchCount: UInt64 = 0
    /// The fence of the last checkpoint record; `LSN.never` when there is none.
    public var checkpointLSN: LSN = .never
    /// When the snapshots were in place of which the log still has a checkpoint, by their fences, in nanoseconds since
    /// 1970.
    public var checkpointNanoseconds: [LSN: UInt64] = [:]
    /// What was cut off the end.
    public var repair: TailRepair?
    /// The first LSN of a transaction that a crash left without a commit.
    public var abortedLSN: LSN?
    /// The segment whose interrupted rotation was completed.
    public var resealedSegment: SegmentID?
    /// The latest commit time in the log, in nanoseconds since 1970; 0 when it holds no transaction. No later
    /// commit gets an earlier time, so a clock that was ahead once is ahead from then on.
    public var lastCommitNanoseconds: UInt64 = 0

    /// A report of nothing.
    public init() {}
}

/// What was cut off the end of a log.
public struct TailRepair: Hashable, Sendable {
    /// From which segment.
    public let segment: SegmentID
    /// From which byte on.
    public let offset: UInt64
    /// How many bytes that were not zero at the end.
    public let byteCount: UInt64
    /// The LSN that was expected there.
    public let lsn: LSN
    /// The file in `quarantine` that has them now; nil when the log was opened for reading only.
    public let quarantineName: String?
}
