// SPDX-License-Identifier: Apache-2.0

/// The fate of one part of the pending changes in a crash.
///
/// Bytes that a write did not change stay as they were, whatever its fate: no medium harms them.
public enum PartFate: Character, Hashable, Sendable, CaseIterable {
    /// Nothing of it is there.
    case absent = "-"
    /// All of it is there.
    case whole = "+"
    /// The first half of its bytes is there, and there the write ended: its other parts behind are absent.
    case torn = "/"
    /// Zeros are in its place.
    case zero = "0"
    /// Bytes that were never written are in its place.
    case garbage = "?"
    /// Bytes of another file are in its place, as a reused block shows them.
    case stale = "~"
}

/// A fate for each of the parts of a crash, in the order of
/// ``SimulatedFileSystem/pendingPartCount``: parts without one are absent.
public struct PartFates: Hashable, Sendable {
    /// The number of bytes of a write that have one fate, counted from the start of the file.
    public var partByteCount: Int
    /// The fate of each part, in the order of the file.
    public var fates: [PartFate]

    /// Fates for parts of that size.
    ///
    /// - Precondition: `partByteCount` is at least 1.
    public init(partByteCount: Int = 512, _ fates: [PartFate]) {
        precondition(partByteCount >= 1)
        self.partByteCount = partByteCount
        self.fates = fates
    }
}
