// SPDX-License-Identifier: Apache-2.0
//
// The part of a write that all kinds of states share: its turn, and what follows when the turn is over.

internal import CairnIO
internal import CairnLSN
public import CairnLog
internal import CairnRecorder
internal import CairnSync

/// The result of a writer's turn.
enum Staged<Value> {
    /// Appended to the log.
    case appended(Value, PendingCommit)
    /// Nothing was changed; what the body saw may not be safe yet.
    case unchanged(Value, seen: PendingCommit?)
    /// Refused; what the body saw may not be safe yet.
    case refused(any Error, seen: PendingCommit?)
}

extension Durable {
    /// Calls `body` with the head while the turn lock is held, and takes the head back when it throws.
    ///
    /// - Parameter body: Changes the head and appends; its second result is nil when nothing was changed.
    /// - Precondition: The turn lock is held.
    func takeTurn<Value>(
        _ body: (Head<State>) throws -> (Value, PendingCommit?)
    ) -> Staged<Value> {
        do {
            try checkWritable()
            let (value, commit) = try BodyScope.run(.write, of: self) { try body(head) }
            guard let commit else { return .unchanged(value, seen: unpublished) }
            head.lastCommit = commit
            return .appended(value, commit)
        } catch {
            return .refused(error, seen: unpublished)
        }
    }

    /// The last commit, unless readers see it already.
    private var unpublished: PendingCommit? {
        head.lastCommit.flatMap { $0.commitLSN > publisher.publishedLSN ? $0 : nil }
    }

    private func checkWritable() throws(DurableError) {
        guard log.options.access == .readWrite else { throw DurableError(code: .readOnly) }
        guard !head.isClosed else { throw DurableError(code: .closed) }
        guard let failure = recorder.failure else { return }
        // What was appended and not published is gone from memory, too.
        publishReached()
        publisher.stop()
        head.replace(by: publisher.newestState())
        head.lastCommit = nil
        throw DurableError(
            RecorderError(code: .poisoned, reason: failure.code, cause: failure.cause))
    }

    /// Waits for what a turn has staged or seen, and publishes.
    func finish<Value>(_ staged: Staged<Value>) throws -> WriteResult<Value> {
        switch staged {
        case .appended(let value, let commit):
            return WriteResult(value: value, receipt: try wait(for: commit))
        case .unchanged(let value, let seen):
            if let seen { try settle(seen) }
            return WriteResult(value: value, receipt: nil)
        case .refused(let error, let seen):
            if let seen { try settle(seen) }
            throw error
        }
    }

    /// The same without blocking the thread.
    func finish<Value>(_ staged: Staged<Value>) async throws -> WriteResult<Value> {
        switch staged {
        case .appended(let value, let commit):
            return WriteResult(value: value, receipt: try await wait(for: commit))
        case .unchanged(let value, let seen):
            if let seen { try await settle(seen) }
            return WriteResult(value: value, receipt: nil)
        case .refused(let error, let seen):
            if let seen { try await settle(seen) }
            throw error
        }
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

    private func wait(for commit: PendingCommit) throws(DurableError) -> CommitReceipt {
        do throws(RecorderError) {
            let receipt = try recorder.wait(for: commit)
            publishReached(needed: commit.commitLSN)
            return receipt
        } catch {
            throw failed(error)
        }
    }

    private func wait(for commit: PendingCommit) async throws(DurableError) -> CommitReceipt {
        do throws(RecorderError) {
            let receipt = try await recorder.wait(for: commit)
            publishReached(needed: commit.commitLSN)
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

/// What a write returned and achieved.
public struct WriteResult<Value> {
    /// What the body returned.
    public let value: Value
    /// What the commit achieved; nil when nothing was changed, for which nothing was written.
    public let receipt: CommitReceipt?

    /// A result.
    public init(value: Value, receipt: CommitReceipt?) {
        self.value = value
        self.receipt = receipt
    }
}

extension WriteResult: Sendable where Value: Sendable {}
