// SPDX-License-Identifier: Apache-2.0
//
// The files of a store and what holds across them, as rules: what opening one judges.

internal import CairnCodec
internal import CairnDurable
internal import CairnSegments

/// The description of the directory of a store, from which documents and vectors are generated.
package enum StoreFormat {
    /// Everything declared about it.
    package static let format = FormatDescription(
        "store",
        "The directory of a store: the segments of its log, its snapshots, the programs that wrote it, the lock file, where it "
            + "was restored from, what readers want, and what was cut off. Files with other names are not of the store: they are left alone.",
        layouts: [], tags: [("kind", FrameKind.tags), ("compression", CompressionID.tags)],
        rules: [
            "No file says which other file is current: the names and the headers say it.",
            "A snapshot that cannot be read is passed over; the one before and more of the log take its place.",
            "A snapshot of another log, or of a newer version, is refused and not passed over.",
            "A file that names a program is never passed over: one that cannot be read is refused, whatever is wrong with it.",
            "Only a torn end of the last segment is repaired by itself: it is copied to quarantine/ and cut.",
            "A segment without a seal is sealed when a crash interrupted the rotation behind it.",
        ], reading: reading)

    private static let reading = Reading(
        root: "store",
        types: [storeType, identityType, programType, snapshotType] + LogFiles.types,
        delivers: "transaction",
        canonical: "A writer chooses where segments end and when snapshots are made.",
        allocation: "4194304 + size * 4", isBounded: true,
        files: [
            identity, programs, snapshots, LogFiles.segments, lock, timelines, pins, quarantine,
        ],
        carries: Reading.Carried("batches", formats: ["GraphEvents", "coded-value", "batch"]))

    private static let storeType = TypeDescription(
        "store", "What the rules remember from one file to the next, and what comes of it all.",
        result: "object('program', program, 'snapshot', snapshot, 'transactions', transactions)",
        [
            .variable("logID", "none", "The identity of the log, as its first segment says."),
            .variable("program", "none", "The program that the store belongs to."),
            .variable("snapshot", "none", "The fence of the snapshot that is loaded."),
        ] + LogFiles.variables)

    private static let identity = FileKind(
        "identity", in: LogFiles.folder, named: LogFiles.nameParts, format: "segment",
        context: LogFiles.context, until: "0 == 0",
        rules: FileKind.Rules(opened: "identityOpened"),
        "The first segment, for the identity of the log: it is known before a snapshot is believed."
    )

    private static let identityType = TypeDescription(
        "identityOpened", "Takes the identity of the log from the header of its first segment.",
        [
            .when(
                "file.content.salt == none", LogFiles.headerSteps,
                otherwise: [.assign("logID", "file.content.header.logID")])
        ])

    private static let programs = FileKind(
        "programs", in: "\(ProgramHistory.folder)",
        named: [.number("fence", digits: 20, least: 0), .text(".snap")], format: "program",
        context: [Argument("expectedLogID", "logID"), Argument("expectedFence", "file.fence")],
        rules: FileKind.Rules(opened: "programOpened"),
        "The programs that wrote the store, the first one first; it belongs to the last.")

    private static let programType = TypeDescription(
        "programOpened", "Whether a file that names a program holds; none is passed over.",
        [
            .when(
                "mode == 'recover'",
                [
                    LogFiles.check(
                        "programHasLog", "logID != none", .missingSegment,
                        file: "'\(LogFiles.folder)'",
                        "There is a log: it is made before the file is, and its last segment is never removed."
                    ),
                    LogFiles.check(
                        "programOfThisLog", "file.error != 'foreignLog'", .foreignLog,
                        at: "file.at", "The file is of the same log as the first segment."),
                    LogFiles.check(
                        "programVersionKnown", "file.category != 'unsupported'",
                        .unsupportedVersion, at: "file.at",
                        "The version of the file is known, and all that it says; a newer one may be intact."
                    ),
                    LogFiles.check(
                        "programHolds",
                        "file.error == none", .corruption, at: "file.at",
                        "The file names a program, and has the fence that its name says: a version that is guessed makes wrong data of good."
                    ),
                    .assign("program", "file.content.program"),
                    .assign("mustReach", "file.fence"), .assign("mustReachPath", "file.path"),
                ])
        ])

    private static let snapshots = FileKind(
        "snapshots", in: "snapshots",
        named: [.number("fence", digits: 20, least: 0), .text(".snap")], format: "snapshot",
        context: [Argument("expectedLogID", "logID"), Argument("expectedFence", "file.fence")],
        isDescending: true, until: "snapshot != none",
        rules: FileKind.Rules(opened: "snapshotOpened"),
        "The snapshots, the newest first, until one can be read.")

    private static let snapshotType = TypeDescription(
        "snapshotOpened",
        "Whether a snapshot is loaded, passed over or refused; but for recovery, a log is read without any.",
        [.when("mode == 'recover'", judgedSnapshot)])

    private static let judgedSnapshot: [Step] =
        [
            LogFiles.check(
                "snapshotOfThisLog", "file.error != 'foreignLog'", .foreignLog, at: "file.at",
                "The snapshot is of the same log as the first segment."),
            LogFiles.check(
                "snapshotVersion", "file.category != 'unsupported'", .unsupportedVersion,
                at: "file.at", "The version of the snapshot is known; a newer one may be intact."),
            LogFiles.check(
                "snapshotName", "file.error != 'wrongName'", .corruption, at: "file.at",
                "The snapshot has the fence that its name says."),
            .when(
                "file.error == none",
                [.assign("snapshot", "file.fence"), .assign("fence", "file.fence")]),
        ]

    private static let lock = FileKind(
        "lock", in: "", named: [.text("LOCK")], format: "lock-file",
        "The lock file; its content decides nothing.")

    private static let timelines = FileKind(
        "timelines", in: "\(Timeline.folder)",
        named: [.number("fence", digits: 20, least: 0), .text(".snap")], format: "timeline",
        context: [Argument("expectedLogID", "logID"), Argument("expectedFence", "file.fence")],
        "Where the store was restored from; that decides nothing.")

    private static let pins = FileKind(
        "pins", in: "\(ReaderPin.folder)",
        named: [
            .number("lsn", digits: 20, least: 0), .text("-"), .hexadecimal(16), .text(".pin"),
        ], format: "lock-file",
        "What readers in other processes want: the log stays behind the LSN in the name while a process holds the lock on the "
            + "file. What it says decides nothing, and a file without a lock is removed.")

    private static let quarantine = FileKind(
        "quarantine", in: "quarantine",
        named: LogFiles.nameParts + [
            .text("."), .number("offset", digits: 1, least: 0), .text("."), .hexadecimal(16),
        ], format: "quarantine-entry", "What was cut off the log; nothing reads it again by itself."
    )
}
