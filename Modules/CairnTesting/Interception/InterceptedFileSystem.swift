// SPDX-License-Identifier: Apache-2.0

public import CairnIO
public import SystemPackage

/// Any file system, with an interceptor between it and the program.
///
/// Paths in operations are those that the program opened, so they look alike on the simulated and on the
/// real file system. Reading goes straight through.
public final class InterceptedFileSystem: FileSystem {
    private let base: any FileSystem
    private let interceptor: any FileSystemInterceptor

    /// `base`, seen through `interceptor`.
    public init(_ base: any FileSystem, _ interceptor: any FileSystemInterceptor) {
        self.base = base
        self.interceptor = interceptor
    }

    /// Opens a directory; not intercepted itself.
    public func openDirectory(
        _ path: FilePath, creating: Bool
    ) throws(IOError) -> any Directory {
        let text = path.string.hasPrefix("/") ? path.string : "/\(path.string)"
        return InterceptedDirectory(
            try base.openDirectory(path, creating: creating), text, interceptor)
    }
}

private final class InterceptedDirectory: Directory {
    private let base: any Directory
    private let text: String
    private let interceptor: any FileSystemInterceptor

    init(_ base: any Directory, _ text: String, _ interceptor: any FileSystemInterceptor) {
        self.base = base
        self.text = text
        self.interceptor = interceptor
    }

    var path: FilePath { base.path }

    func list() throws(IOError) -> [DirectoryEntry] { try base.list() }

    func openFile(_ name: FileName, _ access: FileAccess) throws(IOError) -> any File {
        try file(.openFile, name) { () throws(IOError) in try base.openFile(name, access) }
    }

    func createFile(_ name: FileName) throws(IOError) -> any File {
        try file(.createFile, name) { () throws(IOError) in try base.createFile(name) }
    }

    func openDirectory(_ name: FileName) throws(IOError) -> any Directory {
        InterceptedDirectory(try base.openDirectory(name), path(name), interceptor)
    }

    func createDirectory(_ name: FileName) throws(IOError) -> any Directory {
        var made: (any Directory)?
        try call(.createDirectory, path(name)) { () throws(IOError) in
            made = try base.createDirectory(name)
        }
        guard let made else { throw notDone(.create, name) }
        return InterceptedDirectory(made, path(name), interceptor)
    }

    func rename(_ name: FileName, to newName: FileName) throws(IOError) {
        try call(.rename, path(name), newName) { () throws(IOError) in
            try base.rename(name, to: newName)
        }
    }

    func remove(_ name: FileName) throws(IOError) {
        try call(.remove, path(name)) { () throws(IOError) in try base.remove(name) }
    }

    func sync() throws(IOError) {
        try call(.syncDirectory, text) { () throws(IOError) in try base.sync() }
    }

    func lock(_ name: FileName, _ mode: LockMode) throws(IOError) -> (any DirectoryLock)? {
        var lock: (any DirectoryLock)?
        try call(mode == .exclusive ? .lock : .lockShared, path(name)) { () throws(IOError) in
            lock = try base.lock(name, mode)
        }
        return lock
    }

    func checkIdentity() throws(IOError) { try base.checkIdentity() }

    private func file(
        _ kind: SimulatedOperation.Kind, _ name: FileName,
        _ body: () throws(IOError) -> any File
    ) throws(IOError) -> any File {
        var opened: (any File)?
        try call(kind, path(name)) { () throws(IOError) in opened = try body() }
        guard let opened else { throw notDone(.open, name) }
        return InterceptedFile(opened, path(name), interceptor)
    }

    private func call(
        _ kind: SimulatedOperation.Kind, _ path: String, _ newName: FileName? = nil,
        _ body: () throws(IOError) -> Void
    ) throws(IOError) {
        let target = InterceptedTarget(directory: base, newName: newName)
        try interceptor.intercept(SimulatedOperation(kind, path), on: target, body)
    }

    private func path(_ name: FileName) -> String { "\(text)/\(name.string)" }

    private func notDone(_ operation: IOError.Operation, _ name: FileName) -> IOError {
        IOError(.ioError, operation: operation, path: FilePath(path(name)))
    }
}

private final class InterceptedFile: File {
    private let base: any File
    private let path: String
    private let interceptor: any FileSystemInterceptor

    init(_ base: any File, _ path: String, _ interceptor: any FileSystemInterceptor) {
        self.base = base
        self.path = path
        self.interceptor = interceptor
    }

    func byteCount() throws(IOError) -> UInt64 { try base.byteCount() }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(IOError) {
        try base.read(into: &output, at: offset)
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(IOError) {
        let operation = SimulatedOperation(.write, path, offset: offset, byteCount: bytes.byteCount)
        let content = bytes.withUnsafeBytes { [UInt8]($0) }
        try call(operation) { () throws(IOError) in
            try base.write(content.span.bytes, at: offset)
        }
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(IOError) {
        let operation = SimulatedOperation(
            .writeDurably, path, offset: offset, byteCount: bytes.byteCount)
        let content = bytes.withUnsafeBytes { [UInt8]($0) }
        let target = InterceptedTarget(
            file: base,
            writeOnly: { () throws(IOError) in try self.base.write(content.span.bytes, at: offset) }
        )
        try interceptor.intercept(operation, on: target) { () throws(IOError) in
            try base.writeDurably(content.span.bytes, at: offset)
        }
    }

    func truncate(to byteCount: UInt64) throws(IOError) {
        try call(SimulatedOperation(.truncate, path, offset: byteCount)) { () throws(IOError) in
            try base.truncate(to: byteCount)
        }
    }

    func sync() throws(IOError) {
        try call(SimulatedOperation(.syncFile, path)) { () throws(IOError) in try base.sync() }
    }

    func close() throws(IOError) {
        try call(SimulatedOperation(.close, path)) { () throws(IOError) in try base.close() }
    }

    private func call(
        _ operation: SimulatedOperation, _ body: () throws(IOError) -> Void
    ) throws(IOError) {
        try interceptor.intercept(operation, on: InterceptedTarget(file: base), body)
    }
}
