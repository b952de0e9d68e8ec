// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnSegments

/// Which segments readers have open, under the lock of the log.
struct SegmentHolds {
    private var counts: [SegmentName: Int] = [:]
    private var leaving: Set<SegmentName> = []

    /// Notes that a reader opens the file.
    ///
    /// - Returns: False when it is about to be used for something else.
    mutating func add(_ name: SegmentName) -> Bool {
        guard !leaving.contains(name) else { return false }
        counts[name, default: 0] += 1
        return true
    }

    /// Notes that a reader has closed the file.
    mutating func remove(_ name: SegmentName) {
        guard let count = counts[name] else { return }
        counts[name] = count > 1 ? count - 1 : nil
    }

    /// Lets no further reader open the file.
    ///
    /// - Returns: False, with nothing changed, when a reader has it open.
    mutating func recycle(_ name: SegmentName) -> Bool {
        guard counts[name] == nil else { return false }
        leaving.insert(name)
        return true
    }

    /// Forgets a file whose name is gone.
    mutating func forget(_ name: SegmentName) { leaving.remove(name) }
}

/// Keeps a segment's file as it is while it is read.
final class SegmentHold: Sendable {
    private let core: LogCore
    private let name: SegmentName

    /// Nil when the segment leaves the log at this moment.
    init?(_ core: LogCore, _ name: SegmentName) {
        guard core.state.withLock({ $0.retention.holds.add(name) }) else { return nil }
        self.core = core
        self.name = name
    }

    deinit { core.state.withLock { $0.retention.holds.remove(name) } }
}
