// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

// The fields are computed, so that another module knows their offsets when it is compiled: the loop over the
// frames of a segment does.

/// The header of every frame, and what follows it.
public enum FrameLayout {
    /// The number of payload bytes that are stored.
    @inlinable public static var payloadByteCount: Field<UInt32> {
        Field(
            "payloadByteCount", at: 0, "How many payload bytes follow the header, as stored.")
    }
    /// The byte that says the ``FrameKind``.
    @inlinable public static var kind: Field<UInt8> {
        Field("kind", at: 4, "What the frame is; see the kinds.")
    }
    /// The byte that says the ``CompressionID`` of the batch.
    @inlinable public static var compression: Field<UInt8> {
        Field(
            "compression", at: 5,
            "How the batch in the payload is compressed; see the compressions.")
    }
    /// Two bytes of zero; a frame in which they are not is refused.
    @inlinable public static var reserved: Field<UInt16> { Field("reserved", at: 6, "Zero.") }
    /// The first LSN that the frame takes.
    @inlinable public static var lsn: Field<UInt64> {
        Field(
            "lsn", at: 8,
            "The first LSN the frame takes; for a frame that takes none, the last LSN before it.")
    }
    /// An LSN that the kind gives a meaning to.
    @inlinable public static var relatedLSN: Field<UInt64> {
        Field(
            "relatedLSN", at: 16,
            """
            transactionBegin, transaction, durableMark: what was durable when the frame was written. \
            mutationBatch, transactionCommit, transactionAbort: the LSN of the begin. \
            checkpoint: the fence of the snapshot. segmentSeal: the segment's base LSN.
            """)
    }
    /// The size of the batch before compression.
    @inlinable public static var uncompressedByteCount: Field<UInt32> {
        Field(
            "uncompressedByteCount", at: 24, "The size of the batch before compression; else zero.")
    }
    /// CRC-32C of the fields before, from the salt of the segment.
    @inlinable public static var headerChecksum: Field<UInt32> {
        Field(
            "headerChecksum", at: 28,
            "CRC-32C of the 28 bytes before it, salted; checked before anything in them is believed."
        )
    }

    /// The number of bytes that the header takes.
    public static let headerByteCount = 32
    /// The number of bytes that the checksum behind the payload takes.
    public static let payloadChecksumByteCount = 4
    /// Frames begin and end at multiples of this.
    public static let alignment = 8

    /// The number of bytes that a frame takes whose payload has `payloadByteCount` bytes.
    @inlinable
    public static func frameByteCount(payloadByteCount: Int) -> Int {
        headerByteCount &+ (payloadByteCount &+ (payloadChecksumByteCount + alignment - 1))
            & ~(alignment - 1)
    }

    /// The header as documents show it.
    public static let layout = BinaryLayout(
        "frameHeader", byteCount: headerByteCount,
        "Begins every frame. Payload, zero padding and a CRC-32C follow; the checksum is salted with "
            + "the header's checksum, covers payload and padding, and ends at a multiple of 8 bytes.",
        fields: [
            payloadByteCount.description, kind.description, compression.description,
            reserved.description, lsn.description, relatedLSN.description,
            uncompressedByteCount.description, headerChecksum.description,
        ])
}

/// The bounds that readers and writers of frames enforce.
public struct FrameLimits: Hashable, Sendable {
    /// The most payload bytes of one frame.
    public var payloadByteCountMax: Int
    /// The most bytes of one batch after inflating.
    public var uncompressedByteCountMax: Int
    /// The most times larger a batch may be after inflating. Writers keep to it, too: a batch that
    /// compresses better is stored as it is.
    public var compressionRatioMax: Int

    /// Bounds; the defaults are those of format version 1, and callers may lower them.
    public init(
        payloadByteCountMax: Int = 64 << 20, uncompressedByteCountMax: Int = 64 << 20,
        compressionRatioMax: Int = 200
    ) {
        self.payloadByteCountMax = payloadByteCountMax
        self.uncompressedByteCountMax = uncompressedByteCountMax
        self.compressionRatioMax = compressionRatioMax
    }

    /// True when a batch of `uncompressedByteCount` bytes may be stored in `storedByteCount`.
    @inlinable
    public func allowsRatio(of uncompressedByteCount: Int, to storedByteCount: Int) -> Bool {
        let (bound, isUnbounded) = storedByteCount.multipliedReportingOverflow(
            by: compressionRatioMax)
        return isUnbounded || uncompressedByteCount <= bound
    }
}
