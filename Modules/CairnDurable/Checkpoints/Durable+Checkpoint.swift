// SPDX-License-Identifier: Apache-2.0
//
// The order of a checkpoint, each step durable before the next:
//
// 0. the published state and the LSN that it is of: the fence; writers and readers go on,
//    The directory and its lock are looked at first: with a second writer at work, nothing may be made or removed.
// 1. the log up to the fence,
// 2. the snapshot of the view: temporary name, sync, rename, directory sync,
// 3. the marker in the log,
// 4. older generations of snapshots removed, two stay,
// 5. segments removed that the older of the two covers, so that one damaged snapshot costs time, not data.
//
// A crash between any two leaves a store that opens, because every step only adds, or removes what two
// verified snapshots make superfluous. What is committed meanwhile lies in the log behind the fence, which no
// step touches. One checkpoint runs at a time; the next waits for it.

public import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnRecorder
public import CairnSnapshot

/// What a checkpoint did.
public struct Checkpoint: Hashable, Sendable {
    /// The snapshot; it contains everything committed before the checkpoint.
    public let snapshot: SnapshotInfo
    /// The digest of the state in it.
    public let stateDigest: StateDigest?
    /// How many bytes it has.
    public let snapshotByteCount: UInt64
    /// Snapshots of older generations that were removed.
    public let removedSnapshotCount: Int
    /// Segments of the log that were removed.
    public let removedSegmentCount: Int
}

extension Durable {
    /// Writes a snapshot, so that opening need not replay what it contains, and drops what nobody needs
    /// any more.
    ///
    /// Neither writers nor readers wait; of a state with a second copy (``Publication/secondCopy``), the first
    /// commit that is published meanwhile copies the state. A second checkpoint waits for the first.
    ///
    /// - Returns: What was done; nil when the newest snapshot contains everything already.
    /// - Throws: ``DurableError``, with code `.unencodable` and the path for a state that cannot be written: see
    ///   ``DurableState/validate(_:)``. The store goes on working unless the log failed.
    /// - Complexity: O(*n*) in the state. Of a `Codable` state, its values are held once more, and 2 MiB.
    @discardableResult
    public func checkpoint() throws(DurableError) -> Checkpoint? {
        refuseCallFromBody("checkpoint")
        checkpoints.lock()
        defer { checkpoints.unlock() }
        do {
            return try makeCheckpoint()
        } catch let error as RecorderError {
            throw failed(error)
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// Writes a snapshot without blocking the thread; see the other method.
    @discardableResult
    public func checkpoint() async throws(DurableError) -> Checkpoint? {
        try await withBlockingThread { [self] () throws(DurableError) in try checkpoint() }
    }

    private func makeCheckpoint() throws -> Checkpoint? {
        let byteCount = logByteCount
        if let reason = recorder.failure {
            throw RecorderError(code: .poisoned, reason: reason.code, cause: reason.cause)
        }
        try recorder.checkIdentity()
        let newest = try snapshots.list().last?.fence.lsn ?? .never
        let snapshot: Written? = try publisher.readWithLSN { state, lsn in
            guard lsn > newest else { return nil }
            return try writeSnapshot(SnapshotFence(lsn), of: state)
        }
        let made = try snapshot.map { try finish($0) }
        keeper.made(made, at: byteCount)
        return made
    }

    private typealias Written = (info: SnapshotInfo, digest: StateDigest?, byteCount: UInt64)

    private func writeSnapshot(
        _ fence: SnapshotFence, of state: borrowing State
    ) throws -> Written {
        #if CAIRN_REINJECTION
        if Reinjection.active != .fenceBeforeData { try recorder.syncLogOnly() }
        #else
        try recorder.syncLogOnly()
        #endif
        var sink = try snapshots.writer(logID: log.logID, fence: fence)
        try state.write(to: &sink)
        let digest = try sink.stateDigest()
        let byteCount = sink.byteCount
        return (try sink.finish(), digest, byteCount)
    }

    /// Everything that comes after the snapshot is in place.
    private func finish(_ written: Written) throws -> Checkpoint {
        let (snapshot, digest, byteCount) = written
        try recorder.checkpointMarker(snapshot.fence, digest: digest)
        let generations = max(2, keeper.options.generations)
        let past = pastFence(including: snapshot.fence)
        let removed = try snapshots.retain(
            logID: log.logID, generations: generations, keepingFrom: past
        ).removed.count
        var segmentCount = 0
        // The fence costs reading two snapshots again, and the last segment always stays.
        if log.status.segments.count > 1,
            let truncation = try snapshots.truncationFence(
                logID: log.logID, keepingFrom: try oldestKept(generations, past))
        {
            segmentCount = try recorder.truncate(upTo: truncation).count
        }
        return Checkpoint(
            snapshot: snapshot, stateDigest: digest, snapshotByteCount: byteCount,
            removedSnapshotCount: removed, removedSegmentCount: segmentCount)
    }
}
