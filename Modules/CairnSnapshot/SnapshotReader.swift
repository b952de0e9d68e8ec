// SPDX-License-Identifier: Apache-2.0
//
// - Nothing is handed out before preamble, header, identity, fence, trailer, footer, index and the
//   digest of the whole file were found right.
// - Each chunk is checked again when it is read, so that a file that changes meanwhile is noticed.
// - No length from the file is used before the checksum over it held, and none is larger than the file.

public import CairnFormat
public import CairnIO
public import CairnLSN

/// Reads one snapshot whose bytes are known to be intact.
///
/// It holds one chunk in memory at a time: 1 MiB, or as much as the largest record.
public struct SnapshotReader: ~Copyable, Sendable {
    /// The contents of the snapshot: fence, log, sections and sizes.
    public let summary: SnapshotSummary
    private let file: SnapshotFile
    private let salt: UInt32
    private var buffer = BinaryBuffer()

    /// Opens a snapshot and checks every byte of it.
    ///
    /// - Parameters:
    ///   - file: Is read only; it may be open for reading only.
    ///   - expectedFence: The fence in the name of the file; nil takes any.
    ///   - expectedLogID: The log it must belong to; nil takes any.
    /// - Throws: ``SnapshotError`` with code `.damaged`, `.notASnapshot`, `.unsupportedVersion`,
    ///   `.foreignLog`, `.wrongName` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the file.
    public init(
        _ file: any VirtualFile, expectedFence: SnapshotFence?, expectedLogID: LogID?
    ) throws(SnapshotError) {
        let file = SnapshotFile(file: file, fence: expectedFence)
        var buffer = BinaryBuffer()
        let byteCount = try file.byteCount()
        let header = try Self.header(of: file, byteCount, &buffer)
        if let expectedLogID, header.logID != expectedLogID {
            throw SnapshotError(
                code: .foreignLog, fence: expectedFence,
                offset: UInt64(SnapshotFormat.Header.logID.offset))
        }
        if let expectedFence, header.fence != expectedFence {
            throw SnapshotError(
                code: .wrongName, fence: expectedFence,
                offset: UInt64(SnapshotFormat.Header.fence.offset))
        }
        let salt = header.salt
        let index = try Self.index(of: file, byteCount, salt: salt, &buffer)
        summary = SnapshotSummary(
            fence: header.fence, logID: header.logID, version: header.version,
            byteCount: byteCount, sections: index.sections)
        self.file = file
        self.salt = salt
        self.buffer = buffer
    }

    /// Reads and checks all chunks and throws what they hold away.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the file.
    public mutating func verify() throws(SnapshotError) {
        for section in summary.sections {
            try forEachRun(of: section.id) { reader throws(FormatError) in
                _ = try reader.take(reader.remaining)
            }
        }
    }
}

extension SnapshotReader {
    /// Reads and checks all chunks, and computes the digest of the state in them, for which a checkpoint in the log
    /// has one to compare.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the file.
    public mutating func stateDigest() throws(SnapshotError) -> StateDigest {
        var digester = StateDigester()
        for section in summary.sections {
            digester.beginSection(section.id)
            digester.add(RawSpan(), recordCount: section.recordCount)
            try forEachRun(of: section.id) { reader throws(FormatError) in
                digester.add(try reader.take(reader.remaining), recordCount: 0)
            }
        }
        return digester.digest
    }
}

extension SnapshotReader: SectionSource {
    /// The numbers of the sections, ascending; also of those without records.
    public var sectionIDs: [UInt32] { summary.sections.map(\.id) }

