// SPDX-License-Identifier: Apache-2.0
//
// Waiting has one meaning, blocking or async: a caller that waits for a level causes it. A record that was
// appended is written and synced for the waiting caller, whatever the policy; a record that is not appended yet is
// waited for first.

internal import CairnIO
public import CairnLSN
internal import CairnSync
internal import Synchronization

extension WriteAheadLog {
    /// Hands everything pending to the system: it then survives a crash of the process.
    ///
    /// - Throws: ``LogError`` with code `.poisoned`, `.closed`, `.readOnly` or `.indeterminate`.
    public func flush() throws(LogError) {
        try core.drive(to: try request { .written($0) })
    }

    /// Hands everything pending to the system without blocking the thread; see the other method.
    public func flush() async throws(LogError) {
        try await wait(for: try request { .written($0) })
    }

    /// Makes everything committed so far durable, whatever the policy.
    ///
    /// - Throws: ``LogError`` with code `.poisoned`, `.closed`, `.readOnly` or `.indeterminate`.
    public func sync() throws(LogError) {
        try core.drive(to: try request { .durable($0) })
    }

    /// Makes everything committed so far durable without blocking the thread; see the other method.
    public func sync() async throws(LogError) {
        try await wait(for: try request { .durable($0) })
    }

    private func request(_ target: (LSN) -> WaitTarget) throws(LogError) -> WaitTarget {
        guard store.access == .readWrite else { throw LogError(code: .readOnly) }
        return try core.state.withLock { (state) throws(LogError) in
            try state.checkOpen()
            let target = target(state.lastLSN)
            state.request(target, .request)
            return target
        }
    }

    /// Waits until the record at `lsn` is durable, and causes the sync that it needs, whatever the policy.
    /// A record that is not appended yet is waited for.
    ///
    /// - Throws: ``LogError`` with code `.indeterminate` when the log fails before, `.closed` when it is
    ///   closed before there is such a record, `.readOnly` when it never will be seen here.
    public func waitUntilDurable(_ lsn: LSN) throws(LogError) {
        let target = WaitTarget.durable(lsn)
        if core.hasReached(target) { return }
        core.state.withLock { $0.waiting.blockedCount += 1 }
        defer { core.state.withLock { $0.waiting.blockedCount -= 1 } }
        while true {
            let known: Result<Bool, LogError> = core.state.wait { state in
                switch answer(target, state) {
                case .success: return .success(true)
                case .failure(let error): return .failure(error)
                case nil:
                    guard lsn <= state.lastLSN else { return nil }
                    state.request(target, .request)
                    return .success(false)
                }
            }
            if try known.get() { return }
            try core.drive(to: target)
        }
    }

    /// Waits without blocking the thread until the record at `lsn` is durable; see the other method.
    ///
    /// - Throws: As the other method.
    public func waitUntilDurable(_ lsn: LSN) async throws(LogError) {
        try await wait(for: .durable(lsn))
    }

    /// The result of waiting for `target`, when it is known already; nil while it may still come.
    private func answer(_ target: WaitTarget, _ state: borrowing LogState) -> Result<
        Void, LogError
    >? {
        if state.isReached(target) { return .success(()) }
        if let failure = state.failure { return .failure(failure.recoded(.indeterminate)) }
        // Records appended before the close are being written by it.
        if state.isClosed, !state.isServable(target) { return .failure(LogError(code: .closed)) }
        return store.access == .readOnly ? .failure(LogError(code: .readOnly)) : nil
    }

    func wait(for target: WaitTarget) async throws(LogError) {
        if store.access == .readWrite { try core.startBackground() }
        let core = core
        let result = await withUnsafeContinuation { (continuation: Waiter.Continuation) in
            var mustWake = false
            let atOnce: Result<Void, LogError>? = core.state.withLock { state in
                if let answer = answer(target, state) { return answer }
                state.request(target, .commit)
                state.waiting.add(Waiter(target: target, continuation: continuation))
                state.background.hasWork = true
                mustWake = state.background.isSleeping
                return nil
            }
            if let atOnce {
                continuation.resume(returning: atOnce)
            } else if mustWake {
                core.wakeBackground()
            }
        }
        try result.get()
    }
}

extension LogCore {
    /// Everything at or below has the level. Takes no lock.
    func reachedLSN(_ level: DurabilityLevel) -> LSN {
        switch level {
        case .durable: LSN(rawValue: durableLSN.load(ordering: .acquiring))
        case .written: LSN(rawValue: writtenLSN.load(ordering: .acquiring))
        }
    }

    /// Whether `target` is known to be reached. Takes no lock.
    func hasReached(_ target: WaitTarget) -> Bool {
        switch target {
        case .written(let lsn): reachedLSN(.written) >= lsn
        case .durable(let lsn): reachedLSN(.durable) >= lsn
        case .drained: false
        }
    }
}
