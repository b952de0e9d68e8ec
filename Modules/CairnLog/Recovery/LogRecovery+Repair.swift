// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnIO
internal import CairnLSN
internal import CairnSegments

/// The repairs of an opening for writing. Each is durable before the next, and can be interrupted and done again.
extension LogRecovery {
    /// The prepared segments of an earlier life that are used again; the others are removed.
    func takePreparedSegments(_ segments: SegmentDirectory) throws(LogError) -> [FileName] {
        try segment { () throws(SegmentError) in
            let found = try segments.preparedSegments()
            let kept = options.preparesSegments ? max(1, options.recycledSegmentCountMax) : 0
            for name in found.dropFirst(kept) { try segments.removePreparedSegment(name) }
            return Array(found.prefix(kept))
        }
    }

    /// Completes a rotation that a crash interrupted: its successor is in place, the seal is not, or
    /// nothing proves yet that it is durable.
    func reseal(
        _ unsealed: ChainReader.Unsealed, _ segments: SegmentDirectory
    ) throws(LogError) -> SegmentStatus {
        let end = unsealed.progress.byteCount
        let file = try segment { () throws(SegmentError) in
            try segments.open(unsealed.name, .readWrite)
        }
        if !unsealed.hasSeal {
            let contentEnd = try io { () throws(StorageError) in
                try Self.contentEnd(of: file, from: end)
            }
            if contentEnd > end {
                _ = try directory.cut(unsealed.name, in: segments, from: end, to: contentEnd)
            }
        }
        var encoder = SegmentEncoder(
            resuming: unsealed.header, at: unsealed.progress, limits: options.frameLimits)
        var seal = BinaryBuffer(capacity: 128)
        do { _ = try encoder.seal(into: &seal) } catch { throw LogError(error) }
        try io { () throws(StorageError) in
            try file.writeDurably(seal.bytes, at: end)
            try file.close()
        }
        return SegmentStatus(
            name: unsealed.name, lastLSN: unsealed.progress.lastLSN,
            byteCount: encoder.progress.byteCount, isSealed: true)
    }

    /// The first byte at or after `start` from which on there are only zeros.
    private static func contentEnd(of file: any VirtualFile, from start: UInt64)
        throws(StorageError) -> UInt64
    {
        let size = try file.byteCount()
        var end = start
        guard start < size else { return end }
        try file.forEachChunk(in: start..<size) { (bytes, offset) throws(StorageError) in
            let last = bytes.withUnsafeBytes { $0.lastIndex { $0 != 0 } }
            if let last { end = offset + UInt64(last) + 1 }
        }
        return end
    }

    /// Opens the last segment for writing and makes its content durable.
    func makeDurable(
        _ tail: ChainReader.Tail, _ segments: SegmentDirectory
    ) throws(LogError) -> any VirtualFile {
        let file = try segment { () throws(SegmentError) in
            let file = try segments.open(tail.name, .readWrite)
            try segments.sync()
            return file
        }
        try io { () throws(StorageError) in
            try Self.rewrite(file, from: tail.durableEnd, to: tail.progress.byteCount)
            try file.sync()
            try directory.store.root.sync()
        }
        return file
    }

    /// Writes bytes of a file once more, as they are, so that the next sync covers them; and its size.
    private static func rewrite(
        _ file: any VirtualFile, from start: UInt64, to end: UInt64
    ) throws(StorageError) {
        guard start < end else { return }
        try file.forEachChunk(in: start..<end) { (bytes, offset) throws(StorageError) in
            try file.write(bytes, at: offset)
        }
        // Zeros at the end are a clean end, so nothing depends on which of the sizes a crash leaves.
        let size = try file.byteCount()
        try file.truncate(to: size + 8)
        try file.truncate(to: size)
    }

    /// Ends a transaction that a crash left without a commit.
    func abort(
        _ begin: LSN, _ encoder: inout SegmentEncoder, _ file: any VirtualFile
    ) throws(LogError) {
        let offset = encoder.progress.byteCount
        var frame = BinaryBuffer(capacity: 64)
        do {
            try encoder.append(.transactionAbort, relatedLSN: begin, payload: RawSpan(), to: &frame)
        } catch {
            throw LogError(error)
        }
        try io { () throws(StorageError) in try file.writeDurably(frame.bytes, at: offset) }
    }
}
