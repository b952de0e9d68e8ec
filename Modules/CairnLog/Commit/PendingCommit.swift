// SPDX-License-Identifier: Apache-2.0

public import CairnLSN
public import CairnSync

/// A transaction that was appended and may not have its level yet.
public struct PendingCommit: Hashable, Sendable {
    /// The LSNs that the transaction took: begin, batches, commit.
    public let lsns: LSNRange
    /// The level that its caller asked for.
    public let level: DurabilityLevel
    /// The round that covers it.
    let ticket: UInt64

    /// The LSN of the commit. Snapshots and readers refer to it.
    public var commitLSN: LSN { lsns.last }

    var target: WaitTarget { level == .durable ? .durable(lsns.last) : .written(lsns.last) }
}
