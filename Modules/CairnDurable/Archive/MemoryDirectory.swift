// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// A directory of files in memory, for one file that goes into an archive, or comes from there.
final class MemoryDirectory: Directory {
    private let files: Locked<[FileName: MemoryFile]>

    init(_ files: [FileName: MemoryFile] = [:]) { self.files = Locked(files) }

    var path: FilePath { "memory" }

    func list() throws(IOError) -> [DirectoryEntry] {
        files.withLock { $0.keys.map { DirectoryEntry(name: $0, kind: .file) } }
    }

    func file(_ name: FileName) -> MemoryFile? { files.withLock { $0[name] } }

    func openFile(_ name: FileName, _ access: FileAccess) throws(IOError) -> any File {
        guard let file = file(name) else { throw error(.noSuchFileOrDirectory, .open) }
        return file
    }

    func createFile(_ name: FileName) throws(IOError) -> any File {
        let file = MemoryFile()
        files.withLock { $0[name] = file }
        return file
    }

    func rename(_ name: FileName, to newName: FileName) throws(IOError) {
        files.withLock { $0[newName] = $0.removeValue(forKey: name) }
    }

    func remove(_ name: FileName) throws(IOError) { files.withLock { $0[name] = nil } }

    /// The one directory is its own only folder, whatever it is called.
    func openDirectory(_ name: FileName) throws(IOError) -> any Directory { self }
    func createDirectory(_ name: FileName) throws(IOError) -> any Directory { self }
    func sync() throws(IOError) {}
    func lock(_ name: FileName, _ mode: LockMode) throws(IOError) -> (any DirectoryLock)? { nil }
    func checkIdentity() throws(IOError) {}

    private func error(_ errno: Errno, _ operation: IOError.Operation) -> IOError {
        IOError(errno, operation: operation, path: path)
    }
}

/// A file in memory that is only appended to.
final class MemoryFile: File {
    private let bytes: Locked<[UInt8]>

    init(_ bytes: [UInt8] = []) { self.bytes = Locked(bytes) }

    func byteCount() throws(IOError) -> UInt64 { bytes.withLock { UInt64($0.count) } }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(IOError) {
        let all = bytes.withLock { $0 }
        guard offset < UInt64(all.count) else { return }
        for byte in all[Int(offset)...].prefix(output.freeCapacity) { output.append(byte) }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(IOError) {
        let added = bytes.withUnsafeBytes { Array($0) }
        let fits = self.bytes.withLock { all in
            guard offset == UInt64(all.count) else { return false }
            all += added
            return true
        }
        guard fits else { throw IOError(.invalidArgument, operation: .write, path: "memory") }
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(IOError) {
        try write(bytes, at: offset)
    }

    func truncate(to byteCount: UInt64) throws(IOError) {
        throw IOError(.notSupported, operation: .write, path: "memory")
    }

    func sync() throws(IOError) {}
    func close() throws(IOError) {}
}
