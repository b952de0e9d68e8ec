// SPDX-License-Identifier: Apache-2.0

public import CairnCodec
public import CairnLSN

/// A torn tail that opening cut off the end of a log.
public struct TailRepair: Hashable, Sendable {
    /// The segment that was cut.
    public let segment: SegmentID
    /// From which byte on.
    public let offset: UInt64
    /// How many bytes that were not zero at the end.
    public let byteCount: UInt64
    /// The LSN that was expected there.
    public let lsn: LSN
    /// The file in `quarantine` that has them now; nil when the log was opened for reading only.
    public let quarantineName: String?
}
