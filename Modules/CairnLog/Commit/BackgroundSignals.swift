// SPDX-License-Identifier: Apache-2.0

/// The state of the background thread, and its reasons to wake.
struct BackgroundSignals {
    /// The thread runs.
    var isStarted = false
    /// The thread has to end.
    var isStopping = false
    /// The thread sleeps, or is about to.
    var isSleeping = false
    /// Something changed that the thread has to see.
    var hasWork = false
    /// The thread wanted to lead and could not.
    var isWaiting = false
    /// When the scheduler wants to be asked again, in nanoseconds of the monotonic clock.
    var wakeTime: UInt64?
    /// The number of tasks that the last round resumed: so many may commit again soon.
    var resumedCount = 0

    mutating func wake(at time: UInt64) {
        guard wakeTime.map({ time < $0 }) ?? true else { return }
        wakeTime = time
        hasWork = true
    }
}
