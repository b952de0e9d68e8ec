// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

extension ContainerCore {
    /// Smaller containers are left as they are.
    static let compactedByteCountMin: UInt64 = 1 << 20

    /// The suffix of a container that is being made.
    static let newSuffix = ".new"

    /// Compacts the container when half of it is unused: on a thread of its own, where the environment has some.
    func compactIfDue() {
        let isDue = state.withLock { state in
            let used = state.tree.usedByteCount
            guard state.writerLock != nil, state.failure == nil, !state.compaction.isUnderWay,
                state.tree.end >= Self.compactedByteCountMin, used <= state.tree.end / 2,
                state.compaction.failedAt.map({ state.tree.end >= $0 * 2 }) ?? true
            else { return false }
            state.compaction.isUnderWay = true
            return true
        }
        guard isDue else { return }
        guard environment.backgroundWork == .onThreads else { return runCompaction() }
        // The thread that ended before is not waited for: it has nothing left to do.
        do throws(StorageError) {
            let thread = try BackgroundThread { [self] in runCompaction() }
            compactor.withLock { $0 = thread }
        } catch {
            state.withLock { $0.compaction.isUnderWay = false }
        }
    }

    private func runCompaction() {
        do throws(StorageError) {
            try compact()
        } catch {
            state.withLock { $0.compaction.failedAt = $0.tree.end }
        }
        state.withLock { $0.compaction.isUnderWay = false }
        state.wakeAll()
    }

    /// Has compaction end, and waits for it.
    func stopCompacting() {
        state.withLock { $0.compaction.isStopping = true }
        state.wait { state in state.compaction.isUnderWay ? nil : () }
        state.withLock { $0.compaction.isStopping = false }
    }

    /// Writes the container anew and lets the new file take its place.
    func compact() throws(StorageError) {
        guard let newName = FileName(name.string + Self.newSuffix) else {
            throw StorageError(.fileNameTooLong, operation: .create, path: path)
        }
        try Self.removeLeftover(newName, in: base)
        let file = try base.createFile(newName)
        var isInPlace = false
        defer { if !isInPlace { try? base.remove(newName) } }
        defer { endSwitch() }
        let lock = try base.lockFile(newName, .exclusive, standingFor: name)
        var compaction = ContainerCompaction(self, file)
        // Until what is left takes a moment; each pass has only what was written during the one before.
        for _ in 0..<4 where try compaction.pass() > 1 << 20 {}
        try file.sync()
        directoryLock.lock()
        defer { directoryLock.unlock() }
        beginSwitch()
        try checkBeforeSwitch()
        _ = try compaction.pass()
        guard let image = try compaction.finish() else {
            throw StorageError(.noSpace, operation: .write, path: path)
        }
        do throws(StorageError) {
            try base.replace(name, with: newName)
            isInPlace = true
            try base.sync()
        } catch {
            // Which of the two files has the name after a crash is not known.
            isInPlace = true
            fail(error)
            throw error
        }
        let old = state.withLock { state in
            let old = state.writerLock
            let sizes = state.byteCounts
            state.take(image)
            state.byteCounts = sizes
            state.hasZeroSpare = Set(image.tree.entries.keys)
            state.writerLock = lock
            return old
        }
        old?.release()
    }

    private func checkBeforeSwitch() throws(StorageError) {
        let (failure, lock) = state.withLock { ($0.failure, $0.writerLock) }
        if let failure { throw failure }
        guard let lock else {
            throw StorageError(code: .closed, operation: .write, path: path)
        }
        try lock.checkIdentity()
    }

    /// Lets new calls wait, and waits for those that are under way.
    private func beginSwitch() {
        state.withLock { $0.isSwitching = true }
        state.wait { state in state.callCount == 0 ? () : nil }
    }

    private func endSwitch() {
        state.withLock { state in
            state.isSwitching = false
            state.written = nil
        }
        state.wakeAll()
    }

    /// Removes what a crash left of a container that was being made. What is not ours stays, and is an error.
    static func removeLeftover(
        _ name: FileName, in base: any VirtualDirectory
    ) throws(StorageError) {
        let path = base.path.appending(name.string)
        do throws(StorageError) {
            let lock = try base.lockFile(name, .exclusive, standingFor: name)
            defer { lock.release() }
            let head = try base.openFile(name, .readOnly)
                .bytes(0..<UInt64(ContainerLayout.headerByteCount))
            let isOurs =
                head.allSatisfy { $0 == 0 }
                || head.starts(with: Array("CAIRNBOX".utf8))
            guard isOurs else { throw StorageError(.fileExists, operation: .create, path: path) }
            try base.remove(name)
        } catch {
            guard error.code != .notFound else { return }
            throw error
        }
    }
}
