// SPDX-License-Identifier: Apache-2.0

internal import CairnCodec
package import CairnLog

/// The events of one write, and the transaction that they become: used again and again, so that a commit in
/// steady state allocates nothing.
package final class CommitBuffers: @unchecked Sendable {
    // One thread has it at a time: the recorder's state hands it out under its lock.

    /// The events, encoded as they come.
    @exclusivity(unchecked) package var events: EventBuffer
    @exclusivity(unchecked) package var transaction = LogTransaction()

    init(limits: FrameLimits) { events = EventBuffer(limits: limits) }

    /// Makes the transaction.
    ///
    /// - Throws: ``LogError`` with code `.codec` for events that cannot be stored.
    func encode(options: LogOptions) throws(LogError) {
        try events.encode(into: &transaction, options: options)
    }

    /// Forgets the events and keeps the memory.
    func removeAll() {
        events.removeAll()
        transaction.removeAll()
    }
}
