// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// Opening for writing.
extension ContainerCore {
    /// Takes the lock of the container, and reads it anew: another process may have changed it.
    ///
    /// - Precondition: The caller holds the directory lock.
    func becomeWriter() throws(StorageError) {
        let lock = try base.lockFile(name, .exclusive, standingFor: name)
        do throws(StorageError) {
            try beginWriting(lock)
        } catch {
            state.withLock { $0.writerLock = nil }
            lock.release()
            throw error
        }
    }

    private func beginWriting(_ lock: any DirectoryLock) throws(StorageError) {
        try lock.checkIdentity()
        let image = try ContainerImage.read(name, in: base, .readWrite, isLive: false)
        // Read from the cache, maybe: a sync that failed in another process has marked it clean.
        try image.writeAgain()
        state.withLock { state in
            state.take(image)
            state.writerLock = lock
            state.failure = nil
        }
        if image.isTorn { try beginBlock() }
    }
}
