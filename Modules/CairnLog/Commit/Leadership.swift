// SPDX-License-Identifier: Apache-2.0
//
// Who writes, who syncs, and who is next: the pure part of group commit, under the lock of the log.
//
// - There are two tokens: one for whoever writes to the file, one for whoever syncs it. A durable write needs
//   both, and so does a rotation. A sync by the clock needs only the second, so writes go on meanwhile.
// - Rounds are numbered. A job that is taken covers everything appended before, so when its round is complete,
//   all its tickets are.
// - As long as somebody waits and a token is taken, whoever gives it back hands over to the next one. The next
//   one has a place, so that it knows itself again however often it wakes: somebody who took itself for
//   overtaken would leave a place that nobody holds, and all behind it would sleep for ever.
// - Nothing is handed out after a failure.
//
// `LeadershipTests` go through all interleavings of small numbers of callers.

internal import CairnSync

/// What a round does.
enum RoundKind: Hashable {
    /// Hands bytes to the system.
    case write
    /// Makes them durable, too.
    case sync
}

/// Somebody who waits for a round, or leads it.
struct Caller: Hashable {
    let kind: RoundKind
    /// The number of the first round that covers what was appended.
    let ticket: UInt64
    /// Where it stands when it is next.
    var place: UInt64?
}

/// What somebody who waits is to do.
enum NextStep: Hashable {
    case reached
    /// Throw what stopped the log.
    case failed
    /// Perform the job in the slot.
    case lead
    /// Sleep until the round is complete.
    case follow
    /// Sleep until leading is possible.
    case next
    /// Let so many nanoseconds pass, then look again.
    case delay(UInt64)
    /// Let others run, then look again.
    case gather
}

struct Leadership: Hashable {
    private(set) var isWriting = false
    private(set) var isSyncing = false
    /// A leader waits for more to join before it takes its job.
    private(set) var isPausing = false
    /// Nothing can be taken any more.
    private(set) var isStopped = false
    private var writes = Rounds()
    private var syncs = Rounds()
    private var gathering = Gathering()

    /// Somebody who appended something just now.
    func caller(_ kind: RoundKind) -> Caller { Caller(kind: kind, ticket: rounds(kind).ticket) }

    func isComplete(_ caller: Caller) -> Bool { rounds(caller.kind).completed >= caller.ticket }

    /// True when a job of that kind may be taken.
    ///
    /// - Parameter rotates: Whether the job ends a segment.
    func canTake(_ kind: RoundKind, rotates: Bool) -> Bool {
        guard !isStopped, !isWriting, !isPausing else { return false }
        return !isSyncing || kind == .write && !rotates
    }

    /// What a caller is to do next, whose round is not complete. One that is to lead takes its job at once.
    ///
    /// - Parameters:
    ///   - waiterCount: How many tasks wait besides.
    ///   - delay: How long to wait for more; nil when the caller has done so.
    mutating func nextStep(
        of caller: inout Caller, rotates: Bool, waiterCount: Int, delay: CommitDelay?
    ) -> NextStep {
        if rounds(caller.kind).taken >= caller.ticket {
            change(caller.kind) { $0.followersOfTaken += 1 }
            return .follow
        }
        if canTake(caller.kind, rotates: rotates) {
            guard caller.kind == .sync else { return .lead }
            return pause(waiterCount, delay) ?? .lead
        }
        return change(caller.kind) { $0.place(&caller) } ? .next : .follow
    }

    /// Whether the leader of a sync is to let others join first.
    private mutating func pause(_ waiterCount: Int, _ delay: CommitDelay?) -> NextStep? {
        if let delay, syncs.followersOfNext + waiterCount >= delay.minimumWaiters {
            isPausing = true
            return .delay(delay.time.nanoseconds)
        }
        let present = syncs.followersOfNext + (syncs.next != nil ? 2 : 1)
        guard gathering.waits(for: present, of: syncs.lastSize) else { return nil }
        isPausing = true
        return .gather
    }

    /// Ends the pause of a leader, which looks again at once.
    mutating func endPause() { isPausing = false }

