// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// An open directory of a ``SimulatedFileSystem``.
final class SimulatedDirectory: VirtualDirectory {
    private let fileSystem: SimulatedFileSystem
    private let node: NodeID
    // Text, because composing a `FilePath` takes longer than all the rest of a call.
    private let text: String

    var path: FilePath { FilePath(text.isEmpty ? "/" : text) }

    init(_ fileSystem: SimulatedFileSystem, _ node: NodeID, _ path: String) {
        self.fileSystem = fileSystem
        self.node = node
        text = path
    }

    func list() throws(StorageError) -> [VirtualDirectoryEntry] {
        try fileSystem.call(.init(.list, text), as: .list) { state, _ in
            state.disk[node].volatile.entries.sorted { $0.key < $1.key }.map {
                VirtualDirectoryEntry(name: $0.key, kind: state.disk[$0.value].kind)
            }
        }
    }

    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile {
        let path = path(of: name)
        let found = try fileSystem.call(.init(.openFile, path), as: .open) {
            state, _ throws(StorageError) in
            try self.find(name, .file, in: state, .open)
        }
        return SimulatedFile(fileSystem, found, path, access)
    }

    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile {
        let made = try make(name, .file, .createFile)
        return SimulatedFile(fileSystem, made, path(of: name), .readWrite)
    }

    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        try open(name)
    }

    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        let made = try make(name, .directory, .createDirectory)
        return SimulatedDirectory(fileSystem, made, path(of: name))
    }

    func rename(_ name: FileName, to newName: FileName) throws(StorageError) {
        let path = path(of: name)
        try fileSystem.call(.init(.rename, path), as: .rename) { state, _ throws(StorageError) in
            let entries = state.disk[self.node].volatile.entries
            guard let child = entries[name] else {
                throw StorageError(.noSuchFileOrDirectory, operation: .rename, path: FilePath(path))
            }
            guard entries[newName] == nil else { throw self.error(.fileExists, .rename, newName) }
            state.disk.change(self.node, .rename(name, to: newName, child))
        }
    }

    func replace(_ name: FileName, with newFile: FileName) throws(StorageError) {
        let path = path(of: name)
        try fileSystem.call(.init(.replace, path), as: .rename) { state, _ throws(StorageError) in
            _ = try self.find(name, .file, in: state, .rename)
            let child = try self.find(newFile, .file, in: state, .rename)
            state.disk.change(self.node, .replace(name, with: newFile, child))
        }
    }

    func remove(_ name: FileName) throws(StorageError) {
        let path = path(of: name)
        try fileSystem.call(.init(.remove, path), as: .remove) { state, _ throws(StorageError) in
            let child = try self.find(name, nil, in: state, .remove)
            guard state.disk[child].kind != .directory else {
                throw self.error(.isDirectory, .remove, name)
            }
            state.disk.change(self.node, .unlink(name))
        }
    }

    func sync() throws(StorageError) {
        try fileSystem.sync(node, .init(.syncDirectory, text))
    }

    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)? {
        let path = path(of: name)
        let kind: SimulatedOperation.Kind = mode == .exclusive ? .lock : .lockShared
        // A lock that was not given out is not held: the descriptor is closed again.
        let nothing = { (_: inout SimulatedFileSystem.State, _: FaultRule.Extent) in }
        let locked = try fileSystem.call(.init(kind, path), as: .lock, faulty: nothing) {
            state, _ throws(StorageError) -> NodeID? in
            if state.disk[self.node].volatile.entries[name] == nil {
                guard mode == .exclusive else { return nil }
                let made = state.disk.makeNode(.file)
                state.disk.change(self.node, .link(name, made))
            }
            let found = try self.find(name, .file, in: state, .lock)
            try state.lock(found, mode, self.fileSystem.processID, path)
            return found
        }
        return locked.map { SimulatedLock(fileSystem, $0, name, in: self) }
    }

    func lockFile(
        _ name: FileName, _ mode: LockMode, standingFor standing: FileName
    ) throws(StorageError) -> any DirectoryLock {
        let path = path(of: name)
        let nothing = { (_: inout SimulatedFileSystem.State, _: FaultRule.Extent) in }
        let locked = try fileSystem.call(.init(.lockShared, path), as: .lock, faulty: nothing) {
            state, _ throws(StorageError) -> NodeID in
            let found = try self.find(name, .file, in: state, .lock)
            try state.lock(found, mode, self.fileSystem.processID, path, namesHolder: false)
            return found
        }
        return SimulatedLock(fileSystem, locked, standing, in: self, namesHolder: false)
    }

    /// Not counted as a call: it changes nothing, and no fault of a disk is about it.
    func checkIdentity() throws(StorageError) {
        let found = try volatileState(.open) { state in
            var found: NodeID? = SimulatedDisk.root
            for component in text.split(separator: "/") {
                let name = FileName(String(component))
                found = found.flatMap { at in
                    name.flatMap { state.disk[at].volatile.entries[$0] }
                }
            }
            return found
        }
        guard found == node else {
            throw StorageError(code: .replaced, operation: .open, path: path)
        }
    }

    /// Throws unless `name` still stands for a file.
    func check(_ name: FileName, is file: NodeID) throws(StorageError) {
        let found = try volatileState(.lock) { $0.disk[node].volatile.entries[name] }
        guard found == file else {
            throw StorageError(code: .replaced, operation: .lock, path: FilePath(path(of: name)))
        }
    }

    private func volatileState<Result>(
        _ operation: StorageError.Operation, _ body: (inout SimulatedFileSystem.State) -> Result
    ) throws(StorageError) -> Result {
        try fileSystem.state.withLock { (state) throws(StorageError) in
            guard !state.hasCrashed else {
                throw SimulatedFileSystem.crashed(operation, text)
            }
            return body(&state)
        }
    }

    /// Opens a directory within this one.
    func open(_ name: FileName) throws(StorageError) -> SimulatedDirectory {
        let path = path(of: name)
        let found = try fileSystem.call(.init(.openDirectory, path), as: .open) {
            state, _ throws(StorageError) in
            try self.find(name, .directory, in: state, .open)
        }
        return SimulatedDirectory(fileSystem, found, path)
    }

    private func make(
        _ name: FileName, _ kind: VirtualDirectoryEntry.Kind, _ operation: SimulatedOperation.Kind
    ) throws(StorageError) -> NodeID {
        let path = path(of: name)
        return try fileSystem.call(.init(operation, path), as: .create) {
            state, _ throws(StorageError) in
            guard state.disk[self.node].volatile.entries[name] == nil else {
                throw StorageError(.fileExists, operation: .create, path: FilePath(path))
            }
            let made = state.disk.makeNode(kind)
            state.disk.change(self.node, .link(name, made))
            return made
        }
    }

    private func find(
        _ name: FileName, _ kind: VirtualDirectoryEntry.Kind?, in state: SimulatedFileSystem.State,
        _ operation: StorageError.Operation
    ) throws(StorageError) -> NodeID {
        guard let found = state.disk[node].volatile.entries[name] else {
            throw error(.noSuchFileOrDirectory, operation, name)
        }
        guard kind == nil || state.disk[found].kind == kind else {
            throw error(kind == .file ? .isDirectory : .notDirectory, operation, name)
        }
        return found
    }

    /// Each call has one, so it is made without the detours of an interpolation.
    private func path(of name: FileName) -> String {
        var path = text
        path.reserveCapacity(text.utf8.count + 1 + name.string.utf8.count)
        path += "/"
        path += name.string
        return path
    }

    private func error(
        _ errno: Errno, _ operation: StorageError.Operation, _ name: FileName
    ) -> StorageError {
        StorageError(errno, operation: operation, path: FilePath(path(of: name)))
    }
}
