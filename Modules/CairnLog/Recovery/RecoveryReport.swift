// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnLSN
public import CairnSegments

/// The result of recovery.
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
    /// The torn tail that was cut off.
    public var repair: TailRepair?
    /// The first LSN of a transaction that a crash left without a commit.
    public var abortedLSN: LSN?
    /// The segment whose interrupted rotation was completed.
    public var resealedSegment: SegmentID?
    /// The latest commit time in the log, in nanoseconds since 1970; 0 when it holds no transaction. No later
    /// commit gets an earlier time, so a clock that was ahead once is ahead from then on.
    public var lastCommitNanoseconds: UInt64 = 0

    /// A report of nothing.
    package init() {}
}
