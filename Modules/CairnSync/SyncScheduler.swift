// SPDX-License-Identifier: Apache-2.0
//
// Decides when to sync. A pure state machine: it is told what happened and at what time, and answers
// with what to do. It does no I/O, takes no lock and asks no clock.
//
// - It never asks for a second sync while one is under way.
// - A sync covers what was written before it started, not what arrived meanwhile.
// - After a failed sync it asks for none any more.

/// The state machine behind a ``SyncPolicy``.
public struct SyncScheduler: Sendable {
    /// The policy.
    public let policy: SyncPolicy
    /// Bytes written that no finished sync covers.
    public private(set) var unsyncedByteCount: UInt64 = 0
    /// How often each reason led to a sync.
    public private(set) var syncCounts: [SyncReason: UInt64] = [:]

    private var underwayByteCount: UInt64?
    private var oldestUnsynced: UInt64?
    private var oldestSinceStart: UInt64?
    private var hasFailed = false

    /// A scheduler with nothing to sync.
    public init(policy: SyncPolicy) {
        self.policy = policy
    }

    /// What the caller is to do.
    public enum Action: Hashable, Sendable {
        /// Nothing.
        case none
        /// Start a sync now, for this reason.
        case sync(SyncReason)
        /// Call ``SyncScheduler/tick(now:)`` at this time, in nanoseconds of the caller's clock.
        case wake(at: UInt64)
    }

    /// The level that a commit gets when it asks for none.
    public var commitLevel: DurabilityLevel {
        policy == .everyCommit ? .durable : .written
    }

    /// Tells that a commit of `byteCount` bytes was accepted at `now`.
    public mutating func committed(byteCount: Int, now: UInt64) -> Action {
        unsyncedByteCount += UInt64(max(0, byteCount))
        if oldestUnsynced == nil { oldestUnsynced = now }
        if underwayByteCount != nil, oldestSinceStart == nil { oldestSinceStart = now }
        return decide(now: now)
    }

    /// Tells that time has passed.
    public mutating func tick(now: UInt64) -> Action {
        decide(now: now)
    }

    /// Tells that a sync starts that covers everything accepted so far.
    public mutating func syncStarted(_ reason: SyncReason) {
        underwayByteCount = unsyncedByteCount
        oldestSinceStart = nil
        syncCounts[reason, default: 0] += 1
    }

    /// Tells that the sync under way has ended.
    public mutating func syncFinished(succeeded: Bool, now: UInt64) -> Action {
        guard succeeded else {
            hasFailed = true
            return .none
        }
        unsyncedByteCount -= underwayByteCount ?? 0
        underwayByteCount = nil
        oldestUnsynced = unsyncedByteCount == 0 ? nil : oldestSinceStart
        oldestSinceStart = nil
        return decide(now: now)
    }

    private func decide(now: UInt64) -> Action {
        guard !hasFailed, underwayByteCount == nil, unsyncedByteCount > 0 else { return .none }
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

/// Why a sync took place.
public enum SyncReason: String, Hashable, Sendable {
    /// A commit was to be durable.
    case commit
    /// The interval had passed.
    case period
    /// Enough bytes had been written.
    case bytes
    /// Somebody asked for it.
    case request
    /// A segment was full.
    case rotation
    /// The log was closed.
    case close
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
