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
