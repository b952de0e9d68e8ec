// SPDX-License-Identifier: Apache-2.0
//
// Damaged ends that only one condition of one proof decides: whether an error is a loss or a torn end.

import CairnCodec
import CairnFormats
import CairnInterpreter
import CairnLSN
import CairnSegments

extension SegmentVectors {
    /// An end that recovery cuts off, or one that proves a loss.
    func end(
        _ name: String, _ expected: String, isTorn: Bool, _ bytes: [UInt8], _ comment: String
    ) -> VectorCase {
        var vector = VectorCase(name, isTorn ? .torn : .bitFlip, expect: expected, bytes, comment)
        vector.isTorn = isTorn
        return vector
    }

    func proofs() throws(LSNError) -> [VectorCase] {
        try watermarks() + watermarkPlaces() + headerFlips() + payloadFlips() + sectorsOfHeaders()
    }

    // MARK: Later watermarks

    /// Two transactions, the second damaged in two bytes, and behind it the header of another frame.
    private func watermark(
        _ kind: FrameKind, lsn: UInt64 = 7, related: UInt64 = 6
    ) throws(LSNError) -> [UInt8] {
        let builder = SegmentBuilder()
        try builder.transaction(5)
        try builder.transaction(6)
        builder.raw(
            FrameHeader(
                kind: kind, lsn: LSN(rawValue: lsn), relatedLSN: LSN(rawValue: related),
                payloadByteCount: 0))
        var bytes = builder.bytes
        for place in [0, 9] { bytes[builder.offsets[1] + Self.frame + place] ^= 0xee }
        return bytes
    }

    private func watermarks() throws(LSNError) -> [VectorCase] {
        let others: [FrameKind] = [
            .mutation, .mutationBatch, .transactionCommit, .transactionAbort, .checkpoint,
            .segmentSeal,
        ]
        var cases = [
            end(
                "watermark-by-begin", "payloadChecksum", isTorn: false,
                try watermark(.transactionBegin),
                "The begin of a transaction behind the damage has a watermark that covers the damaged one."
            ),
            end(
                "watermark-by-transaction", "payloadChecksum", isTorn: false,
                try watermark(.transaction),
                "So does a single-frame transaction."),
            end(
                "watermark-of-less", "payloadChecksum", isTorn: true,
                try watermark(.transaction, related: 3),
                "A watermark of what lies before the damage proves nothing of the damage."),
            end(
                "watermark-before", "payloadChecksum", isTorn: true,
                try watermark(.transaction, lsn: 3, related: 9),
                "A watermark in a frame with an LSN from before the damage is no later one."),
        ]
        for kind in others {
            cases.append(
                end(
                    "no-watermark-by-\(kind)", "payloadChecksum", isTorn: true, try watermark(kind),
                    "The related LSN of this kind is no watermark."))
        }
        return cases
    }

    private func watermarkPlaces() throws(LSNError) -> [VectorCase] {
        let builder = SegmentBuilder()
        try builder.transaction(5)
        try builder.add(.transactionBegin, related: 0)
        builder.raw(
            FrameHeader(
                kind: .transactionBegin, lsn: LSN(rawValue: 5), relatedLSN: LSN(rawValue: 4),
                payloadByteCount: 0))
        var bytes = builder.bytes
        for place in [8, 17] { bytes[builder.offsets[1] + place] ^= 0x18 }
        let shifted =
            Array(bytes[..<builder.offsets[2]]) + [1, 2, 3, 4] + Array(bytes[builder.offsets[2]...])
        return [
            end(
                "watermark-40-bytes-on", "headerChecksum", isTorn: false, bytes,
                "A watermark 40 bytes behind the start of the damage, which is a multiple of 8."),
            end(
                "watermark-44-bytes-on", "headerChecksum", isTorn: true, shifted,
                "Frames lie at multiples of 8 bytes only: 44 bytes behind the damage nothing is looked for."
            ),
        ]
    }

    // MARK: Flipped headers

    private func headerFlips() throws(LSNError) -> [VectorCase] {
        let other = SegmentBuilder()
        try other.transaction(5)
        other.raw(
            FrameHeader(
                kind: .transactionBegin, lsn: LSN(rawValue: 99), relatedLSN: .never,
                payloadByteCount: 0))
        let mark = SegmentBuilder()
        try mark.transaction(5)
        try mark.add(.durableMark, related: 3)
        let place = mark.offsets[1]
        return [
            end(
                "flipped-header-of-another-lsn", "headerChecksum", isTorn: true,
                edited(other.bytes, at: place + 17, [1], repair: false),
                "With one bit flipped it is a whole header, but not that of the next record."),
            end(
                "flipped-header-of-mark", "headerChecksum", isTorn: false,
                edited(mark.bytes, at: place + 17, [1], repair: false),
                "A mark takes no LSN, so any LSN will do."),
            end(
                "flipped-header-late", "headerChecksum", isTorn: false,
                edited(single, at: Self.header + 24, [1], repair: false),
                "One flipped bit in the second half of a header."),
            try headerBeforeZeros(isFollowed: false), try headerBeforeZeros(isFollowed: true),
        ]
    }

