// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN
public import CairnSync
internal import Synchronization

extension WriteAheadLog {
    /// Commits a transaction.
    ///
    /// On return it has at least the level of the policy, or the one asked for when that is higher. After
    /// a crash it is there as a whole or, if it was not durable, possibly not at all.
    ///
    /// - Parameters:
    ///   - transaction: The batches to commit.
    ///   - level: More than the policy gives; never less.
    /// - Returns: What was achieved; nil for a transaction without batches, for which nothing is written.
    /// - Throws: ``LogError`` with code `.poisoned`, `.closed`, `.readOnly`, `.exhausted` (nothing was
    ///   committed) or `.indeterminate` (it may come back when the log is opened again).
    /// - Complexity: O(*n*) in its bytes, one write and one sync shared with concurrent commits.
    @discardableResult
    public func commit(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel? = nil
    ) throws(LogError) -> CommitReceipt? {
        guard try isWritten(transaction) else { return nil }
        let level = leastLevel(level)
        let appended = try core.append(transaction, level: level)
        let lsns = appended.lsns
        try core.drive(appended)
        return receipt(lsns, level)
    }

    /// Commits a transaction without blocking the thread; otherwise like the other method.
    @discardableResult
    public func commit(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel? = nil
    ) async throws(LogError) -> CommitReceipt? {
        guard try isWritten(transaction) else { return nil }
        // Before anything is appended: without the thread it would never be written.
        try core.startBackground()
        let level = leastLevel(level)
        var lsns: LSNRange?
        let result = await withUnsafeContinuation { (continuation: Waiter.Continuation) in
            do throws(LogError) {
                lsns = try core.append(transaction, level: level, continuation)
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        try result.get()
        return lsns.map { receipt($0, level) }
    }

    /// Commits one batch that is bytes already, as a transaction of its own.
    ///
    /// - Throws: As the other methods, and ``LogError`` with code `.codec` for a batch that is larger than a
    ///   frame may be.
    /// - Complexity: O(*n*) in its bytes; no allocation in steady state when it is not compressed.
    @discardableResult
    public func commit(
        batch: RawSpan, level: DurabilityLevel? = nil
    ) throws(LogError) -> CommitReceipt {
        let level = leastLevel(level)
        if batch.byteCount <= core.plainByteCountMax {
            guard store.access == .readWrite else { throw LogError(code: .readOnly) }
            let appended = try core.append(batch: batch, level: level)
            let lsns = appended.lsns
            try core.drive(appended)
            return receipt(lsns, level)
        }
        var transaction = LogTransaction()
        try transaction.append(batch, options: options)
        guard let receipt = try commit(transaction, level: level) else {
            preconditionFailure("a transaction with a batch has a receipt")
        }
        return receipt
    }

    // MARK: Appending and waiting, one by one

    /// Appends a transaction and waits for nothing: its LSNs are given, and what is appended later comes
    /// after it. Pass the result to `wait(for:)`.
    ///
    /// Nothing is durable or written on return. An append alone causes no write: a wait, another commit,
    /// `sync()`, the policy's clock or `close()` does.
    ///
    /// - Parameters:
    ///   - transaction: The batches to commit.
    ///   - level: More than the policy gives; never less.
    /// - Returns: Nil for a transaction without batches, for which nothing is written.
    /// - Throws: ``LogError`` with code `.poisoned`, `.closed`, `.readOnly` or `.exhausted`: nothing was
    ///   appended.
    /// - Complexity: O(*n*) in its bytes: one copy under the lock of the log, no I/O.
    public func append(
        _ transaction: borrowing LogTransaction, level: DurabilityLevel? = nil
    ) throws(LogError) -> PendingCommit? {
        guard try isWritten(transaction) else { return nil }
        let level = leastLevel(level)
        let staged = try core.stage(transaction, level: level)
        return PendingCommit(lsns: staged.lsns, level: level, ticket: staged.ticket)
    }

    /// Waits until an appended transaction has its level; writes and syncs for all when no one else does.
    ///
    /// - Throws: ``LogError`` with code `.indeterminate` when the log fails before.
    @discardableResult
    public func wait(for commit: PendingCommit) throws(LogError) -> CommitReceipt {
        if !core.hasReached(commit.target) {
            try core.drive(to: commit.target, ticket: commit.ticket)
        }
        return receipt(commit.lsns, commit.level)
    }

    /// Waits without blocking the thread until an appended transaction has its level. It does not end early
    /// when the task is cancelled, because the transaction is in the log.
    ///
    /// - Throws: As the other method; `.io` when the system gives no thread to write with, for which nothing
    ///   is lost: wait again.
    @discardableResult
    public func wait(for commit: PendingCommit) async throws(LogError) -> CommitReceipt {
        if !core.hasReached(commit.target) { try await wait(for: commit.target) }
        return receipt(commit.lsns, commit.level)
    }

    /// Starts the background thread, so that an appended commit can be awaited.
    ///
    /// - Throws: ``LogError`` with code `.io` when the system gives no more threads.
    package func prepareToAwait() throws(LogError) { try core.startBackground() }

    /// False for a transaction without batches.
    private func isWritten(_ transaction: borrowing LogTransaction) throws(LogError) -> Bool {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        guard !transaction.isEmpty else {
            try core.state.withLock { (state) throws(LogError) in try state.checkOpen() }
            return false
        }
        return true
    }

    private func leastLevel(_ asked: DurabilityLevel?) -> DurabilityLevel {
        options.syncPolicy == .everyCommit ? .durable : asked ?? .written
    }

    private func receipt(_ lsns: LSNRange, _ level: DurabilityLevel) -> CommitReceipt {
        let isDurable =
            level == .durable
            || core.durableLSN.load(ordering: .acquiring) >= lsns.last.rawValue
        return CommitReceipt(lsns: lsns, level: isDurable ? .durable : .written)
    }
}
