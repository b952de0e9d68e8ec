// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat

/// The size and the compression of the records of a compressed chunk, known before they are inflated.
struct ChunkCompression {
    private typealias Fields = SnapshotFormat.ChunkCompression

    let uncompressedByteCount: Int
    let id: CompressionID

    init(uncompressedByteCount: Int, id: CompressionID) {
        self.uncompressedByteCount = uncompressedByteCount
        self.id = id
    }

    /// Reads the beginning of the payload of `chunk`, which lies at `offset` of the file. What it declares is within the
    /// limits.
    init(from payload: RawSpan, of chunk: SnapshotChunk, at offset: Int) throws(FormatError) {
        guard payload.byteCount >= Fields.byteCount else {
            throw FormatError(code: .truncated, offset: offset)
        }
        let declared = payload.load(Fields.uncompressedByteCount)
        guard declared <= SnapshotFormat.payloadByteCountMax else {
            throw FormatError(code: .limitExceeded, offset: offset)
        }
        uncompressedByteCount = Int(declared)
        guard Self.allowsRatio(of: uncompressedByteCount, to: Int(chunk.payloadByteCount)) else {
            throw FormatError(code: .limitExceeded, offset: offset)
        }
        guard chunk.recordCount <= declared else {
            throw FormatError(code: .invalidValue, offset: offset)
        }
        id = CompressionID(rawValue: payload.load(Fields.compression))
    }

    /// Whether so many bytes of records may lie in so many bytes of payload, neither of them more than a chunk may have.
    static func allowsRatio(of uncompressedByteCount: Int, to payloadByteCount: Int) -> Bool {
        uncompressedByteCount <= payloadByteCount * SnapshotFormat.compressionRatioMax
    }

    func append(to buffer: inout BinaryBuffer) {
        let base = buffer.count
        buffer.append(zeros: Fields.byteCount)
        buffer.store(UInt32(uncompressedByteCount), at: Fields.uncompressedByteCount, base: base)
        buffer.store(id.rawValue, at: Fields.compression, base: base)
    }

    /// The bytes that the tag of an encrypted payload covers.
    func identifyingBytes() -> [UInt8] {
        var buffer = BinaryBuffer(capacity: Fields.byteCount)
        append(to: &buffer)
        return buffer.array()
    }
}
