// SPDX-License-Identifier: Apache-2.0
//
// Decides when to sync. A pure state machine: each call notes what happened and at what time, and answers
// with what to do. It does no I/O, takes no lock and asks no clock.
//
// - It never asks for a second sync while one is under way.
// - A sync covers what was written before it started, not what arrived meanwhile.
// - After a failed sync it asks for none any more.

/// The state machine behind a ``SyncPolicy``.
public struct SyncScheduler: Sendable {
    /// The policy that decides; fixed for the life of the scheduler.
    public let policy: SyncPolicy
    /// Bytes accepted that no finished sync covers.
    public private(set) var unsyncedByteCount: UInt64 = 0
    /// Commits accepted that no finished sync covers.
    public private(set) var unsyncedCommitCount: UInt64 = 0

    private var starts = Tally()
    private var carried = Tally()
    private var underway: Underway?
    private var oldestUnsynced: UInt64?
    private var oldestSinceStart: UInt64?
    private var hasFailed = false

    private struct Underway {
        let reason: SyncReason
        let byteCount: UInt64
        let commitCount: UInt64
    }

    /// A scheduler with nothing to sync.
    public init(policy: SyncPolicy) {
        self.policy = policy
    }

    /// The next step of the caller.
    public enum Action: Hashable, Sendable {
        /// Nothing.
        case none
        /// Start a sync now, for this reason.
        case sync(SyncReason)
        /// Call ``SyncScheduler/tick(now:)`` at this time, in nanoseconds of the caller's clock.
        case wake(at: UInt64)
    }

    /// The number of syncs for each reason.
    public var syncCounts: [SyncReason: UInt64] { starts.counts }

    /// The number of commits that the finished syncs of each reason covered.
    public var commitCounts: [SyncReason: UInt64] { carried.counts }

    /// The level that a commit gets when it asks for none.
    public var commitLevel: DurabilityLevel {
        policy == .everyCommit ? .durable : .written
    }

    /// Whether the answers depend on the time; if not, any number will do for it.
    public var needsTime: Bool {
        if case .periodic = policy { true } else { false }
    }

    /// Notes that a commit of `byteCount` bytes was accepted at `now`.
    public mutating func committed(byteCount: Int, now: UInt64) -> Action {
        unsyncedByteCount += UInt64(max(0, byteCount))
        unsyncedCommitCount += 1
        if oldestUnsynced == nil { oldestUnsynced = now }
        if underway != nil, oldestSinceStart == nil { oldestSinceStart = now }
        return decide(now: now)
    }

    /// Notes that time has passed.
    public mutating func tick(now: UInt64) -> Action {
        decide(now: now)
    }

    /// Notes that a sync starts.
    ///
    /// - Parameters:
    ///   - reason: The reason that ``SyncScheduler/Action/sync(_:)`` gave.
    ///   - uncovered: What of all that was accepted it does not cover, because it was not written
    ///     yet; it counts from this moment on.
    public mutating func syncStarted(_ reason: SyncReason, uncovered: Uncovered = Uncovered()) {
        underway = Underway(
            reason: reason,
            byteCount: unsyncedByteCount - min(uncovered.byteCount, unsyncedByteCount),
            commitCount: unsyncedCommitCount - min(uncovered.commitCount, unsyncedCommitCount))
        oldestSinceStart = uncovered.byteCount > 0 ? uncovered.since : nil
        starts[reason] += 1
    }

    /// Bytes and commits that were accepted and not written yet.
    public struct Uncovered: Hashable, Sendable {
        /// The bytes that the sync does not cover.
        public var byteCount: UInt64
        /// The commits that the sync does not cover.
        public var commitCount: UInt64
        /// The time at which the oldest of them was accepted, or an earlier one.
        public var since: UInt64

        /// The bytes and commits that wait to be written.
        public init(byteCount: UInt64 = 0, commitCount: UInt64 = 0, since: UInt64 = 0) {
            self.byteCount = byteCount
            self.commitCount = commitCount
            self.since = since
        }
    }

    /// Notes that the sync under way has ended.
    public mutating func syncFinished(succeeded: Bool, now: UInt64) -> Action {
        guard succeeded else {
            hasFailed = true
            return .none
        }
        if let underway {
            unsyncedByteCount -= underway.byteCount
            unsyncedCommitCount -= underway.commitCount
            carried[underway.reason] += underway.commitCount
        }
        underway = nil
        oldestUnsynced = unsyncedByteCount == 0 ? nil : oldestSinceStart
        oldestSinceStart = nil
        return decide(now: now)
    }

    /// Notes that so many segments were made durable and ended. What this scheduler accounts for is still
    /// covered by its own syncs only.
    public mutating func rotated(_ count: Int) {
        starts[.rotation] += UInt64(max(0, count))
    }

    // Inlined, because a call would be given a copy of the whole state.
    @inline(__always)
    private func decide(now: UInt64) -> Action {
        guard !hasFailed, underway == nil, unsyncedByteCount > 0 else { return .none }
        switch policy {
        case .everyCommit: return .sync(.commit)
        case .manual: return .none
        case .bytes(let limit):
            return unsyncedByteCount >= UInt64(max(1, limit)) ? .sync(.bytes) : .none
        case .periodic(let interval):
            guard let oldestUnsynced else { return .none }
            let (sum, isNever) = oldestUnsynced.addingReportingOverflow(interval.nanoseconds)
            let due = isNever ? .max : sum
            return now >= due ? .sync(.period) : .wake(at: due)
        }
    }
}

/// The reason of a sync.
public enum SyncReason: String, Hashable, CaseIterable, Sendable {
    /// A commit was to be durable.
    case commit
    /// The interval had passed.
    case period
    /// Enough bytes had been written.
    case bytes
    /// A caller asked for it.
    case request
    /// A segment was full.
    case rotation
    /// The log was closed.
    case close
}

/// A number for each reason, without a table to look it up in.
private struct Tally {
    private var commit: UInt64 = 0
    private var period: UInt64 = 0
    private var bytes: UInt64 = 0
    private var request: UInt64 = 0
    private var rotation: UInt64 = 0
    private var close: UInt64 = 0

    subscript(reason: SyncReason) -> UInt64 {
        get {
            switch reason {
            case .commit: commit
            case .period: period
            case .bytes: bytes
            case .request: request
            case .rotation: rotation
            case .close: close
            }
        }
        set {
            switch reason {
            case .commit: commit = newValue
            case .period: period = newValue
            case .bytes: bytes = newValue
            case .request: request = newValue
            case .rotation: rotation = newValue
            case .close: close = newValue
            }
        }
    }

    /// Those above zero.
    var counts: [SyncReason: UInt64] {
        let all = SyncReason.allCases.map { ($0, self[$0]) }.filter { $0.1 > 0 }
        return Dictionary(uniqueKeysWithValues: all)
    }
}

extension Duration {
    /// The whole nanoseconds; 0 when negative, the largest number when there are too many.
    package var nanoseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(parts.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isTooLarge) = whole.addingReportingOverflow(
            UInt64(parts.attoseconds / 1_000_000_000))
        return overflow || isTooLarge ? .max : sum
    }
}
