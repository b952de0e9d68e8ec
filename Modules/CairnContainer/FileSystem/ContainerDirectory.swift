// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// A directory of a container.
final class ContainerDirectory: VirtualDirectory {
    let core: ContainerCore
    private let number: UInt64
    /// How it was reached.
    private let names: [FileName]
    let path: FilePath

    init(_ core: ContainerCore, _ number: UInt64, _ names: [FileName], _ path: FilePath) {
        self.core = core
        self.number = number
        self.names = names
        self.path = path
    }

    func list() throws(StorageError) -> [VirtualDirectoryEntry] { try core.list(number) }

    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile {
        try core.refresh()
        let path = path.appending(name.string)
        let found = try core.find(name, in: number, isDirectory: false, .open, path)
        return ContainerFile(core, found, path, access)
    }

    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile {
        let path = path.appending(name.string)
        let made = try core.create(name, in: number, isDirectory: false, path)
        return ContainerFile(core, made, path, .readWrite)
    }

    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        try core.refresh()
        let path = path.appending(name.string)
        let found = try core.find(name, in: number, isDirectory: true, .open, path)
        return ContainerDirectory(core, found, names + [name], path)
    }

    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        let path = path.appending(name.string)
        let made = try core.create(name, in: number, isDirectory: true, path)
        return ContainerDirectory(core, made, names + [name], path)
    }

    func rename(_ name: FileName, to newName: FileName) throws(StorageError) {
        try core.rename(name, to: newName, in: number, path)
    }

    func remove(_ name: FileName) throws(StorageError) {
        try core.remove(name, in: number, path.appending(name.string))
    }

    func sync() throws(StorageError) { try core.sync() }

    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)? {
        try core.expectNoDirectory(name, in: number, path.appending(name.string))
        switch mode {
        case .exclusive: try core.lockExclusively()
        case .shared: return ContainerLock(core, try core.lockShared())
        }
        return ContainerLock(core, nil)
    }

    func checkIdentity() throws(StorageError) {
        try core.checkIdentity(names, lead: number, path)
    }
}

/// A lock of a container.
final class ContainerLock: DirectoryLock {
    private let core: ContainerCore
    /// The lock for reading; nil for the one for writing, which the core holds.
    private let shared: (any DirectoryLock)?
    private let isHeld = Locked(true)

    init(_ core: ContainerCore, _ shared: (any DirectoryLock)?) {
        self.core = core
        self.shared = shared
    }

    deinit { release() }

    func release() {
        let wasHeld = isHeld.withLock { flag in
            defer { flag = false }
            return flag
        }
        guard wasHeld else { return }
        if let shared { core.unlockShared(shared) } else { core.resign() }
    }

    func checkIdentity() throws(StorageError) {
        if let shared { return try shared.checkIdentity() }
        guard let lock = core.state.withLock({ $0.writerLock }) else {
            throw StorageError(code: .closed, operation: .lock, path: core.path)
        }
        try lock.checkIdentity()
    }
}
