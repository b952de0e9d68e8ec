// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import SystemPackage

/// A file by its path, for reading only. Unlike the files of a store it may have any name, and links are followed.
final class InspectedFile: VirtualFile {
    private let descriptor: FileDescriptor
    private let path: FilePath

    init(_ path: String) throws(StorageError) {
        self.path = FilePath(path)
        do {
            descriptor = try .open(
                self.path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw StorageError(error as? Errno ?? .ioError, operation: .open, path: self.path)
        }
    }

    deinit { try? descriptor.close() }

    func byteCount() throws(StorageError) -> UInt64 {
        do {
            return UInt64(clamping: try descriptor.seek(offset: 0, from: .end))
        } catch {
            throw StorageError(error as? Errno ?? .ioError, operation: .stat, path: path)
        }
    }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        var offset = offset
        while output.freeCapacity > 0 {
            let chunk = try read(min(output.freeCapacity, 1 << 20), at: offset)
            guard !chunk.isEmpty else { return }
            for byte in chunk { output.append(byte) }
            offset += UInt64(chunk.count)
        }
    }

    /// The first bytes, or all when there are not so many.
    func prefix(_ byteCount: Int) throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < byteCount {
            let chunk = try read(min(1 << 20, byteCount - bytes.count), at: UInt64(bytes.count))
            guard !chunk.isEmpty else { break }
            bytes += chunk
        }
        return bytes
    }

    private func read(_ byteCount: Int, at offset: UInt64) throws(StorageError) -> ArraySlice<UInt8>
    {
        var chunk = [UInt8](repeating: 0, count: byteCount)
        do {
            let count = try chunk.withUnsafeMutableBytes { bytes in
                try descriptor.read(fromAbsoluteOffset: Int64(clamping: offset), into: bytes)
            }
            return chunk[..<count]
        } catch {
            throw StorageError(error as? Errno ?? .ioError, operation: .read, path: path)
        }
    }

    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { throw refusal }
    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) { throw refusal }
    func truncate(to byteCount: UInt64) throws(StorageError) { throw refusal }
    func sync() {}
    func close() {}

    private var refusal: StorageError {
        StorageError(code: .readOnly, operation: .write, path: path)
    }
}
