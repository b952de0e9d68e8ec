// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
public import CairnLSN

/// The files that `SnapshotDirectory.retain` removed.
public struct SnapshotRetention: Hashable, Sendable {
    /// The snapshots, by ascending fence.
    public var removed: [SnapshotInfo]
    /// The number of removed files of writers that never finished.
    public var leftoverCount: Int

    package init(removed: [SnapshotInfo] = [], leftoverCount: Int = 0) {
        self.removed = removed
        self.leftoverCount = leftoverCount
    }
}

extension SnapshotDirectory {
    /// Removes what is no longer needed: snapshots that at least `generations` newer ones of the same
    /// log stand in for, and files of writers that never finished.
    ///
    /// A newer snapshot counts only after all of it was read and found right. What belongs to another
    /// log, was written by a newer release, or has a damaged header stays. Durable on return.
    ///
    /// - Parameters:
    ///   - logID: The log that the snapshots belong to.
    ///   - generations: At least 2, so that a damaged newest snapshot costs no data.
    ///   - kept: Snapshots from this fence on stay in any case.
    /// - Throws: ``SnapshotError`` with code `.readOnly`, `.poisoned` or `.io`. Some of the files may
    ///   have been removed then, the oldest first.
    /// - Complexity: O(*n*) in the bytes of the snapshots that stay.
    @discardableResult
    public func retain(
        logID: LogID, generations: Int = 2, keepingFrom kept: SnapshotFence? = nil
    ) throws(SnapshotError) -> SnapshotRetention {
        precondition(generations >= 2, "at least two generations stay")
        var result = SnapshotRetention()
        guard try !names().isEmpty else { return result }
        let directory = try writableDirectory()
        let verified = try newestVerified(generations, logID: logID)
        if verified.count == generations, let oldest = verified.last {
            let first = min(oldest.fence, kept ?? oldest.fence)
            for info in try list() where info.fence < first {
                guard header(of: info, in: directory)?.logID == logID else { continue }
                try remove(info.name, from: directory)
                result.removed.append(info)
            }
        }
        result.leftoverCount = try removeLeftovers(from: directory)
        if result != SnapshotRetention() { try sync(directory) }
        return result
    }

    /// Removes one snapshot and files of writers that never finished, durably.
    ///
    /// - Throws: ``SnapshotError`` with code `.readOnly`, `.poisoned` or `.io`.
    package func remove(_ info: SnapshotInfo?) throws(SnapshotError) {
        guard try !names().isEmpty else { return }
        let directory = try writableDirectory()
        if let info { try remove(info.name, from: directory) }
        let leftoverCount = try removeLeftovers(from: directory)
        if info != nil || leftoverCount > 0 { try sync(directory) }
    }

    private func removeLeftovers(from directory: any VirtualDirectory) throws(SnapshotError) -> Int
    {
        var count = 0
        for name in try names() where !isWriting(name) {
            guard case .creating = name, isLeftover(name, in: directory) else { continue }
            try remove(name, from: directory)
            count += 1
        }
        return count
    }

    /// Up to where the log may be truncated: the fence of the older one of the two newest snapshots
    /// of this log that are intact. Nil while there are fewer than two.
    ///
    /// All of both is read and checked, and made durable again, before the fence is given out; so a
    /// damaged newest snapshot costs replay time and no data.
    ///
    /// - Parameters:
    ///   - logID: The log that the snapshots belong to.
    ///   - kept: The log stays from this fence on in any case.
    /// - Throws: ``SnapshotError`` with code `.readOnly`, `.poisoned` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the snapshots that are read.
    public func truncationFence(
        logID: LogID, keepingFrom kept: SnapshotFence? = nil
    ) throws(SnapshotError) -> TruncationFence? {
        guard try !names().isEmpty else { return nil }
        let directory = try writableDirectory()
        let verified = try newestVerified(2, logID: logID)
        guard verified.count == 2, let older = verified.last else { return nil }
        for info in verified {
            do throws(StorageError) {
                try directory.openFile(info.name.fileName, .readOnly).sync()
            } catch {
                poison()
                throw SnapshotError(error, fence: info.fence)
            }
        }
        try sync(directory)
        return TruncationFence(unchecked: min(older.fence, kept ?? older.fence).lsn)
    }

    /// The newest snapshots that hold, newest first. One that cannot be read does not count: whether
    /// it is damaged or not, nothing may rest on it.
    private func newestVerified(
        _ count: Int, logID: LogID
    ) throws(SnapshotError) -> [SnapshotInfo] {
        var verified: [SnapshotInfo] = []
        for info in try list().reversed() where verified.count < count {
            if (try? verify(info, expectedLogID: logID)) != nil { verified.append(info) }
        }
        return verified
    }

    private func header(of info: SnapshotInfo, in directory: any VirtualDirectory)
        -> SnapshotHeader?
    {
        let count = SnapshotFormat.Header.byteCount
        guard let bytes = firstBytes(count, of: info.name, in: directory),
            let header = try? SnapshotHeader(from: bytes.span.bytes), header.fence == info.fence
        else { return nil }
        return header
    }

    /// Whether a file with a temporary name was made by a writer. A crash may leave the start of it
    /// unwritten, whole or in parts: each of the first bytes is that of the magic, or zero, or missing.
    private func isLeftover(_ name: SnapshotName, in directory: any VirtualDirectory) -> Bool {
        guard let first = firstBytes(8, of: name, in: directory) else { return false }
        var magic = BinaryBuffer(capacity: 8)
        magic.append(SnapshotFormat.magic)
        return zip(first, magic.array()).allSatisfy { $0 == 0 || $0 == $1 }
    }

    private func firstBytes(
        _ count: Int, of name: SnapshotName, in directory: any VirtualDirectory
    ) -> [UInt8]? {
        guard let file = try? directory.openFile(name.fileName, .readOnly) else { return nil }
        var buffer = BinaryBuffer(capacity: count)
        do throws(StorageError) {
            try buffer.append(addingCapacity: count) { output throws(StorageError) in
                try file.read(into: &output, at: 0)
            }
        } catch {
            return nil
        }
        return buffer.array()
    }

    private func remove(
        _ name: SnapshotName, from directory: any VirtualDirectory
    ) throws(SnapshotError) {
        do throws(StorageError) {
            try directory.remove(name.fileName)
        } catch {
            throw SnapshotError(error, fence: nil)
        }
    }

    private func sync(_ directory: any VirtualDirectory) throws(SnapshotError) {
        do throws(StorageError) {
            try directory.sync()
        } catch {
            poison()
            throw SnapshotError(error, fence: nil)
        }
    }
}
