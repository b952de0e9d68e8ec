// SPDX-License-Identifier: Apache-2.0
//
// What happens between a mutation in memory and a transaction in the log.
//
// - The host holds its write lock from `arm` to `commit` or `abort`; the recorder has a lock of its own,
//   held only to touch its buffer.
// - Nothing of a scope reaches the log before its commit, so an abort leaves no trace.
// - Poison is for good: the first reason stays, the buffer is cleared, the scope is over.

public import CairnFormat
internal import CairnIO
public import CairnLSN
public import CairnLog
public import CairnSync

/// Records the mutations of a write and commits them to a log as one transaction.
public final class Recorder: Sendable {
    private let log: WriteAheadLog
    private let mirror: (any Mirror)?
    private let state: Locked<State>

    private struct State: ~Copyable {
        var phase = Phase.idle
        var buffer: EventBuffer
        var transaction = LogTransaction()
        var savepoints: [Savepoint] = []
        var lastSavepointNumber: UInt64 = 0
        var poison: RecorderError?
    }

    private enum Phase { case idle, armed, committing }

    /// A recorder in front of `log`.
    public init(log: WriteAheadLog, mirror: (any Mirror)? = nil) {
        self.log = log
        self.mirror = mirror
        state = Locked(State(buffer: EventBuffer(limits: log.options.frameLimits)))
    }

    // MARK: A scope

    /// Begins a scope: from now on mutations are recorded. Touches no log.
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
    /// Takes only the recorder's own lock; framing, checksum and append happen once, at commit. Outside
    /// of a scope it poisons; after poison it does nothing.
    public func record(_ event: some EventEncodable) {
        state.withLock { state in
            guard state.poison == nil else { return }
            guard state.phase == .armed else {
                _ = poison(&state, RecorderError(code: .recordedOutsideOfScope))
                return
            }
            state.buffer.append(event)
        }
    }

    /// Ends the scope and commits what was recorded: begin, batches and commit in one critical section
    /// of the log.
    ///
    /// - Parameter level: More than the log's policy gives; never less.
    /// - Returns: The receipt; nil when nothing was recorded, for which nothing is written.
    /// - Throws: ``RecorderError`` with code `.poisoned`; `.notArmed` or `.commitFailed`, which poison.
    @discardableResult
    public func commit(level: DurabilityLevel? = nil) throws(RecorderError) -> CommitReceipt? {
        var work = Work(buffer: EventBuffer(limits: log.options.frameLimits))
        try state.withLock { (state) throws(RecorderError) in
            try checkPoison(&state)
            guard state.phase == .armed else {
                throw poison(&state, RecorderError(code: .notArmed))
            }
            state.savepoints.removeAll()
            guard !state.buffer.isEmpty else {
                state.phase = .idle
                return
            }
            state.phase = .committing
            swap(&work.buffer, &state.buffer)
            swap(&work.transaction, &state.transaction)
        }
        guard !work.buffer.isEmpty else { return nil }
        let result = Result { () throws(LogError) in try work.commit(to: log, level) }
        work.clear()
        return try finish(result, &work)
    }

    /// What is taken out of the lock to be committed.
    private struct Work: ~Copyable {
        var buffer: EventBuffer
        var transaction = LogTransaction()

        mutating func commit(
            to log: WriteAheadLog, _ level: DurabilityLevel?
        ) throws(LogError) -> CommitReceipt? {
            try buffer.encode(into: &transaction, options: log.options)
            return try log.commit(transaction, level: level)
        }

        mutating func clear() {
            buffer.removeAll()
            transaction.removeAll()
        }
    }

    /// Takes a committed buffer back and ends the scope.
    private func finish(
        _ result: Result<CommitReceipt?, LogError>, _ work: inout Work
    ) throws(RecorderError) -> CommitReceipt? {
        try state.withLock { (state) throws(RecorderError) in
            swap(&work.buffer, &state.buffer)
            swap(&work.transaction, &state.transaction)
            state.phase = .idle
            switch result {
            case .success(let receipt): return receipt
            case .failure(let cause):
                throw poison(&state, RecorderError(code: .commitFailed, cause: cause))
            }
        }
    }

    /// Ends the scope and forgets what was recorded. Nothing of it was ever on disk.
    ///
    /// - Returns: Whether anything had been recorded. False without a scope, which is tolerated.
    @discardableResult
    public func abort() -> Bool {
        state.withLock { state in
            guard state.phase == .armed else { return false }
            defer {
                state.buffer.removeAll()
                state.savepoints.removeAll()
                state.phase = .idle
            }
            return !state.buffer.isEmpty
        }
    }

    /// Commits the buffer of an explicit transaction in one call, without a scope.
    ///
    /// - Returns: The receipt; nil for an empty buffer, for which nothing is written.
    /// - Throws: ``RecorderError`` with code `.poisoned` when it was so before; `.commitFailed` when this
    ///   commit failed, which poisons.
    @discardableResult
    public func commit(
        _ events: borrowing EventBuffer, level: DurabilityLevel? = nil
    ) throws(RecorderError) -> CommitReceipt? {
        try state.withLock { (state) throws(RecorderError) in try checkPoison(&state) }
        guard !events.isEmpty else { return nil }
        do throws(LogError) {
            var transaction = LogTransaction()
            try events.encode(into: &transaction, options: log.options)
            return try log.commit(transaction, level: level)
        } catch {
            let failure = RecorderError(code: .commitFailed, cause: error)
            throw state.withLock { poison(&$0, failure) }
        }
    }

    // MARK: Savepoints

