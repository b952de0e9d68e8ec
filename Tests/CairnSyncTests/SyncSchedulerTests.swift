// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnSync

/// The scheduler against a naive account of it, over all short sequences of events.
@Suite struct SyncSchedulerTests {
    enum Event: CaseIterable { case commit, tick, start, startLeavingOne, succeed, fail }

    /// What is true of the log, without any cleverness: each commit is remembered by itself.
    struct Model {
        var now: UInt64 = 1000
        var unsynced: [(time: UInt64, byteCount: Int)] = []
        var covered = 0
        var isUnderWay = false
        var hasFailed = false
        var finished = 0
    }

    static let byteCount = 40
    static let step: UInt64 = 7
    static let interval: UInt64 = 10

    /// Plays one sequence; events that make no sense where they stand end it.
    ///
    /// - Returns: False when the sequence was cut short.
    static func play(_ events: [Event], _ policy: SyncPolicy) -> Bool {
        var scheduler = SyncScheduler(policy: policy)
        var model = Model()
        for (index, event) in events.enumerated() {
            model.now += step
            var action = SyncScheduler.Action.none
            switch event {
            case .commit:
                model.unsynced.append((model.now, byteCount))
                action = scheduler.committed(byteCount: byteCount, now: model.now)
            case .tick: action = scheduler.tick(now: model.now)
            case .start:
                guard !model.isUnderWay, !model.hasFailed else { return false }
                scheduler.syncStarted(.request)
                model.isUnderWay = true
                model.covered = model.unsynced.count
            case .startLeavingOne:
                guard !model.isUnderWay, !model.hasFailed, let last = model.unsynced.indices.last
                else { return false }
                scheduler.syncStarted(
                    .period,
                    uncovered: .init(
                        byteCount: UInt64(byteCount), commitCount: 1, since: model.now))
                model.isUnderWay = true
                model.covered = last
                // It counts from now on.
                model.unsynced[last].time = model.now
            case .succeed, .fail:
                guard model.isUnderWay else { return false }
                let succeeded = event == .succeed
                model.isUnderWay = false
                model.hasFailed = !succeeded
                if succeeded {
                    model.unsynced.removeFirst(model.covered)
                    model.finished += model.covered
                }
                action = scheduler.syncFinished(succeeded: succeeded, now: model.now)
            }
            let expected = Self.expectation(policy, model)
            let isStart = event == .start || event == .startLeavingOne
            #expect(action == expected || isStart, "\(policy) \(events[...index])")
            if !model.hasFailed {
                let sum = model.unsynced.reduce(0) { $0 + $1.byteCount }
                #expect(scheduler.unsyncedByteCount == UInt64(sum), "\(policy) \(events[...index])")
                #expect(scheduler.unsyncedCommitCount == UInt64(model.unsynced.count))
                let carried = scheduler.commitCounts.values.reduce(0, +)
                #expect(carried == UInt64(model.finished), "\(policy) \(events[...index])")
            }
        }
        return true
    }

    /// What the documentation promises at this moment.
    static func expectation(_ policy: SyncPolicy, _ model: Model) -> SyncScheduler.Action {
        guard !model.isUnderWay, !model.hasFailed, let oldest = model.unsynced.first else {
            return .none
        }
        switch policy {
        case .everyCommit: return .sync(.commit)
        case .manual: return .none
        case .bytes(let limit):
            let sum = model.unsynced.reduce(0) { $0 + $1.byteCount }
            return sum >= limit ? .sync(.bytes) : .none
        case .periodic:
            let due = oldest.time + interval
            return model.now >= due ? .sync(.period) : .wake(at: due)
        }
    }

    @Test(arguments: [
        SyncPolicy.everyCommit, .manual, .bytes(100), .bytes(40), .bytes(0), .bytes(1 << 40),
        .periodic(interval: .nanoseconds(10)),
    ])
    func everyShortSequence(_ policy: SyncPolicy) {
        var count = 0
        var sequence: [Event] = []
        func extend() {
            guard sequence.isEmpty || Self.play(sequence, policy) else { return }
            count += 1
            guard sequence.count < 7 else { return }
            for event in Event.allCases {
                sequence.append(event)
                extend()
                sequence.removeLast()
            }
        }
        extend()
        #expect(count > 4000)
    }

