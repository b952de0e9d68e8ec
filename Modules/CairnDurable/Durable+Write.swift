// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnRecorder
public import CairnSync

extension Durable where State: TransactionalState {
    /// Changes the state in one transaction.
    ///
    /// On return the changes are as durable as the policy says, by default on the medium, and visible to readers.
    /// Until then readers see the state before, and other writers go on.
    ///
    /// - Parameters:
    ///   - level: More than the policy gives; never less.
    ///   - body: Changes the state, on top of all writes before, also of those that still wait for the disk. When
    ///     it throws, everything is taken back, and nothing of it was ever on disk.
    /// - Returns: What `body` returned, and the receipt; nil when nothing was changed, for which nothing is
    ///   written.
    /// - Throws: What `body` throws. ``DurableError`` with code `.tooLarge`: nothing was changed, and the store goes
    ///   on. `.indeterminate`: the changes were taken back in memory, the store is stopped, and whether they come
    ///   back shows when it is opened again. `.poisoned` when it had been stopped before; `.closed`, `.readOnly`.
    public func write<Value>(
        level: DurabilityLevel? = nil, _ body: (inout State) throws -> Value
    ) throws -> WriteResult<Value> {
        refuseCallFromBody("write")
        var value: Value?
        writerLock.lock()
        let staged = stage(level: level) { value = try body(&$0) }
        writerLock.unlock()
        let receipt = try finish(staged)
        return WriteResult(value: value!, receipt: receipt)
    }

    /// Changes the state in one transaction, without blocking the thread; see the other method.
    ///
    /// `body` runs on the calling task. A cancelled task is not let go before its commit is as durable as the
    /// policy says: the transaction is in the log.
    public func write<Value>(
        level: DurabilityLevel? = nil, _ body: (inout State) throws -> Value
    ) async throws -> WriteResult<Value> {
        refuseCallFromBody("write")
        try prepareToAwait()
        var value: Value?
        await writerLock.lock()
        let staged = stage(level: level) { value = try body(&$0) }
        writerLock.unlock()
        let receipt = try await finish(staged)
        return WriteResult(value: value!, receipt: receipt)
    }

    private func stage(
        level: DurabilityLevel?, _ body: (inout State) throws -> Void
    ) -> Staged {
        underWriterLock { head in
            do throws(RecorderError) { try recorder.arm() } catch { throw DurableError(error) }
            do {
                try body(&head.state)
                if checksStates { try StateCheck.run(head.state) }
                guard let commit = try append(level) else { return nil }
                publisher.stage(viewOf: &head.state, at: commit.commitLSN)
                return commit
            } catch {
                recorder.abort()
                head.replace(by: publisher.newestState())
                throw error
            }
        }
    }

    private func append(_ level: DurabilityLevel?) throws(DurableError) -> PendingCommit? {
        do throws(RecorderError) { return try recorder.append(level: level) } catch {
            throw DurableError(error)
        }
    }
}
