// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnSegments

extension SegmentLayout {
    /// The steps that read a segment file.
    static let reading = Reading(
        root: "segment",
        context: [
            Reading.Context(
                "expectedSegment", unknown: "none", "The segment number in the name of the file."),
            Reading.Context(
                "expectedBaseLSN", unknown: "none", "The base LSN in the name of the file."),
        ],
        types: [
            segmentType, headerType, FrameLayout.headerType, frameType, sealType, markType, keyType,
        ],
        delivers: "frame",
        unknownTags: [
            "kind": UnknownPolicy(
                CodecError.Code.unknownKind.errorClass,
                ignorable: "tag & \(Int(FrameKind.skippableBit)) != 0",
                "A kind with the top bit set is passed over; any other makes the log unsupported."),
            "compression": UnknownPolicy(
                CodecError.Code.unknownCompression.errorClass,
                "The frame is intact; its batch cannot be read without the compressor."),
        ],
        version: version, tail: tail,
        canonical:
            "A segment has one encoding, but for how its batches are compressed and for the zeros "
            + "behind its last frame.",
        allocation: "1114112 + size * 4")

    private static let lsnCount: Formula = "attribute('kind', head.kind, 'lsnCount')"

    private static let segmentType = TypeDescription(
        "segment", "A header, then frames up to the end or to zeros.",
        parameters: ["expectedSegment", "expectedBaseLSN"],
        [
            .field("header", .type("segmentHeader"), "The header of the file."),
            .check(
                Check(
                    "nameMatches",
                    """
                    expectedSegment == none || header.segmentID == expectedSegment \
                    && header.baseLSN == expectedBaseLSN
                    """, SegmentError.Reason.nameAndHeaderDifferClass, at: "0",
                    "The name of the file says the same as its header; both of its numbers are known, or neither."
                )),
            .define(
                "salt", "crc32c(joined(header.logID, le(header.segmentID, 8)), 0)",
                "Where the checksums of all frames start: another log or segment has another one."),
            .variable("lastLSN", "header.baseLSN - 1", "The last LSN so far."),
            .variable("chain", "header.headerChecksum", "The chain checksum so far."),
            .variable("frameCount", "0", "How many frames so far."),
            .variable("sealed", "0", "1 once the seal was read."),
            .variable("encrypted", "0", "1 once a key record was read."),
            .variable("contentEnd", "here", "Where the frames end, without the seal."),
            .variable("contentLastLSN", "lastLSN", "The last LSN before the seal."),
            .variable("contentChain", "chain", "The chain checksum before the seal."),
            .loop(
                "frames", .until("isZero(bytes(here, end))"), .type("frame"),
                "The frames; zeros up to the end, or nothing, are a clean end."),
        ])

    private static let headerType = TypeDescription(
        "segmentHeader", header.meaning,
        FilePreamble.headerSteps(
            magic: magic, supported: version, header, checksum: checksum,
            id: "segmentHeaderChecksum",
            "The checksum of the header holds; then identity and numbers can be believed.") + [
                .check(
                    Check(
                        "headerNumbers",
                        "segmentID > 0 && baseLSN > 0 && predecessorLastLSN == baseLSN - 1",
                        FormatError.Code.invalidValue.errorClass, at: "start + \(segmentID.offset)",
                        "Segments and LSNs count from 1, and the segment begins where the one before ended."
                    ))
            ])

    private static let frameType = TypeDescription(
        "frame", "A header, its payload, zeros up to a multiple of 8 bytes less 4, and a checksum.",
        parameters: [],
        FrameLayout.frameSteps + [
            .check(
                Check(
                    "frameAfterSeal", "sealed == 0",
                    SegmentDamage.Kind.frameAfterSeal.errorClass, at: "start",
                    "Nothing follows the seal.")),
            .check(
                Check(
                    "lsnDense",
                    """
                    head.lsn == (lastLSN + min(\(lsnCount.text), 1)) % 0x10000000000000000 \
                    && head.lsn + max(\(lsnCount.text), 1) <= 0x10000000000000000
                    """, SegmentDamage.Kind.lsnOutOfOrder.errorClass, at: "start",
                    "The frame takes the next LSN, or carries the last one if it takes none.")),
            .when("head.kind == kind::segmentSeal", sealSteps),
            .when("head.kind == kind::segmentKey", keySteps),
            .when(
                """
                encrypted == 0 && head.kind == kind::checkpoint \
                && head.payloadByteCount == \(CheckpointMark.byteCount)
                """, markSteps),
            .when(
                "\(lsnCount) > 0",
                [.assign("lastLSN", "head.lsn + \(lsnCount) - 1")]),
            .assign(
                "chain", "crc32c(joined(le(head.headerChecksum, 4), le(payloadChecksum, 4)), chain)"
            ),
            .when(
                "head.kind != kind::segmentKey", [.assign("frameCount", "frameCount + 1")]),
            .when(
                "sealed == 0",
                [
                    .assign("contentEnd", "here"), .assign("contentLastLSN", "lastLSN"),
                    .assign("contentChain", "chain"),
                ]),
            .deliver("frame"),
        ])

