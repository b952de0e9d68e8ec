// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// Reading beside a writer in another process.
extension ContainerCore {
    /// Reads what another process has written since; nothing while this one writes, or keeps writers away.
    func refresh() throws(StorageError) {
        guard state.withLock({ $0.writerLock == nil && $0.sharedLockCount == 0 }) else { return }
        directoryLock.lock()
        defer { directoryLock.unlock() }
        guard state.withLock({ $0.writerLock == nil }) else { return }
        try readOn()
    }

    /// - Precondition: The caller holds the directory lock, and the container is not open for writing.
    func readOn() throws(StorageError) {
        let before = state.withLock { $0 }
        let named = try base.openFile(name, .readOnly)
        let header = try ContainerImage.header(of: named, path)
        guard header == before.header else { return try readAnew() }
        do throws(StorageError) {
            try readOn(from: before)
        } catch {
            // A record that is being written, maybe: then it is whole in a moment.
            guard error.code == .damaged else { throw error }
            try readAnew()
        }
    }

    private func readOn(from before: ContainerState) throws(StorageError) {
        var reader = try JournalReader(before.file, before.header, at: before.journal)
        var grown = before.tree
        _ = try reader.readOn(&grown, path)
        state.withLock { $0.adopt(grown, reader.position, reader.fileByteCount) }
    }

    private func readAnew() throws(StorageError) {
        let image = try ContainerImage.read(name, in: base, .readOnly, isLive: true)
        state.withLock { $0.take(image) }
    }
}
