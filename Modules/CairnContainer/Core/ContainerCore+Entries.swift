// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// The entries of directories.
extension ContainerCore {
    func list(_ directory: UInt64) throws(StorageError) -> [VirtualDirectoryEntry] {
        try refresh()
        let tree = state.withLock { $0.tree }
        guard let found = tree[directory] else { return [] }
        return found.children.sorted { $0.key < $1.key }.map { name, number in
            VirtualDirectoryEntry(
                name: name, kind: tree[number]?.isDirectory == true ? .directory : .file)
        }
    }

    /// The entry of a name.
    func find(
        _ name: FileName, in directory: UInt64, isDirectory: Bool?,
        _ operation: StorageError.Operation, _ path: FilePath
    ) throws(StorageError) -> UInt64 {
        let tree = state.withLock { $0.tree }
        guard let number = tree[directory]?.children[name], let entry = tree[number] else {
            throw StorageError(.noSuchFileOrDirectory, operation: operation, path: path)
        }
        guard isDirectory == nil || entry.isDirectory == isDirectory else {
            throw StorageError(
                isDirectory == true ? .notDirectory : .isDirectory, operation: operation,
                path: path)
        }
        return number
    }

    /// Makes an entry.
    func create(
        _ name: FileName, in directory: UInt64, isDirectory: Bool, _ path: FilePath
    ) throws(StorageError) -> UInt64 {
        try change { () throws(StorageError) in
            let tree = state.withLock { $0.tree }
            guard let parent = tree[directory] else {
                throw StorageError(.noSuchFileOrDirectory, operation: .create, path: path)
            }
            guard parent.children[name] == nil else {
                throw StorageError(.fileExists, operation: .create, path: path)
            }
            guard parent.depth < ContainerLayout.depthMax, tree.lastEntry < .max else {
                throw StorageError(.fileNameTooLong, operation: .create, path: path)
            }
            var record = ContainerRecord(kind: .create)
            record.entry = tree.lastEntry + 1
            record.entryKind = isDirectory ? ContainerRecord.directory : ContainerRecord.file
            record.parent = directory
            record.name = name
            try append(record)
            if !isDirectory { state.withLock { _ = $0.hasZeroSpare.insert(record.entry) } }
            return record.entry
        }
    }

    func rename(
        _ name: FileName, to newName: FileName, in directory: UInt64, _ path: FilePath
    ) throws(StorageError) {
        try change { () throws(StorageError) in
            var record = ContainerRecord(kind: .rename)
            record.entry = try find(
                name, in: directory, isDirectory: nil, .rename, path.appending(name.string))
            guard state.withLock({ $0.tree[directory]?.children[newName] }) == nil else {
                throw StorageError(
                    .fileExists, operation: .rename, path: path.appending(newName.string))
            }
            record.name = newName
            try append(record)
        }
    }

    func remove(
        _ name: FileName, in directory: UInt64, _ path: FilePath
    ) throws(StorageError) {
        try change { () throws(StorageError) in
            var record = ContainerRecord(kind: .remove)
            record.entry = try find(name, in: directory, isDirectory: false, .remove, path)
            state.withLock { state in
                guard state.openings[record.entry] != nil, let entry = state.tree[record.entry]
                else { return }
                var orphan = entry
                orphan.byteCount = state.byteCount(entry)
                state.orphans[record.entry] = ContainerState.Orphan(entry: orphan, file: state.file)
            }
            try append(record)
            state.withLock { $0.byteCounts[record.entry] = nil }
        }
        compactIfDue()
    }

    /// Notes an opening of a file.
    func opened(_ number: UInt64) { state.withLock { $0.openings[number, default: 0] += 1 } }

    /// Notes that an opening of a file has gone.
    func closed(_ number: UInt64) {
        state.withLock { state in
            let count = (state.openings[number] ?? 1) - 1
            state.openings[number] = count > 0 ? count : nil
            if count <= 0 { state.orphans[number] = nil }
        }
    }

    /// Throws unless the names still lead to a directory, and the path of the container to its file.
    func checkIdentity(
        _ names: [FileName], lead number: UInt64, _ path: FilePath
    ) throws(StorageError) {
        try base.checkIdentity()
        let (tree, lock) = state.withLock { ($0.tree, $0.writerLock) }
        try lock?.checkIdentity()
        var found: UInt64? = ContainerTree.root
        for name in names { found = found.flatMap { tree[$0]?.children[name] } }
        guard found == number else {
            throw StorageError(code: .replaced, operation: .open, path: path)
        }
    }

    /// - Throws: ``StorageError`` with code `.notAFile` when the name is that of a directory.
    func expectNoDirectory(
        _ name: FileName, in directory: UInt64, _ path: FilePath
    ) throws(StorageError) {
        let tree = state.withLock { $0.tree }
        guard let number = tree[directory]?.children[name], tree[number]?.isDirectory == true
        else { return }
        throw StorageError(.isDirectory, operation: .lock, path: path)
    }

    /// Takes the lock of the container for writing.
    func lockExclusively() throws(StorageError) {
        directoryLock.lock()
        defer { directoryLock.unlock() }
        let (isWriter, isLocked) = state.withLock { ($0.writerLock != nil, $0.isLocked) }
        guard !isLocked else {
            throw StorageError(
                code: .locked, operation: .lock, path: path.appending("LOCK"), errno: .wouldBlock)
        }
        if !isWriter {
            do throws(StorageError) { try becomeWriter() } catch { throw ofLock(error) }
        }
        state.withLock { $0.isLocked = true }
    }

    /// Takes a lock that keeps writers away.
    func lockShared() throws(StorageError) -> any DirectoryLock {
        directoryLock.lock()
        defer { directoryLock.unlock() }
        let lock: any DirectoryLock
        do throws(StorageError) {
            lock = try base.lockFile(name, .shared, standingFor: name)
        } catch {
            throw ofLock(error)
        }
        try readOn()
        state.withLock { $0.sharedLockCount += 1 }
        return lock
    }

    func unlockShared(_ lock: any DirectoryLock) {
        state.withLock { $0.sharedLockCount -= 1 }
        lock.release()
    }

    /// The path of a lock is that of a file in the directory that it locks: messages leave the last part out.
    private func ofLock(_ error: StorageError) -> StorageError {
        guard error.code == .locked else { return error }
        return StorageError(
            code: .locked, operation: .lock, path: path.appending("LOCK"), errno: error.errno,
            holder: error.holder)
    }
}
