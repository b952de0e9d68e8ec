// SPDX-License-Identifier: Apache-2.0

internal import CCairnSystem
internal import Synchronization
internal import SystemPackage

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A regular file, read and written at explicit offsets.
///
/// - A short write is continued; a write of zero bytes is an error.
/// - A failed `close` is never repeated: the descriptor is gone, and its number may be another file's.
final class POSIXFile: VirtualFile {
    private let path: FilePath
    private let access: FileAccess
    /// The descriptor, or −1 after closing. A call in progress on another thread must have ended before
    /// `close`, as for any file.
    private let descriptor: Atomic<Int32>
    private let writesDurablyInOneCall = Atomic(true)

    init(descriptor: Int32, path: FilePath, _ access: FileAccess) {
        self.descriptor = Atomic(descriptor)
        self.path = path
        self.access = access
    }

    deinit {
        let open = descriptor.load(ordering: .acquiring)
        if open >= 0 { _ = Self.closeDescriptor(open) }
    }

    /// - Throws: When that cannot be found out, which says nothing of the file.
    func isRegular() throws(StorageError) -> Bool { try status().st_mode & S_IFMT == S_IFREG }

    func byteCount() throws(StorageError) -> UInt64 {
        UInt64(max(0, try status().st_size))
    }

    func read(into output: inout OutputRawSpan, at offset: UInt64) throws(StorageError) {
        let open = try openDescriptor(.read)
        var position = try fileOffset(offset, .read)
        while !output.isFull {
            let result = output.withUnsafeMutableBytes { buffer, initializedCount in
                let start = buffer.baseAddress.map { $0 + initializedCount }
                let room = min(buffer.count - initializedCount, Self.transferByteCountMax)
                let count = retryingInterrupts { pread(open, start, room, position) }
                if count > 0 { initializedCount += count }
                return count
            }
            guard result >= 0 else { throw StorageError(.current, operation: .read, path: path) }
            if result == 0 { return }
            position += off_t(result)
        }
    }

    // Inlined into what the protocol calls: after a call of the system each return costs.
    @inline(__always)
    func write(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        let open = try writableDescriptor(.write)
        try writeAll(bytes, at: offset) { pwrite(open, $0, $1, $2) }
    }

    func writeDurably(_ bytes: RawSpan, at offset: UInt64) throws(StorageError) {
        let open = try writableDescriptor(.write)
        if writesDurablyInOneCall.load(ordering: .relaxed) {
            do throws(StorageError) {
                return try writeAll(bytes, at: offset) { cairn_pwrite_durably(open, $0, $1, $2) }
            } catch {
                guard error.errno == .notSupportedOnSocket || error.errno == .notSupported else {
                    throw error
                }
                writesDurablyInOneCall.store(false, ordering: .relaxed)
            }
        }
        try write(bytes, at: offset)
        try sync()
    }

    func truncate(to byteCount: UInt64) throws(StorageError) {
        let open = try writableDescriptor(.truncate)
        let size = try fileOffset(byteCount, .truncate)
        guard retryingInterrupts({ ftruncate(open, size) }) == 0 else {
            throw StorageError(.current, operation: .truncate, path: path)
        }
    }

    func sync() throws(StorageError) {
        let open = try openDescriptor(.sync)
        // An interrupted sync is the one kind that may be called again: it has reported nothing yet.
        guard retryingInterrupts({ cairn_sync_data(open) }) == 0 else {
            throw StorageError(.current, operation: .sync, path: path)
        }
    }

    /// May come while another thread closes the file. If its number is another file's then, that one is written
    /// back a little early.
    func startWriteback(_ range: Range<UInt64>) {
        let open = descriptor.load(ordering: .acquiring)
        guard open >= 0, let start = off_t(exactly: range.lowerBound),
            let end = off_t(exactly: range.upperBound)
        else { return }
        cairn_start_writeback(open, start, end - start)
    }

    func close() throws(StorageError) {
        let open = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        guard open >= 0 else { return }
        guard Self.closeDescriptor(open) == 0 || Errno.current == .interrupted else {
            throw StorageError(.current, operation: .close, path: path)
        }
    }

    // Linux moves at most 0x7ffff000 bytes in one call, Apple systems refuse more than 2³¹ − 1.
    private static let transferByteCountMax = 1 << 30

    @inline(__always)
    private func writeAll(
        _ bytes: RawSpan, at offset: UInt64, _ call: (UnsafeRawPointer, Int, off_t) -> Int
    ) throws(StorageError) {
        var position = try fileOffset(offset, .write)
        var done = 0
        while done < bytes.byteCount {
            let room = min(bytes.byteCount - done, Self.transferByteCountMax)
            let result = bytes.extracting(done..<done + room).withUnsafeBytes { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return retryingInterrupts { call(start, buffer.count, position) }
            }
            guard result > 0 else {
                let errno = result == 0 ? Errno.ioError : .current
                throw StorageError(errno, operation: .write, path: path)
            }
            done += result
            position += off_t(result)
        }
    }

    private func status() throws(StorageError) -> stat {
        let open = try openDescriptor(.stat)
        var status = stat()
        guard fstat(open, &status) == 0 else {
            throw StorageError(.current, operation: .stat, path: path)
        }
        return status
    }

    private func openDescriptor(_ operation: StorageError.Operation) throws(StorageError) -> Int32 {
        let open = descriptor.load(ordering: .acquiring)
        guard open >= 0 else {
            throw StorageError(code: .closed, operation: operation, path: path)
        }
        return open
    }

    /// The system would only say that the descriptor is bad, which does not say what to do.
    private func writableDescriptor(_ operation: StorageError.Operation) throws(StorageError)
        -> Int32
    {
        let open = try openDescriptor(operation)
        guard access == .readWrite else {
            throw StorageError(code: .readOnly, operation: operation, path: path)
        }
        return open
    }

    private func fileOffset(
        _ offset: UInt64, _ operation: StorageError.Operation
    ) throws(StorageError) -> off_t {
        guard let value = off_t(exactly: offset) else {
            throw StorageError(.fileTooLarge, operation: operation, path: path)
        }
        return value
    }

    #if canImport(Darwin)
    private static func closeDescriptor(_ open: Int32) -> Int32 { Darwin.close(open) }
    #elseif canImport(Musl)
    private static func closeDescriptor(_ open: Int32) -> Int32 { Musl.close(open) }
    #else
    private static func closeDescriptor(_ open: Int32) -> Int32 { Glibc.close(open) }
    #endif
}
