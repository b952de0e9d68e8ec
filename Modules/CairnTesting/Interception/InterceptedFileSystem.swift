// SPDX-License-Identifier: Apache-2.0

public import CairnIO
public import SystemPackage

/// Any file system, with an interceptor between it and the program.
///
/// Paths in operations are those that the program opened, so they look alike on the simulated and on the
/// real file system. Reading goes straight through.
public final class InterceptedFileSystem: VirtualFileSystem {
    private let base: any VirtualFileSystem
    private let interceptor: any FileSystemInterceptor

    /// `base`, seen through `interceptor`.
    public init(_ base: any VirtualFileSystem, _ interceptor: any FileSystemInterceptor) {
        self.base = base
        self.interceptor = interceptor
    }

    /// Opens a directory; not intercepted itself.
    public func openDirectory(
        _ path: FilePath, creating: Bool
    ) throws(StorageError) -> any VirtualDirectory {
        let text = path.string.hasPrefix("/") ? path.string : "/\(path.string)"
        return InterceptedDirectory(
            try base.openDirectory(path, creating: creating), text, interceptor)
    }
}

private final class InterceptedDirectory: VirtualDirectory {
    private let base: any VirtualDirectory
    private let text: String
    private let interceptor: any FileSystemInterceptor

    init(_ base: any VirtualDirectory, _ text: String, _ interceptor: any FileSystemInterceptor) {
        self.base = base
        self.text = text
        self.interceptor = interceptor
    }

    var path: FilePath { base.path }

    func list() throws(StorageError) -> [VirtualDirectoryEntry] { try base.list() }

    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile {
        try file(.openFile, name) { () throws(StorageError) in try base.openFile(name, access) }
    }

    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile {
        try file(.createFile, name) { () throws(StorageError) in try base.createFile(name) }
    }

    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        InterceptedDirectory(try base.openDirectory(name), path(name), interceptor)
    }

    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory {
        var made: (any VirtualDirectory)?
        try call(.createDirectory, path(name)) { () throws(StorageError) in
            made = try base.createDirectory(name)
        }
        guard let made else { throw notDone(.create, name) }
        return InterceptedDirectory(made, path(name), interceptor)
    }

    func rename(_ name: FileName, to newName: FileName) throws(StorageError) {
        try call(.rename, path(name), newName) { () throws(StorageError) in
            try base.rename(name, to: newName)
        }
    }

    func replace(_ name: FileName, with newFile: FileName) throws(StorageError) {
        try call(.replace, path(name), newFile) { () throws(StorageError) in
            try base.replace(name, with: newFile)
        }
    }

    func remove(_ name: FileName) throws(StorageError) {
        try call(.remove, path(name)) { () throws(StorageError) in try base.remove(name) }
    }

    func sync() throws(StorageError) {
        try call(.syncDirectory, text) { () throws(StorageError) in try base.sync() }
    }

    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)? {
        var lock: (any DirectoryLock)?
        try call(mode == .exclusive ? .lock : .lockShared, path(name)) { () throws(StorageError) in
            lock = try base.lock(name, mode)
        }
        return lock
    }

    func lockFile(
        _ name: FileName, _ mode: LockMode, standingFor standing: FileName
    ) throws(StorageError) -> any DirectoryLock {
        try base.lockFile(name, mode, standingFor: standing)
    }

    func checkIdentity() throws(StorageError) { try base.checkIdentity() }

    private func file(
        _ kind: SimulatedOperation.Kind, _ name: FileName,
        _ body: () throws(StorageError) -> any VirtualFile
    ) throws(StorageError) -> any VirtualFile {
        var opened: (any VirtualFile)?
        try call(kind, path(name)) { () throws(StorageError) in opened = try body() }
        guard let opened else { throw notDone(.open, name) }
        return InterceptedFile(opened, path(name), interceptor)
    }

    private func call(
        _ kind: SimulatedOperation.Kind, _ path: String, _ newName: FileName? = nil,
        _ body: () throws(StorageError) -> Void
    ) throws(StorageError) {
        let target = InterceptedTarget(directory: base, newName: newName)
        try interceptor.intercept(SimulatedOperation(kind, path), on: target, body)
    }

    private func path(_ name: FileName) -> String { "\(text)/\(name.string)" }

    private func notDone(_ operation: StorageError.Operation, _ name: FileName) -> StorageError {
        StorageError(.ioError, operation: operation, path: FilePath(path(name)))
    }
}

private final class InterceptedFile: VirtualFile {
    private let base: any VirtualFile
    private let path: String
    private let interceptor: any FileSystemInterceptor

    init(_ base: any VirtualFile, _ path: String, _ interceptor: any FileSystemInterceptor) {
        self.base = base
        self.path = path
        self.interceptor = interceptor
    }

    func byteCount() throws(StorageError) -> UInt64 { try base.byteCount() }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        try base.read(into: &output, at: offset)
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        let operation = SimulatedOperation(.write, path, offset: offset, byteCount: bytes.byteCount)
        let content = bytes.withUnsafeBytes { [UInt8]($0) }
        try call(operation) { () throws(StorageError) in
            try base.write(content.span.bytes, at: offset)
        }
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        let operation = SimulatedOperation(
            .writeDurably, path, offset: offset, byteCount: bytes.byteCount)
        let content = bytes.withUnsafeBytes { [UInt8]($0) }
        let target = InterceptedTarget(
            file: base,
            writeOnly: { () throws(StorageError) in
                try self.base.write(content.span.bytes, at: offset)
            }
        )
        try interceptor.intercept(operation, on: target) { () throws(StorageError) in
            try base.writeDurably(content.span.bytes, at: offset)
        }
    }

    func truncate(to byteCount: UInt64) throws(StorageError) {
        try call(SimulatedOperation(.truncate, path, offset: byteCount)) {
            () throws(StorageError) in
            try base.truncate(to: byteCount)
        }
    }

    func sync() throws(StorageError) {
        try call(SimulatedOperation(.syncFile, path)) { () throws(StorageError) in try base.sync() }
    }

    func close() throws(StorageError) {
        try call(SimulatedOperation(.close, path)) { () throws(StorageError) in try base.close() }
    }

    private func call(
        _ operation: SimulatedOperation, _ body: () throws(StorageError) -> Void
    ) throws(StorageError) {
        try interceptor.intercept(operation, on: InterceptedTarget(file: base), body)
    }
}
