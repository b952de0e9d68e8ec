// SPDX-License-Identifier: Apache-2.0
//
// Headers that lie in two sectors, one of which a crash may have left unwritten.

import CairnCodec
import CairnFormats
import CairnInterpreter
import CairnLSN
import CairnSegments

extension SegmentVectors {
    func sectorsOfHeaders() throws(LSNError) -> [VectorCase] {
        [
            try headerAtSectorEnd(payload: 0), try headerAtSectorEnd(payload: 16),
            try headerAcrossSectors(isKept: false), try headerAcrossSectors(isKept: true),
        ]
    }

    /// A builder whose next frame begins at `offset`.
    private func builder(
        to offset: Int, logID: LogID = SegmentBuilder.logID
    ) throws(LSNError) -> SegmentBuilder {
        let builder = SegmentBuilder(logID: logID)
        let count = offset - Self.header - Self.frame - 4
        try builder.add(.mutationBatch, related: 1, [UInt8](repeating: 0xff, count: count))
        return builder
    }

    /// The first eight bytes of a header are in one sector, the others in the next.
    private func headerAtSectorEnd(payload: Int) throws(LSNError) -> VectorCase {
        let builder = try builder(to: 504)
        try builder.add(.transactionBegin, [UInt8](repeating: 0xff, count: payload))
        return end(
            payload == 0 ? "flipped-header-in-a-zero-part" : "flipped-header-in-a-part",
            "headerChecksum", isTorn: payload == 0,
            edited(builder.bytes, at: 508, [0], repair: false),
            payload == 0
                ? "What the sector has of the frame lost its only bit; what lies before the frame does not count."
                : "What the sector has of the frame is not all zero.")
    }

    /// The second half of a header is in another sector, with 496 bytes of the payload; all of it is zero but
    /// for one bit. For that, the identity of the log is chosen so that the checksum of the header is 0.
    private func headerAcrossSectors(isKept: Bool) throws(LSNError) -> VectorCase {
        var payload = [UInt8](repeating: 0, count: 1000)
        for place in 1536 - 1040..<1000 { payload[place] = 0x5a }
        if isKept { payload[1500 - 1040] = 0x5a }
        let header = FrameHeader(
            kind: .mutationBatch, lsn: LSN(rawValue: 2), relatedLSN: LSN(rawValue: 1),
            payloadByteCount: payload.count)
        let logID = ChecksumForge.message(
            [UInt8](repeating: 7, count: LogID.byteCount), changing: 0..<8, to: 0
        ) { Self.headerChecksum(header, $0) }
        let chosen = logID.map(Self.logID) ?? SegmentBuilder.logID
        let builder = try builder(to: 1008, logID: chosen)
        builder.raw(header, payload)
        return end(
            isKept ? "flipped-header-of-another-sector" : "flipped-header-of-a-zero-sector",
            "headerChecksum", isTorn: !isKept,
            edited(builder.bytes, at: 1024, [0], repair: false),
            isKept
                ? "The sector of the flipped bit has another byte of the frame that is not zero."
                : "The only bit of a sector of 512 bytes, in the second half of a header.")
    }

    private static func logID(_ bytes: [UInt8]) -> LogID {
        func half(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return LogID(high: half(bytes[..<8]), low: half(bytes[8...]))
    }

    /// The checksum that a header has in the first segment of a log.
    private static func headerChecksum(_ header: FrameHeader, _ logID: [UInt8]) -> UInt32 {
        var bytes: [UInt8] = []
        func append(_ value: UInt64, _ count: Int) {
            for index in 0..<count {
                bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
            }
        }
        append(UInt64(header.payloadByteCount), 4)
        append(UInt64(header.kind.rawValue), 4)
        append(header.lsn.rawValue, 8)
        append(header.relatedLSN.rawValue, 8)
        append(0, 4)
        let salt = SlowCRC32C.checksum(logID + [1, 0, 0, 0, 0, 0, 0, 0])
        return SlowCRC32C.checksum(bytes, seed: salt)
    }
}
