// SPDX-License-Identifier: Apache-2.0
//
// The pure part of group commit, under the lock of the log: the tokens for writing and syncing, and the rounds.
//
// - There are two tokens, one for the caller that writes to the file, one for the caller that syncs it. A durable write
//   needs both, and so does a rotation. A sync by the clock needs only the second, so writes continue meanwhile.
//   No other type knows whether a write or a sync is under way.
// - Rounds are numbered. A job that is taken covers everything appended before, so when its round is complete, all its
//   tickets are.
// - As long as a caller waits and a token is taken, the caller that gives it back hands over to the next leader. The
//   next leader has a place, by which it recognises itself however often it wakes. A leader that took itself for
//   overtaken would leave its place empty, and all callers after it would sleep for ever.
// - Nothing is handed out after a failure.
//
// `LeadershipTests` go through all interleavings of small numbers of callers.

internal import CairnSync

struct Leadership: Hashable {
    private(set) var isWriting = false
    private(set) var isSyncing = false
    /// A leader waits for more to join before it takes its job.
    private(set) var isPausing = false
    /// A leader that has taken no job yet finishes what is pending.
    private(set) var isFinishing = false
    /// Nothing can be taken any more.
    private(set) var isStopped = false
    private var writes = Rounds()
    private var syncs = Rounds()
    private var gathering = Gathering()

    /// A caller that has just appended.
    func caller(_ kind: RoundKind) -> Caller { Caller(kind: kind, ticket: rounds(kind).ticket) }

    func isComplete(_ caller: Caller) -> Bool { rounds(caller.kind).completed >= caller.ticket }

    /// True when a job of that kind may be taken.
    ///
    /// - Parameter rotates: Whether the job ends a segment.
    func canTake(_ kind: RoundKind, rotates: Bool) -> Bool {
        guard !isStopped, !isWriting, !isPausing, !isFinishing else { return false }
        return !isSyncing || kind == .write && !rotates
    }

    /// Returns the next step of a caller whose round is not complete. A caller that leads takes its job at once.
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

    /// Returns the pause with which the leader of a sync lets others join; nil for none.
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

    /// True when a leader may finish what is pending: no other writes, or does the same.
    var canFinish: Bool { !isStopped && !isWriting && !isFinishing }

    /// Keeps others from taking a job while the pending frames are not all there.
    mutating func beginFinishing() { isFinishing = true }

    /// Ends that.
    mutating func endFinishing() { isFinishing = false }

    /// Takes the tokens for a job that writes everything pending.
    ///
    /// - Parameters:
    ///   - syncs: Whether the job makes its bytes durable.
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

    /// Takes the place from the next leader of that kind, if it may lead now; the caller then wakes it.
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