    /// A place in the scope to roll back to.
    public struct Savepoint: Hashable, Sendable {
        let number: UInt64
        let mark: EventBuffer.Mark

        /// Each savepoint equals itself alone.
        public static func == (lhs: Self, rhs: Self) -> Bool { lhs.number == rhs.number }

        /// Hashes the savepoint's number.
        public func hash(into hasher: inout Hasher) { hasher.combine(number) }
    }

    /// Marks this place in the scope.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned` or `.notArmed` (which does not poison here).
    public func savepoint() throws(RecorderError) -> Savepoint {
        try state.withLock { (state) throws(RecorderError) in
            try checkPoison(&state)
            guard state.phase == .armed else { throw RecorderError(code: .notArmed) }
            state.lastSavepointNumber += 1
            let savepoint = Savepoint(number: state.lastSavepointNumber, mark: state.buffer.mark)
            state.savepoints.append(savepoint)
            return savepoint
        }
    }

    /// Forgets what was recorded since the savepoint, and the savepoints made since. It stays valid.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned` or `.unknownSavepoint`.
    public func rollBack(to savepoint: Savepoint) throws(RecorderError) {
        try state.withLock { (state) throws(RecorderError) in
            let index = try find(savepoint, &state)
            state.buffer.rollBack(to: savepoint.mark)
            state.savepoints.removeLast(state.savepoints.count - index - 1)
        }
    }

    /// Gives up the savepoint, and those made since; what was recorded stays.
    ///
    /// - Throws: ``RecorderError`` with code `.poisoned` or `.unknownSavepoint`.
    public func release(_ savepoint: Savepoint) throws(RecorderError) {
        try state.withLock { (state) throws(RecorderError) in
            let index = try find(savepoint, &state)
            state.savepoints.removeLast(state.savepoints.count - index)
        }
    }

    private func find(
        _ savepoint: Savepoint, _ state: inout State
    ) throws(RecorderError) -> Int {
        try checkPoison(&state)
        guard state.phase == .armed, let index = state.savepoints.firstIndex(of: savepoint) else {
            throw RecorderError(code: .unknownSavepoint)
        }
        return index
    }

    // MARK: The log

    /// Hands everything committed to the operating system, then lets the mirror persist.
    public func flush() throws(RecorderError) {
        try onLog { (log) throws(LogError) in try log.flush() }
        try onMirror { try $0.persist() }
    }

    /// Makes everything committed durable, whatever the policy, then forces the mirror.
    public func sync() throws(RecorderError) {
        #if CAIRN_REINJECTION
        if Reinjection.active == .mirrorFirst { try onMirror { try $0.persistForced() } }
        #endif
        try syncLogOnly()
        try onMirror { try $0.persistForced() }
    }

    /// Makes everything committed durable and leaves the mirror out.
    public func syncLogOnly() throws(RecorderError) {
        try onLog { (log) throws(LogError) in try log.sync() }
    }

    /// Records that a snapshot up to `fence` is durably in place. Durable on return.
    ///
    /// - Returns: The LSN of the record.
    @discardableResult
    public func checkpointMarker(_ fence: SnapshotFence) throws(RecorderError) -> LSN {
        try onLog { (log) throws(LogError) in try log.checkpointMarker(fence) }
    }

    /// Removes the sealed segments that lie wholly at or below `fence`; never the last one.
    ///
    /// - Parameter fence: Only a snapshot directory hands one out, for snapshots that it verified.
    @discardableResult
    public func truncate(upTo fence: TruncationFence) throws(RecorderError) -> [SegmentStatus] {
        try onLog { (log) throws(LogError) in try log.truncate(upTo: fence) }
    }

    private func onLog<Value>(
        _ body: (WriteAheadLog) throws(LogError) -> Value
    ) throws(RecorderError) -> Value {
        try state.withLock { (state) throws(RecorderError) in try checkPoison(&state) }
        do throws(LogError) {
            return try body(log)
        } catch {
            let failure = RecorderError(code: .logFailed, cause: error)
            guard log.failure != nil else { throw failure }
            throw state.withLock { poison(&$0, failure) }
        }
    }

    private func onMirror(_ body: (any Mirror) throws -> Void) throws(RecorderError) {
        guard let mirror else { return }
        do { try body(mirror) } catch { throw RecorderError(code: .mirrorFailed) }
    }

    // MARK: Poison

    /// What stopped the recorder, if anything did; also a failure of the log behind it.
    public var poisonReason: RecorderError? {
        state.withLock { state in
            surfaceLogFailure(&state)
            return state.poison
        }
    }

    private func checkPoison(_ state: inout State) throws(RecorderError) {
        surfaceLogFailure(&state)
        guard let reason = state.poison else { return }
        throw RecorderError(code: .poisoned, reason: reason.code, cause: reason.cause)
    }

    private func surfaceLogFailure(_ state: inout State) {
        guard state.poison == nil, let failure = log.failure else { return }
        _ = poison(&state, RecorderError(code: .logFailed, cause: failure))
    }

    /// Stops the recorder for good, unless it is stopped already, and returns `error`.
    private func poison(_ state: inout State, _ error: RecorderError) -> RecorderError {
        guard state.poison == nil else { return error }
        state.poison = error
        state.buffer.removeAll()
        state.savepoints.removeAll()
        if state.phase == .armed { state.phase = .idle }
        return error
    }

    /// Forgets the poison. For tests of the recorder alone: a real store is reopened instead.
    package func resetPoisonForTesting() {
        state.withLock { $0.poison = nil }
    }
}
