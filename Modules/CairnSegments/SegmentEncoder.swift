// SPDX-License-Identifier: Apache-2.0
//
// The content of a segment so far, and the encoding of what is added. No I/O: bytes go into a buffer.

public import CairnCodec
public import CairnFormat
public import CairnLSN

/// Adds frames to a segment, as bytes in a buffer.
public struct SegmentEncoder: Sendable {
    /// True once the seal was added.
    public private(set) var isSealed = false
    /// Lays its frames out.
    package private(set) var appender: SegmentAppender
    /// Finishes what was laid out.
    package private(set) var finisher: SegmentFinisher

    /// The header with which the segment begins.
    public var header: SegmentHeader { finisher.header }
    /// The account of the segment so far.
    public var progress: SegmentProgress {
        SegmentProgress(appender, chain: finisher.chain)
    }
    /// The key that the segment is encrypted with; nil for one that is not encrypted.
    public var keyID: KeyID? { finisher.keyID }

    /// The encoder of a new segment, whose header goes into `buffer`; for the first segment of a log it is
    /// ``SegmentHeader/init(firstOf:)``.
    ///
    /// With `encryption` the key record follows the header. Both must be durable before the file gets its name.
    public init(
        new header: SegmentHeader, limits: FrameLimits = FrameLimits(),
        encryption: (any StoreCipher)? = nil, into buffer: inout BinaryBuffer
    ) {
        let base = buffer.count
        finisher = SegmentFinisher(
            new: header, limits: limits, encryption: encryption, into: &buffer)
        let progress = SegmentProgress(
            byteCount: UInt64(buffer.count - base), frameCount: 0,
            lastLSN: header.baseLSN.predecessor, chain: finisher.chain)
        appender = SegmentAppender(
            resuming: header, at: progress, limits: limits, isEncrypted: encryption != nil)
    }

    /// The encoder of a segment that was read up to `progress`.
    ///
    /// - Parameters:
    ///   - header: The header of the segment.
    ///   - progress: What was read of it.
    ///   - limits: The bounds of frames.
    ///   - cipher: The cipher of the segment, as ``SegmentReader/cipher``; nil for one that is not encrypted.
    public init(
        resuming header: SegmentHeader, at progress: SegmentProgress,
        limits: FrameLimits = FrameLimits(), cipher: (any FileCipher)? = nil
    ) {
        appender = SegmentAppender(
            resuming: header, at: progress, limits: limits, isEncrypted: cipher != nil)
        finisher = SegmentFinisher(
            resuming: header, chain: progress.chain, limits: limits, cipher: cipher)
    }

    /// Adds a frame at the next LSN.
    ///
    /// - Returns: The LSNs it took; empty for a kind that takes none.
    /// - Throws: `LSNError` with code `.exhausted`; nothing was added.
    /// - Precondition: Not sealed; the payload is within the limits.
    @discardableResult
    public mutating func append(
        _ kind: FrameKind, relatedLSN: LSN, compression: CompressionID = .none,
        uncompressedByteCount: Int = 0, prefix: UInt64? = nil, payload: RawSpan,
        to buffer: inout BinaryBuffer
    ) throws(LSNError) -> LSNRange {
        precondition(!isSealed, "a sealed segment takes no more frames")
        let base = buffer.count
        let lsns = try appender.append(
            kind, relatedLSN: relatedLSN, compression: compression,
            uncompressedByteCount: uncompressedByteCount, prefix: prefix, payload: payload,
            to: &buffer)
        finisher.finish(&buffer, from: base)
        return lsns
    }

    /// Adds the seal, which ends the segment.
    ///
    /// - Returns: The header of the segment that must be durably in place before the seal is written.
    /// - Throws: `LSNError` with code `.exhausted` when no segment can follow.
    public mutating func seal(into buffer: inout BinaryBuffer) throws(LSNError) -> SegmentHeader {
        precondition(!isSealed, "a sealed segment takes no more frames")
        let successor = try finisher.seal(&appender, into: &buffer)
        isSealed = true
        return successor
    }
}
