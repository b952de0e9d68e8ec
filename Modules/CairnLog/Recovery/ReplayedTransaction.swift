// SPDX-License-Identifier: Apache-2.0

public import CairnLSN

/// A committed transaction that is being replayed.
public struct ReplayedTransaction: Hashable, Sendable {
    /// Its LSNs: begin, batches, commit.
    public let lsns: LSNRange
    /// When it was committed, in nanoseconds since 1970.
    public let commitNanoseconds: UInt64
    /// How many batches it has.
    public let batchCount: Int
    /// The number of this batch among them, from 0.
    public let batchIndex: Int

    /// The LSN of its commit.
    public var commitLSN: LSN { lsns.last }
}

/// Takes the batches of committed transactions, in order.
public typealias ReplayHandler = (_ batch: RawSpan, _ transaction: ReplayedTransaction) throws ->
    Void
