// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN

/// A snapshot that has no final name yet; it removes itself with its last reference.
final class TemporarySnapshot: Sendable {
    let file: any VirtualFile
    private let owner: SnapshotDirectory
    private let directory: any VirtualDirectory
    private let name: SnapshotName
    private let fence: SnapshotFence
    private let logID: LogID
    private let isPending = Locked(true)

    init(
        _ file: any VirtualFile, named name: SnapshotName, in directory: any VirtualDirectory,
        of owner: SnapshotDirectory, fence: SnapshotFence, logID: LogID
    ) {
        self.file = file
        self.name = name
        self.directory = directory
        self.owner = owner
        self.fence = fence
        self.logID = logID
    }

    deinit { discard() }

    /// Removes the file if it has no final name. Errors do not matter: ``SnapshotDirectory/retain(logID:generations:)``
    /// removes leftovers.
    func discard() {
        guard takePending() else { return }
        try? file.close()
        try? directory.remove(name.fileName)
        owner.forget(name)
    }

    /// Makes the file durable and gives it its final name, durably.
    func publish() throws(SnapshotError) {
        defer { discard() }
        do throws(StorageError) {
            try file.sync()
            try file.close()
        } catch {
            throw SnapshotError(error, fence: fence)
        }
        try owner.clear(fence, logID: logID, in: directory)
        do throws(StorageError) {
            try directory.rename(name.fileName, to: final)
        } catch {
            removeIfRenamed(after: error)
            let code: SnapshotError.Code = error.code == .exists ? .exists : .io
            throw SnapshotError(code: code, fence: fence, cause: error)
        }
        if takePending() { owner.forget(name) }
        do throws(StorageError) {
            try directory.sync()
        } catch {
            // Whether the entry will survive is unknown, so it must not look like a durable one. The
            // bytes were synced: if it does survive, it is a whole snapshot.
            try? directory.remove(final)
            owner.poison()
            throw SnapshotError(error, fence: fence)
        }
    }

    private var final: FileName { SnapshotName.snapshot(fence.lsn).fileName }

    private func takePending() -> Bool {
        isPending.withLock { flag in
            defer { flag = false }
            return flag
        }
    }

    /// Some errors are reported for calls that took effect.
    private func removeIfRenamed(after error: StorageError) {
        guard error.code != .exists else { return }
        do throws(StorageError) {
            _ = try directory.openFile(name.fileName, .readOnly)
        } catch {
            if error.code == .notFound { try? directory.remove(final) }
        }
    }
}
