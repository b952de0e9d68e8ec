// SPDX-License-Identifier: Apache-2.0
//
// The order of a checkpoint, each step durable before the next:
//
// 1. the log up to the fence,
// 2. the snapshot: temporary name, sync, rename, directory sync,
// 3. the marker in the log,
// 4. older generations of snapshots removed, two stay,
// 5. segments removed that the older of the two covers, so that one damaged snapshot costs time, not data.
//
// A crash between any two leaves a store that opens, because every step only adds, or removes what two
// verified snapshots make superfluous.

internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnRecorder
public import CairnSnapshot

/// What a checkpoint did.
public struct Checkpoint: Hashable, Sendable {
    /// The snapshot; it contains everything committed before the checkpoint.
    public let snapshot: SnapshotInfo
    /// Snapshots of older generations that were removed.
    public let removedSnapshotCount: Int
    /// Segments of the log that were removed.
    public let removedSegmentCount: Int
}

extension Durable {
    /// Writes a snapshot, so that opening need not replay what it contains, and drops what nobody needs
    /// any more. Writers wait meanwhile, readers do not.
    ///
    /// - Returns: What was done; nil when the newest snapshot contains everything already.
    /// - Throws: ``SnapshotError`` or ``RecorderError``. The store goes on working unless the log failed.
    /// - Complexity: O(*n*) in the state.
    @discardableResult
    public func checkpoint() throws -> Checkpoint? {
        try writer.write { (writer) throws -> Checkpoint? in
            let newest = try snapshots.list().last
            guard writer.lastCommitLSN > newest?.fence.lsn ?? .never else { return nil }
            try recorder.syncLogOnly()
            let fence = SnapshotFence(writer.lastCommitLSN)
            let snapshot = try writeSnapshot(fence)
            try recorder.checkpointMarker(fence)
            let removed = try snapshots.retain(logID: log.logID, generations: 2).removed.count
            var segmentCount = 0
            if let truncation = try snapshots.truncationFence(logID: log.logID) {
                segmentCount = try recorder.truncate(upTo: truncation).count
            }
            return Checkpoint(
                snapshot: snapshot, removedSnapshotCount: removed, removedSegmentCount: segmentCount
            )
        }
    }

    private func writeSnapshot(_ fence: SnapshotFence) throws -> SnapshotInfo {
        var sink = try snapshots.writer(logID: log.logID, fence: fence)
        try state.read { state in try state.write(to: &sink) }
        return try sink.finish()
    }
}
