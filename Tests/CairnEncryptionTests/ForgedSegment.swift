// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnLSN
import CairnSegments
import Testing

/// The frames of a segment as they are stored, to be written anew by an attacker without the key: with all checksums, LSNs
/// and seals right.
struct ForgedSegment {
    struct Frame {
        var header: FrameHeader
        var payload: [UInt8]
    }

    var header: SegmentHeader
    var frames: [Frame]

    init(_ bytes: [UInt8]) throws {
        header = try SegmentHeader(from: bytes.span.bytes)
        frames = []
        let codec = FrameCodec(log: header.logID, segment: header.segment)
        var offset = SegmentLayout.headerByteCount
        while let frame = try? codec.header(in: bytes.span.bytes, at: offset) {
            let start = offset + FrameLayout.headerByteCount
            frames.append(
                Frame(
                    header: frame, payload: Array(bytes[start..<start + frame.payloadByteCount])))
            offset += frame.frameByteCount
        }
    }

    /// The places of the transactions among the frames.
    var transactions: [Int] { frames.indices.filter { frames[$0].header.kind == .transaction } }

    /// The segment as bytes.
    ///
    /// - Parameter sealed: Whether it ends in a seal; then also the header of the next segment.
    func write(sealed: Bool = false) throws -> (bytes: [UInt8], next: SegmentHeader?) {
        var buffer = BinaryBuffer()
        var encoder = SegmentEncoder(new: header, into: &buffer)
        for frame in frames where frame.header.kind != .segmentSeal {
            try encoder.append(
                frame.header.kind, relatedLSN: frame.header.relatedLSN,
                compression: frame.header.compression,
                uncompressedByteCount: frame.header.uncompressedByteCount,
                payload: frame.payload.span.bytes, to: &buffer)
        }
        let next = sealed ? try encoder.seal(into: &buffer) : nil
        return (buffer.array(), next)
    }
}
