// SPDX-License-Identifier: Apache-2.0
//
// The format of a snapshot file.
//
// - header, chunks, footer, trailer; nothing between them and nothing after.
// - Every byte is under a checksum, and a length is believed only after the checksum of its header held.
// - All checksums but those of the preamble and the header are salted with log identity and fence, so
//   that a part of another snapshot never validates here.

public import CairnFormat

/// The layouts, limits and rules of a snapshot file.
public enum SnapshotFormat {
    /// The first eight bytes.
    public static let magic = FilePreamble.magic("CAIRNSNP")
    /// The last eight bytes.
    public static let endMagic = FilePreamble.magic("CAIRNEND")
    /// The version that this code writes.
    public static let version = FormatVersion(major: 1, minor: 0)

    /// The largest record, in bytes.
    public static let recordByteCountMax = 64 << 20
    /// A chunk is written when its records have at least this many bytes.
    public static let chunkByteCountTarget = 1 << 20
    /// The largest payload of a chunk: a full record on top of a chunk that was not quite full.
    public static let payloadByteCountMax = recordByteCountMax + chunkByteCountTarget
    /// The most times larger inflating may make the records of a chunk. A writer stores a chunk that compresses better as
    /// it is.
    public static let compressionRatioMax = 64
    /// The largest number of sections.
    public static let sectionCountMax = 1 << 16
    /// The section of an encrypted snapshot that holds its key record, behind all others.
    package static let keySection = UInt32.max

    /// The forms of a chunk's payload, as its flags say.
    package enum ChunkFlags {
        /// Records, as they are.
        package static let plain: UInt32 = 0
        /// A bit: records, compressed.
        package static let compressed: UInt32 = 1
        /// A bit: records, encrypted; compressed before, if both bits are set.
        package static let encrypted: UInt32 = 2
        /// The key record of the snapshot, and its proof.
        package static let key: UInt32 = 4
    }

    /// The start of the file.
    package enum Header {
        package static let logID = BytesField(
            "logIdentity", at: 16, byteCount: 16, "The identity of the log, as its text form reads."
        )
        package static let fence = Field<UInt64>(
            "fence", at: 32,
            "The last LSN that the snapshot contains; the same as in the file name.")
        package static let reserved = Field<UInt32>("reserved", at: 40, "Zero.")
        package static let checksum = Field<UInt32>(
            "headerChecksum", at: 44, "CRC-32C of the 44 bytes before it, without salt.")
        package static let byteCount = 48
        package static let layout = BinaryLayout(
            "Header", byteCount: byteCount,
            "The first bytes of the file, with the preamble of all files.",
            fields: FilePreamble.fields + [
                logID.description, fence.description, reserved.description, checksum.description,
            ])
    }

    /// The start of a chunk.
    package enum ChunkHeader {
        package static let section = Field<UInt32>("section", at: 0, "The number of the section.")
        package static let number = Field<UInt32>(
            "number", at: 4, "The number of the chunk within the file, from 0.")
        package static let payloadByteCount = Field<UInt32>(
            "payloadByteCount", at: 8,
            "How many bytes of records follow this header, as stored; at least 1.")
        package static let recordCount = Field<UInt32>(
            "recordCount", at: 12,
            "How many records those are, at least 1: nothing compares it with them.")
        package static let flags = Field<UInt32>(
            "flags", at: 16,
            "0: records. 1: records, compressed. 2: records, encrypted. 3: records, compressed, then encrypted. 4: the key record of the file. A reader refuses others as unsupported."
        )
        package static let checksum = Field<UInt32>(
            "checksum", at: 20, "CRC-32C of the 20 bytes before it, with salt.")
        package static let byteCount = 24
        package static let layout = BinaryLayout(
            "ChunkHeader", byteCount: byteCount,
            "Stands before each run of records. The records follow it, behind a ChunkCompression where they are "
                + "compressed, then a ChunkEnd.",
            fields: [
                section.description, number.description, payloadByteCount.description,
                recordCount.description, flags.description, checksum.description,
            ])
    }

