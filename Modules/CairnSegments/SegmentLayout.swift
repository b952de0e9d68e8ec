// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
internal import CairnLSN

/// The fixed layouts of a segment file.
public enum SegmentLayout {
    /// Begins every segment file.
    public static let magic = FilePreamble.magic("CAIRNWAL")
    /// The version this code writes, and the highest it reads.
    public static let version = FormatVersion(major: 1, minor: 0)

    /// The identity of the log.
    public static let logID = BytesField(
        "logID", at: 16, byteCount: LogID.byteCount, "Identity of the log, as its hex text reads.")
    /// The number of the segment.
    public static let segmentID = Field<UInt64>(
        "segmentID", at: 32, "Number of the segment, from 1.")
    /// The first LSN of the segment.
    public static let baseLSN = Field<UInt64>(
        "baseLSN", at: 40, "The LSN of the first record that the segment may hold.")
    /// The last LSN of the segment before.
    public static let predecessorLastLSN = Field<UInt64>(
        "predecessorLastLSN", at: 48, "Last LSN of the segment before; 0 for the first segment.")
    /// The bytes of the segment before, up to its seal.
    public static let predecessorByteCount = Field<UInt64>(
        "predecessorByteCount", at: 56,
        "Bytes of the segment before, up to its seal; 0 for the first segment.")
    /// The chain checksum of the segment before.
    public static let predecessorChain = Field<UInt32>(
        "predecessorChain", at: 64,
        "Chain checksum of the segment before, up to its seal; 0 for the first segment.")
    /// The checksum of the header.
    public static let checksum = Field<UInt32>(
        "headerChecksum", at: 68, "CRC-32C of the 68 bytes before it, without salt.")
    /// The number of bytes that the header takes; the first frame follows.
    public static let headerByteCount = 72

    /// The header as documents show it.
    public static let header = BinaryLayout(
        "segmentHeader", byteCount: headerByteCount,
        "Begins every segment file. Written once, before the file gets its name, and never again.",
        fields: FilePreamble.fields + [
            logID.description, segmentID.description, baseLSN.description,
            predecessorLastLSN.description, predecessorByteCount.description,
            predecessorChain.description, checksum.description,
        ])

    /// The number of frames before the seal.
    public static let sealFrameCount = Field<UInt64>(
        "frameCount", at: 0,
        "How many frames the segment holds before the seal, without that of the key.")
    /// The first LSN.
    public static let sealBaseLSN = Field<UInt64>(
        "baseLSN", at: 8, "The base LSN of the segment's header.")
    /// The last LSN of the segment.
    public static let sealLastLSN = Field<UInt64>(
        "lastLSN", at: 16, "The last LSN in the segment; one below the base when it holds none.")
    /// The number of bytes before the seal.
    public static let sealByteCount = Field<UInt64>(
        "byteCount", at: 24, "Bytes of the file before the seal.")
    /// The chain checksum of the frames before the seal.
    public static let sealChain = Field<UInt32>(
        "chain", at: 32, "Chain checksum of the frames before the seal.")
    /// Four bytes of zero.
    public static let sealReserved = Field<UInt32>("reserved", at: 36, "Zero.")
    /// The number of bytes that the payload of a seal takes.
    public static let sealByteCountTotal = 40

    /// The payload of a seal as documents show it.
    public static let seal = BinaryLayout(
        "segmentSeal", byteCount: sealByteCountTotal,
        "The payload of the frame that ends a segment. Appended after the next segment is durably in "
            + "place: a sealed segment without a next one proves a loss.",
        fields: [
            sealFrameCount.description, sealBaseLSN.description, sealLastLSN.description,
            sealByteCount.description, sealChain.description, sealReserved.description,
        ])
}
