// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
internal import CairnLSN
public import CairnLog
internal import CairnRecorder
public import CairnSync

extension Durable where State: DurableState {
    /// Commits events and applies them.
    ///
    /// On return they are as durable as the policy says, by default on the medium, and visible to readers.
    /// They come back after a crash all together or not at all. Each event is validated against the state that
    /// the ones before it leave. That a checkpoint can write the state which they leave is not looked at, because it
    /// takes time with the whole state: see ``DurableState/validate(_:)`` for what may have to be refused there.
    ///
    /// - Parameters:
    ///   - events: In order.
    ///   - level: More than the policy gives; never less.
    /// - Returns: What was achieved; nil when there were no events.
    /// - Throws: What ``DurableState/validate(_:)`` throws, or ``DurableError`` with code `.unencodable` or
    ///   `.tooLarge`: nothing was committed, nothing was applied, and the store goes on. `.indeterminate`: the
    ///   store is stopped, readers see what was durable, and whether the events come back shows when it is opened
    ///   again. `.poisoned` when it had been stopped before; `.closed`, `.readOnly`.
    /// - Complexity: O(*n*) in the events. One that is refused after others of the same call were applied costs a
    ///   copy of the state, unless that gives views of itself.
    @discardableResult
    public func commit(
        _ events: State.Event..., level: DurabilityLevel? = nil
    ) throws -> CommitReceipt? {
        try commit(contentsOf: events, level: level)
    }

    /// Commits events and applies them, without blocking the thread; see the other method.
    @discardableResult
    public func commit(
        _ events: State.Event..., level: DurabilityLevel? = nil
    ) async throws -> CommitReceipt? {
        try await commit(contentsOf: events, level: level)
    }

    /// Commits events and applies them; see the other method.
    @discardableResult
    public func commit(
        contentsOf events: some Sequence<State.Event>, level: DurabilityLevel? = nil
    ) throws -> CommitReceipt? {
        refuseCallFromBody("commit")
        let events = Array(events)
        let buffers = try encode(events)
        defer { recorder.giveBack(buffers) }
        writerLock.lock()
        let staged = underWriterLock { head in try append(events, buffers, level, head) }
        writerLock.unlock()
        return try finish(staged)
    }

    /// Commits events and applies them, without blocking the thread; see the other method.
    @discardableResult
    public func commit(
        contentsOf events: some Sequence<State.Event>, level: DurabilityLevel? = nil
    ) async throws -> CommitReceipt? {
        refuseCallFromBody("commit")
        try prepareToAwait()
        let events = Array(events)
        let buffers = try encode(events)
        await writerLock.lock()
        let staged = underWriterLock { head in try append(events, buffers, level, head) }
        writerLock.unlock()
        recorder.giveBack(buffers)
        return try await finish(staged)
    }

    /// Decides on events by looking at the state, and commits them: claims the next job, hands out a number.
    ///
    /// ```swift
    /// let job = try await jobs.commit { state in
    ///     guard let next = state.waiting.first else { return ([], nil) }
    ///     return ([.claimed(next)], next)
    /// }.value
    /// ```
    ///
    /// - Parameters:
    ///   - level: More than the policy gives; never less.
    ///   - decide: Is given the state with all commits before, also those that still wait for the disk, and
    ///     returns events and a result. No other writer comes in between.
    /// - Returns: The result, and the receipt; nil when there were no events. Everything that `decide` saw is as
    ///   safe as the policy promises.
    /// - Throws: What `decide` throws, and as the other methods.
    @discardableResult
    public func commit<Value>(
        level: DurabilityLevel? = nil,
        _ decide: (borrowing State) throws -> (events: [State.Event], result: Value)
    ) throws -> WriteResult<Value> {
        refuseCallFromBody("commit")
        var result: Value?
        writerLock.lock()
        let staged = stage(decide, level, &result)
        writerLock.unlock()
        let receipt = try finish(staged)
        return WriteResult(value: result!, receipt: receipt)
    }

    /// Decides on events by looking at the state, and commits them, without blocking the thread; see the other
    /// method.
    @discardableResult
    public func commit<Value>(
        level: DurabilityLevel? = nil,
        _ decide: (borrowing State) throws -> (events: [State.Event], result: Value)
    ) async throws -> WriteResult<Value> {
        refuseCallFromBody("commit")
        try prepareToAwait()
        var result: Value?
        await writerLock.lock()
        let staged = stage(decide, level, &result)
        writerLock.unlock()
        let receipt = try await finish(staged)
        return WriteResult(value: result!, receipt: receipt)
    }

    /// Appends and waits for nothing, for tests that interleave appends and waits by hand.
    package func stage(_ events: [State.Event]) throws -> PendingCommit? {
        let buffers = try encode(events)
        defer { recorder.giveBack(buffers) }
        writerLock.lock()
        let staged = underWriterLock { head in try append(events, buffers, nil, head) }
        writerLock.unlock()
        if let refusal = staged.refusal { throw refusal }
        return staged.commit
    }

    // MARK: Under the writer lock

    private func stage<Value>(
        _ decide: (borrowing State) throws -> (events: [State.Event], result: Value),
        _ level: DurabilityLevel?, _ result: inout Value?
    ) -> Staged {
        underWriterLock { head in
            let decided = try decide(head.state)
            result = decided.result
            let buffers = try encode(decided.events)
            defer { recorder.giveBack(buffers) }
            return try append(decided.events, buffers, level, head)
        }
    }

    /// Applies the events to the head and appends them: an event that ends the program was never on disk.
    private func append(
        _ events: [State.Event], _ buffers: CommitBuffers, _ level: DurabilityLevel?,
        _ head: Head<State>
    ) throws -> PendingCommit? {
        var hasChanged = false
        do {
            for event in events {
                try head.state.validate(event)
                head.state.apply(event)
                hasChanged = true
            }
            if checksStates { try StateCheck.run(head.state) }
            guard let commit = try append(buffers, level) else { return nil }
            publisher.core.stage(change(events, head), at: commit.commitLSN)
            return commit
        } catch {
            if hasChanged { head.replace(by: publisher.newestState()) }
            throw error
        }
    }

    private func change(_ events: [State.Event], _ head: Head<State>) -> StagedChange {
        switch State.publication {
        case .view: ViewChange(StateBox(viewOf: &head.state))
        case .secondCopy: EventsChange<State>(events)
        }
    }

    private func append(
        _ buffers: CommitBuffers, _ level: DurabilityLevel?
    ) throws(DurableError) -> PendingCommit? {
        do throws(RecorderError) {
            return try recorder.append(encoded: buffers, level: level)
        } catch {
            throw DurableError(error)
        }
    }

    /// Encodes events before the writer lock is taken: that needs nothing of the state.
    private func encode(_ events: [State.Event]) throws(DurableError) -> CommitBuffers {
        let buffers = recorder.takeBuffers()
        for event in events { buffers.events.append(event) }
        if let reason = buffers.events.failure {
            let coding = buffers.events.codingFailure
            recorder.giveBack(buffers)
            throw DurableError(code: .unencodable, reason: reason, coding: coding)
        }
        do throws(RecorderError) { try recorder.encode(buffers) } catch {
            recorder.giveBack(buffers)
            throw DurableError(error)
        }
        return buffers
    }
}
