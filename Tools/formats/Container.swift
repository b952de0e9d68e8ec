// SPDX-License-Identifier: Apache-2.0

package import CairnContainer
internal import CairnFormat

extension ContainerLayout {
    /// The kinds of records.
    static let kinds: [TagDescription] = [
        TagDescription(1, "create", "A new file or directory, empty, with a name in a directory."),
        TagDescription(2, "extend", "Gives a file bytes of the container, behind those it has."),
        TagDescription(3, "size", "Sets the size of a file, and leaves its extents alone."),
        TagDescription(
            4, "cut", "Sets the size of a file, and takes the bytes of its extents behind it away."),
        TagDescription(5, "rename", "Gives an entry another name in its directory."),
        TagDescription(6, "remove", "Removes an entry; a directory only when it is empty."),
        TagDescription(7, "link", "The journal goes on in another block."),
    ]

    /// Everything declared about containers.
    package static let format = FormatDescription(
        "container",
        "One file that holds all files of a store: a header, and a journal that says which bytes belong to which file. "
            + "Named as its user likes, by convention with the ending `.cairn`.",
        layouts: [header, record],
        tags: [("kind", kinds)],
        limits: [
            LimitDescription(
                "blockByteCountMin", blockByteCountMin, "Bytes of the smallest journal block."),
            LimitDescription(
                "blockByteCountMax", blockByteCountMax, "Bytes of the largest journal block."),
            LimitDescription(
                "placeMax", placeMax,
                "The largest place in a container, and the largest size of a file in it."),
            LimitDescription(
                "nameByteCountMax", UInt64(nameByteCountMax), "Bytes of the longest name."),
        ],
        rules: [
            "The preamble is judged first: magic, its checksum, then the major version.",
            "The salt of all records is the CRC-32C of the 16 bytes of the identity and the 8 bytes of the generation.",
            "Records are read in order, from the start of the first block on; each is checked before any number in it is believed.",
            "Zeros up to the end of the block are the end of the journal.",
            "A link is the last record of its block; every other record leaves room for one.",
            "The container is at least as long as everything that its records give out; a shorter one was cut.",
            "The rules that follow are not in the steps below, and no vector decides them: opening the container checks them, and takes a record that says otherwise for damage.",
            "Space is given out once: an extent or a block begins where the first block and everything given out before it end, or behind.",
            "Entry 0 is the root, a directory. Numbers of entries only grow. Names are unique in their directory; a name is of visible ASCII without `/`, not `.` and not `..`, and never a path.",
            "`create` needs a directory that is there, at most 8 deep; `extend`, `size` and `cut` a file; `rename` and `remove` an entry that is there.",
            "An extent begins in its file where the extents before it end. Bytes of a file that no extent holds are zero.",
            "Bytes behind the size of a file, and bytes that belong to no file, mean nothing.",
            "What a layout says to be 0 otherwise is written so; of parent, position, place and size a reader does not check it.",
        ], reading: reading)

    static let reading = Reading(
        root: "container", types: [containerType, headerType, recordHeadType, recordType],
        delivers: "record",
        unknownTags: [
            "kind": UnknownPolicy(
                JournalDamage.Kind.unknownKind.errorClass,
                "The record is whole, and a newer version wrote it: the container cannot be read.")
        ],
        version: version, tail: tail,
        canonical: "A journal has one encoding, but for where its blocks lie.",
        allocation: "1048576 + size * 2")

    private static let containerType = TypeDescription(
        "container", "A header, then the records of the journal.",
        [
            .field("header", .type("containerHeader"), "The header of the file."),
            .define(
                "salt", "crc32c(joined(header.containerID, le(header.generation, 8)), 0)",
                "Where the checksums of all records start."),
            .variable("lastSequence", "0", "The number of the last record so far."),
            .variable("chain", "header.headerChecksum", "The checksum of the last record so far."),
            .variable(
                "blockEnd", "header.journalPlace + header.journalByteCount",
                "Where the journal block ends."),
            .check(
                Check(
                    "firstBlockInFile", "blockEnd <= size", JournalDamage.Kind.cut.errorClass,
                    at: "header.journalPlace", "The file has all of its first journal block.")),
            .seek("header.journalPlace"),
            .loop(
                "records", .until("isZero(bytes(here, blockEnd))"), .type("containerRecord"),
                "The records; zeros up to the end of the block are the end."),
        ])

