// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import Cairn
internal import CairnGraph
internal import Synchronization

/// The latencies that a writer saw.
struct WriteTally {
    /// How long writes took.
    var latency = LatencyHistogram()
    /// How long it wrote, in nanoseconds.
    var end: UInt64 = 0
    /// The longest write during which the system did not take the processor away: what waiting for locks
    /// and for the disk amounts to, and work, but not what other programs take.
    var undisturbedMax: UInt64 = 0
    /// The most processor time that a write took.
    var processorMax: UInt64 = 0
}

/// Sets one property of one node after the other, all over the graph, as writes of users are, until it is stopped.
final class RestlessWriter: @unchecked Sendable {
    /// What others may see while it runs.
    struct Shown {
        var count: UInt64 = 0
        /// The longest write since the last look, in nanoseconds.
        var longest: UInt64 = 0
        var undisturbed: UInt64 = 0
    }

    // Written by its thread alone, and read after that has been joined.
    var tally = WriteTally()
    var failure: (any Error)?
    private let isStopped = Atomic(false)
    private let shownState = Mutex(Shown())
    private let database: GraphDatabase
    private let ids: [NodeID]

    init(_ database: GraphDatabase, _ ids: [NodeID]) {
        self.database = database
        self.ids = ids
    }

    var shown: Shown { shownState.withLock { $0 } }

    /// What there is to see, and begins anew with the longest writes.
    func takeShown() -> Shown {
        shownState.withLock { shown in
            defer { (shown.longest, shown.undisturbed) = (0, 0) }
            return shown
        }
    }

    func stop() { isStopped.store(true, ordering: .releasing) }

    func run() {
        var number = 0
        do {
            repeat {
                number += 1
                let id = ids[number &* 7919 % ids.count]
                let preemptionCount = System.preemptionCount()
                let processor = System.threadTime()
                let before = System.now()
                try database.write { transaction in
                    try transaction.setProperty("score", to: .double(Double(number)), of: id)
                }
                let duration = System.now() - before
                let processorTime = System.threadTime() - processor
                add(duration, processorTime, System.preemptionCount() == preemptionCount)
            } while !isStopped.load(ordering: .acquiring)
        } catch {
            failure = error
        }
    }

    private func add(_ duration: UInt64, _ processorTime: UInt64, _ isUndisturbed: Bool) {
        tally.latency.add(nanoseconds: duration)
        tally.processorMax = max(tally.processorMax, processorTime)
        if isUndisturbed { tally.undisturbedMax = max(tally.undisturbedMax, duration) }
        shownState.withLock { shown in
            shown.count += 1
            shown.longest = max(shown.longest, duration)
            if isUndisturbed { shown.undisturbed = max(shown.undisturbed, duration) }
        }
    }
}
