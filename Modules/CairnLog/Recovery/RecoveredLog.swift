// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN
internal import CairnSegments

/// A log that was read and, for writing, repaired.
struct RecoveredLog {
    let segments: SegmentDirectory
    let statuses: [SegmentStatus]
    let report: RecoveryReport
    let encoder: SegmentEncoder
    /// The file of the last segment; nil when opened for reading only.
    let file: (any VirtualFile)?
    /// How many bytes the file has.
    let fileByteCount: UInt64
    /// Prepared segments that are kept.
    let preparedSegments: [FileName]
    /// When the last transaction was committed, in nanoseconds since 1970.
    let lastCommitNanoseconds: UInt64
    /// True when the log ends in a durable watermark that covers everything before.
    let endsInDurableMark: Bool
    /// True when the next record begins a segment: that of an encrypted log does, each time it is opened.
    let nextBeginsSegment: Bool
}
