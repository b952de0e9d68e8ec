// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnFormat
public import CairnLSN

/// One record of a log, as it lies on disk.
public struct LogRecord: Hashable, Sendable {
    /// The kind of the record.
    public let kind: FrameKind
    /// The LSNs that it takes; empty for a seal or a mark.
    public let lsns: LSNRange
    /// The LSN that the kind gives a meaning to.
    public let relatedLSN: LSN
    /// The segment that holds the record.
    public let segment: SegmentID
    /// The offset in its file, in bytes.
    public let offset: UInt64
    /// How its batch is compressed.
    public let compression: CompressionID
    /// How many payload bytes are stored.
    public let payloadByteCount: Int
    /// When the transaction was committed, in nanoseconds since 1970; nil for other kinds.
    public let commitNanoseconds: UInt64?
    /// The mark of a checkpoint: digest and time of its snapshot. Nil for a checkpoint without, and for other kinds.
    public let mark: CheckpointMark?
}
