// SPDX-License-Identifier: Apache-2.0
//
// The chunks of a snapshot, one at a time: checked as they are stored, then decrypted and inflated.

internal import CairnCodec
internal import CairnFormat

extension SnapshotReader {
    mutating func forEachChunk(
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
        swap(&plain, &otherBuffer)
        plain.removeAll()
        let context = chunk.identifyingBytes() + (compression?.identifyingBytes() ?? [])
        do throws(CipherError) {
            try cipher.decrypt(
                buffer.bytes.extracting(range), context: context.span.bytes, into: &plain)
        } catch {
            throw damaged(.notAuthentic, at: offset)
        }
        swap(&plain, &buffer)
        swap(&plain, &otherBuffer)
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
        swap(&plain, &otherBuffer)
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
        swap(&plain, &otherBuffer)
        return 0..<buffer.count
    }

    func damaged(_ reason: FormatError.Code, at offset: UInt64) -> SnapshotError {
        SnapshotError(code: .damaged, fence: summary.fence, offset: offset, reason: reason)
    }
}
