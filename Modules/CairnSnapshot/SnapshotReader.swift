// SPDX-License-Identifier: Apache-2.0
//
// - Nothing is handed out before preamble, header, identity, fence, trailer, footer and index were found right.
// - Each chunk is checked when it is read, before its records are handed out.
// - The digest of the whole file is checked before anything else, or, by a reader that streams, behind everything, from
//   what was read of each section: the file is then read once. What was made of it counts only after that.
// - Of an encrypted file the key is checked, and with it header and index, before any chunk is read. Without keys
//   everything is checked but what only they prove, and nothing is handed out.
// - What a compressed chunk declares is within the limits before anything is allocated for it. Without its compressor
//   the chunk is checked as it is stored, and nothing is handed out.
// - No length from the file is used before the checksum over it held, and none is larger than the file.

public import CairnCodec
public import CairnFormat
public import CairnIO
public import CairnLSN

/// Reads one snapshot.
///
/// It holds one chunk in memory at a time, 1 MiB or as much as the largest record; of a compressed one both forms.
public struct SnapshotReader: ~Copyable, Sendable {
    /// The contents of the snapshot: fence, log, sections and sizes.
    public let summary: SnapshotSummary
    private let file: SnapshotFile
    private let salt: UInt32
    /// The number of the first chunk of each section.
    private let firstChunks: [UInt32]
    /// The key that the snapshot is encrypted with; nil for one that is not encrypted.
    public var keyID: KeyID? { key.keyID }
    private let key: SnapshotKey
    private let decompressors: [any BatchCompressor]
    /// Whether the records can be read: the snapshot is not encrypted, or its key was given.
    public var isReadable: Bool { !key.isEncrypted || key.cipher != nil }
    private var buffer: BinaryBuffer
    /// Takes the place of the buffer when a chunk was decrypted or inflated.
    private var spare: BinaryBuffer
    /// The parts from which the digest of the whole file is computed; nil when it was found right.
    private var account: DigestAccount?
    /// Called after each chunk with the number of bytes of all chunks that were read so far; what it throws ends the reading.
    package var observer: (@Sendable (UInt64) throws(CancellationError) -> Void)?
    private var readByteCount: UInt64 = 0
    /// The chunks that were read and are intact.
    package private(set) var readChunkCount = 0
    /// The compressor of the chunk that was read last; nil for one that is not compressed.
    private var lastDecompressor: (any BatchCompressor)?
    /// The checksum of what was read of the section at hand.
    private var sectionSum: UInt32 = 0

    /// Opens a snapshot and checks every byte of it.
    ///
    /// - Parameters:
    ///   - file: Is read only; it may be open for reading only.
    ///   - expectedFence: The fence in the name of the file; nil takes any.
    ///   - expectedLogID: The log it must belong to; nil takes any.
    ///   - encryption: The keys of the store. Without, an encrypted snapshot is checked and cannot be read.
    ///   - decompressors: The compressors that its chunks may need.
    /// - Throws: ``SnapshotError`` with code `.damaged`, `.notASnapshot`, `.unsupportedVersion`,
    ///   `.foreignLog`, `.wrongName`, `.io`, or `.encryption` when the keys do not fit.
    /// - Complexity: O(*n*) in the bytes of the file.
    public init(
        _ file: any VirtualFile, expectedFence: SnapshotFence?, expectedLogID: LogID?,
        encryption: (any StoreCipher)? = nil, decompressors: [any BatchCompressor] = []
    ) throws(SnapshotError) {
        try self.init(
            file, expectedFence, expectedLogID, encryption, decompressors, isStreaming: false)
    }

    /// Opens a snapshot and checks everything but its chunks and the digest of the whole, which are checked as it is
    /// read, and by ``finish()``.
    ///
    /// - Throws: As the other initializer.
    /// - Complexity: O(*n*) in the sections.
    package init(
        streaming file: any VirtualFile, expectedFence: SnapshotFence?, expectedLogID: LogID?,
        encryption: (any StoreCipher)? = nil, decompressors: [any BatchCompressor] = []
    ) throws(SnapshotError) {
        try self.init(
            file, expectedFence, expectedLogID, encryption, decompressors, isStreaming: true)
    }

