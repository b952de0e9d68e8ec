// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// The compression of a batch, as a frame header stores it.
public struct CompressionID: RawRepresentable, Hashable, Sendable {
    /// The byte on disk.
    public let rawValue: UInt8

    /// Wraps a byte, as read from a file.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Not at all.
    @inlinable public static var none: Self { .init(rawValue: 0) }
    /// As one zlib stream (RFC 1950).
    @inlinable public static var zlib: Self { .init(rawValue: 1) }
}

/// A way to make batches smaller. Each batch is compressed alone.
///
/// `CairnZlib` has one; anything else that keeps to this protocol will do, with an identifier of 128
/// or above.
public protocol BatchCompressor: Sendable {
    /// The identifier that frames store for this compression.
    var id: CompressionID { get }

    /// Appends `batch` in compressed form to `output`.
    ///
    /// - Throws: ``CodecError`` with code `.compressionFailed`; the batch is then stored as it is.
    func compress(_ batch: RawSpan, into output: inout BinaryBuffer) throws(CodecError)

    /// Appends the inflated form of `stored` to `output`: exactly `uncompressedByteCount` bytes, which
    /// the caller has checked against its limits.
    ///
    /// - Throws: ``CodecError`` with code `.decompressionFailed` for anything else, also for bytes
    ///   behind the end of the compressed stream; `output` may then hold a part.
    func decompress(
        _ stored: RawSpan, uncompressedByteCount: Int, into output: inout BinaryBuffer
    ) throws(CodecError)
}