    private static let markSteps: [Step] = [
        .window(
            from: "start + \(FrameLayout.headerByteCount)",
            to: "start + \(FrameLayout.headerByteCount + CheckpointMark.byteCount)",
            [.field("mark", .type("checkpointMark"), "What the checkpoint says of its snapshot.")])
    ]

    private static let markType = TypeDescription(
        "checkpointMark", CheckpointMark.layout.meaning, parameters: [],
        [.layout(CheckpointMark.layout)])

    private static let keySteps: [Step] = [
        keyCheck(
            "keyFirst", "start == \(headerByteCount)",
            "The key record is the first frame: what follows it is encrypted, what came before would not be."
        ),
        keyCheck(
            "keySize", "head.payloadByteCount == \(KeyRecord.provenByteCount)",
            "The payload is as long as a key record and its proof."),
        .window(
            from: "start + \(FrameLayout.headerByteCount)",
            to: "start + \(FrameLayout.headerByteCount + KeyRecord.byteCount)",
            [.field("key", .type("keyRecord"), "With which key the segment is encrypted.")]),
        .assign("encrypted", "1"),
    ]

    private static func keyCheck(_ id: String, _ formula: Formula, _ meaning: String) -> Step {
        .check(
            Check(
                id, formula, SegmentDamage.Kind.misplacedKey.errorClass, at: "start", meaning))
    }

    private static let keyType = TypeDescription(
        "keyRecord", KeyRecord.layout.meaning, parameters: [], [.layout(KeyRecord.layout)])

    private static let sealSteps: [Step] = [
        sealCheck(
            "sealSize", "head.payloadByteCount == \(sealByteCountTotal)", at: "start",
            "The payload is as long as a seal."),
        .window(
            from: "start + \(FrameLayout.headerByteCount)",
            to: "start + \(FrameLayout.headerByteCount + sealByteCountTotal)",
            [
                .field(
                    "seal",
                    .type(
                        "seal",
                        [
                            Argument("frameStart", "start"), Argument("framesSoFar", "frameCount"),
                            Argument("base", "header.baseLSN"), Argument("lastSoFar", "lastLSN"),
                            Argument("chainSoFar", "chain"),
                        ]), "What the seal says.")
            ]),
        .assign("sealed", "1"),
    ]

    private static let sealType = TypeDescription(
        "seal", seal.meaning,
        parameters: ["frameStart", "framesSoFar", "base", "lastSoFar", "chainSoFar"],
        [
            .layout(seal),
            sealCheck(
                "sealFrameCount", "frameCount == framesSoFar",
                "The seal counts the frames before it."),
            sealCheck("sealBaseLSN", "baseLSN == base", "The seal has the base LSN of the header."),
            sealCheck("sealLastLSN", "lastLSN == lastSoFar", "The seal has the last LSN."),
            sealCheck(
                "sealByteCount", "byteCount == frameStart", "The seal counts the bytes before it."),
            sealCheck(
                "sealChain", "chain == chainSoFar",
                "The seal has the chain checksum of all frames before it."),
            sealCheck("sealReserved", "reserved == 0", "The reserved field is zero."),
        ])

    private static func sealCheck(
        _ id: String, _ formula: Formula, at: Formula = "frameStart", _ meaning: String
    ) -> Step {
        .check(
            Check(id, formula, SegmentDamage.Kind.sealMismatch.errorClass, at: at, meaning))
    }

    private static let tail = TailRule(
        loop: "frames", torn: SegmentDamage.Kind.torn.map(\.errorClass),
        proofs: [
            TailRule.Proof(
                "laterWatermark",
                .later(
                    .type("frameHeader", [Argument("salt", "salt")]), step: FrameLayout.alignment,
                    when: """
                        attribute('kind', kind, 'carriesWatermark') == 1 && lsn > lastLSN && relatedLSN > lastLSN
                        """),
                "An intact frame header behind the damage carries a durable watermark at or above the damaged record."
            ),
            TailRule.Proof(
                "flippedPayloadBit",
                .flipUnder(
                    check: "payloadChecksum",
                    extent: "min(end, damage + \(FrameLayout.frameByteCount("head.").text))",
                    unless: missing),
                "One flipped bit makes the payload whole, so it was whole once."),
            TailRule.Proof(
                "flippedHeaderBit",
                .flip(
                    .type("frameHeader", [Argument("salt", "salt")]),
                    byteCount: FrameLayout.headerByteCount,
                    when: "lsn == lastLSN + 1 || attribute('kind', kind, 'lsnCount') == 0",
                    extent: "min(end, damage + \(FrameLayout.frameByteCount("").text))",
                    unless: missing),
                "One flipped bit makes the header whole, so it was whole once."),
        ],
        """
        Behind the last frame of the last segment, a write that a crash cut short may have left anything. \
        The torn end begins where the unreadable frame begins. It is a loss, not a torn write, if \
        something proves that the frame was whole: a later watermark, or one flipped bit. A flip proves \
        nothing where the missing part of a torn write looks the same: where the frame holds only zeros in \
        the sector that the flipped byte lies in (512 bytes of the file), or only zeros from the flipped \
        byte on, that byte included.
        """)

    private static let missing: Formula = """
        isZero(bytes(max(damage, byte / 512 * 512), min(extent, byte / 512 * 512 + 512))) \
        || isZero(bytes(byte, extent))
        """
}
