// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnInterpreter
import CairnLSN
import CairnSegments
import CairnSnapshot

/// The vectors of the directory of a store.
struct StoreVectors {
    let formats: [ResolvedFormat]
    /// Three segments, the last one open: LSNs 1 to 3, 4 to 6; 7 to 9; 10 to 12.
    let three: [SetFile]
    let one: [SetFile]

    init(formats: [ResolvedFormat]) throws {
        self.formats = formats
        three = try Self.three(of: SegmentBuilder.logID)
        one = try LogBuilder.make { log in
            try log.transaction(5)
            try log.transaction(6, related: 3)
        }
    }

    static func three(of logID: LogID) throws -> [SetFile] {
        try LogBuilder.make(logID: logID) { log in
            try log.transaction(5)
            try log.transaction(6, related: 3)
            try log.rotate()
            try log.transaction(7, related: 6)
            try log.rotate()
            try log.transaction(8, related: 9)
        }
    }

    func cases() throws -> [SetCase] {
        try good() + ends() + missing() + foreign() + headers() + rotations() + transactions()
            + compressions() + programs() + snapshots() + others() + conditions() + swept()
    }

    func repaired(_ format: String, _ bytes: [UInt8]) -> [UInt8] {
        formats.first { $0.name == format }?.repaired(bytes) ?? bytes
    }

    /// With some bytes of a file replaced and the checksums made right again.
    func edited(
        _ files: [SetFile], _ index: Int, at offset: Int, _ bytes: [UInt8]
    ) -> [SetFile] {
        files.replacing(index) { old in
            var copy = old
            for (place, byte) in bytes.enumerated() { copy[offset + place] = byte }
            return repaired("segment", copy)
        }
    }

    func good() throws -> [SetCase] {
        try [
            .good("one-segment", one, "A log of one segment."),
            .good(
                "header-only", LogBuilder.make { _ in },
                "A log that was just created: it holds no transaction."),
            .good(
                "three-segments", three,
                "Two sealed segments and one that is open."),
            .good(
                "several-batches",
                LogBuilder.make { log in
                    try log.add(.transactionBegin)
                    try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(9))
                    try log.add(.mutation, related: 1, SegmentBuilder.batch(1))
                    try log.add(.transactionCommit, related: 1, [], time: LogBuilder.time)
                    try log.transaction(3, related: 4)
                }, "A transaction of two batches, and a single-frame one."),
            .good(
                "begin-and-commit-with-more",
                LogBuilder.make { log in
                    try log.add(.transactionBegin, [7, 7, 7])
                    try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(9))
                    try log.add(
                        .transactionCommit, related: 1, [1, 2, 3, 4], time: LogBuilder.time)
                },
                "A begin with a payload, and a commit with bytes behind its time: nothing looks at them."
            ),
            .good(
                "aborted",
                LogBuilder.make { log in
                    try log.add(.transactionBegin)
                    try log.add(.mutationBatch, related: 1, SegmentBuilder.batch(9))
                    try log.add(.transactionAbort, related: 1)
                    try log.transaction(3, related: 3)
                }, "A transaction that was given up is not handed out."),
            .good(
                "unfinished",
                LogBuilder.make { log in
                    try log.transaction(3)
                    try log.add(.transactionBegin, related: 3)
                    try log.add(.mutationBatch, related: 4, SegmentBuilder.batch(9))
                }, "A transaction whose commit a crash prevented is not handed out."),
            .good(
                "marks",
                LogBuilder.make { log in
                    try log.transaction(3)
                    try log.add(.checkpoint, related: 3)
                    try log.add(.checkpoint, related: 3, SegmentBuilder.mark)
                    try log.add(.checkpoint, related: 3, [1, 2, 3])
                    try log.add(.durableMark, related: 6)
                    try log.add(FrameKind(rawValue: 0x82), related: 6, [1, 2, 3])
                    try log.transaction(4, related: 6)
                },
                "A checkpoint that says nothing, one with a digest, one with three bytes that nothing looks at, a mark, and a kind that readers may skip."
            ),
        ]
    }

    func ends() -> [SetCase] {
        let last = three.count - 1
        return [
            SetCase(
                "torn-end", .torn, opens: nil, verifies: "tornTail",
                three.cutting(last, by: 3),
                "The last write was cut short; recovery goes on before it."),
            SetCase(
                "torn-end-behind-intact", .torn, opens: nil, verifies: "tornTail",
                one.appending(0, [UInt8](repeating: 0x5a, count: 40)),
                "Bytes that are no frame behind two intact ones."),
            .refused(
                "proven-loss", .bitFlip, as: "corruption",
                one.flipping(0, at: 80, 0xff),
                "The damaged first transaction was durable, as the watermark of the second one says."
            ),
            .refused(
                "torn-before-last", .torn, as: "corruption",
                three.cutting(1, by: 3),
                "Only the last segment may end in a torn write: this one has lost its seal."),
            .refused(
                "cut-before-last", .torn, as: "corruption",
                three.replacing(0) { Array($0.prefix(SegmentLayout.headerByteCount)) },
                "The first segment ends behind its header, and the next one says that it held more."
            ),
            .refused(
                "damage-before-last", .bitFlip, as: "corruption",
                three.flipping(0, at: 120, 0xff),
                "A damaged frame in the first segment; salvage hands out what lies in the others."),
            .refused(
                "damage-before-gap", .bitFlip, as: "corruption",
                three.without(1).flipping(0, at: 120, 0xff),
                "The segment before a gap is judged by itself, before the gap is."),
            .refused(
                "unsealed-before-gap", .torn, as: "corruption",
                three.without(1).cutting(0, by: 80),
                "The segment before a gap has no seal."),
            .refused(
                "newer-kind-at-end", .versionSkew, as: "unsupportedVersion",
                edited(three, last, at: 72 + 4, [0x7f]),
                "The last segment has an intact frame of an unknown kind."),
            .refused(
                "newer-kind-before-last", .versionSkew, as: "unsupportedVersion",
                edited(three, 1, at: 72 + 4, [0x7f]),
                "An intact frame of an unknown kind in an earlier segment: unsupported, never corrupt."
            ),
        ]
    }
}
