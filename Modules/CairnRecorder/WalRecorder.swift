// SPDX-License-Identifier: Apache-2.0
//
// Between a mutation in memory and a transaction in the log.
//
//     arm ─ record* ─ append ┬─ wait          commit is append and wait in one call
//                            └─ arm ─ record* ─ append ─ wait      the next write, meanwhile
//
// - The host holds its write lock from `arm` to `append` or `abort`, and waits without it: the next write
//   begins while this one waits, and one sync carries both.
// - The recorder has a lock of its own, held only to touch its buffer.
// - Nothing of a scope reaches the log before its append, so an abort leaves no trace.
// - Poison is for good: the first reason stays, the buffer is cleared, the scope is over.

public import CairnFormat
internal import CairnIO
public import CairnLog
public import CairnSync

/// Records the mutations of a write and commits them to a log as one transaction.
public final class WalRecorder: Sendable {
    let log: WriteAheadLog
    let mirror: (any WalMirror)?
    let state: Locked<State>

    struct State: ~Copyable {
        var phase = Phase.idle
        /// The events of the scope. While they are being appended they belong to the thread that does.
        ///
        /// Never replaced; with `let`, Swift 6.3 makes invalid code for the thread sanitizer.
        var scope: CommitBuffers
        /// For transactions without a scope, so that one in steady state allocates nothing.
        var freeBuffers: [CommitBuffers] = []
        var savepoints: [Savepoint] = []
        var lastSavepointNumber: UInt64 = 0
        var poison: RecorderError?
    }

    enum Phase { case idle, armed, appending }

    /// A recorder in front of `log`.
    public init(log: WriteAheadLog, mirror: (any WalMirror)? = nil) {
        self.log = log
        self.mirror = mirror
        state = Locked(State(scope: CommitBuffers(limits: log.options.frameLimits)))
    }

    // MARK: A scope

    /// Begins a scope: from now on mutations are recorded. Touches no log. Commits that were appended before may
    /// still be waited for.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned`, or `.alreadyArmed`, which poisons.
    public func arm() throws(RecorderError) {
        try state.withLock { (state) throws(RecorderError) in
            try checkPoison(&state)
            guard state.phase == .idle else {
                throw poison(&state, RecorderError(code: .alreadyArmed))
            }
            state.phase = .armed
        }
    }

    /// Records one mutation of the scope.
    ///
    /// Takes only the recorder's own lock; framing, checksum and append happen once, at the end of the scope.
    ///
    /// - Returns: False when the mutation was refused: outside of a scope, which poisons, or after poison, which
    ///   changes nothing. ``failure`` says why.
    @discardableResult
    public func record(_ event: some EventEncodable) -> Bool {
        state.withLock { state in
            guard state.poison == nil else { return false }
            guard state.phase == .armed else {
                _ = poison(&state, RecorderError(code: .recordedOutsideOfScope))
                return false
            }
            state.scope.events.append(event)
            return true
        }
    }

    /// Ends the scope and appends what was recorded to the log: begin, batches and commit in one critical
    /// section. Waits for nothing; pass the result to `wait(for:)`.
    ///
    /// - Parameter level: More than the log's policy gives; never less.
    /// - Returns: Nil when nothing was recorded, for which nothing is written.
    /// - Throws: ``RecorderError`` with code `.poisoned`; `.refused` when the events cannot be stored: nothing was
    ///   appended, the scope is over, and the recorder goes on; `.notArmed` or `.commitFailed`, which poison.
    public func append(level: DurabilityLevel? = nil) throws(RecorderError) -> PendingCommit? {
        let taken: CommitBuffers? = try state.withLock { (state) throws(RecorderError) in
            try checkPoison(&state)
            guard state.phase == .armed else {
                throw poison(&state, RecorderError(code: .notArmed))
            }
            state.savepoints.removeAll()
            state.phase = state.scope.events.isEmpty ? .idle : .appending
            return state.phase == .idle ? nil : state.scope
        }
        guard let taken else { return nil }
        let result = Result { () throws(LogError) in
            try taken.encode(options: log.options)
            return try log.append(taken.transaction, level: level)
        }
        taken.removeAll()
        return try state.withLock { (state) throws(RecorderError) in
            state.phase = .idle
            return try outcome(result, &state)
        }
    }

