// SPDX-License-Identifier: Apache-2.0
//
// The order of a checkpoint, each step durable before the next:
//
// 0. the directory and its lock are looked at: with a second writer at work, nothing may be made or removed; then the
//    published state and its LSN, the fence, are taken. Writers and readers go on,
// 1. the log up to the fence,
// 2. the snapshot of the view: temporary name, sync, rename, directory sync,
// 3. the marker in the log,
// 4. where there is an archive, what it has not yet is moved there; while that fails, nothing is removed,
// 5. older generations of snapshots removed; `CheckpointOptions.generations` stay, at least two,
// 6. segments removed that the oldest of these covers, so that one damaged snapshot costs time, not data.
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

/// The result of a checkpoint.
public struct Checkpoint: Hashable, Sendable {
    /// The snapshot; it contains everything committed before the checkpoint.
    public let snapshot: SnapshotInfo
    /// The digest of the state in the snapshot, which the log repeats.
    public let stateDigest: StateDigest?
    /// The number of bytes that it has.
    public let snapshotByteCount: UInt64
    /// Snapshots of older generations that were removed.
    public let removedSnapshotCount: Int
    /// Segments of the log that were removed.
    public let removedSegmentCount: Int
    /// Files that went to the archive.
    public let archivedFileCount: Int
}

/// How far a checkpoint is.
public struct CheckpointProgress: Hashable, Sendable {
    /// Bytes of the snapshot that are written.
    public let writtenByteCount: UInt64
    /// Bytes of the snapshot before, for an estimate; nil when there is none.
    public let previousByteCount: UInt64?
}

/// Called with the progress of a checkpoint, about once for each MiB, on the thread that writes it. An error ends the
/// checkpoint, as in `{ _ in try Task.checkCancellation() }`.
public typealias CheckpointObserver =
    @Sendable (CheckpointProgress) throws(CancellationError) -> Void

extension Durable {
    /// Writes a snapshot, so that opening need not replay what it contains, and drops what is no longer
    /// needed.
    ///
    /// Neither writers nor readers wait; of a state with a second copy (``Publication/secondCopy``), the first
    /// commit that is published meanwhile copies the state. A second checkpoint waits for the first.
    ///
    /// - Parameter progress: Called with the progress of the snapshot; an error that it throws ends the checkpoint.
    /// - Returns: What was done; nil when the newest snapshot contains everything already.
    /// - Throws: ``DurableError``, with code `.cancelled` when `progress` ended it, and the store is as it was; with code `.unencodable` and the path for a state that cannot be written: see
    ///   ``DurableState/validate(_:)``. The store goes on working unless the log failed. With code `.archiveFailed` the
    ///   snapshot is in place, and nothing was dropped.
    /// - Complexity: O(*n*) in the state. Of a `Codable` state, its values are held once more, and 2 MiB.
    @discardableResult
    public func checkpoint(
        progress: CheckpointObserver? = nil
    ) throws(DurableError) -> Checkpoint? {
        refuseCallFromBody("checkpoint")
        checkpoints.lock()
        defer { checkpoints.unlock() }
        do {
            return try makeCheckpoint(progress)
        } catch let error as RecorderError {
            throw failed(error)
        } catch {
            throw DurableError(anyOf: error)
        }
    }

