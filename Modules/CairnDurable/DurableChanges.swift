// SPDX-License-Identifier: Apache-2.0

public import CairnLSN
public import CairnLog
internal import CairnRecorder
public import CairnSync

/// A committed transaction with its events.
public struct CommittedChange<Event> {
    /// Its LSNs: begin, batches, commit.
    public let lsns: LSNRange
    /// When it was committed, in nanoseconds since 1970.
    public let commitNanoseconds: UInt64
    /// Its events, in order.
    public let events: [Event]

    /// The LSN of its commit: from where to go on reading.
    public var commitLSN: LSN { lsns.last }
}

extension CommittedChange: Sendable where Event: Sendable {}
extension CommittedChange: Equatable where Event: Equatable {}
extension CommittedChange: Hashable where Event: Hashable {}

extension CommittedChange where Event: DurableEvent {
    /// Decodes the events of a transaction.
    init(
        _ transaction: CommittedTransaction, _ reading: EventReading<Event>
    ) throws(DurableError) {
        lsns = transaction.lsns
        commitNanoseconds = transaction.commitNanoseconds
        var events: [Event] = []
        do {
            for batch in transaction.batches {
                try reading.forEach(in: batch.span.bytes, at: transaction.commitLSN) { event, _ in
                    events.append(event)
                }
            }
        } catch {
            throw DurableError(wrapping: error)
        }
        self.events = events
    }
}

/// The committed transactions of a store after a certain LSN, with their events: see ``/CairnLog/LogChanges``,
/// which says how such a sequence waits, ends and fails.
///
/// Its error is ``DurableError``: `.changesUnavailable`, `.damaged`, `.io`, what stopped the store, and
/// `.doesNotFit` for events of another version of the program.
public struct DurableChanges<Event: DurableEvent>: AsyncSequence, Sendable {
    /// A committed transaction with its events.
    public typealias Element = CommittedChange<Event>
    /// Iteration throws the error that ended the feed.
    public typealias Failure = DurableError

    let changes: LogChanges
    let reading: EventReading<Event>

    /// A reader that begins where the sequence begins.
    public func makeReader() -> Reader { Reader(reader: changes.makeReader(), reading: reading) }

    /// An iterator that begins where the sequence begins.
    public func makeAsyncIterator() -> Iterator {
        Iterator(iterator: changes.makeAsyncIterator(), reading: reading)
    }

    /// Hands out one transaction after the other and waits in between.
    public struct Iterator: AsyncIteratorProtocol {
        var iterator: LogChanges.Iterator
        let reading: EventReading<Event>

        /// The next transaction, as soon as there is one; nil at the end, or when the task is cancelled.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(DurableError) -> CommittedChange<Event>? {
            let next: CommittedTransaction?
            do throws(LogError) { next = try await iterator.next(isolation: actor) } catch {
                throw DurableError(error)
            }
            guard let next else { return nil }
            return try CommittedChange(next, reading)
        }
    }

    /// Reads committed transactions one by one. One thread uses it at a time.
    public struct Reader {
        let reader: ChangeReader
        let reading: EventReading<Event>

        /// The commit LSN of the transaction that was handed out last: from where to go on another time.
        public var position: LSN { reader.position }

        /// The next transaction; nil when there is none yet.
        public func next() throws(DurableError) -> CommittedChange<Event>? {
            try decoded { () throws(LogError) in try reader.next() }
        }

        /// The next transaction; blocks the thread until there is one.
        ///
        /// - Parameter time: How long to wait at most.
        /// - Returns: Nil when the time has passed, or when the store was closed and everything handed out.
        public func next(waiting time: Duration) throws(DurableError) -> CommittedChange<Event>? {
            try decoded { () throws(LogError) in try reader.next(waiting: time) }
        }

        private func decoded(
            _ next: () throws(LogError) -> CommittedTransaction?
        ) throws(DurableError) -> CommittedChange<Event>? {
            let transaction: CommittedTransaction?
            do throws(LogError) { transaction = try next() } catch { throw DurableError(error) }
            guard let transaction else { return nil }
            return try CommittedChange(transaction, reading)
        }
    }
}

extension Durable {
    /// The transactions committed after `lsn`, in order, with their events.
    ///
    /// - Parameters:
    ///   - lsn: Transactions whose commit lies at or below it are left out; `LSN.never` leaves out none.
    ///   - level: Whether a transaction has to be durable before it is handed out. One that is only written
    ///     may be gone after a crash, although a reader saw it.
    ///   - byteCountMax: Keeps what was not handed out from being dropped by checkpoints, as long as that
    ///     keeps no more bytes of the log than this. Nil keeps nothing.
    /// - Throws: ``DurableError`` with code `.changesUnavailable`, when what comes next was dropped already and
    ///   is to be kept. Without a limit the reader finds that out.
    public func changes(
        after lsn: LSN = .never, level: DurabilityLevel = .durable,
        retaining byteCountMax: UInt64? = nil
    ) throws(DurableError) -> DurableChanges<State.Event> {
        do throws(LogError) {
            return DurableChanges(
                changes: try log.changes(after: lsn, level: level, retaining: byteCountMax),
                reading: EventReading(history, of: State.self))
        } catch {
            throw DurableError(error)
        }
    }

    /// Keeps what was committed after `lsn` from being dropped by checkpoints; see ``/CairnLog/LogPin``.
    ///
    /// - Throws: ``DurableError`` with code `.changesUnavailable` when it was dropped already.
    public func pin(at lsn: LSN, byteCountMax: UInt64) throws(DurableError) -> LogPin {
        do throws(LogError) { return try log.pin(at: lsn, byteCountMax: byteCountMax) } catch {
            throw DurableError(error)
        }
    }
}
