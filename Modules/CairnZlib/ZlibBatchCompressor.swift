// SPDX-License-Identifier: Apache-2.0

internal import CZlib
public import CairnCodec
public import CairnFormat

/// Compresses batches as zlib streams (RFC 1950).
///
/// Different versions of zlib give different bytes for the same batch; all of them can be read by all.
public struct ZlibBatchCompressor: BatchCompressor {
    /// The effort: 1 (fast) to 9 (small).
    public let level: Int

    /// A compressor of the given level.
    ///
    /// - Precondition: `1...9` contains the level.
    public init(level: Int = 1) {
        precondition((1...9).contains(level), "a zlib level is from 1 to 9")
        self.level = level
    }

    /// zlib.
    public var id: CompressionID { .zlib }

    /// Appends `batch` as one zlib stream.
    public func compress(_ batch: RawSpan, into output: inout BinaryBuffer) throws(CodecError) {
        let bound = Int(compressBound(uLong(batch.byteCount)))
        try output.append(addingCapacity: bound) { (span) throws(CodecError) in
            let result = span.withUnsafeMutableBytes { target, initializedCount in
                batch.withUnsafeBytes { source in
                    var count = uLongf(target.count)
                    let result = compress2(
                        target.bindMemory(to: Bytef.self).baseAddress, &count,
                        source.bindMemory(to: Bytef.self).baseAddress, uLong(source.count),
                        Int32(level))
                    if result == Z_OK { initializedCount = Int(count) }
                    return result
                }
            }
            guard result == Z_OK else { throw CodecError(code: .compressionFailed, offset: 0) }
        }
    }

    /// Appends the inflated form of one zlib stream; it never writes more than declared.
    public func decompress(
        _ stored: RawSpan, uncompressedByteCount: Int, into output: inout BinaryBuffer
    ) throws(CodecError) {
        // One byte more than declared, so that a stream that holds more is noticed.
        try output.append(addingCapacity: uncompressedByteCount + 1) { (span) throws(CodecError) in
            let isExact = span.withUnsafeMutableBytes { target, initializedCount in
                stored.withUnsafeBytes { source in
                    var count = uLongf(target.count)
                    var consumed = uLong(source.count)
                    let result = uncompress2(
                        target.bindMemory(to: Bytef.self).baseAddress, &count,
                        source.bindMemory(to: Bytef.self).baseAddress, &consumed)
                    guard result == Z_OK, Int(count) == uncompressedByteCount,
                        Int(consumed) == source.count
                    else { return false }
                    initializedCount = Int(count)
                    return true
                }
            }
            guard isExact else { throw CodecError(code: .decompressionFailed, offset: 0) }
        }
    }
}
