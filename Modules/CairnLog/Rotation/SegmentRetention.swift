// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN
internal import CairnSegments

/// The sealed segments of a log, what keeps them from truncation, and the files that later segments are made from.
struct SegmentRetention {
    /// Sealed segments, oldest first.
    var sealed: [SegmentStatus]
    /// The LSNs that readers keep from truncation.
    var pins = Pins()
    /// Files that readers have open, which must not be recycled.
    var holds = SegmentHolds()
    var prepared = PreparedSegments()
    private var isTruncating = false

    init(sealed: [SegmentStatus], prepared: [FileName]) {
        self.sealed = sealed
        self.prepared.recycled = prepared
    }

    /// Begins a truncation.
    ///
    /// - Returns: The segments to remove, oldest first; none when a truncation is under way.
    mutating func startTruncating(upTo fence: TruncationFence) -> [SegmentStatus] {
        guard !isTruncating else { return [] }
        isTruncating = true
        return pins.removable(of: sealed.prefix { fence.covers($0.lastLSN) })
    }

    mutating func finishTruncating() { isTruncating = false }
}
