// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnSnapshot

extension SnapshotFormat {
    /// The steps that read a snapshot file.
    static let reading = Reading(
        root: "snapshot",
        context: [
            Reading.Context(
                "expectedLogID", unknown: "none",
                "The identity of the log that the snapshot must belong to."
            ),
            Reading.Context("expectedFence", unknown: "none", "The fence in the name of the file."),
        ],
        types: [
            snapshotType, opaqueSectionType, fileType, headerType, trailerType, footerType,
            indexEntryType, sectionType, chunkType, compressionType, keyType, opaqueType,
        ],
        delivers: "chunk",
        unknownTags: [
            "compression": UnknownPolicy(
                SnapshotError.Code.unknownCompression.errorClass,
                "The snapshot is intact; its records cannot be read without the compressor.")
        ], version: version,
        canonical:
            "A writer chooses where chunks end, within the limits, and how they are compressed. Everything else follows "
            + "from the records.",
        allocation: "4194304 + size * 4 + min(size * compressionRatioMax, payloadByteCountMax) * 3")

    private static func check(
        _ id: String, _ formula: Formula, _ code: FormatError.Code, at: Formula, _ meaning: String
    ) -> Step {
        .check(Check(id, formula, code.errorClass, at: at, meaning))
    }

    private static func check(
        _ id: String, _ formula: Formula, _ code: SnapshotError.Code, at: Formula, _ meaning: String
    ) -> Step {
        .check(Check(id, formula, code.errorClass, at: at, meaning))
    }

    private static let snapshotType = TypeDescription(
        "snapshot", "A whole file: header, chunks, footer, trailer.",
        parameters: ["expectedLogID", "expectedFence"],
        [
            .field("file", .type("snapshotFile", expected), "Header, footer and trailer."),
            .define("salt", "file.salt", "Where the checksums start."),
            .loop(
                "sections", .times("file.footer.sectionCount"), .type("opaqueSection"),
                "What is in the sections, in their order."),
        ])

    private static let opaqueSectionType = TypeDescription(
        "opaqueSection", "The chunks of a section whose records mean something to a state.",
        result: "content",
        [
            .define(
                "entry", "file.footer.sections[count(sections)]", "What the index says of it."),
            .window(
                from: "entry.firstOffset",
                to: "entry.firstOffset + entry.byteCountOfChunks",
                [
                    .field(
                        "content", .type("section", [Argument("recordType", "'opaqueRecords'")]),
                        "The chunks of the section.")
                ]),
        ])

    private static let expected = [
        Argument("expectedLogID", "expectedLogID"), Argument("expectedFence", "expectedFence"),
    ]

    private static let fileType = TypeDescription(
        "snapshotFile",
        "Everything but the chunks: what must hold before any record is handed out.",
        parameters: ["expectedLogID", "expectedFence"],
        [
            .field("header", .type("snapshotHeader"), "The start of the file."),
            check(
                "foreignLog", "expectedLogID == none || header.logIdentity == expectedLogID",
                SnapshotError.Code.foreignLog, at: "\(Header.logID.offset)",
                "The snapshot belongs to the log that the caller means."),
            check(
                "wrongName", "expectedFence == none || header.fence == expectedFence",
                SnapshotError.Code.wrongName, at: "\(Header.fence.offset)",
                "The name of the file says the same fence as its header."),
            .define(
                "salt", "crc32c(joined(header.logIdentity, le(header.fence, 8)), 0)",
                "Where the checksums start: a part of another snapshot has another one."),
            check(
                "fileSize", "size >= \(Header.byteCount + Trailer.byteCount)",
                FormatError.Code.truncated, at: "size", "The file has at least header and trailer."),
            .define("trailerStart", "size - \(Trailer.byteCount)", "Where the trailer starts."),
            .window(
                from: "trailerStart", to: "size",
                [.field("trailer", .type("trailer"), "The end of the file.")]),
            .window(
                from: "trailer.footerOffset", to: "trailerStart",
                [.field("footer", .type("footer"), "The index of the sections.")]),
            .check(
                Check(
                    "digest", checksum: "footer.digest", from: "0",
                    to: "trailerStart - \(FooterEnd.byteCount)", covers: [],
                    FormatError.Code.badChecksum.errorClass,
                    at: "trailerStart - \(FooterEnd.byteCount)",
                    "The digest of the whole file holds, before any record is handed out.")),
        ])