    private init(
        _ file: any VirtualFile, _ expectedFence: SnapshotFence?, _ expectedLogID: LogID?,
        _ encryption: (any StoreCipher)?, _ decompressors: [any BatchCompressor],
        isStreaming: Bool
    ) throws(SnapshotError) {
        self.decompressors = decompressors
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
        var headerBytes = BinaryBuffer(capacity: SnapshotFormat.Header.byteCount)
        headerBytes.append(buffer.bytes)
        let (index, account) = try Self.index(
            of: file, byteCount, salt: salt, &buffer, header: headerBytes.bytes)
        if !isStreaming {
            let digest = try Self.digest(of: file, upTo: account.end, &buffer)
            guard digest == account.digest else {
                throw SnapshotError(
                    code: .damaged, fence: file.fence, offset: account.end, reason: .badChecksum)
            }
        }
        key = try SnapshotKey(in: file, header, index, encryption, &buffer)
        self.account = isStreaming ? account : nil
        summary = SnapshotSummary(
            fence: header.fence, logID: header.logID, version: header.version,
            byteCount: byteCount, sections: index.sections)
        firstChunks = Self.firstChunks(of: index.sections)
        self.file = file
        self.salt = salt
        self.buffer = buffer
        spare = BinaryBuffer(capacity: 0)
    }

    /// Reads and checks all chunks and throws what they hold away.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the file.
    public mutating func verify() throws(SnapshotError) {
        for index in summary.sections.indices { try pass(index) }
        try finish()
    }

    /// Reads the sections that were not read yet, and checks the digest of the whole file. Only then is what was read
    /// known to be right.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the sections that were not read.
    package mutating func finish() throws(SnapshotError) {
        guard account != nil else { return }
        for index in summary.sections.indices where account?.sections[index] == nil {
            try pass(index)
        }
        guard let account else { return }
        guard account.isRight(summary.sections) else {
            throw damaged(.badChecksum, at: account.end)
        }
        self.account = nil
    }

    /// Checks the chunks of a section; with the keys, also that they were written by a holder of them.
    private mutating func pass(_ index: Int) throws(SnapshotError) {
        try forEachChunk(ofSectionAt: index, handsOut: false) { reader throws(FormatError) in
            _ = try reader.take(reader.remaining)
        }
    }
}

/// The known parts of the digest of a file whose sections are read one by one, in any order.
private struct DigestAccount {
    /// The checksum of the header, and that of the footer up to the digest.
    let header: UInt32
    let footer: (checksum: UInt32, byteCount: UInt64)
    /// The digest that the file should have, and where it is.
    let digest: UInt32
    let end: UInt64
    /// The checksum of the chunks of each section that was read.
    var sections: [UInt32?]

    /// Whether the parts have together the digest. All of them were read.
    func isRight(_ summaries: [SnapshotSummary.Section]) -> Bool {
        var sum = header
        for (section, checksum) in zip(summaries, sections) {
            sum = CRC32C.checksum(
                of: sum, followedBy: checksum ?? 0, byteCount: section.byteCount)
        }
        return digest
            == CRC32C.checksum(of: sum, followedBy: footer.checksum, byteCount: footer.byteCount)
    }
}

extension SnapshotReader {
    /// Reads and checks all chunks, and computes the digest of the state in them, for which a checkpoint in the log
    /// has one to compare.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` or `.io`.
    /// - Complexity: O(*n*) in the bytes of the file.
    public mutating func stateDigest() throws(SnapshotError) -> StateDigest {
        try expectKey()
        var digester = StateDigester()
        for (index, section) in stateSections.enumerated() {
            digester.beginSection(section.id)
            digester.add(RawSpan(), recordCount: section.recordCount)
            try forEachChunk(ofSectionAt: index) { reader throws(FormatError) in
                digester.add(try reader.take(reader.remaining), recordCount: 0)
            }
        }
        try finish()
        return digester.digest
    }
}

