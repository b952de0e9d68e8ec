// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import CairnLog
public import CairnSync

/// Transactions without a scope: their events are known beforehand.
extension WalRecorder {
    /// Commits the buffer of an explicit transaction in one call, without a scope.
    ///
    /// - Parameters:
    ///   - events: The events of the transaction, in order.
    ///   - level: More than the log's policy gives; never less.
    /// - Returns: The receipt; nil for an empty buffer, for which nothing is written.
    /// - Throws: ``RecorderError`` with code `.poisoned` when it was so before; `.refused` when the events cannot
    ///   be stored, with nothing appended; `.commitFailed` when this commit failed, which poisons.
    @discardableResult
    public func commit(
        _ events: borrowing EventBuffer, level: DurabilityLevel? = nil
    ) throws(RecorderError) -> CommitReceipt? {
        guard let pending = try append(events, level: level) else { return nil }
        return try wait(for: pending)
    }

    /// Commits the buffer of an explicit transaction without blocking the thread; see the other method.
    @discardableResult
    public func commit(
        _ events: borrowing EventBuffer, level: DurabilityLevel? = nil
    ) async throws(RecorderError) -> CommitReceipt? {
        try prepareToAwait()
        guard let pending = try append(events, level: level) else { return nil }
        return try await wait(for: pending)
    }

    /// Appends the buffer of an explicit transaction and waits for nothing; pass the result to
    /// `wait(for:)`.
    ///
    /// - Throws: As `commit(_:level:)`, but for what only waiting shows.
    public func append(
        _ events: borrowing EventBuffer, level: DurabilityLevel? = nil
    ) throws(RecorderError) -> PendingCommit? {
        try state.withLock { (state) throws(RecorderError) in try checkPoison(&state) }
        guard !events.isEmpty else { return nil }
        let result = Result { () throws(LogError) in
            var transaction = LogTransaction()
            try events.encode(into: &transaction, options: log.options)
            return try log.append(transaction, level: level)
        }
        return try state.withLock { (state) throws(RecorderError) in try outcome(result, &state) }
    }

    // MARK: Buffers that are used again

    /// Buffers for one transaction without a scope. Give them back with ``giveBack(_:)``.
    package func takeBuffers() -> CommitBuffers {
        state.withLock { $0.freeBuffers.popLast() }
            ?? CommitBuffers(limits: log.options.frameLimits)
    }

    /// Takes buffers back, to be used for another transaction.
    package func giveBack(_ buffers: CommitBuffers) {
        buffers.removeAll()
        state.withLock { state in
            if state.freeBuffers.count < Self.freeBufferCountMax {
                state.freeBuffers.append(buffers)
            }
        }
    }

    /// Makes the transaction of what the buffers hold, so that appending it is one copy.
    ///
    /// - Throws: ``RecorderError`` with code `.refused` for events that cannot be stored.
    package func encode(_ buffers: CommitBuffers) throws(RecorderError) {
        do throws(LogError) { try buffers.encode(options: log.options) } catch {
            throw RecorderError(code: .refused, cause: error)
        }
    }

    /// Appends an encoded transaction.
    ///
    /// - Throws: As ``append(_:level:)``.
    package func append(
        encoded buffers: CommitBuffers, level: DurabilityLevel?
    ) throws(RecorderError) -> PendingCommit? {
        try state.withLock { (state) throws(RecorderError) in try checkPoison(&state) }
        let result = Result { () throws(LogError) in
            try log.append(buffers.transaction, level: level)
        }
        if case .success(let pending) = result { return pending }
        return try state.withLock { (state) throws(RecorderError) in try outcome(result, &state) }
    }

    private static var freeBufferCountMax: Int { 64 }
}
