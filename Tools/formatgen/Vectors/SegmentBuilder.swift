// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnLSN
import CairnSegments

/// A segment that is put together frame by frame, also with frames that no writer would write.
///
/// What adds a frame throws ``LSNError`` when there is no LSN left for it.
final class SegmentBuilder {
    static let logID = LogID(high: 0x0001_0203_0405_0607, low: 0x0809_0a0b_0c0d_0e0f)

    private var buffer = BinaryBuffer()
    private var encoder: SegmentEncoder
    private let codec: FrameCodec
    /// Where each frame begins.
    private(set) var offsets: [Int] = []

    init(segment: UInt64 = 1, base: UInt64 = 1, logID: LogID = SegmentBuilder.logID) {
        let header = SegmentHeader(
            logID: logID, segment: SegmentID(rawValue: segment), baseLSN: LSN(rawValue: base),
            predecessorLastLSN: LSN(rawValue: base - 1),
            predecessorByteCount: segment == 1 ? 0 : 4096,
            predecessorChain: segment == 1 ? 0 : 0xabcd)
        encoder = SegmentEncoder(new: header, into: &buffer)
        codec = FrameCodec(log: logID, segment: header.segment)
    }

    /// A batch of one event of `byteCount` bytes.
    static func batch(_ byteCount: Int) -> [UInt8] {
        var builder = BatchBuilder()
        let event = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &+ 0x41) }
        builder.append(bytes: event.span.bytes)
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        return buffer.array()
    }

    /// The payload of a checkpoint that says something of its snapshot.
    static var mark: [UInt8] {
        var buffer = BinaryBuffer()
        CheckpointMark(
            digest: StateDigest(byteCount: 9, recordCount: 2, checksum: 0xe306_9283),
            nanoseconds: 1_700_000_000_000_000_000
        ).append(to: &buffer)
        return buffer.array()
    }

    func add(
        _ kind: FrameKind, related: UInt64 = 0, _ payload: [UInt8] = [], time: UInt64? = nil
    ) throws(LSNError) {
        offsets.append(buffer.count)
        try encoder.append(
            kind, relatedLSN: LSN(rawValue: related), prefix: time, payload: payload.span.bytes,
            to: &buffer)
    }

    func transaction(_ byteCount: Int, related: UInt64 = 0) throws(LSNError) {
        try add(
            .transaction, related: related, Self.batch(byteCount), time: 1_700_000_000_000_000_000)
    }

    /// A frame with whatever header.
    func raw(_ header: FrameHeader, _ payload: [UInt8] = []) {
        offsets.append(buffer.count)
        codec.append(header, payload: payload.span.bytes, to: &buffer)
    }

    func seal() throws(LSNError) {
        offsets.append(buffer.count)
        _ = try encoder.seal(into: &buffer)
    }

    var bytes: [UInt8] { buffer.array() }

    /// What the seal would say.
    var sealPayload: [UInt8] {
        SegmentSeal(progress: encoder.progress, baseLSN: encoder.header.baseLSN).encoded()
    }

    static func make(
        segment: UInt64 = 1, base: UInt64 = 1, _ body: (SegmentBuilder) throws(LSNError) -> Void
    ) throws(LSNError) -> [UInt8] {
        let builder = SegmentBuilder(segment: segment, base: base)
        try body(builder)
        return builder.bytes
    }
}
