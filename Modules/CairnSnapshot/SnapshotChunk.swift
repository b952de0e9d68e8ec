// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The header of a chunk.
struct SnapshotChunk {
    private typealias Fields = SnapshotFormat.ChunkHeader
    private typealias Flags = SnapshotFormat.ChunkFlags

    let section: UInt32
    let number: UInt32
    let payloadByteCount: UInt32
    let recordCount: UInt32
    let flags: UInt32

    /// The number of bytes that the chunk takes in the file.
    var byteCount: UInt64 {
        UInt64(Fields.byteCount) + UInt64(payloadByteCount)
            + UInt64(SnapshotFormat.ChunkEnd.byteCount)
    }

    var isCompressed: Bool { flags & Flags.compressed != 0 }
    var isEncrypted: Bool { flags & Flags.encrypted != 0 }

    init(
        section: UInt32, number: UInt32, payloadByteCount: UInt32, recordCount: UInt32,
        flags: UInt32 = SnapshotFormat.ChunkFlags.plain
    ) {
        self.flags = flags
        self.section = section
        self.number = number
        self.payloadByteCount = payloadByteCount
        self.recordCount = recordCount
    }

    /// Reads a header that lies at `offset` of the file, in a section that has `room` bytes left.
    init(from bytes: RawSpan, at offset: UInt64, room: UInt64, salt: UInt32) throws(FormatError) {
        let base = Int(offset)
        let sum = CRC32C.checksum(of: bytes.extracting(0..<Fields.checksum.offset), seed: salt)
        guard sum == bytes.load(Fields.checksum) else {
            throw FormatError(code: .badChecksum, offset: base + Fields.checksum.offset)
        }
        flags = bytes.load(Fields.flags)
        guard flags <= Flags.key else {
            throw FormatError(code: .unsupportedVersion, offset: base + Fields.flags.offset)
        }
        section = bytes.load(Fields.section)
        number = bytes.load(Fields.number)
        payloadByteCount = bytes.load(Fields.payloadByteCount)
        recordCount = bytes.load(Fields.recordCount)
        guard payloadByteCount <= SnapshotFormat.payloadByteCountMax else {
            throw FormatError(code: .limitExceeded, offset: base + Fields.payloadByteCount.offset)
        }
        guard byteCount <= room else {
            throw FormatError(code: .truncated, offset: base + Fields.payloadByteCount.offset)
        }
        guard recordCount >= 1, isCompressed || recordCount <= payloadByteCount else {
            throw FormatError(code: .invalidValue, offset: base + Fields.recordCount.offset)
        }
        guard
            flags != Flags.key
                || section == SnapshotFormat.keySection
                    && payloadByteCount == KeyRecord.provenByteCount
        else {
            throw FormatError(code: .invalidValue, offset: base + Fields.flags.offset)
        }
    }

    /// The header but for its checksum: what the tag of an encrypted payload covers.
    func identifyingBytes() -> [UInt8] {
        var buffer = BinaryBuffer(capacity: Fields.byteCount)
        buffer.append(zeros: Fields.byteCount)
        store(in: &buffer)
        return buffer.bytes.extracting(0..<Fields.checksum.offset).array()
    }

    private func store(in buffer: inout BinaryBuffer) {
        buffer.store(section, at: Fields.section)
        buffer.store(number, at: Fields.number)
        buffer.store(payloadByteCount, at: Fields.payloadByteCount)
        buffer.store(recordCount, at: Fields.recordCount)
        buffer.store(flags, at: Fields.flags)
    }

    /// Fills in the header over the first bytes of `buffer` and appends the checksum of the rest.
    func complete(_ buffer: inout BinaryBuffer, salt: UInt32) {
        store(in: &buffer)
        let sum = CRC32C.checksum(
            of: buffer.bytes.extracting(0..<Fields.checksum.offset), seed: salt)
        buffer.store(sum, at: Fields.checksum)
        let payload = CRC32C.checksum(
            of: buffer.bytes.extracting(Fields.byteCount..<buffer.count), seed: salt)
        buffer.append(payload)
    }
}
