// SPDX-License-Identifier: Apache-2.0
//
// A store that is open for reading follows the writer in another process.
//
// - What readers see moves forward only, from one durable commit to a later one.
// - When the writer has dropped the part of the log that comes next, a snapshot holds it: the newest one is loaded.
// - A step that fails leaves what readers see as it was.

internal import CairnIO
public import CairnLSN
internal import CairnLog
internal import CairnSnapshot

/// The progress of a store that was opened for reading behind its writer.
public struct FollowStatus: Hashable, Sendable {
    /// The last commit that readers see.
    public let publishedLSN: LSN
    /// The last record of the log that could be seen, durable or not.
    public let seenLSN: LSN
    /// Transactions that this step added.
    public let transactionCount: UInt64
    /// Whether this step loaded a snapshot, because the writer had dropped the log in between.
    public let hasReloaded: Bool

    /// The number of LSNs of the log that readers do not see yet.
    public var missingCount: UInt64 {
        seenLSN > publishedLSN ? seenLSN.rawValue - publishedLSN.rawValue : 0
    }
}

/// Another version of the program has opened the store while it was read.
struct ProgramMoved: Error {}

extension Durable {
    /// Catches up with the process that has the store open for writing: on return readers see all that was durable when
    /// this was called. Only for a store that was opened for reading.
    ///
    /// Writes nothing, holds no lock and holds up no writer. What is not durable yet is left for the next call.
    ///
    /// - Throws: ``DurableError`` with code `.damaged`, `.doesNotFit`, `.io`; readers keep what they have. `.misuse` for a
    ///   store that is open for writing.
    /// - Complexity: O(*n*) in what is new, and for a state with ``Publication/secondCopy`` a copy of the state.
    @discardableResult
    public func refresh() throws(DurableError) -> FollowStatus {
        refuseCallFromBody("refresh")
        guard let following else { throw DurableError(code: .misuse) }
        do {
            return try following.use { followed in
                try OpenedStore<State>.besideWriter(followed.store) { try step(&followed) }
            }
        } catch {
            throw DurableError(wrapping: error)
        }
    }

    /// Catches up without blocking the thread; see the other method.
    @discardableResult
    public func refresh() async throws(DurableError) -> FollowStatus {
        try await withBlockingThread { [self] () throws(DurableError) in try refresh() }
    }

    private func step(_ followed: inout Followed<State>) throws -> FollowStatus {
        do { return try advance(&followed) } catch let error as LogError
            where error.code == .changesGone
        {
            try reload(&followed)
            return try advance(&followed, hasReloaded: true)
        }
    }

    private func advance(
        _ followed: inout Followed<State>, hasReloaded: Bool = false
    ) throws -> FollowStatus {
        let reading = EventReading(followed.history, of: State.self)
        // A step that fails must not leave half of a transaction.
        var next = followed.state.view()
        var last = followed.lsn
        var transactionCount: UInt64 = 0
        let reached = try log.follow(after: followed.lsn, written: false) { batch, transaction in
            _ = try OpenedStore<State>.replay(batch, transaction, reading, &next)
            guard transaction.batchIndex == transaction.batchCount - 1 else { return }
            last = transaction.commitLSN
            transactionCount += 1
        }
        try expectSameProgram(&followed)
        if last > publisher.core.publishedLSN {
            publisher.stage(viewOf: &next, at: last)
            publisher.core.publish(upTo: last, needed: last)
        }
        followed.state = next
        followed.lsn = max(last, reached.position)
        return FollowStatus(
            publishedLSN: last, seenLSN: reached.seen, transactionCount: transactionCount,
            hasReloaded: hasReloaded)
    }

    /// A later version of the program may have opened the store meanwhile. It says so before it commits, so what was just
    /// read may have been written by it.
    ///
    /// - Throws: ``ProgramMoved`` to read again, or ``DurableError`` with code `.doesNotFit`.
    private func expectSameProgram(_ followed: inout Followed<State>) throws {
        let now = try OpenedStore<State>.history(in: followed.store, log.logID, environment)
        guard now != followed.history else { return }
        followed.history = now
        log.stopFollowing()
        throw ProgramMoved()
    }

    /// Loads the newest snapshot in place of the log that is gone.
    private func reload(_ followed: inout Followed<State>) throws {
        let snapshots = try SnapshotDirectory.open(
            in: followed.store.root, access: .readOnly, environment: environment,
            options: log.options, compressor: keeper.options.compressor)
        let loaded = try OpenedStore<State>.load(snapshots, log.logID)
        guard let fence = loaded.fence?.lsn, fence > followed.lsn else {
            throw LogError(code: .replayGap, lsn: followed.lsn)
        }
        followed.state = loaded.state
        followed.lsn = fence
        var view = loaded.state.view()
        publisher.stage(viewOf: &view, at: fence)
        publisher.core.publish(upTo: fence, needed: fence)
    }
}
