// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec

/// The description of batches that are compressed with zlib, from which documents and vectors are generated.
package enum CompressedBatchFormat {
    /// Everything declared about them.
    package static let format = FormatDescription(
        "compressed-batch",
        "A batch as one zlib stream, in the payload of a frame whose compression is zlib. The frame says how "
            + "many bytes it inflates to.",
        layouts: [], tags: [("compression", CompressionID.tags)],
        rules: [
            "The size that the frame declares is checked against the limits of frames before anything is inflated.",
            "The stream is one zlib stream (RFC 1950) without a dictionary; nothing follows it.",
            "It inflates to exactly the size that was declared; a reader stops when there is more.",
            "A writer stores a batch as it is when compressing would not make it smaller, or would make it "
                + "smaller than the largest ratio allows.",
        ], reading: reading)

    private static let reading = Reading(
        root: "compressedBatch",
        context: [
            Reading.Context(
                "uncompressedByteCount", unknown: "0",
                "How many bytes the frame says it inflates to: 0 to 67,108,864, which reading the frame has checked."
            )
        ],
        types: [
            TypeDescription(
                "compressedBatch", "One zlib stream.", parameters: ["uncompressedByteCount"],
                [
                    .inflate(
                        Inflation(
                            "batch", from: "0", to: "size", byteCount: "uncompressedByteCount",
                            id: "inflates", CodecError.Code.decompressionFailed.errorClass, at: "0",
                            "The stream is whole, alone, and holds exactly what was declared.")),
                    .deliver("batch"),
                ])
        ], delivers: "batch",
        unknownTags: [
            "compression": UnknownPolicy(
                CodecError.Code.unknownCompression.errorClass,
                "The frame is intact; its batch cannot be read without the compressor.")
        ],
        canonical: "None: different versions of zlib give different bytes for the same batch.",
        allocation: "1048576 + size * 2 + uncompressedByteCount * 3")
}