    private static let headerType = TypeDescription(
        "containerHeader", header.meaning,
        FilePreamble.headerSteps(
            magic: magic, supported: version, header, checksum: headerChecksum,
            id: "containerHeaderChecksum",
            "The checksum of the header holds; then its numbers can be believed.") + [
                .check(
                    Check(
                        "headerNumbers",
                        """
                        generation > 0 && journalPlace >= \(headerByteCount) && journalPlace <= placeMax \
                        && journalByteCount >= blockByteCountMin && journalByteCount <= blockByteCountMax
                        """, FormatError.Code.invalidValue.errorClass,
                        at: "start + \(generation.offset)",
                        "Generations count from 1, and the first block lies behind the header."))
            ])

    /// A record without what its place in the journal says, which proofs look for.
    private static let recordHeadType = TypeDescription(
        "containerRecordHead", "The part of a record before its name.", parameters: ["salt"],
        [
            .layout(record),
            .check(
                Check(
                    "recordChecksum", checksum: "\(recordChecksum.name)", from: "start",
                    to: "start + \(recordChecksum.offset)", seed: "salt",
                    covers: record.names(before: recordChecksum.offset),
                    JournalDamage.Kind.recordChecksum.errorClass, at: "start",
                    "The checksum of the record holds; then its numbers can be believed.")),
        ])

    private static func recordCheck(
        _ id: String, _ formula: Formula, _ kind: JournalDamage.Kind, _ meaning: String
    ) -> Step {
        .check(Check(id, formula, kind.errorClass, at: "start", meaning))
    }

    private static let recordType = TypeDescription(
        "containerRecord", record.meaning, parameters: [],
        [
            recordCheck(
                "recordNotZero", "!isZero(bytes(start, start + \(recordByteCount)))", .afterEnd,
                "Behind the end of the journal there is nothing."),
            .field("head", .type("containerRecordHead", [Argument("salt", "salt")]), "The record."),
            .select(
                "head.kind", table: "kind", at: "start",
                cases: [.init(tags: kinds.map(\.value), steps: [])]),
            recordCheck(
                "recordContent",
                """
                (head.nameByteCount > 0) == (head.kind == kind::create || head.kind == kind::rename) \
                && head.nameByteCount <= nameByteCountMax \
                && (head.kind == kind::create ? head.entryKind == 1 || head.entryKind == 2 : head.entryKind == 0) \
                && (head.entry == 0) == (head.kind == kind::link)
                """, .badContent, "The record has what its kind has, and nothing else."),
            recordCheck(
                "linkRoom",
                """
                here + (head.nameByteCount > 0 ? (head.nameByteCount + 3) / 4 * 4 + 4 : 0) \
                + (head.kind == kind::link ? 0 : \(recordByteCount)) <= blockEnd
                """, .noRoom,
                "The name fits, and behind every record but a link there is room for one."),
            .define("nameStart", "here", "Where the name begins."),
            .field(
                "name", .bytes("head.nameByteCount"), "The name; empty where the kind has none."),
            .field(
                "padding", .bytes("(4 - head.nameByteCount % 4) % 4"),
                "Zeros up to a multiple of 4 bytes."),
            .define("nameEnd", "here", "Where the zeros behind the name end."),
            .when("head.nameByteCount > 0", nameSteps),
            recordCheck(
                "recordOrder",
                """
                head.sequence == lastSequence + 1 && head.previousChecksum == chain \
                && head.durableSequence < head.sequence
                """, .outOfOrder, "The record follows the one before."),
            .when("head.kind == kind::link", [linkedBlock]),
            .when(
                "head.kind == kind::extend || head.kind == kind::link",
                [
                    recordCheck(
                        "placeLimit", "head.place <= placeMax && head.byteCount <= placeMax",
                        .badContent, "What is given out lies within the limits."),
                    recordCheck(
                        "placeInFile", "head.place + head.byteCount <= size", .cut,
                        "The file has everything that is given out."),
                ]),
            .when("head.kind == kind::link", linkSteps),
            .assign("lastSequence", "head.sequence"),
            .assign("chain", "head.recordChecksum"),
            .deliver("record"),
        ])