    /// Writes a snapshot without blocking the thread; see the other method. When the task is cancelled before the snapshot
    /// is whole, it is given up.
    @discardableResult
    public func checkpoint(
        progress: CheckpointObserver? = nil
    ) async throws(DurableError) -> Checkpoint? {
        let isCancelled = Locked(false)
        let watched: CheckpointObserver = { reached throws(CancellationError) in
            if isCancelled.withLock({ $0 }) { throw CancellationError() }
            try progress?(reached)
        }
        let result = await withTaskCancellationHandler {
            await withBlockingThread { [self] in
                Result { () throws(DurableError) in try checkpoint(progress: watched) }
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
        return try result.get()
    }

    private func makeCheckpoint(_ progress: CheckpointObserver?) throws -> Checkpoint? {
        let byteCount = logByteCount
        try checkBeforeFiles()
        let newest = try snapshots.list().last?.fence.lsn ?? .never
        let snapshot: Written? = try publisher.readWithLSN { state, lsn in
            guard lsn > newest else { return nil }
            return try writeSnapshot(SnapshotFence(lsn), of: state, progress)
        }
        if let snapshot {
            try recorder.checkpointMarker(snapshot.info.fence, digest: snapshot.digest)
        }
        let archived = try archive(after: snapshot, at: byteCount)
        let made = try snapshot.map { try finish($0, archived) }
        keeper.made(made, at: byteCount)
        return made
    }

    /// Nothing is made or removed in a store that has failed, or is no longer its own.
    private func checkBeforeFiles() throws {
        if let reason = recorder.failure {
            throw RecorderError(code: .poisoned, reason: reason.code, cause: reason.cause)
        }
        try recorder.checkIdentity()
    }

    /// Moves what the archive has not yet. A failure comes after the snapshot, which counts as made.
    private func archive(after snapshot: Written?, at byteCount: Int) throws -> Int {
        guard let archiver, snapshot != nil || archiver.isBehind else { return 0 }
        do { return try archiver.run() } catch {
            if let snapshot { keeper.made(checkpoint(snapshot), at: byteCount) }
            throw DurableError(anyOf: error).recoded(.archiveFailed)
        }
    }

    /// Archives what an earlier checkpoint could not, and drops what it kept for that.
    private func catchUpWithArchive(_ archiver: StoreArchiver) throws {
        checkpoints.lock()
        defer { checkpoints.unlock() }
        try checkBeforeFiles()
        do { _ = try archiver.run() } catch {
            throw DurableError(anyOf: error).recoded(.archiveFailed)
        }
        guard let newest = try snapshots.list().last else { return }
        _ = try drop(newest.fence)
    }

    /// Makes the checkpoint that is due; where only archiving has failed, tries that again.
    func makeCheckpointByItself() throws(DurableError) {
        guard let archiver, archiver.isBehind, !log.hasFailed else {
            try checkpoint()
            return
        }
        do {
            try catchUpWithArchive(archiver)
        } catch let error as RecorderError {
            throw failed(error)
        } catch {
            // The log does not wait for the archive.
            guard keeper.isDue(logByteCount) else { throw DurableError(anyOf: error) }
            try checkpoint()
        }
    }

    private func checkpoint(
        _ written: Written, _ dropped: (snapshots: Int, segments: Int) = (0, 0), archived: Int = 0
    ) -> Checkpoint {
        Checkpoint(
            snapshot: written.info, stateDigest: written.digest,
            snapshotByteCount: written.byteCount, removedSnapshotCount: dropped.snapshots,
            removedSegmentCount: dropped.segments, archivedFileCount: archived)
    }

    private typealias Written = (info: SnapshotInfo, digest: StateDigest?, byteCount: UInt64)

    private func writeSnapshot(
        _ fence: SnapshotFence, of state: borrowing State, _ progress: CheckpointObserver?
    ) throws -> Written {
        try recorder.syncLogOnly()
        var sink = try snapshots.writer(logID: log.logID, fence: fence)
        if let progress {
            let previous = try snapshots.list().last.map { try snapshots.byteCount(of: $0) }
            sink.observer = { written throws(CancellationError) in
                try progress(.init(writtenByteCount: written, previousByteCount: previous))
            }
        }
        try state.write(to: &sink)
        let digest = try sink.stateDigest()
        let byteCount = sink.byteCount
        return (try sink.finish(), digest, byteCount)
    }

    private func finish(_ written: Written, _ archived: Int) throws -> Checkpoint {
        checkpoint(written, try drop(written.info.fence), archived: archived)
    }

    /// Removes what is no longer needed.
    private func drop(_ fence: SnapshotFence) throws -> (snapshots: Int, segments: Int) {
        let generations = max(2, keeper.options.generations)
        let past = pastFence(including: fence)
        let removed = try snapshots.retain(
            logID: log.logID, generations: generations, keepingFrom: past
        ).removed.count
        // The fence costs reading two snapshots again, and the last segment always stays.
        guard log.status.segments.count > 1,
            let truncation = try snapshots.truncationFence(
                logID: log.logID, keepingFrom: try oldestKept(generations, past))
        else { return (removed, 0) }
        return (removed, try recorder.truncate(upTo: truncation).count)
    }
}
