// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import SystemPackage

/// A directory of files in memory, for one file that goes into an archive, or comes from there.
final class MemoryDirectory: VirtualDirectory {
    private let files: Locked<[FileName: MemoryFile]>

    init(_ files: [FileName: MemoryFile] = [:]) { self.files = Locked(files) }

    var path: FilePath { "memory" }

    func list() throws(StorageError) -> [VirtualDirectoryEntry] {
        files.withLock { $0.keys.map { VirtualDirectoryEntry(name: $0, kind: .file) } }
    }

    func file(_ name: FileName) -> MemoryFile? { files.withLock { $0[name] } }

    func openFile(_ name: FileName, _ access: FileAccess) throws(StorageError) -> any VirtualFile {
        guard let file = file(name) else { throw error(.noSuchFileOrDirectory, .open) }
        return file
    }

    func createFile(_ name: FileName) throws(StorageError) -> any VirtualFile {
        let file = MemoryFile()
        files.withLock { $0[name] = file }
        return file
    }

    func rename(_ name: FileName, to newName: FileName) throws(StorageError) {
        files.withLock { $0[newName] = $0.removeValue(forKey: name) }
    }

    func remove(_ name: FileName) throws(StorageError) { files.withLock { $0[name] = nil } }

    /// The one directory is its own only folder, whatever it is called.
    func openDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory { self }
    func createDirectory(_ name: FileName) throws(StorageError) -> any VirtualDirectory { self }
    func sync() throws(StorageError) {}
    func lock(_ name: FileName, _ mode: LockMode) throws(StorageError) -> (any DirectoryLock)? {
        nil
    }
    func checkIdentity() throws(StorageError) {}

    private func error(_ errno: Errno, _ operation: StorageError.Operation) -> StorageError {
        StorageError(errno, operation: operation, path: path)
    }
}

/// A file in memory that is only appended to.
final class MemoryFile: VirtualFile {
    private let bytes: Locked<[UInt8]>

    init(_ bytes: [UInt8] = []) { self.bytes = Locked(bytes) }

    func byteCount() throws(StorageError) -> UInt64 { bytes.withLock { UInt64($0.count) } }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        let all = bytes.withLock { $0 }
        guard offset < UInt64(all.count) else { return }
        for byte in all[Int(offset)...].prefix(output.freeCapacity) { output.append(byte) }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        let added = bytes.withUnsafeBytes { Array($0) }
        let fits = self.bytes.withLock { all in
            guard offset == UInt64(all.count) else { return false }
            all += added
            return true
        }
        guard fits else { throw StorageError(.invalidArgument, operation: .write, path: "memory") }
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        try write(bytes, at: offset)
    }

    func truncate(to byteCount: UInt64) throws(StorageError) {
        throw StorageError(.notSupported, operation: .write, path: "memory")
    }

    func sync() throws(StorageError) {}
    func close() throws(StorageError) {}
}