    private static let linkedBlock = recordCheck(
        "linkedBlock",
        """
        head.place >= blockEnd && head.byteCount >= blockByteCountMin \
        && head.byteCount <= blockByteCountMax
        """, .badContent, "The next block lies behind this one.")

    private static let linkSteps: [Step] = [
        .assign("blockEnd", "head.place + head.byteCount"),
        .seek("head.place"),
    ]

    private static let nameSteps: [Step] = [
        .field("nameChecksum", .unsigned(byteCount: 4), "CRC-32C of the name and its zeros."),
        .check(
            Check(
                "nameChecksum", checksum: "nameChecksum", from: "nameStart", to: "nameEnd",
                seed: "head.recordChecksum", covers: [],
                JournalDamage.Kind.nameChecksum.errorClass, at: "start",
                "The checksum of the name holds.")),
        recordCheck(
            "namePadding", "isZero(padding)", .badContent, "Behind the name there are zeros."),
    ]

    private static let tail = TailRule(
        loop: "records",
        torn: [
            JournalDamage.Kind.afterEnd.errorClass, JournalDamage.Kind.recordChecksum.errorClass,
            JournalDamage.Kind.nameChecksum.errorClass,
        ],
        proofs: [
            TailRule.Proof(
                "laterWatermark",
                .later(
                    .type("containerRecordHead", [Argument("salt", "salt")]), step: alignment,
                    when: "durableSequence > lastSequence"),
                "A whole record behind the damage says that the damaged one was durable."),
            TailRule.Proof(
                "flippedNameBit",
                .flipUnder(check: "nameChecksum", extent: "nameEnd + 4", unless: missing),
                "One flipped bit makes the name whole, so it was whole once."),
            TailRule.Proof(
                "flippedRecordBit",
                .flip(
                    .type("containerRecordHead", [Argument("salt", "salt")]),
                    byteCount: recordByteCount,
                    when: "sequence == lastSequence + 1 && previousChecksum == chain",
                    extent: "damage + \(recordByteCount)", unless: missing),
                "One flipped bit makes the record whole, so it was whole once."),
        ],
        """
        Behind the last record, a write that a crash cut short may have left anything. The torn end begins where the \
        unreadable record begins; a writer goes on in a new block, which it links to from there. It is a loss, not a \
        torn write, if something proves that the record was whole: a later watermark, or one flipped bit. A flip proves \
        nothing where only zeros follow it, since the missing part of a torn write looks the same.
        """)

    private static let missing: Formula = "isZero(bytes(byte, extent))"
}

extension JournalDamage.Kind {
    /// The class of this damage, for declarations.
    package var errorClass: ErrorClass {
        let category: ErrorCategory =
            switch self {
            case .afterEnd, .recordChecksum, .nameChecksum: .corrupt
            case .noRoom, .badContent, .outOfOrder: .semantic
            case .unknownKind: .unsupported
            case .cut: .truncated
            }
        return ErrorClass(name, category, meaning)
    }

    private var name: String {
        switch self {
        case .afterEnd: "bytesAfterJournal"
        case .recordChecksum: "recordChecksum"
        case .nameChecksum: "nameChecksum"
        case .noRoom: "noRoomInBlock"
        case .unknownKind: "unknownRecord"
        case .badContent: "badRecord"
        case .outOfOrder: "recordOutOfOrder"
        case .cut: "containerCut"
        }
    }

    private var meaning: String {
        switch self {
        case .afterEnd: "something lies behind the end of the journal"
        case .recordChecksum: "the checksum of a record does not match"
        case .nameChecksum: "the checksum of a name does not match"
        case .noRoom: "a record does not fit into its block"
        case .unknownKind: "a record is of a kind that a newer version has"
        case .badContent: "a record has what its kind cannot have"
        case .outOfOrder: "a record does not follow the one before"
        case .cut: "the container is shorter than what its records give out"
        }
    }
}
