// SPDX-License-Identifier: Apache-2.0
//
// How threads wait for one another's writes.
//
// - Rounds are numbered. Whoever appends gets a ticket: the number of the next round of its kind. A job that
//   is taken covers everything appended before, so when its round is complete, all its tickets are.
// - Those who wait for a round sleep on one signal of that round, and one call wakes them. They need the lock
//   of the log no more: they see the number of the last complete round.
// - One of those who wait is next. It sleeps on a signal of its own, and is woken as soon as it may lead. A
//   newcomer that finds nobody leading takes the job at once; then the next one merely follows.

internal import CairnIO
internal import Synchronization

/// What a round does.
enum RoundKind {
    /// Hands bytes to the system.
    case write
    /// Makes them durable, too.
    case sync
}

/// The rounds of one kind, under the lock of the log.
struct Rounds {
    /// The last round whose job was taken.
    var taken: UInt64 = 0
    /// The last round that is complete.
    var completed: UInt64 = 0
    /// Somebody waits to lead the next one.
    var hasNext = false
    /// How many threads sleep until the round that was taken, and the one after it, are complete.
    var followersOfTaken = 0
    var followersOfNext = 0
    /// Somebody who waits to lead was overtaken, and follows.
    var hasOvertaken = false
    /// How many threads the last round served: so many may come back soon.
    var lastSize = 0

    /// The ticket of whoever appends now.
    var ticket: UInt64 { taken + 1 }

    /// Begins the next round.
    mutating func take() -> UInt64 {
        taken += 1
        followersOfTaken = followersOfNext
        followersOfNext = 0
        if hasNext { hasOvertaken = true }
        hasNext = false
        return taken
    }

    /// Ends the round that was taken.
    ///
    /// - Returns: Whom to wake.
    mutating func complete() -> Completion {
        completed = taken
        let woken = Completion(
            ticket: taken, hasFollowers: followersOfTaken > 0, hasOvertaken: hasOvertaken)
        lastSize = 1 + followersOfTaken + (hasOvertaken ? 1 : 0)
        followersOfTaken = 0
        hasOvertaken = false
        return woken
    }

    struct Completion {
        let ticket: UInt64
        let hasFollowers: Bool
        let hasOvertaken: Bool
    }
}

/// How long a leader lets those come back that the last round has just served, so that one sync carries them all:
/// as long as they keep coming. A few looks without a newcomer end it, so it costs some microseconds at most, and
/// nothing where there is only one caller.
struct Gathering {
    private var count = 0
    private var idleLooks = 0

    /// Whether to look once more before the job is taken.
    mutating func waits(for present: Int, of expected: Int) -> Bool {
        guard expected > 1, present < expected, idleLooks < 8 else {
            self = Gathering()
            return false
        }
        idleLooks = present > count ? 0 : idleLooks + 1
        count = present
        return true
    }

    /// Lets the others run.
    static func pause() {
        Signal.spin(40)
        Signal.yield()
    }
}

/// Where threads sleep that wait for rounds of one kind.
final class Parking: Sendable {
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
            if completed.load(ordering: .acquiring) >= ticket { return true }
            if hasFailed.load(ordering: .acquiring) { return false }
            signal.wait(seen: seen)
        }
    }

    /// Whether the round is complete.
    func isComplete(_ ticket: UInt64) -> Bool { completed.load(ordering: .acquiring) >= ticket }

    /// Says that a round is complete.
    func complete(_ round: Rounds.Completion) {
        completed.store(round.ticket, ordering: .releasing)
        guard round.hasFollowers else { return }
        let signal = rounds[Int(round.ticket & 3)]
        signal.raise()
        signal.wakeAll()
    }

    /// Lets those who wait to lead look again.
    func wakeNext() {
        lead.raise()
        lead.wakeAll()
    }

    /// Wakes everybody for good.
    func fail() {
        hasFailed.store(true, ordering: .releasing)
        for signal in rounds + [lead] {
            signal.raise()
            signal.wakeAll()
        }
    }
}
