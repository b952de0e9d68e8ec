// SPDX-License-Identifier: Apache-2.0
//
// When a checkpoint is due: a state machine without a clock, a thread or a file.
//
// - One is under way at most.
// - After a failure the next one waits for the pause, whatever else would make it due.
// - After a failure that a retry cannot mend none is tried again.

internal import CairnLSN

struct CheckpointSchedule {
    enum Action: Equatable {
        case checkpoint
        /// Look again after so many nanoseconds, or when signalled.
        case wait(UInt64)
        /// Nothing is to be done before a commit makes one due.
        case rest
        case stop
    }

    private let options: CheckpointOptions
    /// The length of the log at the last snapshot.
    private var baseByteCount: Int
    private var snapshotByteCount: Int
    private var lastTime: UInt64
    private var retryTime: UInt64?
    private(set) var failure: DurableError?
    private(set) var failureCount = 0
    private(set) var madeCount = 0
    private(set) var last: Checkpoint?
    private(set) var isRunning = false
    private var hasGivenUp = false
    /// Whether a thread looks after the schedule.
    var hasThread = false
    var isStopped = false
    /// Something may have become due since the thread looked.
    var isSignalled = false

    init(
        _ options: CheckpointOptions, baseByteCount: Int, snapshotByteCount: Int, now: UInt64
    ) {
        self.options = options
        self.baseByteCount = baseByteCount
        self.snapshotByteCount = snapshotByteCount
        lastTime = now
    }

    /// Whether any will be made.
    var isActive: Bool { options.isAutomatic && !hasGivenUp && !isStopped }

    /// At which length of the log one is due.
    var dueByteCount: Int {
        let (sum, isOverflow) = baseByteCount.addingReportingOverflow(threshold)
        return isActive && !isOverflow ? sum : .max
    }

    /// How much longer than at the last snapshot the log must be.
    var threshold: Int {
        let fraction = Double(snapshotByteCount) * max(0, options.snapshotFraction)
        return max(1, options.logByteCountMin, fraction < 1e18 ? Int(fraction) : .max)
    }

    func logByteCount(_ byteCount: Int) -> Int { byteCount - baseByteCount }

    /// - Parameters:
    ///   - byteCount: How long the log is, counted since the store was opened.
    ///   - commitCount: Commits since the last checkpoint, if they are counted.
    mutating func next(now: UInt64, byteCount: Int, commitCount: Int) -> Action {
        isSignalled = false
        if isStopped { return .stop }
        guard isActive, !isRunning else { return .rest }
        if let retryTime, retryTime > now { return .wait(retryTime - now) }
        let isDue =
            retryTime != nil || byteCount >= dueByteCount
            || options.commitCount.map { commitCount >= max(1, $0) } ?? false
        if isDue { return start() }
        guard let interval = options.interval else { return .rest }
        let end = lastTime.addingReportingOverflow(max(1_000_000, interval.nanoseconds))
        guard !end.overflow else { return .rest }
        if end.partialValue > now { return .wait(end.partialValue - now) }
        // Without a commit there is nothing to do; one is noticed at the next look.
        guard byteCount > baseByteCount || commitCount > 0 else {
            lastTime = now
            return .wait(max(1_000_000, interval.nanoseconds))
        }
        return start()
    }

    private mutating func start() -> Action {
        isRunning = true
        return .checkpoint
    }

    /// One was made, by itself or by a call.
    ///
    /// - Parameter checkpoint: Nil when the newest snapshot contains everything.
    mutating func made(_ checkpoint: Checkpoint?, baseByteCount base: Int, now: UInt64) {
        baseByteCount = max(baseByteCount, base)
        lastTime = now
        retryTime = nil
        failure = nil
        failureCount = 0
        guard let checkpoint else { return }
        madeCount += 1
        last = checkpoint
        snapshotByteCount = Int(clamping: checkpoint.snapshotByteCount)
    }

    /// Notes that the step which ``next(now:byteCount:commitCount:)`` asked for has ended.
    mutating func ended() { isRunning = false }

    /// It has ended well, whether a checkpoint was made or only what was left of an earlier one.
    mutating func succeeded() {
        ended()
        retryTime = nil
        failure = nil
        failureCount = 0
    }

    /// The one that was to be made by itself has failed.
    mutating func failed(_ error: DurableError, now: UInt64) {
        failure = error
        failureCount += 1
        hasGivenUp = !error.mayPass
        guard isActive else {
            retryTime = nil
            return
        }
        let first = max(1_000_000, options.retryPause.nanoseconds)
        let most = max(first, options.retryPauseMax.nanoseconds)
        let doublings = min(failureCount - 1, 62)
        let pause = first > most >> doublings ? most : first << doublings
        retryTime = now.addingReportingOverflow(min(pause, most)).partialValue
    }

    /// The time until the next one is tried.
    func retryPause(now: UInt64) -> Duration? {
        retryTime.map { .nanoseconds(Int64(clamping: $0 > now ? $0 - now : 0)) }
    }
}

extension DurableError {
    /// Whether the same checkpoint may succeed later: not when the store is stopped for good, closed, or a sync of the
    /// directory of the snapshots has failed, which is never repeated.
    fileprivate var mayPass: Bool {
        ![.poisoned, .indeterminate, .closed, .readOnly, .misuse].contains(code)
    }
}

extension Duration {
    /// At least 0.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, isOverflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return isOverflow ? .max : product &+ UInt64(attoseconds / 1_000_000_000)
    }
}
