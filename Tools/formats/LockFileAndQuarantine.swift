// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnIO

/// The declaration of the lock file of a store, for documents and vectors.
package enum LockFileFormat {
    /// Everything declared about it.
    package static let format = FormatDescription(
        "lock-file",
        "The file LOCK of a store. The lock is the advisory lock on the open file (flock); the content only "
            + "tells people who holds it. A content that does not follow the format names no process.",
        layouts: [],
        limits: [
            LimitDescription(
                "pidMax", UInt64(Int32.max), "The number of the process; the least is 1.")
        ],
        rules: [
            "The file is never removed, so that two processes can never lock two files of the same name.",
            "It is empty while no process holds it for writing. A process that was killed leaves its number "
                + "behind; a number that no living process has is not believed.",
        ], reading: reading)

    private static let prefixByteCount = LockText.prefix.utf8.count

    private static func check(_ id: String, _ formula: Formula, _ meaning: String) -> Step {
        .check(Check(id, formula, FormatError.Code.invalidValue.errorClass, at: "0", meaning))
    }

    private static let reading = Reading(
        root: "lockFile",
        types: [
            TypeDescription(
                "lockFile", "Nothing, or `pid`, a space, a number and a newline.",
                [
                    .when(
                        "size > 0",
                        [
                            check(
                                "lockSize",
                                "size > \(prefixByteCount + 1) && size < \(LockText.byteCountMax)",
                                "There is room for a number, and no more than one has."),
                            .field(
                                "prefix", .bytes("\(prefixByteCount)"),
                                "What stands before the number."),
                            check(
                                "lockPrefix", "prefix == utf8('\(LockText.prefix)')",
                                "The content begins with the right word."),
                            .field(
                                "pid", .bytes("size - \(prefixByteCount + 1)"),
                                "The number, in digits."),
                            .define("number", "digits(pid)", "The number."),
                            check(
                                "lockNumber", "1 <= number && number <= pidMax",
                                "The number is one that a process can have."),
                            .field("newline", .unsigned(byteCount: 1), "The end of the line."),
                            check("lockEnd", "newline == 10", "A newline ends it."),
                        ]),
                    .deliver("content"),
                ])
        ], delivers: "content", canonical: "Decimal digits as the system prints the number.",
        allocation: "65536 + size", isBounded: true)
}

/// The declaration of the files in `quarantine/`, for documents and vectors.
package enum QuarantineFormat {
    /// Everything declared about them.
    package static let format = FormatDescription(
        "quarantine-entry",
        "A file in quarantine/: the bytes that were cut off a segment, as they were. Named "
            + "<name of the segment file>.<offset, decimal>.<16 hexadecimal digits>, so the name says where they "
            + "belong.",
        layouts: [],
        rules: [
            "The file is written under its name with .creating behind it, synced, and renamed; only then is the "
                + "segment cut.",
            "The bytes end at the last one that is not zero.",
            "Writing them back to the segment at the offset undoes the cut.",
        ],
        reading: Reading(
            root: "quarantineEntry",
            types: [
                TypeDescription(
                    "quarantineEntry", "Bytes of a segment, in whatever state they were.",
                    [.field("bytes", .bytes("size"), "The bytes."), .deliver("entry")])
            ], delivers: "entry", canonical: "The bytes are those of the segment.",
            allocation: "1114112 + size"))
}
