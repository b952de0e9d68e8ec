// SPDX-License-Identifier: Apache-2.0
//
// The order of a checkpoint, each step durable before the next:
//
// 0. the fence and a view of the state, while no writer writes; afterwards writers go on,
// 1. the log up to the fence,
// 2. the snapshot of the view: temporary name, sync, rename, directory sync,
// 3. the marker in the log,
// 4. older generations of snapshots removed, two stay,
// 5. segments removed that the older of the two covers, so that one damaged snapshot costs time, not data.
//
// A crash between any two leaves a store that opens, because every step only adds, or removes what two
// verified snapshots make superfluous. What is committed meanwhile lies in the log behind the fence, which no
// step touches. One checkpoint runs at a time; the next waits for it.

#if CAIRN_REINJECTION
internal import CairnFormat
#endif
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
    /// any more.
    ///
    /// Writers wait only until the state has given a view of itself
    /// (``ReplayableState/checkpointView()``), readers do not wait. A second checkpoint waits for the first.
    ///
    /// - Returns: What was done; nil when the newest snapshot contains everything already.
    /// - Throws: ``SnapshotError`` or ``RecorderError``. The store goes on working unless the log failed.
    /// - Complexity: O(*n*) in the state.
    @discardableResult
    public func checkpoint() throws -> Checkpoint? {
        try checkpoints.write { _ in
            if let reason = recorder.poisonReason {
                throw RecorderError(code: .poisoned, reason: reason.code, cause: reason.cause)
            }
            let newest = try snapshots.list().last?.fence.lsn ?? .never
            let start = try writer.write { writer throws -> CheckpointStart in
                let fence = SnapshotFence(writer.lastCommitLSN)
                guard fence.lsn > newest else { return .nothingNew }
                if let view = state.read({ state in state.checkpointView() }) {
                    return .view(view, fence)
                }
                return .written(try writeSnapshot(fence))
            }
            switch start {
            case .nothingNew: return nil
            case .written(let snapshot): return try finish(snapshot)
            case .view(let view, let fence): return try finish(try writeSnapshot(fence, of: view))
            }
        }
    }

    /// What there is to a checkpoint once writers may go on.
    private enum CheckpointStart {
        case nothingNew
        case view(State, SnapshotFence)
        case written(SnapshotInfo)
    }

    /// Writes the state itself, which nobody changes meanwhile, or a view of it.
    private func writeSnapshot(
        _ fence: SnapshotFence, of view: consuming State? = nil
    ) throws -> SnapshotInfo {
        #if CAIRN_REINJECTION
        if Reinjection.active != .fenceBeforeData { try recorder.syncLogOnly() }
        #else
        try recorder.syncLogOnly()
        #endif
        var sink = try snapshots.writer(logID: log.logID, fence: fence)
        if let view {
            try view.write(to: &sink)
        } else {
            try state.read { state in try state.write(to: &sink) }
        }
        return try sink.finish()
    }

    /// Everything that comes after the snapshot is in place.
    private func finish(_ snapshot: SnapshotInfo) throws -> Checkpoint {
        try recorder.checkpointMarker(snapshot.fence)
        let removed = try snapshots.retain(logID: log.logID, generations: 2).removed.count
        var segmentCount = 0
        // The fence costs reading two snapshots again, and the last segment always stays.
        if log.status.segments.count > 1,
            let truncation = try snapshots.truncationFence(logID: log.logID)
        {
            segmentCount = try recorder.truncate(upTo: truncation).count
        }
        return Checkpoint(
            snapshot: snapshot, removedSnapshotCount: removed, removedSegmentCount: segmentCount)
    }
}
