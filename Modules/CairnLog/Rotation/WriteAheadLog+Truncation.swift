// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
internal import CairnIO
public import CairnLSN
internal import CairnSegments

extension WriteAheadLog {
    /// Throws, and stops the log for good, when the directory of the store or its lock file was removed or
    /// exchanged: a second writer may be at work. To be called before files of the store are made or removed.
    ///
    /// - Throws: ``LogError`` with code `.io`; its cause has the code `.replaced`. `.readOnly`.
    package func checkIdentity() throws(LogError) {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        try core.checkIdentity()
    }

    /// Records that a snapshot up to `fence` is durably in place. Durable on return.
    ///
    /// - Parameters:
    ///   - fence: The fence of the snapshot.
    ///   - digest: Of the state in the snapshot: a replay past the record can see whether it is the same.
    /// - Returns: The LSN of the record.
    /// - Throws: ``LogError`` with code `.checkpointRefused` for a fence beyond the durable end, `.readOnly`,
    ///   `.poisoned`, `.closed`, `.exhausted`, `.indeterminate`, or `.io` when the lock was removed or exchanged.
    @discardableResult
    public func checkpointMarker(
        _ fence: SnapshotFence, digest: StateDigest? = nil
    ) throws(LogError) -> LSN {
        try checkIdentity()
        let lsn = try core.appendCheckpoint(fence.lsn, digest)
        try core.drive(to: .durable(lsn))
        return lsn
    }

    /// Records without blocking the thread that a snapshot up to `fence` is in place; see the other method.
    @discardableResult
    public func checkpointMarker(
        _ fence: SnapshotFence, digest: StateDigest? = nil
    ) async throws(LogError) -> LSN {
        try checkIdentity()
        try core.startBackground()
        let lsn = try core.appendCheckpoint(fence.lsn, digest)
        try await wait(for: .durable(lsn))
        return lsn
    }

    /// Removes the sealed segments that lie wholly at or below `fence`, oldest first. The removal is
    /// durable on return. The last segment always stays, and so does what a ``LogPin`` holds.
    ///
    /// - Returns: The segments that were removed.
    /// - Throws: ``LogError`` with code `.truncationRefused` for a fence beyond the durable end,
    ///   `.readOnly`, `.poisoned`, `.closed`, or `.io`.
    @discardableResult
    public func truncate(upTo fence: TruncationFence) throws(LogError) -> [SegmentStatus] {
        try checkIdentity()
        let removable = try core.state.withLock { (state) throws(LogError) -> [SegmentStatus] in
            try state.checkOpen()
            guard state.progress.durable.covers(fence.lsn) else {
                throw LogError(code: .truncationRefused, lsn: fence.lsn)
            }
            let removable = state.retention.startTruncating(upTo: fence)
            return removable
        }
        defer { core.state.withLock { $0.retention.finishTruncating() } }
        guard !removable.isEmpty else { return [] }
        for status in removable {
            let prepared = try segment { () throws(SegmentError) in try leave(status) }
            core.state.withLock { state in
                _ = state.retention.sealed.removeFirst()
                state.retention.holds.forget(status.name)
            }
            // One by one: a crash may keep any of several removals, and a gap would be a loss.
            try syncRemoval()
            if let prepared {
                core.state.withLock { $0.retention.prepared.recycled.append(prepared) }
            }
        }
        return removable
    }

    /// Takes a segment out of the log: its file is kept as a prepared segment, or removed.
    ///
    /// - Returns: The name of the prepared segment; nil when it was removed.
    private func leave(_ status: SegmentStatus) throws(SegmentError) -> FileName? {
        let isRecycled = core.state.withLock { state in
            // One that became much larger than the others would keep that space for good.
            state.retention.prepared.takesRecycled && status.byteCount <= core.preparedByteCount
                && state.retention.holds.recycle(status.name)
        }
        if isRecycled { return try core.segments.recycle(status.name) }
        try core.segments.remove(status.name)
        return nil
    }

    private func syncRemoval() throws(LogError) {
        do throws(SegmentError) {
            try core.segments.sync()
        } catch {
            let failure = LogError(error)
            core.fail(failure)
            throw failure
        }
    }
}
