// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import CairnLSN
internal import CairnSync

/// Reads committed transactions one by one; see ``LogChanges``. One thread uses it at a time.
public final class ChangeReader {
    /// The commit LSN of the transaction that was handed out last: from where to go on another time.
    public private(set) var position: LSN

    private let changes: LogChanges
    private var cursor: ChangeCursor?
    /// The last LSN that the cursor reads; it gets there before the line moves.
    private var line: LSN = .never
    private var failure: LogError?

    init(_ changes: LogChanges) {
        self.changes = changes
        position = changes.start
    }

    /// The next transaction; nil when there is none yet.
    ///
    /// - Throws: ``LogError`` with code `.changesGone`, `.changesAhead`, `.changesUnreadable`, `.codec` or
    ///   `.io`; again the same when asked again.
    /// - Complexity: O(*n*) in the bytes of the transaction; the first time also in those before it in its
    ///   segment.
    public func next() throws(LogError) -> CommittedTransaction? {
        if let failure { throw failure }
        do throws(LogError) {
            while true {
                if let transaction = try advance() {
                    position = transaction.commitLSN
                    changes.pin?.advance(to: position)
                    return transaction
                }
                let newLine = changes.log.line(changes.level)
                if cursor != nil, newLine <= line { return nil }
                line = newLine
                if cursor == nil {
                    cursor = try ChangeCursor(changes.log.core, after: position, upTo: line)
                }
            }
        } catch {
            failure = error
            throw error
        }
    }

    private func advance() throws(LogError) -> CommittedTransaction? {
        try cursor?.next(upTo: line)
    }

    /// The next transaction; blocks the thread until there is one.
    ///
    /// - Parameter time: How long to wait at most.
    /// - Returns: Nil when the time has passed, or when the log was closed and everything handed out.
    /// - Throws: As ``next()``; and the failure that stopped the log, when everything was delivered.
    public func next(waiting time: Duration) throws(LogError) -> CommittedTransaction? {
        let end = ContinuousClock.now + min(time, .seconds(1 << 32))
        while true {
            if let transaction = try next() { return transaction }
            let left = end - ContinuousClock.now
            guard left > .zero, try !changes.log.isOver(after: line, changes.level) else {
                return nil
            }
            let (seconds, attoseconds) = left.components
            let nanoseconds = min(seconds, 3600) * 1_000_000_000 + attoseconds / 1_000_000_000
            changes.log.core.state.sleep(nanoseconds: UInt64(max(1, nanoseconds))) { state in
                state.line(changes.level) > line || state.isClosed || state.failure != nil
            }
        }
    }

    /// Waits for more than was seen.
    ///
    /// - Returns: False when no more will come, or the task is cancelled.
    func waitForMore(
        isolation actor: isolated (any Actor)? = #isolation
    ) async throws(LogError) -> Bool {
        if try changes.log.isOver(after: line, changes.level) { return false }
        await changes.log.waitForMore(than: line, changes.level)
        return !Task.isCancelled
    }
}

extension LogState {
    /// Up to where everything has a level.
    func line(_ level: DurabilityLevel) -> LSN {
        level == .durable ? progress.durable.lsn : progress.writtenLSN
    }
}

extension WriteAheadLog {
    func line(_ level: DurabilityLevel) -> LSN { core.state.withLock { $0.line(level) } }

    /// Returns true when no further commit will come.
    ///
    /// - Throws: The failure that stopped the log.
    func isOver(after line: LSN, _ level: DurabilityLevel) throws(LogError) -> Bool {
        try core.state.withLock { (state) throws(LogError) in
            if state.line(level) > line { return false }
            if let failure = state.failure { throw failure.recoded(.poisoned) }
            if store.access == .readOnly { return true }
            // Records appended before the close are being written by it.
            return state.isClosed && state.line(level) >= state.lastLSN
        }
    }

    /// Suspends until there is more than `line`, the log ends, or the task is cancelled.
    func waitForMore(than line: LSN, _ level: DurabilityLevel) async {
        let core = core
        let wanted = LSN(rawValue: line.rawValue &+ 1)
        let target: WaitTarget = level == .durable ? .durable(wanted) : .written(wanted)
        let number = Locked<UInt64?>(nil)
        await withTaskCancellationHandler {
            _ = await withUnsafeContinuation { (continuation: Waiter.Continuation) in
                let waits = core.state.withLock { state in
                    // A later cancellation finds the waiter.
                    guard !Task.isCancelled, !state.isReached(target), state.failure == nil,
                        !(state.isClosed && state.line(level) >= state.lastLSN)
                    else { return false }
                    let given = state.waiting.changes.add(
                        Waiter(target: target, continuation: continuation))
                    number.withLock { $0 = given }
                    return true
                }
                if !waits { continuation.resume(returning: .success(())) }
            }
        } onCancel: {
            let waiter = core.state.withLock { state in
                number.withLock { $0 }.flatMap { state.waiting.changes.remove($0) }
            }
            waiter?.resume(.success(()))
        }
    }
}