    /// Calls `body` for each chunk of the section numbered `id` in the order in which they were
    /// written; not at all when there is no such section.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` when a chunk does not hold, when `body` throws
    ///   or when it leaves bytes of a run; `.io` when the system refuses to read.
    public mutating func forEachRun(
        of id: UInt32, _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(SnapshotError) {
        var chunkNumber: UInt32 = 0
        for section in summary.sections {
            guard section.id == id else {
                chunkNumber += section.chunkCount
                continue
            }
            return try forEachChunk(of: section, from: chunkNumber, body)
        }
    }

    /// The failure that stands for `error`.
    public func failure(_ error: FormatError) -> SnapshotError {
        SnapshotError(error, fence: summary.fence)
    }

    /// The failure that stands for an intact state that does not fit the program that reads it.
    public func failure(_ error: CodingFailure) -> SnapshotError {
        SnapshotError(code: .doesNotFit, fence: summary.fence, coding: error)
    }
}

extension SnapshotReader {
    private mutating func forEachChunk(
        of section: SnapshotSummary.Section, from firstNumber: UInt32,
        _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(SnapshotError) {
        var offset = section.firstOffset
        let end = offset + section.byteCount
        var recordCount: UInt64 = 0
        for ordinal in 0..<section.chunkCount {
            let chunk = try readChunk(at: offset, end: end)
            guard chunk.section == section.id, chunk.number == firstNumber + ordinal else {
                throw damaged(.invalidValue, at: offset)
            }
            let start = Int(offset) + SnapshotFormat.ChunkHeader.byteCount
            let payload = buffer.bytes.extracting(0..<Int(chunk.payloadByteCount))
            var reader = ByteReader(payload, baseOffset: start)
            do throws(FormatError) {
                try body(&reader)
                try reader.expectEnd()
            } catch {
                throw failure(error)
            }
            recordCount += UInt64(chunk.recordCount)
            offset += chunk.byteCount
        }
        guard offset == end, recordCount == section.recordCount else {
            throw damaged(.invalidValue, at: offset)
        }
    }

    /// Writes all sections, chunk by chunk, into the snapshot of another log or fence.
    ///
    /// - Throws: ``SnapshotError`` of this snapshot or of the other.
    package mutating func copy(into writer: inout SnapshotWriter) throws(SnapshotError) {
        var number: UInt32 = 0
        for section in summary.sections {
            try writer.beginSection(section.id)
            var offset = section.firstOffset
            for _ in 0..<section.chunkCount {
                let chunk = try readChunk(at: offset, end: section.firstOffset + section.byteCount)
                guard chunk.section == section.id, chunk.number == number else {
                    throw damaged(.invalidValue, at: offset)
                }
                try writer.appendChunk(
                    buffer.bytes.extracting(0..<Int(chunk.payloadByteCount)),
                    recordCount: chunk.recordCount)
                number += 1
                offset += chunk.byteCount
            }
        }
    }

    /// Leaves the records of the chunk, and their checksum, in the buffer.
    private mutating func readChunk(
        at offset: UInt64, end: UInt64
    ) throws(SnapshotError) -> SnapshotChunk {
        let head = SnapshotFormat.ChunkHeader.byteCount
        guard end - offset >= UInt64(head) else { throw damaged(.truncated, at: offset) }
        try file.read(head, at: offset, into: &buffer)
        let chunk: SnapshotChunk
        do throws(FormatError) {
            chunk = try SnapshotChunk(
                from: buffer.bytes, at: offset, room: end - offset, salt: salt)
        } catch {
            throw failure(error)
        }
        let count = Int(chunk.payloadByteCount)
        let start = offset + UInt64(head)
        try file.read(count + SnapshotFormat.ChunkEnd.byteCount, at: start, into: &buffer)
        let sum = CRC32C.checksum(of: buffer.bytes.extracting(0..<count), seed: salt)
        guard sum == buffer.bytes.load(SnapshotFormat.ChunkEnd.checksum, base: count) else {
            throw damaged(.badChecksum, at: start + UInt64(count))
        }
        return chunk
    }

    private func damaged(_ reason: FormatError.Code, at offset: UInt64) -> SnapshotError {
        SnapshotError(code: .damaged, fence: summary.fence, offset: offset, reason: reason)
    }
}

extension SnapshotReader {
    private static func header(
        of file: SnapshotFile, _ byteCount: UInt64, _ buffer: inout BinaryBuffer
    ) throws(SnapshotError) -> SnapshotHeader {
        let count = min(byteCount, UInt64(SnapshotFormat.Header.byteCount))
        try file.read(Int(count), at: 0, into: &buffer)
        do throws(FormatError) {
            return try SnapshotHeader(from: buffer.bytes)
        } catch {
            throw SnapshotError(error, fence: file.fence)
        }
    }

    /// Reads the end of the file and checks all that is before it.
    private static func index(
        of file: SnapshotFile, _ byteCount: UInt64, salt: UInt32, _ buffer: inout BinaryBuffer
    ) throws(SnapshotError) -> SnapshotIndex {
        let tail = UInt64(SnapshotFormat.Trailer.byteCount)
        // Offsets are counted in Int, too; no file system has files that large.
        guard byteCount >= UInt64(SnapshotFormat.Header.byteCount) + tail,
            byteCount < UInt64(Int.max)
        else {
            throw SnapshotError(
                code: .damaged, fence: file.fence, offset: byteCount, reason: .truncated)
        }
        try file.read(Int(tail), at: byteCount - tail, into: &buffer)
        let trailer: SnapshotTrailer
        let footer: (index: SnapshotIndex, digest: UInt32)
        do throws(FormatError) {
            trailer = try SnapshotTrailer(
                from: buffer.bytes, fileByteCount: byteCount, salt: salt)
        } catch {
            throw SnapshotError(error, fence: file.fence)
        }
        try file.read(Int(trailer.footerByteCount), at: trailer.footerOffset, into: &buffer)
        do throws(FormatError) {
            footer = try SnapshotIndex.read(buffer.bytes, at: trailer.footerOffset, salt: salt)
        } catch {
            throw SnapshotError(error, fence: file.fence)
        }
        let end = byteCount - tail - UInt64(SnapshotFormat.FooterEnd.byteCount)
        let digest = try digest(of: file, upTo: end, &buffer)
        guard digest == footer.digest else {
            throw SnapshotError(
                code: .damaged, fence: file.fence, offset: end, reason: .badChecksum)
        }
        return footer.index
    }

    private static func digest(
        of file: SnapshotFile, upTo end: UInt64, _ buffer: inout BinaryBuffer
    ) throws(SnapshotError) -> UInt32 {
        var offset: UInt64 = 0
        var digest: UInt32 = 0
        while offset < end {
            let count = min(end - offset, UInt64(SnapshotFormat.chunkByteCountTarget))
            try file.read(Int(count), at: offset, into: &buffer)
            digest = CRC32C.checksum(of: buffer.bytes, seed: digest)
            offset += count
        }
        return digest
    }
}
