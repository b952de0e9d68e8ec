// SPDX-License-Identifier: Apache-2.0
//
// Which files the next segments will be made from, and which files must not be used for that.

internal import CairnIO
internal import CairnSegments

/// The prepared segments of a log, under its lock.
struct PreparedSegments {
    /// A file that a rotation may take.
    struct Ready {
        let name: FileName
        let file: any VirtualFile
        let byteCount: UInt64
    }

    /// How many bytes of the active segment are used when the next one is prepared; nil for never.
    var threshold: UInt64?
    /// The one that is ready.
    var ready: Ready?
    /// Files of recycled segments; they are overwritten before they are ready.
    var recycled: [FileName] = []
    /// How many recycled ones are kept.
    var recycledCountMax = 0
    /// One is being prepared.
    var isPreparing = false
    /// Why no more are prepared.
    var failure: LogError?

    /// How many files there are.
    var count: Int { (ready == nil ? 0 : 1) + (isPreparing ? 1 : 0) + recycled.count }

    /// Whether another file may be recycled.
    var takesRecycled: Bool { threshold != nil && recycled.count < recycledCountMax }

    /// Returns true when the next segment has to be prepared now; the caller then prepares it.
    mutating func startPreparing(after byteCount: UInt64) -> Bool {
        guard let threshold, byteCount >= threshold, ready == nil, !isPreparing, failure == nil
        else { return false }
        isPreparing = true
        return true
    }
}
