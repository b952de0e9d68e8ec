// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
internal import CairnSnapshot

extension SnapshotFormat {
    private static let chunkOverhead = ChunkHeader.byteCount + ChunkEnd.byteCount

    private static func entryCheck(
        _ id: String, _ formula: Formula, at offset: Int, _ meaning: String
    ) -> Step {
        .check(
            Check(
                id, formula, FormatError.Code.invalidValue.errorClass, at: "start + \(offset)",
                meaning))
    }

    static let indexEntryType = TypeDescription(
        "indexEntry", IndexEntry.layout.meaning,
        [
            .layout(IndexEntry.layout),
            entryCheck(
                "sectionsAscend", "section > lastSection", at: IndexEntry.section.offset,
                "Sections ascend by number, so none is there twice."),
            entryCheck(
                "sectionStart", "firstOffset == nextOffset && nextOffset <= footerStart",
                at: IndexEntry.firstOffset.offset, "Sections follow one another without a gap."),
            entryCheck(
                "sectionFits", "byteCountOfChunks <= footerStart - nextOffset",
                at: IndexEntry.byteCountOfChunks.offset, "The section ends before the footer."),
            entryCheck(
                "emptySection", "(chunkCount == 0) == (byteCountOfChunks == 0)",
                at: IndexEntry.chunkCount.offset, "A section has bytes exactly if it has chunks."),
            entryCheck(
                "chunkCount", "byteCountOfChunks / \(chunkOverhead + 1) >= chunkCount",
                at: IndexEntry.chunkCount.offset,
                "The section is large enough for so many chunks of a record of a byte."),
            entryCheck(
                "recordCountLeast", "chunkCount <= recordCount", at: IndexEntry.recordCount.offset,
                "Every chunk has a record."),
            entryCheck(
                "recordCountMost",
                "recordCount <= (byteCountOfChunks - chunkCount * \(chunkOverhead)) * compressionRatioMax",
                at: IndexEntry.recordCount.offset, "Every record has a byte, after inflating."),
            .define("firstChunk", "nextChunk", "The number of the section's first chunk."),
            .assign("nextChunk", "nextChunk + chunkCount"),
            .assign("nextOffset", "firstOffset + byteCountOfChunks"),
            .assign("lastSection", "section"),
        ])

    static let sectionType = TypeDescription(
        "section", "The chunks of the section that `entry` tells of.",
        parameters: ["recordType"],
        [
            .variable("recordSum", "0", "How many records so far."),
            .loop(
                "chunks", .times("entry.chunkCount"), .type("chunk"),
                "The chunks, in the order in which they were written."),
            .check(
                Check(
                    "sectionWhole", "end == here && entry.recordCount == recordSum",
                    FormatError.Code.invalidValue.errorClass, at: "here",
                    "The chunks have together the bytes and the records that the index says.")),
        ])

    static let chunkType = TypeDescription(
        "chunk", "A run of whole records with a header and a checksum.",
        [
            .check(
                Check(
                    "chunkHeaderSize", "start + \(ChunkHeader.byteCount) <= end",
                    FormatError.Code.truncated.errorClass, at: "start",
                    "The section has room for a chunk header.")),
            .layout(ChunkHeader.layout),
            .check(
                Check(
                    "chunkHeaderChecksum", checksum: "\(ChunkHeader.checksum.name)", from: "start",
                    to: "start + \(ChunkHeader.checksum.offset)", seed: "salt",
                    covers: ChunkHeader.layout.names(before: ChunkHeader.checksum.offset),
                    FormatError.Code.badChecksum.errorClass,
                    at: "start + \(ChunkHeader.checksum.offset)",
                    "The checksum of the chunk header holds; then its length can be believed.")),
            .check(
                Check(
                    "chunkFlags",
                    "flags <= \(ChunkFlags.key)", FormatError.Code.unsupportedVersion.errorClass,
                    at: "start + \(ChunkHeader.flags.offset)",
                    "The chunk has records, compressed, encrypted or both, or the key record: no other form is known yet."
                )),
            .check(
                Check(
                    "chunkLimit", "payloadByteCount <= payloadByteCountMax",
                    FormatError.Code.limitExceeded.errorClass,
                    at: "start + \(ChunkHeader.payloadByteCount.offset)",
                    "The chunk is within the limit; this is checked before anything is allocated.")),
            .check(
                Check(
                    "chunkFits", "payloadByteCount + \(chunkOverhead) <= end - start",
                    FormatError.Code.truncated.errorClass,
                    at: "start + \(ChunkHeader.payloadByteCount.offset)",
                    "The section has room for the chunk.")),
            .check(
                Check(
                    "chunkRecordCount",
                    """
                    recordCount >= 1 \
                    && (flags & \(ChunkFlags.compressed) != 0 || recordCount <= payloadByteCount)
                    """,
                    FormatError.Code.invalidValue.errorClass,
                    at: "start + \(ChunkHeader.recordCount.offset)",
                    "A chunk has records, and each has a byte: of compressed ones that shows below."
                )),
            .check(
                Check(
                    "keyChunk",
                    """
                    flags != \(ChunkFlags.key) || section == \(keySection) \
                    && payloadByteCount == \(KeyRecord.provenByteCount)
                    """, FormatError.Code.invalidValue.errorClass,
                    at: "start + \(ChunkHeader.flags.offset)",
                    "A key record is in the section that is kept for it, and as long as a key record and its proof."
                )),
            .seek("here + payloadByteCount"),
            .layout(ChunkEnd.layout),
            .check(
                Check(
                    "chunkPayloadChecksum", checksum: "\(ChunkEnd.checksum.name)",
                    from: "start + \(ChunkHeader.byteCount)",
                    to: "start + \(ChunkHeader.byteCount) + payloadByteCount", seed: "salt",
                    covers: ["records"], FormatError.Code.badChecksum.errorClass,
                    at: "start + \(ChunkHeader.byteCount) + payloadByteCount",
                    "The checksum of the payload holds, before records are handed out.")),
            .check(
                Check(
                    "chunkOrder",
                    "section == entry.section && number == entry.firstChunk + count(chunks)",
                    FormatError.Code.invalidValue.errorClass, at: "start",
                    "The chunk is the next one of this section.")),
            .when(
                "flags == \(ChunkFlags.plain)",
                [
                    .window(
                        from: "start + \(ChunkHeader.byteCount)",
                        to: "start + \(ChunkHeader.byteCount) + payloadByteCount",
                        [
                            .loop(
                                "records", .until("end == here"), .named("recordType"),
                                "The records, one behind the other.")
                        ])
                ]),
            .when(
                "flags & \(ChunkFlags.compressed) != 0",
                [
                    .window(
                        from: "start + \(ChunkHeader.byteCount)",
                        to: "start + \(ChunkHeader.byteCount) + payloadByteCount",
                        compressedSteps)
                ]),
            .when(
                "flags == \(ChunkFlags.encrypted)",
                [
                    .window(
                        from: "start + \(ChunkHeader.byteCount)",
                        to: "start + \(ChunkHeader.byteCount) + payloadByteCount",
                        [
                            .field(
                                "encrypted", .bytes("end - here"),
                                "The records, encrypted: a nonce, the ciphertext, a tag.")
                        ])
                ]),
            .when(
                "flags == \(ChunkFlags.key)",
                [
                    .window(
                        from: "start + \(ChunkHeader.byteCount)",
                        to: "start + \(ChunkHeader.byteCount) + payloadByteCount",
                        [
                            .field(
                                "key", .type("keyRecord"),
                                "With which key the snapshot is encrypted."),
                            .field(
                                "proof", .bytes("end - here"),
                                "Nothing, encrypted: a nonce and a tag."),
                        ])
                ]),
            .check(
                Check(
                    "keyIsThere",
                    """
                    flags & \(ChunkFlags.encrypted) == 0 \
                    || last(file.footer.sections).section == \(keySection)
                    """, FormatError.Code.invalidValue.errorClass,
                    at: "start + \(ChunkHeader.flags.offset)",
                    "A snapshot with encrypted records has a key record.")),
            .assign("recordSum", "recordSum + recordCount"),
            .deliver("chunk"),
        ])