    /// A header whose last byte lost its only bit; only zeros follow in the frame, or not quite.
    private func headerBeforeZeros(isFollowed: Bool) throws(LSNError) -> VectorCase {
        var bytes: [UInt8] = []
        var place = 0
        for related in UInt64(0)..<4096 {
            let builder = SegmentBuilder()
            try builder.transaction(5)
            place = builder.offsets[0]
            let start = builder.bytes.count
            builder.raw(
                FrameHeader(
                    kind: .mutationBatch, lsn: LSN(rawValue: 4), relatedLSN: LSN(rawValue: related),
                    payloadByteCount: 101), [UInt8](repeating: 0, count: 101))
            bytes = builder.bytes
            place = start
            guard bytes[start + Self.frame - 1].nonzeroBitCount != 1 else { break }
        }
        for index in place + Self.frame - 1..<bytes.count { bytes[index] = 0 }
        if isFollowed { for index in bytes.count - 4..<bytes.count { bytes[index] = 0x5a } }
        bytes += [UInt8](repeating: 0x5a, count: 16)
        return end(
            isFollowed ? "flipped-header-before-payload" : "flipped-header-before-zeros",
            "headerChecksum", isTorn: !isFollowed, bytes,
            isFollowed
                ? "The last byte of the header lost its only bit; the last bytes of its frame are there."
                : "The same, and from that byte on the frame is zero: so it would be if the rest was never written."
        )
    }

    // MARK: Flipped payloads

    /// A frame at the start with this payload.
    private func batch(_ payload: [UInt8]) throws(LSNError) -> [UInt8] {
        try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.add(.mutationBatch, related: 1, payload)
        }
    }

    private func payloadFlips() throws(LSNError) -> [VectorCase] {
        let payloadStart = Self.header + Self.frame
        // Bytes 512 to 1023 of the file: one whole sector.
        var payload = [UInt8](repeating: 0xff, count: 1500)
        for place in 512..<1024 { payload[place - payloadStart] = 0 }
        payload[600 - payloadStart] = 1
        let lost = edited(try batch(payload), at: 600, [0], repair: false)
        payload[1000 - payloadStart] = 1
        let kept = edited(try batch(payload), at: 600, [0], repair: false)
        var sparse = [UInt8](repeating: 0, count: 205)
        sparse[0] = 0xff
        sparse[5] = 1
        return [
            end(
                "flipped-bit-of-a-zero-sector", "payloadChecksum", isTorn: true, lost,
                "The only bit of a sector of 512 bytes of the file: it looks as if the sector was never written."
            ),
            end(
                "flipped-bit-of-another-sector", "payloadChecksum", isTorn: false, kept,
                "The sector has another byte that is not zero: it was written, and a bit flipped."),
            end(
                "flipped-bit-before-the-checksum", "payloadChecksum", isTorn: false,
                edited(try batch(sparse), at: payloadStart + 5, [0], repair: false),
                "Zeros follow the flipped bit, and then the checksum: the frame was there to its end."
            ),
            try lastByte(bits: 1), try lastByte(bits: 2),
        ]
    }

    /// A frame whose last byte has so many bits, one of which was lost; other bytes follow the frame.
    private func lastByte(bits: Int) throws(LSNError) -> VectorCase {
        var bytes: [UInt8] = []
        for number in UInt8(0)...UInt8.max {
            bytes = try batch([number] + [UInt8](repeating: 0x77, count: 11))
            if bytes[bytes.count - 1].nonzeroBitCount == bits { break }
        }
        let last = bytes.count - 1
        bytes[last] &= bytes[last] - 1
        bytes += [UInt8](repeating: 0x5a, count: 24)
        return end(
            bits == 1 ? "flipped-last-bit-of-a-frame" : "flipped-bit-of-the-last-byte",
            "payloadChecksum", isTorn: bits == 1, bytes,
            bits == 1
                ? "The last byte of the frame lost its only bit: its frame has only zeros from there on."
                : "The last byte of the frame lost one of two bits; it is not zero, so it was written."
        )
    }
}