    /// Ends the scope and commits what was recorded; see ``append(level:)`` and `wait(for:)`.
    ///
    /// - Parameter level: More than the log's policy gives; never less.
    /// - Returns: The receipt; nil when nothing was recorded, for which nothing is written.
    /// - Throws: As both.
    @discardableResult
    public func commit(level: DurabilityLevel? = nil) throws(RecorderError) -> CommitReceipt? {
        guard let pending = try append(level: level) else { return nil }
        return try wait(for: pending)
    }

    /// Ends the scope and commits what was recorded, without blocking the thread; see the other method.
    @discardableResult
    public func commit(level: DurabilityLevel? = nil) async throws(RecorderError) -> CommitReceipt?
    {
        try prepareToAwait()
        guard let pending = try append(level: level) else { return nil }
        return try await wait(for: pending)
    }

    /// Ends the scope and forgets what was recorded. Nothing of it was ever on disk.
    ///
    /// - Returns: Whether anything had been recorded. False without a scope, which is tolerated.
    @discardableResult
    public func abort() -> Bool {
        state.withLock { state in
            guard state.phase == .armed else { return false }
            let hadEvents = !state.scope.events.isEmpty
            state.scope.events.removeAll()
            state.savepoints.removeAll()
            state.phase = .idle
            return hadEvents
        }
    }

    // MARK: Waiting

    /// Waits until an appended transaction has its level.
    ///
    /// - Throws: ``RecorderError`` with code `.commitFailed`, which poisons: whether the transaction comes back
    ///   shows when the log is opened again.
    @discardableResult
    public func wait(for commit: PendingCommit) throws(RecorderError) -> CommitReceipt {
        do throws(LogError) { return try log.wait(for: commit) } catch { throw failed(error) }
    }

    /// Waits without blocking the thread until an appended transaction has its level; see the other method.
    @discardableResult
    public func wait(for commit: PendingCommit) async throws(RecorderError) -> CommitReceipt {
        do throws(LogError) { return try await log.wait(for: commit) } catch { throw failed(error) }
    }

    /// Starts what awaiting a commit needs; to be called before it is appended.
    package func prepareToAwait() throws(RecorderError) {
        do throws(LogError) { try log.prepareToAwait() } catch {
            throw RecorderError(code: .logFailed, cause: error)
        }
    }

    private func failed(_ cause: LogError) -> RecorderError {
        state.withLock { poison(&$0, RecorderError(code: .commitFailed, cause: cause)) }
    }

    /// The result of an append. What cannot be stored is refused; anything else that failed poisons.
    func outcome(
        _ result: Result<PendingCommit?, LogError>, _ state: inout State
    ) throws(RecorderError) -> PendingCommit? {
        switch result {
        case .success(let pending): return pending
        case .failure(let cause) where cause.code == .codec:
            throw RecorderError(code: .refused, cause: cause)
        case .failure(let cause):
            throw poison(&state, RecorderError(code: .commitFailed, cause: cause))
        }
    }

    // MARK: Poison

    /// The error that stopped the recorder or its log for good; nil while they work.
    public var failure: RecorderError? {
        state.withLock { state in
            surfaceLogFailure(&state)
            return state.poison
        }
    }

    /// Stops the recorder for good: for a host that finds its memory and the log apart. The first reason stays;
    /// opening again is the only way back.
    public func poison(_ reason: RecorderError = RecorderError(code: .hostFailed)) {
        state.withLock { _ = poison(&$0, reason) }
    }

    func checkPoison(_ state: inout State) throws(RecorderError) {
        surfaceLogFailure(&state)
        guard let reason = state.poison else { return }
        throw RecorderError(code: .poisoned, reason: reason.code, cause: reason.cause)
    }

    private func surfaceLogFailure(_ state: inout State) {
        guard state.poison == nil, let failure = log.failure else { return }
        _ = poison(&state, RecorderError(code: .logFailed, cause: failure))
    }

    /// Stops the recorder for good, unless it is stopped already, and returns `error`.
    func poison(_ state: inout State, _ error: RecorderError) -> RecorderError {
        guard state.poison == nil else { return error }
        state.poison = error
        state.savepoints.removeAll()
        // A buffer that is being appended belongs to the thread that does, which clears it.
        if state.phase != .appending {
            state.scope.events.removeAll()
            state.phase = .idle
        }
        return error
    }

    /// Forgets the poison. For tests of the recorder alone: a real store is opened again instead.
    package func resetPoisonForTesting() {
        state.withLock { $0.poison = nil }
    }
}
