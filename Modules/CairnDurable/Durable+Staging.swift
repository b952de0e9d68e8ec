// SPDX-License-Identifier: Apache-2.0
//
// The part of a write that all kinds of states share: what runs under the writer lock, and what follows.

internal import CairnIO
internal import CairnLSN
public import CairnLog
internal import CairnRecorder
internal import CairnSync

/// The result of a writer's critical section. Not generic, because it lies on the way of each commit.
struct Staged {
    /// The transaction that was appended to the log; nil when nothing was changed.
    var commit: PendingCommit?
    /// The newest commit of others that the body saw and that may not be durable yet.
    var seen: PendingCommit?
    /// The reason for which the body was refused.
    var refusal: (any Error)?
}

extension Durable {
    /// Calls `body` with the head while the writer lock is held.
    ///
    /// - Parameter body: Changes the head and appends, or throws and leaves the head as it was. Returns nil when
    ///   nothing was changed.
    /// - Precondition: The writer lock is held.
    func underWriterLock(_ body: (Head<State>) throws -> PendingCommit?) -> Staged {
        BodyScope.begin(.write, of: self)
        defer { BodyScope.end() }
        do {
            try checkWritable()
            guard let commit = try body(head) else { return Staged(seen: unpublished) }
            head.lastCommit = commit
            return Staged(commit: commit)
        } catch {
            return Staged(seen: unpublished, refusal: error)
        }
    }

    /// The last commit, unless readers see it already.
    private var unpublished: PendingCommit? {
        guard let last = head.lastCommit, last.commitLSN > publisher.core.publishedLSN else {
            return nil
        }
        return last
    }

    private func checkWritable() throws(DurableError) {
        guard log.options.access == .readWrite else { throw DurableError(code: .readOnly) }
        guard !head.isClosed else { throw DurableError(code: .closed) }
        guard let failure = recorder.failure else { return }
        // Commits that were appended and not published are gone from memory, too.
        publishReached()
        publisher.core.stop()
        head.replace(by: publisher.newestState())
        head.lastCommit = nil
        throw DurableError(
            RecorderError(code: .poisoned, reason: failure.code, cause: failure.cause))
    }

    /// Waits for what was staged or seen, and publishes.
    ///
    /// - Returns: Nil when nothing was changed.
    func finish(_ staged: Staged) throws -> CommitReceipt? {
        if let commit = staged.commit { return try wait(for: commit) }
        if let seen = staged.seen { try settle(seen) }
        if let refusal = staged.refusal { throw refusal }
        return nil
    }

    /// The same without blocking the thread.
    func finish(_ staged: Staged) async throws -> CommitReceipt? {
        if let commit = staged.commit { return try await wait(for: commit) }
        if let seen = staged.seen { try await settle(seen) }
        if let refusal = staged.refusal { throw refusal }
        return nil
    }

    /// Waits for a commit of another caller.
    ///
    /// - Throws: ``DurableError`` with code `.poisoned` when that commit failed: this caller wrote nothing.
    private func settle(_ seen: PendingCommit) throws(DurableError) {
        do throws(DurableError) { _ = try wait(for: seen) } catch { throw error.recoded(.poisoned) }
    }

    private func settle(_ seen: PendingCommit) async throws(DurableError) {
        do throws(DurableError) { _ = try await wait(for: seen) } catch {
            throw error.recoded(.poisoned)
        }
    }

    /// Waits for a commit and publishes; package, for tests that interleave appends and waits by hand.
    package func wait(for commit: PendingCommit) throws(DurableError) -> CommitReceipt {
        do throws(RecorderError) {
            let receipt = try recorder.wait(for: commit)
            publishReached(needed: commit.commitLSN)
            keeper.noticeCommit(self)
            return receipt
        } catch {
            throw failed(error)
        }
    }

    private func wait(for commit: PendingCommit) async throws(DurableError) -> CommitReceipt {
        do throws(RecorderError) {
            let receipt = try await recorder.wait(for: commit)
            publishReached(needed: commit.commitLSN)
            keeper.noticeCommit(self)
            return receipt
        } catch {
            throw failed(error)
        }
    }

    /// Starts what awaiting needs, before anything is changed.
    func prepareToAwait() throws(DurableError) {
        do throws(RecorderError) { try recorder.prepareToAwait() } catch { throw failed(error) }
    }
}

/// The value that a write returned, with the receipt of its commit.
public struct WriteResult<Value> {
    /// The value that the body returned.
    public let value: Value
    /// The receipt of the commit; nil when nothing was changed, for which nothing was written.
    public let receipt: CommitReceipt?

    package init(value: Value, receipt: CommitReceipt?) {
        self.value = value
        self.receipt = receipt
    }
}

extension WriteResult: Sendable where Value: Sendable {}
