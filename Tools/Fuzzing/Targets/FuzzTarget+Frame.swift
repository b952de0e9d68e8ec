// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnLSN

extension FuzzTarget {
    /// One switch byte (bit 0: make the checksums right; bit 1: low limits; bit 2: and make the length
    /// fit; bit 3: but leave the padding), then a frame.
    static let frame = FuzzTarget(
        name: "frame", purpose: "one frame; what is read is written as the same bytes again",
        allocationByteCountMax: 1 << 20
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let switches = input.byte()
        var bytes = input.remainder()
        let codec = FrameCodec(
            log: LogID(high: 1, low: 2), segment: .first,
            limits: switches.has(1)
                ? FrameLimits(
                    payloadByteCountMax: 100, uncompressedByteCountMax: 1000,
                    compressionRatioMax: 20) : FrameLimits())
        if switches.has(0) {
            _ = Repair.frame(
                &bytes, at: 0, salt: codec.salt, fits: switches.has(2), pads: !switches.has(3))
        }
        try check(bytes, codec)
    } seeds: {
        let codec = FrameCodec(log: LogID(high: 1, low: 2), segment: .first)
        let payload: [UInt8] = [9, 8, 7, 6, 5]
        return [FrameKind.transaction, .mutationBatch, .transactionCommit, .durableMark].map {
            var buffer = BinaryBuffer()
            codec.append(
                FrameHeader(
                    kind: $0, compression: $0 == .mutationBatch ? .zlib : .none,
                    lsn: LSN(rawValue: 7), relatedLSN: LSN(rawValue: 3),
                    payloadByteCount: payload.count,
                    uncompressedByteCount: $0 == .mutationBatch ? 40 : 0),
                payload: payload.span.bytes, to: &buffer)
            return [1] + buffer.array()
        }
    }

    private static func check(
        _ bytes: [UInt8], _ codec: FrameCodec
    ) throws(BrokenInvariant) {
        let span = bytes.span.bytes
        let header: FrameHeader
        do { header = try codec.header(in: span, at: 0) } catch { return }
        try require(
            header.payloadByteCount <= codec.limits.payloadByteCountMax
                && header.uncompressedByteCount <= codec.limits.uncompressedByteCountMax,
            "a length above the limits was let through")
        try require(header.frameByteCount.isMultiple(of: 8), "a frame ends between two places")
        let payload: [UInt8]
        do { payload = try codec.payload(of: header, in: span, at: 0).array() } catch { return }
        var again = BinaryBuffer()
        codec.append(header, payload: payload.span.bytes, to: &again)
        try require(
            again.array() == Array(bytes.prefix(header.frameByteCount)),
            "a frame is written otherwise than it was read")
    }
}
