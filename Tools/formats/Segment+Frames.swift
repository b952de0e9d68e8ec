// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
internal import CairnFormat

extension FrameLayout {
    /// The number of bytes that a frame takes, as a formula over the fields of its header.
    static func frameByteCount(_ header: String) -> Formula {
        """
        \(headerByteCount) + (\(header)payloadByteCount + \(payloadChecksumByteCount + alignment - 1)) \
        / \(alignment) * \(alignment)
        """
    }

    /// The steps that read the header of a frame. `salt` is that of the segment.
    static let headerType = TypeDescription(
        "frameHeader", layout.meaning, parameters: ["salt"],
        [
            .check(
                Check(
                    "frameHeaderSize", "start + \(headerByteCount) <= end",
                    CodecError.Code.truncated.errorClass, at: "start",
                    "The bytes left hold a header.")),
            .layout(layout),
            .check(
                Check(
                    "bytesAfterEnd", "!isZero(bytes(start, start + \(headerByteCount)))",
                    SegmentEnd.bytesAfterEnd, at: "start",
                    "Zeros in place of a header are the end, and nothing else may follow them.")),
            .check(
                Check(
                    "headerChecksum", checksum: "\(headerChecksum.name)", from: "start",
                    to: "start + \(headerChecksum.offset)", seed: "salt",
                    covers: layout.names(before: headerChecksum.offset),
                    CodecError.Code.headerChecksum.errorClass, at: "start",
                    "The checksum of the header holds; then its numbers can be believed.")),
            .check(
                Check(
                    "knownKind",
                    "kind != kind::none && (known('kind', kind) || kind & \(Int(FrameKind.skippableBit)) != 0)",
                    CodecError.Code.unknownKind.errorClass, at: "start",
                    "The kind is known, or has the bit that lets readers pass over it.")),
            .check(
                Check(
                    "reserved", "reserved == 0", CodecError.Code.reservedNotZero.errorClass,
                    at: "start", "The reserved field is zero.")),
            .check(
                Check(
                    "uncompressedUnused",
                    "compression != compression::none || uncompressedByteCount == 0",
                    CodecError.Code.reservedNotZero.errorClass, at: "start",
                    "Only a compressed batch has a size before compression.")),
            .check(
                Check(
                    "payloadLimit", "payloadByteCount <= payloadByteCountMax",
                    CodecError.Code.limitExceeded.errorClass, at: "start",
                    "The payload is within the limit; this is checked before anything is allocated."
                )),
            .check(
                Check(
                    "uncompressedLimit", "uncompressedByteCount <= uncompressedByteCountMax",
                    CodecError.Code.limitExceeded.errorClass, at: "start",
                    "The batch is within the limit, before anything is allocated for it.")),
            .check(
                Check(
                    "compressionRatio",
                    "uncompressedByteCount <= payloadByteCount * compressionRatioMax",
                    CodecError.Code.limitExceeded.errorClass, at: "start",
                    "A few bytes cannot ask for a lot of memory.")),
        ])

    /// The steps that read a frame as far as it says nothing about its segment.
    static let frameSteps: [Step] = [
        .field(
            "head", .type(headerType.name, [Argument("salt", "salt")]), "The header of the frame."),
        .define("frameByteCount", frameByteCount("head."), "How many bytes the frame takes."),
        .check(
            Check(
                "frameFits", "start + frameByteCount <= end",
                CodecError.Code.truncated.errorClass, at: "start",
                "The bytes left hold the frame; this is checked before anything is allocated.")),
        .field("payload", .bytes("head.payloadByteCount"), "The payload, as stored."),
        .field(
            "padding", .bytes("start + frameByteCount - \(payloadChecksumByteCount) - here"),
            "Zeros up to the checksum."),
        .field(
            "payloadChecksum", .unsigned(byteCount: payloadChecksumByteCount),
            "CRC-32C of payload and padding, started from the header's checksum."),
        .check(
            Check(
                "payloadChecksum", checksum: "payloadChecksum",
                from: "start + \(headerByteCount)",
                to: "start + frameByteCount - \(payloadChecksumByteCount)",
                seed: "head.headerChecksum", covers: ["payload", "padding"],
                CodecError.Code.payloadChecksum.errorClass, at: "start",
                "The checksum of the payload holds.")),
        .check(
            Check(
                "padding", "isZero(padding)", CodecError.Code.paddingNotZero.errorClass,
                at: "start", "The padding is zero.")),
    ]
}

/// Errors at the end of a segment for which the codec has no code, because it sees one frame at a time.
enum SegmentEnd {
    /// Zeros where a frame would begin, and other bytes behind them.
    static let bytesAfterEnd = ErrorClass(
        "bytesAfterEnd", .corrupt, "there are bytes behind the end")
}
