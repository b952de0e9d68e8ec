// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec

extension FrameKind {
    /// The kinds as documents list them.
    static let tags: [TagDescription] = [
        TagDescription(0, "none", "No frame: the log ends here if only zeros follow."),
        transactionBegin.tag(
            "transactionBegin", "Begins a transaction of several frames; no payload."),
        mutation.tag("mutation", "One event of a transaction; not written by version 1."),
        mutationBatch.tag("mutationBatch", "A batch of events of a transaction."),
        transactionCommit.tag(
            "transactionCommit",
            "Makes the transaction count; the payload is the commit time in nanoseconds since 1970."
        ),
        transactionAbort.tag(
            "transactionAbort", "Ends a transaction that does not count; no payload."),
        checkpoint.tag(
            "checkpoint",
            "A snapshot up to the related LSN is durably in place; the payload is the checkpointMark layout, or empty. A "
                + "reader takes one of another length for none."),
        segmentSeal.tag("segmentSeal", "Ends a segment; the payload is the seal layout."),
        transaction.tag(
            "transaction",
            "A whole transaction with the LSNs of begin, batch and commit; the payload is the commit "
                + "time (u64) and a batch."),
        segmentKey.tag(
            "segmentKey",
            "Says how the frames after it are encrypted; the payload is the keyRecord layout and its proof. In a segment "
                + "that begins with one, the payload of each frame that takes an LSN is encrypted, behind the commit "
                + "time where it begins with one: a nonce of 12 bytes, the ciphertext, a tag of 16 bytes."
        ),
        durableMark.tag(
            "durableMark", "Everything up to the related LSN is durable; no payload, skippable."),
    ]

    private func tag(_ name: String, _ meaning: String) -> TagDescription {
        TagDescription(
            UInt64(rawValue), name, meaning,
            attributes: ["lsnCount": lsnCount, "carriesWatermark": carriesWatermark ? 1 : 0])
    }
}

extension CompressionID {
    /// The compressions as documents list them.
    static let tags: [TagDescription] = [
        TagDescription(0, "none", "The batch is stored as it is."),
        TagDescription(1, "zlib", "The batch is one zlib stream (RFC 1950) without a dictionary."),
    ]
}

extension FrameLimits {
    /// The bounds as documents list them.
    var descriptions: [LimitDescription] {
        [
            LimitDescription(
                "payloadByteCountMax", UInt64(payloadByteCountMax), "Payload bytes of one frame."),
            LimitDescription(
                "uncompressedByteCountMax", UInt64(uncompressedByteCountMax),
                "Bytes of one batch after inflating."),
            LimitDescription(
                "compressionRatioMax", UInt64(compressionRatioMax),
                "Size after inflating divided by size before."),
        ]
    }
}
