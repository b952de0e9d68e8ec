// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnInterpreter
import CairnLSN
import CairnSegments

/// The vectors of segment files.
struct SegmentVectors {
    let format: ResolvedFormat

    static let header = SegmentLayout.headerByteCount
    static let frame = FrameLayout.headerByteCount

    /// Two single-frame transactions, the second of which has a watermark that covers the first.
    let two: [UInt8]
    /// Every kind of frame that has a meaning in one segment.
    let allKinds: [UInt8]
    let checkpoints: [UInt8]
    let closed: [UInt8]
    let sealed: [UInt8]
    let single: [UInt8]

    init(format: ResolvedFormat) throws(LSNError) {
        self.format = format
        two = try Self.twoTransactions()
        allKinds = try Self.everyKind()
        checkpoints = try Self.checkpointPayloads()
        closed = try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(5)
            try builder.add(.durableMark, related: 3)
        }
        sealed = try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(5)
            try builder.transaction(6, related: 3)
            try builder.seal()
        }
        single = try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(5)
        }
    }

    static func twoTransactions() throws(LSNError) -> [UInt8] {
        try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(5)
            try builder.transaction(6, related: 3)
        }
    }

    private static func everyKind() throws(LSNError) -> [UInt8] {
        try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(3)
            try builder.add(.transactionBegin, related: 3)
            try builder.add(.mutationBatch, related: 4, SegmentBuilder.batch(9))
            try builder.add(.mutation, related: 4, SegmentBuilder.batch(1))
            try builder.add(
                .transactionCommit, related: 4, [0, 0, 0x54, 0x9d, 0x7c, 0x57, 0x97, 0x17])
            try builder.add(.transactionBegin, related: 7)
            try builder.add(.transactionAbort, related: 8)
            try builder.add(.checkpoint, related: 7, SegmentBuilder.mark)
            try builder.add(.durableMark, related: 10)
        }
    }

    private static func checkpointPayloads() throws(LSNError) -> [UInt8] {
        try SegmentBuilder.make { (builder) throws(LSNError) in
            // Eight bytes of time, three of the batch, and the event.
            try builder.transaction(CheckpointMark.byteCount - 11)
            for byteCount in [0, CheckpointMark.byteCount - 1, CheckpointMark.byteCount + 1] {
                try builder.add(
                    .checkpoint, related: 1, [UInt8](repeating: 7, count: byteCount))
            }
        }
    }

    func set() throws(LSNError) -> VectorSet {
        VectorSet(
            format: format.name,
            cases: try good() + tails() + headers() + frames() + order() + seals()
                + proofs() + keys(),
            sweeps: [
                .init("two-transactions", [.truncate, .zeroFrom, .flip]),
                .init("two-transactions", [.flipAndRepair], Self.header..<single.count),
                .init("closed", [.truncate, .zeroFrom, .flip]),
                .init("sealed", [.flipAndRepair], two.count..<sealed.count),
                .init("header-only", [.truncate, .zeroFrom, .flipAndRepair]),
                .init("encrypted", [.truncate, .zeroFrom, .flip, .flipAndRepair]),
            ], examples: ["one-transaction", "sealed", "short-garbage-tail", "unknown-kind"],
            mapped: ["closed", "two-transactions"])
    }

    /// The base with some bytes replaced and the checksums made right again.
    func edited(
        _ base: [UInt8], at offset: Int, _ bytes: [UInt8], repair: Bool = true
    ) -> [UInt8] {
        var copy = base
        for (index, byte) in bytes.enumerated() { copy[offset + index] = byte }
        return repair ? format.repaired(copy) : copy
    }

    private func good() throws(LSNError) -> [VectorCase] {
        [
            VectorCase(
                "header-only", .good, expect: nil, try SegmentBuilder.make { _ in },
                "A segment that holds no frame yet."),
            VectorCase(
                "one-transaction", .good, expect: nil, single, "One single-frame transaction."),
            VectorCase(
                "two-transactions", .good, expect: nil, two,
                "Two single-frame transactions; the watermark of the second covers the first."),
            VectorCase(
                "all-kinds", .good, expect: nil, allKinds,
                "Every kind of frame: single-frame, in parts, aborted, checkpoint, mark."),
            VectorCase(
                "checkpoint-payloads", .good, expect: nil, checkpoints,
                "Checkpoints whose payload is no mark, and a transaction with as many bytes as one."
            ),
            VectorCase(
                "closed", .good, expect: nil, closed,
                "A log that was closed: a durable mark covers everything before."),
            VectorCase(
                "sealed", .good, expect: nil, sealed, "A segment that is ended for good."),
            VectorCase(
                "later-segment", .good, expect: nil,
                try SegmentBuilder.make(segment: 3, base: 41) { (builder) throws(LSNError) in
                    try builder.transaction(4, related: 40)
                },
                "Segments and LSNs that do not start at 1."),
            VectorCase(
                "last-numbers", .good, expect: nil,
                try SegmentBuilder.make(segment: .max, base: .max - 2) {
                    (builder) throws(LSNError) in
                    try builder.transaction(0)
                },
                "The largest segment number and the largest LSN."),
            VectorCase(
                "unknown-skippable-kind", .good, .versionSkew, .unknownTag, expect: nil,
                try SegmentBuilder.make { (builder) throws(LSNError) in
                    try builder.add(FrameKind(rawValue: 0x82), related: 7, [1, 2, 3])
                    try builder.transaction(2)
                }, "A kind with the top bit set is passed over by a reader that does not know it."),
            VectorCase(
                "newer-minor", .good, .versionSkew, expect: nil,
                edited(single, at: 10, [7, 0]), base: "one-transaction",
                "A newer minor version is read."),
        ]
            + (try (0..<8).map { (count) throws(LSNError) in
                VectorCase(
                    "padding-\(count)", .good, expect: nil,
                    try SegmentBuilder.make { (builder) throws(LSNError) in
                        try builder.add(
                            .mutationBatch, related: 1, [UInt8](repeating: 0xff, count: count))
                    },
                    "A payload of \(count) bytes, with the padding that makes the frame end at a multiple of 8."
                )
            })
    }

    private func tails() throws(LSNError) -> [VectorCase] {
        var prepared = two
        prepared += [UInt8](repeating: 0, count: 4096 - prepared.count)
        var afterEnd = prepared
        afterEnd[4000] = 1
        let stale = try SegmentBuilder.make(segment: 2, base: 1) { (builder) throws(LSNError) in
            try builder.transaction(5)
            try builder.transaction(6, related: 3)
            try builder.transaction(7, related: 6)
        }
        let recycled = single + stale[single.count...]
        return [
            VectorCase(
                "prepared", .zeroTail, .good, expect: nil, prepared, base: "two-transactions",
                "Zeros up to the end of the file are a clean end."),
            VectorCase(
                "short-zeros", .zeroTail, .good, expect: nil, two + [0, 0, 0],
                base: "two-transactions", "Fewer zeros than a header has are a clean end, too."),
            VectorCase(
                "byte-behind-zeros", .torn, expect: "bytesAfterEnd", afterEnd,
                base: "two-transactions", "Behind zeros nothing else may follow."),
            VectorCase(
                "garbage-tail", .torn, expect: "headerChecksum",
                two + [UInt8](repeating: 0x5a, count: 40), base: "two-transactions",
                "Bytes that are no frame."),
            VectorCase(
                "short-garbage-tail", .torn, expect: "truncated", two + [1, 2, 3, 4, 5, 6, 7],
                base: "two-transactions", "Fewer bytes than a header has, and not all zero."),
            VectorCase(
                "stale-frames", .staleTail, expect: "headerChecksum", recycled,
                "A recycled file: behind the first frame lie whole frames of an earlier segment, "
                    + "which never validate, because the checksums are salted with the segment."),
            VectorCase(
                "later-watermark", .bitFlip, expect: "payloadChecksum",
                edited(
                    edited(two, at: Self.header + Self.frame, [0xee], repair: false),
                    at: Self.header + Self.frame + 9, [0xee], repair: false),
                base: "two-transactions",
                "The first frame has several damaged bytes, and the watermark of the second covers it."
            ),
            VectorCase(
                "watermark-by-mark", .bitFlip, expect: "payloadChecksum",
                edited(
                    edited(closed, at: Self.header + Self.frame, [0xee], repair: false),
                    at: Self.header + Self.frame + 9, [0xee], repair: false), base: "closed",
                "The mark behind the damaged transaction covers it."),
            VectorCase(
                "flipped-payload-bit", .bitFlip, expect: "payloadChecksum",
                edited(
                    single, at: Self.header + Self.frame + 10,
                    [single[Self.header + Self.frame + 10] ^ 4], repair: false),
                base: "one-transaction",
                "One flipped bit in the last payload: flipping it back makes the frame whole, so it is a loss."
            ),
            VectorCase(
                "flipped-header-bit", .bitFlip, expect: "headerChecksum",
                edited(
                    single, at: Self.header + 8, [single[Self.header + 8] ^ 2],
                    repair: false), base: "one-transaction",
                "One flipped bit in the last header: flipping it back makes it whole, so it is a loss."
            ),
            VectorCase(
                "torn-sector", .torn, expect: "payloadChecksum", try tornSector(),
                "A frame across sectors one of which was never written: zeros, and so no proof of a loss."
            ),
        ]
    }

    private func tornSector() throws(LSNError) -> [UInt8] {
        var bytes = try SegmentBuilder.make { (builder) throws(LSNError) in
            try builder.transaction(1400)
        }
        for index in 512..<1024 { bytes[index] = 0 }
        return bytes
    }

    private func headers() throws(LSNError) -> [VectorCase] {
        let base = "one-transaction"
        func with(
            _ name: String, _ flags: VectorFlag, _ expected: String, _ offset: Int,
            _ bytes: [UInt8],
            repair: Bool, _ comment: String
        ) -> VectorCase {
            VectorCase(
                name, flags, expect: expected,
                edited(single, at: offset, bytes, repair: repair), base: base, comment)
        }
        return [
            VectorCase("empty", .header, expect: "truncated", [], "No byte at all."),
            VectorCase(
                "within-preamble", .header, expect: "truncated", Array(single[..<11]),
                base: base,
                "The file ends within the preamble."),
            VectorCase(
                "within-header", .header, expect: "truncated", Array(single[..<21]),
                base: base,
                "The file ends within the header."),
            with(
                "damaged-header", .bitFlip, "badChecksum", 64, [1], repair: false,
                "A damaged bit in what the header says of the segment before."),
            VectorCase(
                "preamble-only", .header, expect: "truncated", Array(single[..<16]),
                base: base,
                "An intact preamble, and nothing behind it."),
            with(
                "other-magic", .header, "badMagic", 0, Array("LIBRARY1".utf8), repair: true,
                "Another kind of file."),
            with(
                "damaged-magic", .bitFlip, "badChecksum", 3, [single[3] ^ 0x10], repair: false,
                "One damaged bit in the magic is damage, not another kind of file."),
            with(
                "magic-four-bits", .bitFlip, "badChecksum", 3, [single[3] ^ 0x0f],
                repair: true,
                "Four damaged bits still count as damage, even if the checksum holds."),
            with(
                "magic-five-bits", .header, "badMagic", 3, [single[3] ^ 0x1f], repair: true,
                "Five are another kind of file."),
            with(
                "newer-major", .versionSkew, "unsupportedVersion", 8, [2, 0], repair: true,
                "A newer major version is unsupported, not corrupt."),
            with(
                "damaged-major", .bitFlip, "badChecksum", 8, [2, 0], repair: false,
                "A damaged version number is corrupt, not unsupported."),
            with(
                "segment-zero", .header, "invalidValue", 32, [0], repair: true,
                "Segments count from 1."),
            with("base-zero", .header, "invalidValue", 40, [0], repair: true, "LSNs count from 1."),
            with(
                "base-gap", .header, "invalidValue", 40, [2], repair: true,
                "The segment does not begin where the one before ended."),
            VectorCase(
                "own-name", .context, .good, expect: nil, single,
                context: ["expectedSegment": .int(1), "expectedBaseLSN": .int(1)],
                "The name of the file says the same as its header."),
            VectorCase(
                "other-name", .context, expect: "nameAndHeaderDiffer", single,
                context: ["expectedSegment": .int(2), "expectedBaseLSN": .int(1)],
                "The name of the file says another segment than its header."),
            VectorCase(
                "other-base", .context, expect: "nameAndHeaderDiffer", single,
                context: ["expectedSegment": .int(1), "expectedBaseLSN": .int(9)],
                "The name of the file says another base LSN than its header."),
        ]
    }

    private func frames() throws(LSNError) -> [VectorCase] {
        let base = "one-transaction"
        let start = Self.header
        func with(
            _ name: String, _ flag: VectorFlag, _ expected: String, _ offset: Int, _ bytes: [UInt8],
            _ comment: String
        ) -> VectorCase {
            VectorCase(
                name, flag, expect: expected, edited(single, at: start + offset, bytes),
                base: base, comment)
        }
        return [
            with(
                "unknown-kind", .versionSkew, "unknownKind", 4, [9],
                "An intact frame of an unknown kind is unsupported, not corrupt."),
            with("kind-zero", .unknownTag, "unknownKind", 4, [0], "Kind 0 is no kind."),
            with(
                "reserved-set", .reserved, "reservedNotZero", 6, [1],
                "The reserved field is not zero."),
            with(
                "uncompressed-size-unused", .reserved, "reservedNotZero", 24, [9],
                "A size before compression, and no compression."),
            with(
                "payload-above-limit", .oversizedLength, "limitExceeded", 0, [1, 0, 0, 4],
                "One byte more than the limit, with a good checksum."),
            with(
                "payload-at-limit", .oversizedLength, "truncated", 0, [0, 0, 0, 4],
                "As many bytes as the limit allows, and the file does not have them."),
            with(
                "payload-2-31", .oversizedLength, "limitExceeded", 0, [0xff, 0xff, 0xff, 0x7f],
                "2^31 - 1 bytes."),
            with(
                "payload-2-32", .oversizedLength, "limitExceeded", 0, [0xff, 0xff, 0xff, 0xff],
                "2^32 - 1 bytes: nothing may be allocated for them."),
            with(
                "uncompressed-above-limit", .bomb, "limitExceeded", 5,
                [1, 0, 0] + Array(single[start + 8..<start + 24]) + [1, 0, 0, 4],
                "A batch that would inflate to more than the limit."),
            VectorCase(
                "uncompressed-limit-alone", .bomb, .compressed, expect: "limitExceeded",
                try bomb((64 << 20) + 1, 340_000), base: "header-only",
                "A batch above the limit whose ratio is within its own."),
            VectorCase(
                "uncompressed-at-limit", .oversizedLength, .compressed, expect: "truncated",
                try Array(bomb(64 << 20, 340_000).prefix(Self.header + Self.frame)),
                base: "header-only",
                "A header that declares a batch of the largest size there is; its payload is missing."
            ),
            VectorCase(
                "bomb-ratio", .bomb, .compressed, expect: "limitExceeded",
                try bomb(64 << 20, 65_536),
                base: "header-only",
                "64 MiB out of 64 KB: the ratio is above the limit, and nothing may be allocated."),
            VectorCase(
                "ratio-at-limit", .compressed, .good, expect: nil, try bomb(200 * 16, 16),
                "The ratio is as large as it may be; what the batch holds is not looked at here."),
            VectorCase(
                "ratio-above-limit", .compressed, .bomb, expect: "limitExceeded",
                try bomb(200 * 16 + 1, 16), base: "header-only",
                "One byte more than the ratio allows."),
            with(
                "padding-set", .reserved, "paddingNotZero", paddingOffset, [1],
                "The padding is not zero, and the checksum over it is right."),
            VectorCase(
                "payload-missing", .torn, expect: "truncated",
                Array(single[..<(start + 40)]), base: base, "The file ends within the payload."
            ),
        ]
    }

    /// The last byte of the padding of the frame of `single`, from the frame's start.
    private var paddingOffset: Int { single.count - Self.header - 5 }

    private func bomb(_ uncompressed: Int, _ stored: Int) throws(LSNError) -> [UInt8] {
        try SegmentBuilder.make { (builder) throws(LSNError) in
            builder.raw(
                FrameHeader(
                    kind: .mutationBatch, compression: .zlib, lsn: LSN(rawValue: 1),
                    relatedLSN: LSN(rawValue: 1), payloadByteCount: stored,
                    uncompressedByteCount: uncompressed), [UInt8](repeating: 0x78, count: stored))
        }
    }
}
