// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO

/// Copies files, durably, not faster than is wanted.
struct FileCopier {
    private let options: BackupOptions
    private let environment: StorageEnvironment
    private let start: UInt64
    private(set) var byteCount: UInt64 = 0

    init(_ options: BackupOptions, _ environment: StorageEnvironment) {
        self.options = options
        self.environment = environment
        start = environment.clock.monotonicNanoseconds()
    }

    /// Copies the beginning of a file into a new one of the same name, and syncs it.
    ///
    /// - Parameter end: How many bytes; nil for all.
    /// - Throws: ``StorageError``. The new file is removed then.
    mutating func copy(
        _ name: FileName, from source: any VirtualDirectory, to target: any VirtualDirectory,
        end: UInt64? = nil
    ) throws(StorageError) {
        let file = try source.openFile(name, .readOnly)
        let size = try file.byteCount()
        let copy = try target.createFile(name)
        do throws(StorageError) {
            try copyBytes(of: file, upTo: min(end ?? size, size), into: copy)
            try copy.sync()
            try copy.close()
        } catch {
            try? target.remove(name)
            throw error
        }
    }

    private mutating func copyBytes(
        of file: any VirtualFile, upTo end: UInt64, into copy: any VirtualFile
    ) throws(StorageError) {
        var offset: UInt64 = 0
        var chunk = BinaryBuffer(capacity: 1 << 20)
        while offset < end {
            chunk.removeAll()
            try chunk.append(addingCapacity: Int(min(end - offset, 1 << 20))) {
                (span) throws(StorageError) in try file.read(into: &span, at: offset)
            }
            guard !chunk.isEmpty else { return }
            try copy.write(chunk.bytes, at: offset)
            copy.startWriteback(offset..<offset + UInt64(chunk.count))
            offset += UInt64(chunk.count)
            byteCount += UInt64(chunk.count)
            options.onProgress?(byteCount)
            rest()
        }
    }

    /// Waits as long as the copy is ahead of its rate.
    private func rest() {
        guard let rate = options.byteCountPerSecond, rate > 0 else { return }
        let due = Double(byteCount) / Double(rate) * 1e9
        let now = environment.clock.monotonicNanoseconds()
        let passed = Double(now > start ? now - start : 0)
        guard due > passed else { return }
        let sleeping = Locked(false)
        // At a low rate a piece takes long; no longer than an hour, so that the number fits.
        sleeping.sleep(nanoseconds: UInt64(min(due - passed, 3.6e12))) { $0 }
    }

    /// Size and checksum of a file.
    static func checksum(
        of name: FileName, in directory: any VirtualDirectory
    ) throws(StorageError) -> (byteCount: UInt64, checksum: UInt32) {
        let file = try directory.openFile(name, .readOnly)
        let size = try file.byteCount()
        var offset: UInt64 = 0
        var checksum: UInt32 = 0
        var chunk = BinaryBuffer(capacity: 1 << 20)
        while offset < size {
            chunk.removeAll()
            try chunk.append(addingCapacity: Int(min(size - offset, 1 << 20))) {
                (span) throws(StorageError) in try file.read(into: &span, at: offset)
            }
            guard !chunk.isEmpty else { break }
            checksum = CRC32C.checksum(of: chunk.bytes, seed: checksum)
            offset += UInt64(chunk.count)
        }
        return (offset, checksum)
    }
}
