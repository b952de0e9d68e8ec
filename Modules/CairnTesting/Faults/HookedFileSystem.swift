// SPDX-License-Identifier: Apache-2.0

package import CairnIO
package import SystemPackage

/// A file system that calls a closure before each change of a file or of a directory, on the thread
/// that makes the change. The closure may block, so that tests decide what happens meanwhile.
package final class HookedFileSystem: FileSystem {
    package enum Change: Hashable { case write, writeDurably, syncFile, create, syncDirectory }
    package typealias Hook = @Sendable (Change) -> Void

    let base: any FileSystem
    let hook: Hook

    package init(_ base: any FileSystem, _ hook: @escaping Hook) {
        self.base = base
        self.hook = hook
    }

    package func openDirectory(_ path: FilePath, creating: Bool) throws(IOError) -> any Directory {
        HookedDirectory(try base.openDirectory(path, creating: creating), hook)
    }
}

private final class HookedDirectory: Directory {
    let base: any Directory
    let hook: HookedFileSystem.Hook

    init(_ base: any Directory, _ hook: @escaping HookedFileSystem.Hook) {
        self.base = base
        self.hook = hook
    }

    var path: FilePath { base.path }
    func list() throws(IOError) -> [DirectoryEntry] { try base.list() }
    func openFile(_ name: FileName, _ access: FileAccess) throws(IOError) -> any File {
        HookedFile(try base.openFile(name, access), hook)
    }
    func createFile(_ name: FileName) throws(IOError) -> any File {
        hook(.create)
        return HookedFile(try base.createFile(name), hook)
    }
    func openDirectory(_ name: FileName) throws(IOError) -> any Directory {
        HookedDirectory(try base.openDirectory(name), hook)
    }
    func createDirectory(_ name: FileName) throws(IOError) -> any Directory {
        HookedDirectory(try base.createDirectory(name), hook)
    }
    func rename(_ name: FileName, to newName: FileName) throws(IOError) {
        try base.rename(name, to: newName)
    }
    func remove(_ name: FileName) throws(IOError) { try base.remove(name) }
    func sync() throws(IOError) {
        hook(.syncDirectory)
        try base.sync()
    }
    func lock(_ name: FileName, _ mode: LockMode) throws(IOError) -> (any DirectoryLock)? {
        try base.lock(name, mode)
    }
    func checkIdentity() throws(IOError) { try base.checkIdentity() }
}

private final class HookedFile: File {
    let base: any File
    let hook: HookedFileSystem.Hook

    init(_ base: any File, _ hook: @escaping HookedFileSystem.Hook) {
        self.base = base
        self.hook = hook
    }

    func byteCount() throws(IOError) -> UInt64 { try base.byteCount() }
    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(IOError) {
        try base.read(into: &output, at: offset)
    }
    func write(_ bytes: RawSpan, at offset: UInt64) throws(IOError) {
        hook(.write)
        try base.write(bytes, at: offset)
    }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(IOError) {
        hook(.writeDurably)
        try base.writeDurably(bytes, at: offset)
    }
    func truncate(to byteCount: UInt64) throws(IOError) { try base.truncate(to: byteCount) }
    func sync() throws(IOError) {
        hook(.syncFile)
        try base.sync()
    }
    func close() throws(IOError) { try base.close() }
}
