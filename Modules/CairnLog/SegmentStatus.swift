// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnLSN
public import CairnSegments

/// One segment of a log.
public struct SegmentStatus: Hashable, Sendable {
    /// Its name.
    public let name: SegmentName
    /// The last LSN in it; one below its base when it holds none.
    public let lastLSN: LSN
    /// Its bytes, without unused space at the end.
    public let byteCount: UInt64
    /// True when nothing can be added.
    public let isSealed: Bool
    /// The key that it is encrypted with; nil for one that is not encrypted, and for one that was only listed.
    public let keyID: KeyID?

    package init(
        name: SegmentName, lastLSN: LSN, byteCount: UInt64, isSealed: Bool, keyID: KeyID? = nil
    ) {
        self.keyID = keyID
        self.name = name
        self.lastLSN = lastLSN
        self.byteCount = byteCount
        self.isSealed = isSealed
    }
}