    /// The payload of a compressed chunk.
    private static let compressedSteps: [Step] = [
        .field(
            "compressed",
            .type(
                "chunkCompression",
                [Argument("stored", "payloadByteCount"), Argument("records", "recordCount")]),
            "How the records are compressed."),
        .when(
            "flags & \(ChunkFlags.encrypted) != 0",
            [
                .field(
                    "encrypted", .bytes("end - here"),
                    "The compressed records, encrypted: a nonce, the ciphertext, a tag.")
            ],
            otherwise: [
                .define("streamStart", "here", "Where the compressed records begin."),
                .select(
                    "compressed.compression", table: "compression",
                    at:
                        "streamStart - \(ChunkCompression.byteCount - ChunkCompression.compression.offset)",
                    cases: [Step.Case(UInt64(CompressionID.zlib.rawValue), steps: inflatingSteps)]),
            ]),
    ]

    private static let inflatingSteps: [Step] = [
        .inflate(
            Inflation(
                "inflated", from: "streamStart", to: "end",
                byteCount: "compressed.uncompressedByteCount", id: "inflates",
                FormatError.Code.decompressionFailed.errorClass, at: "streamStart",
                "The stream is whole, alone, and holds exactly what was declared.")),
        .within(
            "inflated", at: "streamStart",
            [
                .loop(
                    "records", .until("end == here"), .named("recordType"),
                    "The records, one behind the other.")
            ]),
    ]

    static let compressionType = TypeDescription(
        "chunkCompression", ChunkCompression.layout.meaning, parameters: ["stored", "records"],
        [
            .check(
                Check(
                    "compressionSize", "start + \(ChunkCompression.byteCount) <= end",
                    FormatError.Code.truncated.errorClass, at: "start",
                    "The payload has room for what comes before the compressed records.")),
            .layout(ChunkCompression.layout),
            .check(
                Check(
                    "inflatedLimit", "uncompressedByteCount <= payloadByteCountMax",
                    FormatError.Code.limitExceeded.errorClass, at: "start",
                    "The records are within the limit; this is checked before anything is allocated for them."
                )),
            .check(
                Check(
                    "inflatedRatio", "uncompressedByteCount <= stored * compressionRatioMax",
                    FormatError.Code.limitExceeded.errorClass, at: "start",
                    "A few bytes cannot ask for a lot of memory.")),
            .check(
                Check(
                    "inflatedRecordCount", "records <= uncompressedByteCount",
                    FormatError.Code.invalidValue.errorClass, at: "start",
                    "Each record has a byte.")),
        ])

    static let keyType = TypeDescription(
        "keyRecord", KeyRecord.layout.meaning, parameters: [], [.layout(KeyRecord.layout)])

    static let opaqueType = TypeDescription(
        "opaqueRecords", "Records whose form is that of the state: their bytes.", result: "bytes",
        [.field("bytes", .bytes("end - here"), "All records of the chunk.")])
}