    /// Obeys the scheduler, and has it ticked at any time: no commit is older than the interval then.
    @Test func noPeriodicCommitIsLeftBehind() {
        for pattern in 0..<UInt32(1) << 14 {
            var scheduler = SyncScheduler(policy: .periodic(interval: .nanoseconds(3)))
            var unsynced: [UInt64] = []
            for now in UInt64(1)...14 {
                if pattern >> UInt32(now - 1) & 1 == 1 {
                    unsynced.append(now)
                    _ = scheduler.committed(byteCount: 1, now: now)
                }
                if case .sync(let reason) = scheduler.tick(now: now) {
                    scheduler.syncStarted(reason)
                    _ = scheduler.syncFinished(succeeded: true, now: now)
                    unsynced = []
                }
                #expect(unsynced.allSatisfy { now - $0 < 3 }, "pattern \(pattern) at \(now)")
            }
        }
    }

    @Test func aFailureEndsIt() {
        for policy in [SyncPolicy.everyCommit, .bytes(1), .periodic(interval: .zero)] {
            var scheduler = SyncScheduler(policy: policy)
            _ = scheduler.committed(byteCount: 10, now: 1)
            scheduler.syncStarted(.commit)
            #expect(scheduler.syncFinished(succeeded: false, now: 2) == .none)
            #expect(scheduler.committed(byteCount: 10, now: 3) == .none)
            #expect(scheduler.tick(now: 1000) == .none)
        }
    }

    @Test func levelsFollowThePolicy() {
        #expect(SyncScheduler(policy: .everyCommit).commitLevel == .durable)
        for policy in [SyncPolicy.manual, .bytes(1), .periodic(interval: .seconds(1))] {
            #expect(SyncScheduler(policy: policy).commitLevel == .written)
        }
        #expect(DurabilityLevel.written < .durable)
    }

    @Test func whatEachReasonCarriedIsCounted() {
        var scheduler = SyncScheduler(policy: .manual)
        for (reason, count) in [(SyncReason.commit, 3), (.period, 2), (.commit, 1)] {
            for _ in 0..<count { _ = scheduler.committed(byteCount: 10, now: 1) }
            scheduler.syncStarted(reason)
            _ = scheduler.syncFinished(succeeded: true, now: 2)
        }
        scheduler.rotated(2)
        #expect(scheduler.commitCounts == [.commit: 4, .period: 2])
        #expect(scheduler.syncCounts == [.commit: 2, .period: 1, .rotation: 2])
    }

    @Test func reasonsAreCounted() {
        var scheduler = SyncScheduler(policy: .manual)
        for reason in [SyncReason.close, .request, .request] {
            scheduler.syncStarted(reason)
            _ = scheduler.syncFinished(succeeded: true, now: 0)
        }
        #expect(scheduler.syncCounts == [.close: 1, .request: 2])
    }

    @Test func intervalsOfAnyLength() {
        let long: [Duration] = [.seconds(Int64.max), .seconds(UInt64.max / 1_000_000_000)]
        for interval in long {
            var scheduler = SyncScheduler(policy: .periodic(interval: interval))
            guard case .wake(let time) = scheduler.committed(byteCount: 1, now: 1 << 40) else {
                Issue.record("\(interval): due at once")
                continue
            }
            #expect(time > 1 << 62)
        }
        for interval in [Duration.zero, .seconds(-1), .nanoseconds(-1)] {
            var scheduler = SyncScheduler(policy: .periodic(interval: interval))
            #expect(scheduler.committed(byteCount: 1, now: 5) == .sync(.period))
        }
        #expect(Duration.seconds(3).nanoseconds == 3_000_000_000)
        #expect((Duration.nanoseconds(1) / 2).nanoseconds == 0)
        #expect(Duration.milliseconds(1500).nanoseconds == 1_500_000_000)
    }
}