extension SnapshotReader: SectionSource {
    /// The numbers of the sections, ascending; also of those without records.
    public var sectionIDs: [UInt32] { stateSections.map(\.id) }

    /// The sections without that of the key, which is the last one.
    private var stateSections: ArraySlice<SnapshotSummary.Section> {
        key.isEncrypted ? summary.sections.dropLast() : summary.sections[...]
    }

    /// - Throws: ``SnapshotError`` with code `.encryption` for an encrypted snapshot without its key.
    private func expectKey() throws(SnapshotError) {
        guard !isReadable else { return }
        throw SnapshotError(CipherError(code: .encrypted, keyID: keyID), fence: summary.fence)
    }

    /// Calls `body` for each chunk of the section numbered `id` in the order in which they were
    /// written; not at all when there is no such section.
    ///
    /// - Throws: ``SnapshotError`` with code `.damaged` when a chunk does not hold, when `body` throws
    ///   or when it leaves bytes of a run; `.encryption` for an encrypted snapshot without its key; `.io` when the system
    ///   refuses to read.
    public mutating func forEachRun(
        of id: UInt32, _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(SnapshotError) {
        try expectKey()
        guard let index = self.index(of: id) else { return }
        try forEachChunk(ofSectionAt: index, body)
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
    /// The number of the first chunk of each of the sections, whose chunks the index was found to count right.
    private static func firstChunks(of sections: [SnapshotSummary.Section]) -> [UInt32] {
        var next: UInt32 = 0
        return sections.map { section in
            defer { next += section.chunkCount }
            return next
        }
    }

    /// Where the section numbered `id` is among the sections, which ascend.
    ///
    /// - Complexity: O(log *n*): a file of others may have all the sections that the format allows.
    private func index(of id: UInt32) -> Int? {
        let sections = summary.sections
        var (low, high) = (0, sections.count)
        while low < high {
            let middle = (low + high) / 2
            if sections[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < sections.count && sections[low].id == id ? low : nil
    }

    private mutating func forEachChunk(
        ofSectionAt index: Int, handsOut: Bool = true,
        _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(SnapshotError) {
        let section = summary.sections[index]
        var offset = section.firstOffset
        let end = offset + section.byteCount
        var recordCount: UInt64 = 0
        sectionSum = 0
        for ordinal in 0..<section.chunkCount {
            let chunk = try readChunk(at: offset, end: end)
            guard chunk.section == section.id, chunk.number == firstChunks[index] + ordinal else {
                throw damaged(.invalidValue, at: offset)
            }
            let start = Int(offset) + SnapshotFormat.ChunkHeader.byteCount
            if let records = try open(chunk, at: offset, handsOut: handsOut) {
                let payload = buffer.bytes.extracting(records)
                var reader = ByteReader(
                    payload,
                    baseOffset: start
                        + (chunk.isCompressed ? SnapshotFormat.ChunkCompression.byteCount : 0))
                do throws(FormatError) {
                    try body(&reader)
                    try reader.expectEnd()
                } catch {
                    throw failure(error)
                }
            }
            recordCount += UInt64(chunk.recordCount)
            offset += chunk.byteCount
            readByteCount += chunk.byteCount
            readChunkCount += 1
            do throws(CancellationError) { try observer?(readByteCount) } catch {
                throw SnapshotError(code: .cancelled, fence: summary.fence)
            }
        }
        guard offset == end, recordCount == section.recordCount else {
            throw damaged(.invalidValue, at: offset)
        }
        account?.sections[index] = sectionSum
    }

    /// Writes all sections, chunk by chunk, into the snapshot of another log or fence.
    ///
    /// - Throws: ``SnapshotError`` of this snapshot or of the other.
    package mutating func copy(into writer: inout SnapshotWriter) throws(SnapshotError) {
        try expectKey()
        var number: UInt32 = 0
        for (index, section) in stateSections.enumerated() {
            try writer.beginSection(section.id)
            var offset = section.firstOffset
            sectionSum = 0
            for _ in 0..<section.chunkCount {
                let chunk = try readChunk(at: offset, end: section.firstOffset + section.byteCount)
                guard chunk.section == section.id, chunk.number == number else {
                    throw damaged(.invalidValue, at: offset)
                }
                let records = try open(chunk, at: offset, handsOut: true) ?? 0..<0
                try writer.appendChunk(
                    buffer.bytes.extracting(records), recordCount: chunk.recordCount,
                    compressor: lastDecompressor)
                number += 1
                offset += chunk.byteCount
            }
            account?.sections[index] = sectionSum
        }
        try finish()
    }

    /// Leaves the records of the chunk, and their checksum, in the buffer.
    private mutating func readChunk(
        at offset: UInt64, end: UInt64
    ) throws(SnapshotError) -> SnapshotChunk {
        let head = SnapshotFormat.ChunkHeader.byteCount
        guard end - offset >= UInt64(head) else { throw damaged(.truncated, at: offset) }
        try file.read(head, at: offset, into: &buffer)
        if account != nil { sectionSum = CRC32C.checksum(of: buffer.bytes, seed: sectionSum) }
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
        let sums = payloadSums(count)
        sectionSum = sums.section
        guard sums.payload == buffer.bytes.load(SnapshotFormat.ChunkEnd.checksum, base: count)
        else {
            throw damaged(.badChecksum, at: start + UInt64(count))
        }
        return chunk
    }

    /// The salted checksum of the payload in the buffer, and that of the section with all that is in the buffer, where it is
    /// needed. A long payload is gone through once for both.
    private func payloadSums(_ count: Int) -> (payload: UInt32, section: UInt32) {
        let payload = buffer.bytes.extracting(0..<count)
        guard account != nil else { return (CRC32C.checksum(of: payload, seed: salt), 0) }
        guard count >= Self.joinedByteCountMin else {
            return (
                CRC32C.checksum(of: payload, seed: salt),
                CRC32C.checksum(of: buffer.bytes, seed: sectionSum)
            )
        }
        let sum = CRC32C.checksum(of: payload)
        let rest = buffer.bytes.extracting(count..<buffer.count)
        let section = CRC32C.checksum(of: sectionSum, followedBy: sum, byteCount: UInt64(count))
        return (
            CRC32C.checksum(of: salt, followedBy: sum, byteCount: UInt64(count)),
            CRC32C.checksum(of: rest, seed: section)
        )
    }

    /// Joining checksums takes as long as computing one of some 30 KB.
    private static let joinedByteCountMin = 1 << 16

    /// Puts the records of the chunk in the buffer in its place, decrypted and inflated.
    ///
    /// - Returns: Where in the buffer the records are. Nil for a chunk without records of the state, or that cannot be read
    ///   without a key or a compressor, where that is not asked for.
    private mutating func open(
        _ chunk: SnapshotChunk, at offset: UInt64, handsOut: Bool
    ) throws(SnapshotError) -> Range<Int>? {
        lastDecompressor = nil
        let stored = Int(chunk.payloadByteCount)
        var compression: ChunkCompression?
        if chunk.isCompressed {
            let start = Int(offset) + SnapshotFormat.ChunkHeader.byteCount
            do throws(FormatError) {
                compression = try ChunkCompression(
                    from: buffer.bytes.extracting(0..<stored), of: chunk, at: start)
            } catch {
                throw failure(error)
            }
        }
        let clear = compression == nil ? 0 : SnapshotFormat.ChunkCompression.byteCount
        var records = clear..<stored
        switch (chunk.isEncrypted, key.cipher) {
        case (false, nil):
            if chunk.flags == SnapshotFormat.ChunkFlags.key {
                return try unreadable(handsOut, at: offset)
            }
        case (true, let cipher?):
            try decrypt(chunk, compression, records, at: offset, with: cipher)
            records = 0..<buffer.count
        case (false, _):
            // Only the key chunk is not encrypted.
            guard chunk.flags == SnapshotFormat.ChunkFlags.key else {
                throw damaged(.notAuthentic, at: offset)
            }
            return try unreadable(handsOut, at: offset)
        case (true, nil):
            guard summary.sections.last?.id == SnapshotFormat.keySection else {
                throw damaged(
                    .invalidValue, at: offset + UInt64(SnapshotFormat.ChunkHeader.flags.offset))
            }
            return try unreadable(handsOut, at: offset)
        }
        guard let compression else { return records }
        return try inflate(compression, records, at: offset, handsOut: handsOut)
    }

    /// The key chunk, or, without a key, encrypted records.
    private func unreadable(
        _ handsOut: Bool, at offset: UInt64
    ) throws(SnapshotError) -> Range<Int>? {
        guard handsOut else { return nil }
        throw SnapshotError(
            CipherError(code: .encrypted, keyID: keyID), fence: summary.fence, offset: offset)
    }

    /// Puts what is decrypted in the place of the buffer.
    private mutating func decrypt(
        _ chunk: SnapshotChunk, _ compression: ChunkCompression?, _ range: Range<Int>,
        at offset: UInt64, with cipher: any FileCipher
    ) throws(SnapshotError) {
        var plain = BinaryBuffer(capacity: 0)
        swap(&plain, &spare)
        plain.removeAll()
        let context = chunk.identifyingBytes() + (compression?.identifyingBytes() ?? [])
        do throws(CipherError) {
            try cipher.decrypt(
                buffer.bytes.extracting(range), context: context.span.bytes, into: &plain)
        } catch {
            throw damaged(.notAuthentic, at: offset)
        }
        swap(&plain, &buffer)
        swap(&plain, &spare)
    }

    /// Puts what a part of the buffer inflates to in its place. What the chunk declares was found to be within the limits.
    private mutating func inflate(
        _ compression: ChunkCompression, _ range: Range<Int>, at offset: UInt64, handsOut: Bool
    ) throws(SnapshotError) -> Range<Int>? {
        let start = offset + UInt64(SnapshotFormat.ChunkHeader.byteCount)
        guard let decompressor = decompressors.first(where: { $0.id == compression.id }) else {
            guard handsOut else { return nil }
            throw SnapshotError(
                code: .unknownCompression, fence: summary.fence,
                offset: start + UInt64(SnapshotFormat.ChunkCompression.compression.offset),
                compression: compression.id)
        }
        lastDecompressor = decompressor
        var plain = BinaryBuffer(capacity: 0)
        swap(&plain, &spare)
        plain.removeAll()
        do throws(CodecError) {
            try decompressor.decompress(
                buffer.bytes.extracting(range),
                uncompressedByteCount: compression.uncompressedByteCount, into: &plain)
        } catch {
            throw damaged(
                .decompressionFailed,
                at: start + UInt64(SnapshotFormat.ChunkCompression.byteCount))
        }
        swap(&plain, &buffer)
        swap(&plain, &spare)
        return 0..<buffer.count
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

    /// Reads the end of the file, and checks that the index in it could be that of the file.
    private static func index(
        of file: SnapshotFile, _ byteCount: UInt64, salt: UInt32, _ buffer: inout BinaryBuffer,
        header: RawSpan
    ) throws(SnapshotError) -> (SnapshotIndex, DigestAccount) {
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
        let rest = Int(end - trailer.footerOffset)
        let account = DigestAccount(
            header: CRC32C.checksum(of: header),
            footer: (
                CRC32C.checksum(of: buffer.bytes.extracting(0..<rest)), UInt64(rest)
            ), digest: footer.digest, end: end,
            sections: Array(repeating: nil, count: footer.index.sections.count))
        return (footer.index, account)
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
