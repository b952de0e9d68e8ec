// SPDX-License-Identifier: Apache-2.0

public import CairnLSN
public import CairnSync

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
    /// The failure that stopped it; nil while it runs.
    public let failure: LogError?

    /// How many commits a sync covered on average, of those that covered any; 0 before the first one.
    public var commitsPerSync: Double {
        let reasons = syncedCommitCounts.filter { $0.value > 0 }
        let syncs = reasons.keys.reduce(0) { $0 + (syncCounts[$1] ?? 0) }
        return syncs == 0 ? 0 : Double(reasons.values.reduce(0, +)) / Double(syncs)
    }
}
