// SPDX-License-Identifier: Apache-2.0

package import CairnIO
package import SystemPackage

/// A file system that calls a closure before each change of a file or of a directory, on the thread
/// that makes the change. The closure may block, so that tests decide what happens meanwhile.
package final class HookedFileSystem: VirtualFileSystem {
    package enum Change: Hashable { case write, writeDurably, syncFile, create, syncDirectory }
    package typealias Hook = @Sendable (Change) -> Void

    let base: any VirtualFileSystem
    let hook: Hook

    package init(_ base: any VirtualFileSystem, _ hook: @escaping Hook) {
        self.base = base
        self.hook = hook
    }

    package func openDirectory(_ path: FilePath, creating: Bool) throws(StorageError)
        -> any VirtualDirectory
    {
        HookedDirectory(try base.openDirectory(path, creating: creating), hook)
    }
}

private final class HookedDirectory: VirtualDirectory {
    let base: any VirtualDirectory
    let hook: HookedFileSystem.Hook

    init(_ base: any VirtualDirectory, _ hook: @escaping HookedFileSystem.Hook) {
        self.base = base
        self.hook = hook
    }

    var path: FilePath { base.path }
    func list() throws(StorageError) -> [VirtualDirectoryEntry] { try base.list() }
    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile {
        HookedFile(try base.openFile(name, access), hook)
    }
    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile {
        hook(.create)
        return HookedFile(try base.createFile(name), hook)
    }
    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        HookedDirectory(try base.openDirectory(name), hook)
    }
    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        HookedDirectory(try base.createDirectory(name), hook)
    }
    func rename(_ name: FileName, to newName: FileName) throws(StorageError) {
        try base.rename(name, to: newName)
    }
    func remove(_ name: FileName) throws(StorageError) { try base.remove(name) }
    func sync() throws(StorageError) {
        hook(.syncDirectory)
        try base.sync()
    }
    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)? {
        try base.lock(name, mode)
    }
    func replace(_ name: FileName, with newFile: FileName) throws(StorageError) {
        try base.replace(name, with: newFile)
    }
    func lockFile(
        _ name: FileName, _ mode: LockMode, standingFor standing: FileName
    ) throws(StorageError) -> any DirectoryLock {
        try base.lockFile(name, mode, standingFor: standing)
    }
    func checkIdentity() throws(StorageError) { try base.checkIdentity() }
}

private final class HookedFile: VirtualFile {
    let base: any VirtualFile
    let hook: HookedFileSystem.Hook

    init(_ base: any VirtualFile, _ hook: @escaping HookedFileSystem.Hook) {
        self.base = base
        self.hook = hook
    }

    func byteCount() throws(StorageError) -> UInt64 { try base.byteCount() }
    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        try base.read(into: &output, at: offset)
    }
    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        hook(.write)
        try base.write(bytes, at: offset)
    }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        hook(.writeDurably)
        try base.writeDurably(bytes, at: offset)
    }
    func truncate(to byteCount: UInt64) throws(StorageError) { try base.truncate(to: byteCount) }
    func sync() throws(StorageError) {
        hook(.syncFile)
        try base.sync()
    }
    func close() throws(StorageError) { try base.close() }
}