    /// The start of the payload of a compressed chunk.
    package enum ChunkCompression {
        package static let uncompressedByteCount = Field<UInt32>(
            "uncompressedByteCount", at: 0, "How many bytes of records the stream inflates to.")
        package static let compression = Field<UInt8>(
            "compression", at: 4, "How the records are compressed; see the compressions.")
        package static let byteCount = 5
        package static let layout = BinaryLayout(
            "ChunkCompression", byteCount: byteCount,
            "Begins the payload of a compressed chunk. The compressed records follow, encrypted if the chunk is.",
            fields: [uncompressedByteCount.description, compression.description])
    }

    /// The end of a chunk.
    package enum ChunkEnd {
        package static let checksum = Field<UInt32>(
            "payloadChecksum", at: 0, "CRC-32C of the payload of the chunk, with salt.")
        package static let byteCount = 4
        package static let layout = BinaryLayout(
            "ChunkEnd", byteCount: byteCount, "Follows the records of a chunk.",
            fields: [checksum.description])
    }

    /// The start of the footer.
    package enum FooterHeader {
        package static let sectionCount = Field<UInt32>(
            "sectionCount", at: 0, "How many entries follow.")
        package static let reserved = Field<UInt32>("reserved", at: 4, "Zero.")
        package static let byteCount = 8
        package static let layout = BinaryLayout(
            "FooterHeader", byteCount: byteCount,
            "Begins the footer. One IndexEntry for each section follows, then a FooterEnd.",
            fields: [sectionCount.description, reserved.description])
    }

    /// A section in the footer.
    package enum IndexEntry {
        package static let section = Field<UInt32>(
            "section", at: 0, "The number of the section; higher than that of the entry before.")
        package static let chunkCount = Field<UInt32>(
            "chunkCount", at: 4, "How many chunks it has; 0 for a section without records.")
        package static let firstOffset = Field<UInt64>(
            "firstOffset", at: 8, "Where its first chunk starts: where the section before ended.")
        package static let byteCountOfChunks = Field<UInt64>(
            "byteCountOfChunks", at: 16, "How many bytes its chunks take, headers included.")
        package static let recordCount = Field<UInt64>(
            "recordCount", at: 24, "How many records it has.")
        package static let byteCount = 32
        package static let layout = BinaryLayout(
            "IndexEntry", byteCount: byteCount, "Says where one section is.",
            fields: [
                section.description, chunkCount.description, firstOffset.description,
                byteCountOfChunks.description, recordCount.description,
            ])
    }

    /// The end of the footer.
    package enum FooterEnd {
        package static let digest = Field<UInt32>(
            "digest", at: 0, "CRC-32C of every byte of the file before it, without salt.")
        package static let checksum = Field<UInt32>(
            "checksum", at: 4, "CRC-32C of the footer up to here, digest included, with salt.")
        package static let byteCount = 8
        package static let layout = BinaryLayout(
            "FooterEnd", byteCount: byteCount, "Ends the footer.",
            fields: [digest.description, checksum.description])
    }

    /// The end of the file.
    package enum Trailer {
        package static let footerOffset = Field<UInt64>(
            "footerOffset", at: 0, "Where the footer starts.")
        package static let footerByteCount = Field<UInt32>(
            "footerByteCount", at: 8, "How many bytes it has; the trailer follows at once.")
        package static let checksum = Field<UInt32>(
            "checksum", at: 12, "CRC-32C of the 12 bytes before it, with salt.")
        package static let magic = Field<UInt64>("endMagic", at: 16, "The characters CAIRNEND.")
        package static let byteCount = 24
        package static let layout = BinaryLayout(
            "Trailer", byteCount: byteCount, "The last bytes of the file.",
            fields: [
                footerOffset.description, footerByteCount.description, checksum.description,
                magic.description,
            ])
    }
}
