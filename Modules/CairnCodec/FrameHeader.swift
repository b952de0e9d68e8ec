// SPDX-License-Identifier: Apache-2.0

public import CairnLSN

/// The fields of a frame header.
public struct FrameHeader: Hashable, Sendable {
    /// The kind of the frame: a transaction, a seal, a checkpoint and so on.
    public var kind: FrameKind
    /// The compression of the batch in the payload.
    public var compression: CompressionID
    /// The first LSN that the frame takes, or the last one before it.
    public var lsn: LSN
    /// An LSN that the kind gives a meaning to: see ``FrameLayout/relatedLSN``.
    public var relatedLSN: LSN
    /// The number of payload bytes that are stored.
    public var payloadByteCount: Int
    /// The size of the batch before compression; 0 when it is not compressed.
    public var uncompressedByteCount: Int

    /// True when the payload is encrypted and could not be read: there is no key. It has then only the bytes that
    /// are in the clear. No header on disk says this.
    public var isEncrypted = false

    /// A header with these fields; its checksum is computed when it is encoded.
    @inlinable
    public init(
        kind: FrameKind, compression: CompressionID = .none, lsn: LSN, relatedLSN: LSN,
        payloadByteCount: Int, uncompressedByteCount: Int = 0
    ) {
        self.kind = kind
        self.compression = compression
        self.lsn = lsn
        self.relatedLSN = relatedLSN
        self.payloadByteCount = payloadByteCount
        self.uncompressedByteCount = uncompressedByteCount
    }

    /// The number of bytes that the whole frame takes.
    @inlinable public var frameByteCount: Int {
        FrameLayout.frameByteCount(payloadByteCount: payloadByteCount)
    }

    /// The last LSN that the frame takes; for a frame that takes none, its ``lsn``.
    @inlinable public var lastLSN: LSN {
        LSN(rawValue: lsn.rawValue &+ (max(kind.lsnCount, 1) - 1))
    }
}
