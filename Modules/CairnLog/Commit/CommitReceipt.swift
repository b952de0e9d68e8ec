// SPDX-License-Identifier: Apache-2.0

public import CairnLSN
public import CairnSync

/// The LSNs and the level that a commit reached.
public struct CommitReceipt: Hashable, Sendable {
    /// The LSNs that the transaction took: begin, batches, commit.
    public let lsns: LSNRange
    /// How far it got before the commit returned.
    public let level: DurabilityLevel

    package init(lsns: LSNRange, level: DurabilityLevel) {
        self.lsns = lsns
        self.level = level
    }

    /// The LSN of the commit. Snapshots and readers refer to it.
    public var commitLSN: LSN { lsns.last }
}