    private static let headerType = TypeDescription(
        "snapshotHeader", Header.layout.meaning,
        FilePreamble.steps(magic: magic, supported: version) + [
            check(
                "headerSize", "size >= \(Header.byteCount)", FormatError.Code.truncated, at: "size",
                "The file has at least a header."),
            .layout(Header.layout, after: FilePreamble.byteCount),
            .check(
                Check(
                    "snapshotHeaderChecksum", checksum: "\(Header.checksum.name)", from: "start",
                    to: "start + \(Header.checksum.offset)",
                    covers: Header.layout.names(before: Header.checksum.offset),
                    FormatError.Code.badChecksum.errorClass,
                    at: "start + \(Header.checksum.offset)",
                    "The checksum of the header holds; then identity and fence can be believed.")),
            check(
                "headerReserved", "reserved == 0", FormatError.Code.reservedNotZero,
                at: "start + \(Header.reserved.offset)", "The reserved field is zero."),
        ])

    private static let trailerType = TypeDescription(
        "trailer", Trailer.layout.meaning,
        [
            .layout(Trailer.layout),
            check(
                "endMagic", "endMagic == \(endMagic)", FormatError.Code.truncated,
                at: "start + \(Trailer.magic.offset)",
                "The last bytes are those of a whole snapshot; otherwise its end is missing."),
            .check(
                Check(
                    "trailerChecksum", checksum: "\(Trailer.checksum.name)", from: "start",
                    to: "start + \(Trailer.checksum.offset)", seed: "salt",
                    covers: Trailer.layout.names(before: Trailer.checksum.offset),
                    FormatError.Code.badChecksum.errorClass,
                    at: "start + \(Trailer.checksum.offset)",
                    "The checksum of the trailer holds; then it can be used to find the footer.")),
            check(
                "footerLimit",
                """
                footerByteCount <= \(FooterHeader.byteCount + FooterEnd.byteCount) \
                + sectionCountMax * \(IndexEntry.byteCount)
                """, FormatError.Code.limitExceeded,
                at: "start + \(Trailer.footerByteCount.offset)",
                "The footer has no more sections than there may be; this is checked before anything is allocated."
            ),
            check(
                "footerPlace",
                """
                footerOffset >= \(Header.byteCount) && footerOffset <= start \
                && footerByteCount == start - footerOffset
                """, FormatError.Code.invalidValue, at: "start + \(Trailer.footerOffset.offset)",
                "The footer lies between header and trailer, and ends where the trailer starts."),
        ])

    private static let footerType = TypeDescription(
        "footer", "How many sections, an entry for each, and two checksums.",
        [
            check(
                "footerSize", "end - start >= \(FooterHeader.byteCount + FooterEnd.byteCount)",
                FormatError.Code.truncated, at: "start",
                "The footer has at least a start and an end."),
            .window(
                from: "end - \(FooterEnd.byteCount)", to: "end", [.layout(FooterEnd.layout)]),
            .check(
                Check(
                    "footerChecksum", checksum: "\(FooterEnd.checksum.name)", from: "start",
                    to: "end - \(FooterEnd.byteCount - FooterEnd.checksum.offset)", seed: "salt",
                    covers: ["sectionCount", "reserved", "sections", "digest"],
                    FormatError.Code.badChecksum.errorClass,
                    at: "end - \(FooterEnd.byteCount - FooterEnd.checksum.offset)",
                    "The checksum of the footer holds; then the counts and places in it can be believed."
                )),
            .layout(FooterHeader.layout),
            check(
                "sectionCount",
                """
                end == start + \(FooterHeader.byteCount + FooterEnd.byteCount) \
                + sectionCount * \(IndexEntry.byteCount)
                """, FormatError.Code.invalidValue,
                at: "start + \(FooterHeader.sectionCount.offset)",
                "The footer is as long as that many sections make it."),
            check(
                "footerReserved", "reserved == 0", FormatError.Code.reservedNotZero,
                at: "start + \(FooterHeader.reserved.offset)", "The reserved field is zero."),
            .define("footerStart", "start", "Where the sections must end."),
            .variable("nextOffset", "\(Header.byteCount)", "Where the next section must start."),
            .variable("lastSection", "0 - 1", "The number of the section before."),
            .variable("nextChunk", "0", "The number of the next chunk."),
            .loop(
                "sections", .times("sectionCount"), .type("indexEntry"),
                "The sections, ascending by number."),
            check(
                "sectionsEnd", "trailer.footerOffset == nextOffset", FormatError.Code.invalidValue,
                at: "footerStart", "The last section ends where the footer starts."),
        ])
}
