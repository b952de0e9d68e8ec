// SPDX-License-Identifier: Apache-2.0
//
// - The bytes are written under a temporary name. The final name appears only after they were synced.
// - After the first error the file is given up: it is removed as far as that works, every later call
//   throws the same error, and nothing is tried again.

package import CairnCodec
public import CairnFormat
internal import CairnIO
internal import CairnLSN

/// Writes one snapshot.
///
/// Nothing is visible under the final name before ``finish()`` returned. A writer that is dropped
/// without it leaves nothing behind. It holds one chunk in memory: 1 MiB, or as much as the largest
/// record.
///
/// When the directory has an intact snapshot of the same log and fence already, the writer takes
/// sections and records, drops them and changes nothing: see ``isRedundant``.
public struct SnapshotWriter: ~Copyable, Sendable {
    /// The snapshot that is being written.
    public let info: SnapshotInfo
    /// True when an intact snapshot of the same fence is there, so that nothing will be written.
    public var isRedundant: Bool { file == nil }

    /// Called after each chunk with the number of bytes that were written; what it throws ends the writing.
    package var observer: (@Sendable (UInt64) throws(CancellationError) -> Void)?

    private let file: TemporarySnapshot?
    private let salt: UInt32
    /// The key record and the cipher of an encrypted snapshot.
    private let key: (record: KeyRecord, cipher: any FileCipher)?
    private let compressor: (any BatchCompressor)?
    private var chunk = BinaryBuffer()
    private var recordCount: UInt32 = 0
    private var chunkNumber: UInt32 = 0
    private var index = SnapshotIndex()
    private var offset: UInt64 = 0
    private var digest: UInt32 = 0
    private var digester = StateDigester()
    private var failure: SnapshotError?
    private var lastSection: UInt32?

    /// A writer into `file`, or into nothing.
    init(
        _ info: SnapshotInfo, logID: LogID, file: TemporarySnapshot?,
        encryption: (any StoreCipher)?, compressor: (any BatchCompressor)?
    ) throws(SnapshotError) {
        self.info = info
        self.compressor = compressor
        self.file = file
        let header = SnapshotHeader(logID: logID, fence: info.fence)
        key = encryption?.begin(header.identity)
        salt = header.salt
        header.append(to: &chunk)
        try flush()
    }

    /// Completes the snapshot, makes it durable and gives it its name.
    ///
    /// On return it survives a crash of the machine. A damaged snapshot that had the name was renamed
    /// to `<name>.<16 hex digits>.damaged` before.
    ///
    /// - Throws: ``SnapshotError`` with code `.exists` or `.io`, or the error of an earlier call. There
    ///   is no new snapshot then; snapshots of other fences are as they were.
    /// - Complexity: Two syncs of the directory at most, and one of the file.
    public consuming func finish() throws(SnapshotError) -> SnapshotInfo {
        try checkFailure()
        guard let file else { return info }
        try flushChunk()
        try appendKey()
        index.append(to: &chunk, at: offset, digest: digest, salt: salt)
        try flush()
        try file.publish()
        return info
    }

    /// The digest of the state whose sections were written so far, for the checkpoint in the log; nil for a writer
    /// that is redundant, or has failed.
    ///
    /// - Complexity: Writes the chunk that is begun.
    public mutating func stateDigest() throws(SnapshotError) -> StateDigest? {
        try checkFailure()
        guard !isRedundant else { return nil }
        try flushChunk()
        return digester.digest
    }

    /// The number of bytes that were written so far.
    public var byteCount: UInt64 { offset }

    /// Drops the snapshot and removes what was written of it.
    public consuming func abandon() {
        file?.discard()
    }
}

