// SPDX-License-Identifier: Apache-2.0
//
// How threads sleep that wait for one another's writes.
//
// - Callers that wait for a round sleep on one signal of that round, and one call wakes them. They need the lock
//   of the log no more: they see the number of the last complete round.
// - That number never goes back. Leaders tell of their rounds after they released the lock, so a slow one may
//   come after the next: if it took the number back, a follower of the next round would sleep for ever.
// - The next leader sleeps on a signal of its own, and is woken as soon as it may lead. A newcomer that finds
//   no leader takes the job at once; then the next leader merely follows.

internal import CairnIO
internal import Synchronization

/// Where threads sleep that wait for rounds of one kind.
final class RoundWaiters: Sendable {
    let lead = Signal()
    private let rounds = [Signal(), Signal(), Signal(), Signal()]
    private let completed = Atomic<UInt64>(0)
    private let hasFailed = Atomic<Bool>(false)

    /// Sleeps until the round is complete.
    ///
    /// - Returns: False when the log failed before.
    func wait(for ticket: UInt64) -> Bool {
        let signal = rounds[Int(ticket & 3)]
        while true {
            let seen = signal.read()
            if isComplete(ticket) { return true }
            if hasFailed.load(ordering: .acquiring) { return false }
            signal.wait(seen: seen)
        }
    }

    /// Whether the round is complete.
    func isComplete(_ ticket: UInt64) -> Bool { completed.load(ordering: .acquiring) >= ticket }

    /// Notes that a round is complete, in any order. A round without followers need not be noted: a caller that comes
    /// later waits for a later round.
    func complete(_ round: Rounds.Completion) {
        guard round.hasFollowers else { return }
        completed.max(round.ticket, ordering: .acquiringAndReleasing)
        let signal = rounds[Int(round.ticket & 3)]
        signal.raise()
        signal.wakeAll()
    }

    /// Wakes the callers that wait to lead.
    func wakeNext() {
        lead.raise()
        lead.wakeAll()
    }

    /// Wakes all callers for good.
    func fail() {
        hasFailed.store(true, ordering: .releasing)
        for signal in rounds + [lead] {
            signal.raise()
            signal.wakeAll()
        }
    }
}
