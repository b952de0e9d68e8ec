// SPDX-License-Identifier: Apache-2.0

public import CairnLSN

/// A transaction that was committed, as it was committed.
public struct CommittedTransaction: Hashable, Sendable {
    /// Its LSNs: begin, batches, commit.
    public let lsns: LSNRange
    /// When it was committed, in nanoseconds since 1970.
    public let commitNanoseconds: UInt64
    /// Its batches, not compressed.
    public let batches: [[UInt8]]

    /// The LSN of its commit: from where to go on reading.
    public var commitLSN: LSN { lsns.last }
}