extension SnapshotWriter: SectionSink {
    /// Begins the section numbered `id`. A section may stay without records. In an encrypted snapshot none has the
    /// largest number.
    ///
    /// - Precondition: The number is higher than that of the section before.
    /// - Throws: ``SnapshotError`` with code `.limitExceeded` above ``SnapshotFormat/sectionCountMax``
    ///   sections, `.io`, or the error of an earlier call.
    public mutating func beginSection(_ id: UInt32) throws(SnapshotError) {
        precondition(lastSection.map { $0 < id } ?? true, "sections come in ascending order")
        lastSection = id
        try checkFailure()
        guard !isRedundant else { return }
        try flushChunk()
        // An encrypted snapshot has a section for its key, behind all others.
        let countMax = SnapshotFormat.sectionCountMax - (key == nil ? 0 : 1)
        guard index.sections.count < countMax, key == nil || id < SnapshotFormat.keySection else {
            throw fail(SnapshotError(code: .limitExceeded, fence: info.fence))
        }
        index.sections.append(
            .init(id: id, chunkCount: 0, recordCount: 0, byteCount: 0, firstOffset: offset))
        digester.beginSection(id)
    }

    /// The failure that stands for a state that cannot be encoded.
    public func failure(_ error: CodingFailure) -> SnapshotError {
        SnapshotError(code: .unencodable, fence: info.fence, coding: error)
    }

    /// Appends one record to the section that was begun last. A reader gets it whole.
    ///
    /// - Parameter write: Appends to the buffer, which holds earlier records, too; it is not called
    ///   when the writer is redundant.
    /// - Precondition: A section was begun, and the record has at least one byte.
    /// - Throws: ``SnapshotError`` with code `.limitExceeded` for a record of more than
    ///   ``SnapshotFormat/recordByteCountMax`` bytes, `.io`, or the error of an earlier call.
    /// - Complexity: O(*n*) in the bytes of the record; about one `write` for each MiB.
    public mutating func appendRecord(
        _ write: (inout BinaryBuffer) -> Void
    ) throws(SnapshotError) {
        precondition(lastSection != nil, "a section comes before its records")
        try checkFailure()
        guard !isRedundant else { return }
        if chunk.isEmpty { chunk.append(zeros: SnapshotFormat.ChunkHeader.byteCount) }
        let before = chunk.count
        write(&chunk)
        precondition(chunk.count > before, "a record has at least one byte")
        guard chunk.count - before <= SnapshotFormat.recordByteCountMax else {
            throw fail(SnapshotError(code: .limitExceeded, fence: info.fence))
        }
        recordCount += 1
        let payload = chunk.count - SnapshotFormat.ChunkHeader.byteCount
        if payload >= SnapshotFormat.chunkByteCountTarget - overheadByteCount { try flushChunk() }
    }
}

extension SnapshotWriter {
    /// Appends the records of a chunk of another snapshot as a chunk of their own, compressed as they were there.
    package mutating func appendChunk(
        _ records: RawSpan, recordCount count: UInt32, compressor: (any BatchCompressor)? = nil
    ) throws(SnapshotError) {
        try flushChunk()
        try checkFailure()
        guard !isRedundant else { return }
        guard records.byteCount + overheadByteCount <= SnapshotFormat.payloadByteCountMax else {
            throw fail(SnapshotError(code: .limitExceeded, fence: info.fence))
        }
        chunk.append(zeros: SnapshotFormat.ChunkHeader.byteCount)
        chunk.append(records)
        recordCount = count
        try flushChunk(compressor ?? self.compressor)
    }

    private func checkFailure() throws(SnapshotError) {
        if let failure { throw failure }
    }

    private mutating func fail(_ error: SnapshotError) -> SnapshotError {
        failure = error
        file?.discard()
        return error
    }

    /// Completes the chunk, if there is one, and writes it.
    private mutating func flushChunk() throws(SnapshotError) { try flushChunk(compressor) }

    private mutating func flushChunk(
        _ compressor: (any BatchCompressor)?
    ) throws(SnapshotError) {
        guard recordCount > 0, let section = index.sections.last else { return }
        var digester = digester
        digester.add(
            chunk.bytes.extracting(SnapshotFormat.ChunkHeader.byteCount..<chunk.count),
            recordCount: UInt64(recordCount))
        self.digester = digester
        let compression = compressor.flatMap { compressChunk(with: $0) }
        let payloadByteCount = chunk.count - SnapshotFormat.ChunkHeader.byteCount
        let header = SnapshotChunk(
            section: section.id, number: chunkNumber,
            payloadByteCount: UInt32(payloadByteCount + overheadByteCount),
            recordCount: recordCount,
            flags: (compression == nil
                ? SnapshotFormat.ChunkFlags.plain : SnapshotFormat.ChunkFlags.compressed)
                | (key == nil ? 0 : SnapshotFormat.ChunkFlags.encrypted))
        if let key { encryptChunk(header, compression, with: key.cipher) }
        header.complete(&chunk, salt: salt)
        index.sections[index.sections.count - 1] = .init(
            id: section.id, chunkCount: section.chunkCount + 1,
            recordCount: section.recordCount + UInt64(recordCount),
            byteCount: section.byteCount + header.byteCount, firstOffset: section.firstOffset)
        chunkNumber += 1
        recordCount = 0
        try flush()
        do throws(CancellationError) { try observer?(offset) } catch {
            throw fail(SnapshotError(code: .cancelled, fence: info.fence))
        }
    }

