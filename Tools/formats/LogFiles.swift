// SPDX-License-Identifier: Apache-2.0
//
// The rules across the segments of a log, for a program in any language: those that
// `ChainReader` judges. The errors are the verdicts.

internal import CairnCodec
internal import CairnIO
internal import CairnLog
package import CairnSegments

/// The segments of a log as a part of a set of files.
package enum LogFiles {
    /// The parts of the name of a segment file.
    package static let nameParts: [FileKind.NamePart] = [
        .number("segment", digits: 10, least: 1), .text("-"),
        .number("base", digits: 20, least: 1), .text(".wal"),
    ]

    /// The parts of a segment file name, as context.
    package static let context = [
        Argument("expectedSegment", "file.segment"), Argument("expectedBaseLSN", "file.base"),
    ]

    /// The folder of the segments.
    package static var folder: String { LogDirectory.logName.string }

    /// The segments.
    package static let segments = FileKind(
        "segments", in: folder, named: nameParts, format: "segment", context: context,
        lastMayBeTorn: true,
        rules: FileKind.Rules(
            before: "segmentsBefore", opened: "segmentOpened", each: "frameInLog",
            closed: "segmentClosed", after: "segmentsAfter"),
        "The segments of the log, in the order of their numbers.")

    /// The state of the rules between two files.
    package static let variables: [Step] = [
        .variable("fence", "0", "What was committed up to here is in the snapshot."),
        .variable("mustReach", "0", "The log was durable up to here when another file was made."),
        .variable("mustReachPath", "none", "That file."),
        .variable("before", "none", "The segment before; none when nothing can be said of it."),
        .variable("logID", "none", "The identity of the log: that of the first header that holds."),
        .variable("isForeign", "0", "1 while the segment at hand is of another log."),
        .variable("beforeIsJudged", "0", "1 once nothing more is said of the segment before."),
        .variable("firstBase", "0", "The base LSN of the first segment."),
        .variable("firstPath", "'\(LogDirectory.logName)'", "The first segment."),
        .variable("open", "0", "The LSN at which the transaction began that is open; else 0."),
        .variable("openPath", "none", "The file in which it began."),
        .variable("batches", "[]", "Its batches so far."),
        .variable("transactions", "[]", "The committed transactions, in order."),
    ]

    /// The types of the rules.
    package static let types =
        [before, opened, judgedAlone, closed, after] + LogTransactions.types

    /// A rule whose error is a verdict.
    package static func check(
        _ id: String, _ formula: Formula, _ verdict: Verdict, at: Formula = "0",
        file: Formula? = nil, _ meaning: String
    ) -> Step {
        .check(Check(id, formula, verdict.errorClass, at: at, file: file, meaning))
    }

    /// The verdict on a file whose header does not hold.
    package static let headerSteps: [Step] = [
        check(
            "isSegment", "file.category != 'notThisFormat'", .notALog, at: "file.at",
            "A file with the name of a segment is one."),
        check(
            "isKnownVersion", "file.category != 'unsupported'", .unsupportedVersion, at: "file.at",
            "The version of the file is known."),
        check(
            "headerHolds",
            "file.category == 'notThisFormat' || file.category == 'unsupported'", .corruption,
            at: "file.at", "The header of the file holds and agrees with its name."),
    ]

    private static let before = TypeDescription(
        "segmentsBefore", "What must be there before any segment is read.",
        [
            check(
                "storeIsThere", "folder.exists || fence > 0", .notALog, file: "'.'",
                "There is a log, or at least a snapshot of one."),
            check(
                "segmentsAreThere", "folder.fileCount > 0", .missingSegment,
                file: "'\(LogDirectory.logName)'",
                "The log has a segment: its folder appears with the first one in it, and the last one is never removed. So it has, too, where only a snapshot is left."
            ),
        ])

    /// A loss in the segment before, or a frame of a newer version there.
    private static func loss(
        _ id: String, unless formula: Formula, at: Formula, _ meaning: String
    ) -> [Step] {
        [
            check(
                "newerBefore", "\(formula) || before.category != 'unsupported'",
                .unsupportedVersion, at: at, file: "before.path",
                "What ends the segment before is not an intact frame of a newer version."),
            check(
                id, "\(formula) || before.category == 'unsupported'", .corruption, at: at,
                file: "before.path", meaning),
        ]
    }

    private static let judge = Step.field(
        "judged", .type("segmentAlone"), "What is said of the segment before by itself.")

    private static let judgedAlone = TypeDescription(
        "segmentAlone",
        "Judges the segment before by itself, where nothing that follows speaks of it.",
        [
            .when(
                "before != none && beforeIsJudged == 0",
                [.assign("beforeIsJudged", "1")]
                    + loss(
                        "wholeBefore", unless: "before.error == none", at: "before.at",
                        "Only the last segment may end in something unreadable.")
                    + loss(
                        "sealedBefore", unless: "before.error != none || before.sealed == 1",
                        at: "before.contentEnd", "Every segment but the last has a seal."))
        ])

    private static let opened = TypeDescription(
        "segmentOpened", "Whether a segment continues the one before.",
        [
            .define("header", "file.content.header", "The header; none if it does not hold."),
            .assign("isForeign", "0"),
            .when(
                "file.isFirst",
                [.assign("firstBase", "file.base"), .assign("firstPath", "file.path")]),
            .when(
                "before != none && file.segment != before.segment + 1",
                [
                    judge,
                    check(
                        "segmentOnce", "file.segment != before.segment", .corruption,
                        "No two files have the number of one segment."),
                    check(
                        "noSegmentMissing", "file.segment == before.segment", .missingSegment,
                        "The numbers of the segments have no gap."),
                ]),
            .when(
                "file.content.salt == none",
                [judge] + headerSteps + [.assign("before", "none")],
                otherwise: [
                    .when("logID == none", [.assign("logID", "header.logID")]),
                    .when(
                        "header.logID != logID", foreign,
                        otherwise: [.when("before != none", chain)]),
                ]),
        ])

    private static let foreign: [Step] = [
        judge,
        check("sameLog", "1 == 0", .foreignLog, "The segment is of the same log as the first."),
        .assign("isForeign", "1"), .assign("before", "none"),
    ]

    private static let chain: [Step] = [
        .when(
            "file.segment == before.segment + 1",
            loss(
                "predecessor",
                unless: """
                    (header.predecessorByteCount == before.contentEnd \
                    && header.predecessorLastLSN == before.lastLSN \
                    && header.predecessorChain == before.chain)
                    """, at: "before.error == none ? before.contentEnd : before.at",
                "The segment before holds what this header says of it: bytes, LSNs and chain checksum, without the seal."
            ))
    ]

    private static let closed = TypeDescription(
        "segmentClosed", "The seal of the segment before, and the end of the log.",
        [
            .define("content", "file.content", "What was read of the segment."),
            .when("content.salt != none", [.when("isForeign == 0", closing)]),
        ])

    private static let closing: [Step] = [
        .when(
            """
            before != none && beforeIsJudged == 0 \
            && before.contentEnd == content.header.predecessorByteCount
            """, sealBefore), .when("file.isLast", end),
        .assign(
            "before",
            """
            object('path', file.path, 'segment', file.segment, 'contentEnd', content.contentEnd, \
            'lastLSN', content.contentLastLSN, 'chain', content.contentChain, 'sealed', \
            content.sealed, 'error', file.error, 'category', file.category, 'at', file.at, \
            'torn', file.torn)
            """), .assign("beforeIsJudged", "0"),
    ]

    private static let sealBefore: [Step] =
        [
            .define(
                "isWhole", "before.sealed == 1 && before.error == none",
                "Whether the segment before ends in its seal."),
            .define(
                "isInterrupted",
                """
                file.isLast && file.error == none && file.torn == none && content.frameCount == 0 \
                && before.sealed == 0
                """,
                "Whether a crash cut a rotation short: the last segment is there and empty, the seal not written."
            ),
        ]
        + loss(
            "sealBefore", unless: "isWhole || isInterrupted", at: "before.contentEnd",
            "A segment with a successor that holds a frame ends in its seal.")

    private static let sealFrameByteCount = FrameLayout.frameByteCount(
        payloadByteCount: SegmentLayout.sealByteCountTotal)

    private static let end: [Step] = [
        check(
            "lastIsOpen", "content.sealed == 0", .missingSegment,
            at: "content.contentEnd + \(sealFrameByteCount)",
            "The last segment has no seal: a seal is written after the next segment is in place, so that one is gone."
        ),
        check(
            "lastIsKnown", "file.category != 'unsupported'", .unsupportedVersion, at: "file.at",
            "The log does not end at an intact frame of a newer version."),
        check(
            "lastIsWhole", "file.error == none || file.category == 'unsupported'", .corruption,
            at: "file.at", "The log ends in nothing but a torn write."),
    ]

    /// The log reaches back to the snapshot.
    static let reachesBack = check(
        "reachesBack", "mode != 'recover' || firstBase <= fence + 1", .missingSegment,
        file: "firstPath",
        "The log goes on where the newest readable snapshot ends; without a snapshot it begins at LSN 1."
    )

    private static let after = TypeDescription(
        "segmentsAfter", "Whether snapshot and log belong together.",
        [
            reachesBack,
            check(
                "endsBeforeTheLast", "open == 0 || before == none || openPath == before.path",
                .corruption, file: "openPath",
                "A transaction that is open at the end of the log began in the last segment."),
            check(
                "reachesSnapshot", "before == none || before.lastLSN >= fence", .missingSegment,
                at: "before.contentEnd", file: "before.path",
                "The log does not end before the snapshot: what was written to it by then was durable."
            ),
            check(
                "reachesOtherFiles", "before == none || before.lastLSN >= mustReach",
                .missingSegment, file: "mustReachPath",
                "The log does not end before any other file of the store was made."),
            check(
                "notTorn", "mode == 'recover' || before.torn == none", .tornTail,
                at: "before.torn", file: "before.path",
                "Only recovery takes a torn end for an end."),
        ])
}
