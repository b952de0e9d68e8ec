// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat
package import CairnSnapshot

extension SnapshotFormat {
    /// Everything that is declared about the format.
    package static let format = FormatDescription(
        "snapshot",
        """
        One whole state as numbered sections of records, up to one LSN of one log. \
        The file is header, chunks, footer, trailer.
        """,
        layouts: [
            Header.layout, ChunkHeader.layout, ChunkCompression.layout, ChunkEnd.layout,
            FooterHeader.layout, IndexEntry.layout, FooterEnd.layout, Trailer.layout,
            KeyRecord.layout,
        ], tags: [("compression", CompressionID.tags)],
        limits: [
            LimitDescription(
                "payloadByteCountMax", UInt64(payloadByteCountMax),
                "Bytes of the records of one chunk, as stored and after inflating."),
            LimitDescription(
                "compressionRatioMax", UInt64(compressionRatioMax),
                "Bytes of the records of a chunk after inflating, divided by those of its payload."),
            LimitDescription(
                "sectionCountMax", UInt64(sectionCountMax), "Sections of one snapshot."),
        ],
        rules: [
            "The file name is the fence with 20 decimal digits, then `.snap`.",
            "The preamble is checked before anything else, the header before identity and fence.",
            "The salt is the CRC-32C of log identity and fence as they stand in the header.",
            "The trailer lies at the end of the file; trailer and footer follow one another.",
            "The sections have ascending numbers, begin after the header, follow one another without "
                + "a gap, and end where the footer starts.",
            "The digest is checked before any record is handed out.",
            "The checksum of a chunk header is checked before its length is believed, and that of the "
                + "records before they are handed out.",
            "The chunks of a section have its number, ascending chunk numbers and, together, the "
                + "bytes and the records that the index says.",
            "A chunk is compressed by itself, as one stream. How many bytes it inflates to is checked against the limits "
                + "before anything is inflated. A writer stores a chunk as it is when compressing would not make it "
                + "smaller, or would make it smaller than the largest ratio allows.",
            "Digests of a state are those of its records before they are compressed.",
            "A snapshot is encrypted if it has the section 4294967295 with a key record, and only then; that is its last "
                + "section. Its framing is read without the key; Docs/Encryption.md says how its chunks are "
                + "decrypted.",
            "A reader that needs the records of an encrypted snapshot, and has no key, refuses the file. One that only "
                + "checks it does so without.",
            "A record lies in one chunk, whole. A writer makes none of more than "
                + "\(recordByteCountMax) bytes.",
        ], reading: reading)
}