    /// The bytes that encryption adds to the payload of a chunk.
    private var overheadByteCount: Int {
        key == nil ? 0 : EncryptedPayload.overheadByteCount
    }

    /// Puts the compressed records, behind what says so, in the place of the plain ones.
    ///
    /// - Returns: Nil, with everything as it was, when that is not smaller or a reader would refuse it.
    private mutating func compressChunk(with compressor: any BatchCompressor) -> ChunkCompression? {
        let head = SnapshotFormat.ChunkHeader.byteCount
        let plain = chunk.count - head
        var compressed = BinaryBuffer(capacity: head + plain / 2 + 64)
        compressed.append(zeros: head)
        let compression = ChunkCompression(uncompressedByteCount: plain, id: compressor.id)
        compression.append(to: &compressed)
        do throws(CodecError) {
            try compressor.compress(chunk.bytes.extracting(head..<chunk.count), into: &compressed)
        } catch {
            return nil
        }
        let stored = compressed.count - head
        guard stored < plain, ChunkCompression.allowsRatio(of: plain, to: stored)
        else { return nil }
        swap(&compressed, &chunk)
        return compression
    }

    /// Puts the encrypted records in the place of the plain ones.
    private mutating func encryptChunk(
        _ header: SnapshotChunk, _ compression: ChunkCompression?, with cipher: any FileCipher
    ) {
        let clear =
            SnapshotFormat.ChunkHeader.byteCount
            + (compression == nil ? 0 : SnapshotFormat.ChunkCompression.byteCount)
        var encrypted = BinaryBuffer(
            capacity: SnapshotFormat.ChunkHeader.byteCount + Int(header.payloadByteCount) + 8)
        encrypted.append(chunk.bytes.extracting(0..<clear))
        let context = header.identifyingBytes() + (compression?.identifyingBytes() ?? [])
        cipher.encrypt(
            chunk.bytes.extracting(clear..<chunk.count), context: context.span.bytes,
            into: &encrypted)
        swap(&encrypted, &chunk)
    }

    /// Writes the section of the key, where the snapshot is encrypted. Its proof encrypts nothing: the tag covers the
    /// record, the header of the file and the index, so nothing can be cut off or left out.
    private mutating func appendKey() throws(SnapshotError) {
        guard let key else { return }
        let header = SnapshotChunk(
            section: SnapshotFormat.keySection, number: chunkNumber,
            payloadByteCount: UInt32(KeyRecord.provenByteCount), recordCount: 1,
            flags: SnapshotFormat.ChunkFlags.key)
        let record = key.record.encoded()
        let context = index.proofContext(header, record)
        chunk.append(zeros: SnapshotFormat.ChunkHeader.byteCount)
        chunk.append(record)
        key.cipher.encrypt(RawSpan(), context: context.span.bytes, into: &chunk)
        header.complete(&chunk, salt: salt)
        index.sections.append(
            .init(
                id: header.section, chunkCount: 1, recordCount: 1, byteCount: header.byteCount,
                firstOffset: offset))
        try flush()
    }

    /// Writes what is in the buffer to the end of the file.
    private mutating func flush() throws(SnapshotError) {
        if let file {
            do throws(StorageError) {
                try file.file.write(chunk.bytes, at: offset)
            } catch {
                throw fail(SnapshotError(error, fence: info.fence))
            }
        }
        digest = CRC32C.checksum(of: chunk.bytes, seed: digest)
        offset += UInt64(chunk.count)
        chunk.removeAll()
    }
}
