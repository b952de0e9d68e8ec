// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO
internal import CairnSegments

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
        try file.forEachChunk(in: 0..<end) { (bytes, offset) throws(StorageError) in
            try copy.write(bytes, at: offset)
            copy.startWriteback(offset..<offset + UInt64(bytes.byteCount))
            byteCount += UInt64(bytes.byteCount)
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
        var checksum: UInt32 = 0
        let end = try file.forEachChunk(in: 0..<size) { (bytes, _) throws(StorageError) in
            checksum = CRC32C.checksum(of: bytes, seed: checksum)
        }
        return (end, checksum)
    }
}
