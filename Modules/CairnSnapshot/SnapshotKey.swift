// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnLSN

/// The key of a snapshot, as the last section of an encrypted one names it.
struct SnapshotKey {
    var keyID: KeyID?
    var cipher: (any FileCipher)?
    var isEncrypted = false

    /// Looks for the section of the key, and checks the key, the header and the index by it.
    ///
    /// - Throws: ``SnapshotError`` with code `.encryption` when the keys do not fit, `.damaged` or `.io`.
    init(
        in file: SnapshotFile, _ header: SnapshotHeader, _ index: SnapshotIndex,
        _ encryption: (any StoreCipher)?, _ buffer: inout BinaryBuffer
    ) throws(SnapshotError) {
        let found: SnapshotChunk?
        do throws(SnapshotError) {
            found = try Self.chunk(in: file, header, index, &buffer)
        } catch {
            // Without a key nothing depends on it before the reader meets it.
            guard encryption == nil, error.code != .io else { throw error }
            isEncrypted = true
            return
        }
        guard let chunk = found else {
            guard let encryption, !encryption.allowsPlainFiles else { return }
            throw SnapshotError(CipherError(code: .notEncrypted), fence: file.fence)
        }
        isEncrypted = true
        let offset = index.sections.last?.firstOffset
        let record: KeyRecord
        do throws(CipherError) {
            record = try KeyRecord(from: buffer.bytes)
            keyID = record.keyID
            cipher = try encryption?.open(header.identity, record)
        } catch {
            guard encryption != nil else { return }
            throw SnapshotError(error, fence: file.fence, offset: offset)
        }
        guard let cipher else { return }
        var others = index
        others.sections.removeLast()
        let context = others.proofContext(chunk, record.encoded())
        do throws(CipherError) {
            var nothing = BinaryBuffer(capacity: 0)
            try cipher.decrypt(
                buffer.bytes.extracting(KeyRecord.byteCount..<KeyRecord.provenByteCount),
                context: context.span.bytes, into: &nothing)
        } catch {
            throw SnapshotError(
                code: .damaged, fence: file.fence, offset: offset, reason: .notAuthentic)
        }
    }

    /// Leaves the key record and its proof in the buffer; nil for a snapshot that has none.
    private static func chunk(
        in file: SnapshotFile, _ header: SnapshotHeader, _ index: SnapshotIndex,
        _ buffer: inout BinaryBuffer
    ) throws(SnapshotError) -> SnapshotChunk? {
        guard let section = index.sections.last, section.id == SnapshotFormat.keySection,
            section.chunkCount == 1
        else { return nil }
        let head = SnapshotFormat.ChunkHeader.byteCount
        try file.read(head, at: section.firstOffset, into: &buffer)
        let chunk: SnapshotChunk
        do throws(FormatError) {
            chunk = try SnapshotChunk(
                from: buffer.bytes, at: section.firstOffset, room: section.byteCount,
                salt: header.salt)
        } catch {
            throw SnapshotError(error, fence: file.fence)
        }
        guard chunk.flags == SnapshotFormat.ChunkFlags.key else { return nil }
        let count = KeyRecord.provenByteCount
        let start = section.firstOffset + UInt64(head)
        try file.read(count + SnapshotFormat.ChunkEnd.byteCount, at: start, into: &buffer)
        let sum = CRC32C.checksum(of: buffer.bytes.extracting(0..<count), seed: header.salt)
        guard sum == buffer.bytes.load(SnapshotFormat.ChunkEnd.checksum, base: count) else {
            throw SnapshotError(
                code: .damaged, fence: file.fence, offset: start + UInt64(count),
                reason: .badChecksum)
        }
        return chunk
    }
}
