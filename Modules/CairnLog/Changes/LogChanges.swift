// SPDX-License-Identifier: Apache-2.0

internal import CairnIO
public import CairnLSN
public import CairnSync

/// The committed transactions of a log after a certain LSN, in order, and without an end as long as the log
/// is open: a sequence to wait on, or a reader to ask.
///
/// Every transaction comes exactly once and as a whole. To go on another time, begin after the commit LSN
/// of the last one. Any number of readers may be under way; they read the files, hold no lock of the log
/// meanwhile, and cause no write and no sync.
///
/// - After `close()` the sequence ends when everything was handed out; after a failure of the
///   log it then throws that failure. It also ends when its task is cancelled.
/// - `.changesGone`: truncation was faster. Prevent that with a limit for retention.
/// - Waiting suspends the task and blocks no thread. Reading does read files.
public struct LogChanges: AsyncSequence, Sendable {
    /// The elements.
    public typealias Element = CommittedTransaction
    /// The error of the sequence.
    public typealias Failure = LogError

    let log: WriteAheadLog
    let start: LSN
    let level: DurabilityLevel
    let pin: LogPin?

    /// A reader that begins where the sequence begins.
    public func makeReader() -> ChangeReader { ChangeReader(self) }

    /// An iterator that begins where the sequence begins.
    public func makeAsyncIterator() -> Iterator { Iterator(reader: makeReader()) }

    /// Hands out one transaction after the other and waits in between.
    public struct Iterator: AsyncIteratorProtocol {
        let reader: ChangeReader

        /// The next transaction, as soon as there is one; nil at the end, or when the task is cancelled.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(LogError) -> CommittedTransaction? {
            while true {
                if Task.isCancelled { return nil }
                if let transaction = try reader.next() { return transaction }
                guard try await reader.waitForMore() else { return nil }
            }
        }
    }
}

extension WriteAheadLog {
    /// The transactions committed after `lsn`, in order.
    ///
    /// - Parameters:
    ///   - lsn: Transactions whose commit lies at or below it are left out; `LSN.never` leaves out none.
    ///   - level: Whether a transaction has to be durable before it is handed out. One that is only written
    ///     may be gone after a crash, although a reader saw it.
    ///   - byteCountMax: Keeps transactions that were not delivered from truncation, as long as that keeps no more
    ///     bytes of segments than this; see ``LogPin``. The reader that is furthest counts, so make one reader
    ///     of such a sequence. Nil keeps nothing.
    /// - Throws: ``LogError`` with code `.changesGone`, when the next transaction was truncated already and is
    ///   to be kept. Without a limit the reader finds that out.
    public func changes(
        after lsn: LSN = .never, level: DurabilityLevel = .durable,
        retaining byteCountMax: UInt64? = nil
    ) throws(LogError) -> LogChanges {
        var held: LogPin?
        if let byteCountMax { held = try pin(at: lsn, byteCountMax: byteCountMax) }
        return LogChanges(log: self, start: lsn, level: level, pin: held)
    }
}