    /// Takes the tokens for a job that writes everything pending.
    ///
    /// - Parameters:
    ///   - syncs: Whether it is to be durable then.
    ///   - rotates: Whether it ends a segment.
    mutating func take(syncs isSync: Bool, rotates: Bool) {
        isWriting = true
        isSyncing = isSyncing || isSync || rotates
        writes.take()
        if isSync { syncs.take() }
    }

    /// Takes the token for a sync that belongs to no round.
    mutating func takeSync() { isSyncing = true }

    /// Gives the token for writing back.
    ///
    /// - Parameter releasesSync: Whether the other one as well: the job ended a segment, and syncs no more.
    mutating func finishWrite(releasesSync: Bool) -> Rounds.Completion {
        isWriting = false
        if releasesSync { isSyncing = false }
        return writes.complete()
    }

    /// Gives the token for syncing back.
    ///
    /// - Parameter isRound: Whether callers waited for this sync.
    mutating func finishSync(isRound: Bool) -> Rounds.Completion? {
        isSyncing = false
        return isRound ? syncs.complete() : nil
    }

    /// Gives up the place of whoever is next of that kind, if it may lead now: it is to be woken.
    mutating func handOver(_ kind: RoundKind, rotates: Bool) -> Bool {
        guard rounds(kind).next != nil, canTake(kind, rotates: rotates) else { return false }
        change(kind) { $0.next = nil }
        return true
    }

    /// Hands out nothing any more.
    mutating func stop() { isStopped = true }

    private func rounds(_ kind: RoundKind) -> Rounds { kind == .write ? writes : syncs }

    private mutating func change<Result>(
        _ kind: RoundKind, _ body: (inout Rounds) -> Result
    ) -> Result {
        kind == .write ? body(&writes) : body(&syncs)
    }
}

/// The rounds of one kind.
struct Rounds: Hashable {
    /// The last round whose job was taken.
    private(set) var taken: UInt64 = 0
    /// The last round that is complete.
    private(set) var completed: UInt64 = 0
    /// The place of whoever waits to lead the next one.
    var next: UInt64?
    private var lastPlace: UInt64 = 0
    /// How many threads sleep until the round that was taken, and the one after it, are complete.
    var followersOfTaken = 0
    private(set) var followersOfNext = 0
    /// Somebody who waits to lead was overtaken, and is told when the round is complete.
    private var hasOvertaken = false
    /// How many threads the last round served: so many may come back soon.
    private(set) var lastSize = 0

    /// The ticket of whoever appends now.
    var ticket: UInt64 { taken + 1 }

    /// Makes a caller the next one, if it is or nobody else is; otherwise it follows.
    mutating func place(_ caller: inout Caller) -> Bool {
        if next == nil {
            lastPlace += 1
            next = lastPlace
            caller.place = lastPlace
        } else if next != caller.place {
            followersOfNext += 1
            return false
        }
        return true
    }

    /// Begins the next round.
    mutating func take() {
        taken += 1
        followersOfTaken = followersOfNext
        followersOfNext = 0
        if next != nil { hasOvertaken = true }
        next = nil
    }

    /// Ends the round that was taken.
    mutating func complete() -> Completion {
        completed = taken
        let woken = Completion(
            ticket: taken, hasFollowers: followersOfTaken > 0, hasOvertaken: hasOvertaken)
        lastSize = 1 + followersOfTaken + (hasOvertaken ? 1 : 0)
        followersOfTaken = 0
        hasOvertaken = false
        return woken
    }

    /// Whom to wake.
    struct Completion: Hashable {
        let ticket: UInt64
        let hasFollowers: Bool
        let hasOvertaken: Bool
    }
}

/// How long a leader lets those come back that the last round has just served, so that one sync carries them all:
/// as long as they keep coming. A few looks without a newcomer end it, so it costs some microseconds at most, and
/// nothing where there is only one caller.
struct Gathering: Hashable {
    private var count = 0
    private var idleLooks = 0

    /// Whether to look once more before the job is taken.
    mutating func waits(for present: Int, of expected: Int) -> Bool {
        guard expected > 1, present < expected, idleLooks < Self.idleLookMax else {
            self = Gathering()
            return false
        }
        idleLooks = present > count ? 0 : idleLooks + 1
        count = present
        return true
    }

    private static var idleLookMax: Int { 8 }
}
