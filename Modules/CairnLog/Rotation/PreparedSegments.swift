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

    /// Whether a prepared segment is to be prepared now; the caller then does it.
    mutating func startPreparing(after byteCount: UInt64) -> Bool {
        guard let threshold, byteCount >= threshold, ready == nil, !isPreparing, failure == nil
        else { return false }
        isPreparing = true
        return true
    }
}

/// What was written to the active segment and nobody asked to be durable: a rotation syncs it at once, unless the
/// system has begun to write it before.
struct Writeback {
    /// A part of a file that the system is to begin to write.
    struct Part {
        let file: any VirtualFile
        let range: Range<UInt64>
    }

    private var start: UInt64 = 0
    /// Large enough for one call to be worth it, small enough to leave a rotation little to do.
    private static let byteCountMin: UInt64 = 4 << 20

    /// Notes that the active file was written up to `end`.
    ///
    /// - Parameter isNew: Whether the file took the place of another one since.
    ///
    /// - Returns: What the system is to begin to write now.
    mutating func written(upTo end: UInt64, isNew: Bool) -> Range<UInt64>? {
        if isNew { start = 0 }
        guard end >= start, end - start >= Self.byteCountMin else { return nil }
        defer { start = end }
        return start..<end
    }
}

/// Which segments readers have open, under the lock of the log.
struct SegmentHolds {
    private var counts: [SegmentName: Int] = [:]
    private var leaving: Set<SegmentName> = []

    /// Notes that somebody opens the file.
    ///
    /// - Returns: False when it is about to be used for something else.
    mutating func add(_ name: SegmentName) -> Bool {
        guard !leaving.contains(name) else { return false }
        counts[name, default: 0] += 1
        return true
    }

    /// Notes that somebody has closed the file.
    mutating func remove(_ name: SegmentName) {
        guard let count = counts[name] else { return }
        counts[name] = count > 1 ? count - 1 : nil
    }

    /// Lets nobody open the file any more.
    ///
    /// - Returns: False, with nothing changed, when somebody has it open.
    mutating func recycle(_ name: SegmentName) -> Bool {
        guard counts[name] == nil else { return false }
        leaving.insert(name)
        return true
    }

    /// Forgets a file whose name is gone.
    mutating func forget(_ name: SegmentName) { leaving.remove(name) }
}

/// Keeps a segment's file as it is, while somebody reads it.
final class SegmentHold: Sendable {
    private let core: LogCore
    private let name: SegmentName

    /// Nil when the segment leaves the log at this moment.
    init?(_ core: LogCore, _ name: SegmentName) {
        guard core.state.withLock({ $0.holds.add(name) }) else { return nil }
        self.core = core
        self.name = name
    }

    deinit { core.state.withLock { $0.holds.remove(name) } }
}
