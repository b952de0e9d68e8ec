// SPDX-License-Identifier: Apache-2.0
//
// How the frames of a log become transactions, as rules: what `TransactionAssembler` does.

internal import CairnCodec
internal import CairnSegments

enum LogTransactions {
    static let types = [frame, batch]

    private static let forget: [Step] = [.assign("open", "0"), .assign("batches", "[]")]

    /// Refuses a frame; in salvage what it belongs to is forgotten.
    private static func refused(_ id: String, at: Formula = "start", _ meaning: String) -> [Step] {
        [LogFiles.check(id, "1 == 0", .corruption, at: at, meaning)] + forget
    }

    private static let insideRefused = refused(
        "outsideOfTransactions",
        "Transactions do not lie within one another, and a checkpoint does not lie within one.")

    private static func within(_ steps: [Step]) -> [Step] {
        [
            .when(
                "open == 0 || head.relatedLSN != open",
                refused(
                    "withinTransaction",
                    "A batch, a commit or an abort belongs to the transaction that is open."),
                otherwise: steps)
        ]
    }

    private static func timed(_ steps: [Step]) -> [Step] {
        [
            .when(
                "head.payloadByteCount < 8",
                refused("commitTime", "The payload of a commit begins with its time."),
                otherwise: [
                    .window(
                        from: "payloadStart", to: "payloadStart + 8",
                        [
                            .field(
                                "nanoseconds", .unsigned(byteCount: 8),
                                "When it was committed, in nanoseconds since 1970.")
                        ])
                ] + steps)
        ]
    }

    private static func delivered(_ first: Formula, _ last: Formula, _ batches: Formula) -> [Step] {
        [
            .define(
                "transaction",
                """
                object('first', \(first), 'last', \(last), 'nanoseconds', nanoseconds, \
                'batches', \(batches))
                """, "The transaction."),
            .assign("transactions", "append(transactions, transaction)"),
            .deliver("transaction"),
        ]
    }

    private static let frame = TypeDescription(
        "frameInLog",
        "What a frame means for the transactions of the log. One of another log means nothing.",
        [.when("isForeign == 0", meaning)])

    private static let meaning: [Step] =
        [
            .define("head", "element.head", "The header of the frame."),
            .define(
                "payloadStart", "start + \(FrameLayout.headerByteCount)",
                "Where the payload begins."),
            LogFiles.reachesBack,
            .when(
                "open != 0 && openPath != file.path",
                [
                    LogFiles.check(
                        "endsWhereItBegins", "1 == 0", .corruption, file: "openPath",
                        "A transaction ends in the segment in which it begins.")
                ] + forget),
            .when("head.kind == kind::transaction", singleFrame),
            .when(
                "head.kind == kind::transactionBegin",
                [
                    .when(
                        "open != 0", insideRefused,
                        otherwise: [
                            .assign("open", "head.lsn"), .assign("openPath", "file.path"),
                            .assign("batches", "[]"),
                        ])
                ]),
            .when(
                "head.kind == kind::mutation || head.kind == kind::mutationBatch",
                within(readable(gathered))),
            .when("head.kind == kind::transactionCommit", within(committed)),
            .when("head.kind == kind::transactionAbort", within(forget)),
            .when("head.kind == kind::checkpoint", [.when("open != 0", insideRefused)]),
        ]

    /// Steps for a batch whose compression is known.
    private static func readable(_ steps: [Step]) -> [Step] {
        [
            .when(
                "!known('compression', head.compression)",
                [
                    LogFiles.check(
                        "knownCompression", "1 == 0", .unsupportedVersion, at: "start",
                        "The way in which the batch is compressed is known.")
                ] + forget, otherwise: steps)
        ]
    }

    private static func part(_ name: String, from: Formula) -> Step {
        .field(name, .type("batchInFrame", [Argument("from", from)]), "The batch in the frame.")
    }

    private static let singleFrame: [Step] = [
        .when(
            "open != 0", insideRefused,
            otherwise: timed([
                .when(
                    "head.lsn + 2 > fence",
                    readable(
                        [part("batch", from: "payloadStart + 8")]
                            + delivered("head.lsn", "head.lsn + 2", "[batch]")))
            ]))
    ]

    /// While the batch is inflated no transaction is open: if that fails in salvage, none is left.
    private static let gathered: [Step] = [
        .define("begin", "open", "Where the transaction began."), .assign("open", "0"),
        part("batch", from: "payloadStart"), .assign("open", "begin"),
        .assign("batches", "append(batches, batch)"),
    ]

    private static let committed: [Step] =
        timed([
            .when("head.lsn > fence && batches != []", delivered("open", "head.lsn", "batches"))
        ]) + forget

    private static let batch = TypeDescription(
        "batchInFrame", "A batch, inflated if it is compressed.", parameters: ["from"],
        result: "batch",
        [
            .define(
                "to", "payloadStart + head.payloadByteCount", "Where the payload of the frame ends."
            ),
            .when(
                "head.compression == compression::none",
                [
                    .window(
                        from: "from", to: "to",
                        [.field("batch", .bytes("end - here"), "The batch as it is stored.")])
                ],
                otherwise: [
                    .inflate(
                        Inflation(
                            "batch", from: "from", to: "to",
                            byteCount: "head.uncompressedByteCount", id: "inflates",
                            Verdict.corruption.errorClass,
                            at: "payloadStart - \(FrameLayout.headerByteCount)",
                            "The batch inflates to as many bytes as its frame says."))
                ]),
        ])
}
