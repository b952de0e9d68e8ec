// SPDX-License-Identifier: Apache-2.0

public import CairnDurable
public import CairnGraph
public import CairnLSN
public import CairnLog
public import CairnSync

/// A committed transaction of a graph database, with its events.
public typealias GraphChange = CommittedChange<MutationEvent>

extension GraphDatabase {
    /// The transactions committed after `lsn`, in order, with their events: what another process, an index
    /// or a cache needs to follow the graph.
    ///
    /// ```swift
    /// for try await change in try database.changes(after: lastSeen) {
    ///     for event in change.events { … }
    ///     lastSeen = change.commitLSN
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - lsn: Transactions whose commit lies at or below it are left out; `LSN.never` leaves out none.
    ///   - level: Whether a transaction has to be durable before it is handed out. One that is only written
    ///     may be gone after a crash, although a reader saw it.
    ///   - byteCountMax: Keeps what was not handed out from being dropped by checkpoints, as long as that
    ///     keeps no more bytes of the log than this. Nil keeps nothing.
    /// - Throws: ``/CairnDurable/DurableError`` with code `.changesUnavailable`, when what comes next was dropped already and
    ///   is to be kept. Without a limit the reader finds that out.
    public func changes(
        after lsn: LSN = .never, level: DurabilityLevel = .durable,
        retaining byteCountMax: UInt64? = nil
    ) throws(DurableError) -> DurableChanges<MutationEvent> {
        try durable.changes(after: lsn, level: level, retaining: byteCountMax)
    }

    /// Keeps what was committed after `lsn` from being dropped by checkpoints; see ``/CairnLog/LogPin``.
    ///
    /// - Throws: ``/CairnDurable/DurableError`` with code `.changesUnavailable` when it was dropped already.
    public func pin(at lsn: LSN, byteCountMax: UInt64) throws(DurableError) -> LogPin {
        try durable.pin(at: lsn, byteCountMax: byteCountMax)
    }
}
