// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import CairnLSN
internal import CairnSync

extension WriteAheadLog {
    /// Hands everything pending to the system: it then survives a crash of the process.
    public func flush() throws(LogError) {
        try core.drive(to: try request { .written($0) })
    }

    /// Makes everything committed so far durable, whatever the policy.
    ///
    /// - Throws: ``LogError`` with code `.poisoned`, `.closed`, `.readOnly` or `.indeterminate`.
    public func sync() throws(LogError) {
        try core.drive(to: try request { .durable($0) })
    }

    private func request(_ goal: (LSN) -> Goal) throws(LogError) -> Goal {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        return try core.state.withLock { (state) throws(LogError) in
            try state.checkOpen()
            let goal = goal(state.lastLSN)
            state.request(goal, .request)
            return goal
        }
    }

    /// Waits until the record at `lsn` is durable. It does not cause a sync: the policy or another
    /// caller does.
    ///
    /// - Throws: ``LogError`` with code `.indeterminate` when the log fails before, `.closed` when it is
    ///   closed before there is such a record, `.readOnly` when it never will be seen here.
    public func waitUntilDurable(_ lsn: LSN) throws(LogError) {
        let result: Result<Void, LogError> = core.state.wait { state in
            answer(.durable(lsn), state)
        }
        try result.get()
    }

    /// Waits without blocking the thread until the record at `lsn` is durable, and causes the sync.
    ///
    /// - Throws: As the other method.
    public func waitUntilDurable(_ lsn: LSN) async throws(LogError) {
        try await wait(for: .durable(lsn))
    }

    /// What somebody who waits for `goal` can be told at once; nil when it may still come.
    private func answer(_ goal: Goal, _ state: borrowing LogState) -> Result<Void, LogError>? {
        if state.isReached(goal) { return .success(()) }
        if let failure = state.failure { return .failure(failure.recoded(.indeterminate)) }
        // What was appended before the close is being written by it.
        if state.isClosed, !state.isServable(goal) { return .failure(LogError(code: .closed)) }
        return store.access == .readOnly ? .failure(LogError(code: .readOnly)) : nil
    }

    private func wait(for goal: Goal) async throws(LogError) {
        if store.access == .readWrite { try core.startBackground() }
        let core = core
        let result = await withUnsafeContinuation { (continuation: Waiter.Continuation) in
            var mustRing = false
            let atOnce: Result<Void, LogError>? = core.state.withLock { state in
                if let answer = answer(goal, state) { return answer }
                state.request(goal, .commit)
                state.waiters.append(Waiter(goal: goal, continuation: continuation))
                state.background.hasWork = true
                mustRing = state.background.isSleeping
                return nil
            }
            if let atOnce {
                continuation.resume(returning: atOnce)
            } else if mustRing {
                core.ring()
            }
        }
        try result.get()
    }
}
