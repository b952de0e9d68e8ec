// SPDX-License-Identifier: Apache-2.0
//
// The events of one transaction, encoded as they come.
//
// - Events go into batches of about 1 MiB, so that reading them back needs little memory at a time. A large event
//   begins one of its own: a batch is refused for its size, and the event alone may fit.
// - A mark is a batch and a position in it; rolling back drops batches and cuts the last one.

package import CairnCodec
public import CairnFormat
internal import CairnLog

/// The events of an explicit transaction, until they are committed in one call.
public struct EventBuffer: ~Copyable, Sendable {
    /// The number of events that it holds.
    public private(set) var eventCount = 0
    private var batches: [BatchBox] = [BatchBox()]
    private var last = 0
    private let batchByteCountMax: Int

    /// An empty buffer.
    public init() { self.init(limits: FrameLimits()) }

    /// An empty buffer whose batches, but for a single large event, stay well within `limits`.
    package init(limits: FrameLimits) {
        batchByteCountMax = min(1 << 20, limits.payloadByteCountMax / 2)
    }

    /// True when it holds no event.
    public var isEmpty: Bool { eventCount == 0 }

    /// Encodes and adds an event.
    public mutating func append(_ event: some EventEncodable) {
        if batches[last].builder.byteCount >= batchByteCountMax {
            last += 1
            if last == batches.count { batches.append(BatchBox()) }
        }
        let start = batches[last].builder.mark
        let hadEvents = batches[last].builder.eventCount > 0
        batches[last].builder.append(event)
        // An event that fits by itself must not be refused for the small ones before it.
        if hadEvents, batches[last].builder.byteCount > batchByteCountMax / 2 * 3 {
            batches[last].builder.rollBack(to: start)
            last += 1
            if last == batches.count { batches.append(BatchBox()) }
            batches[last].builder.append(event)
        }
        eventCount += 1
    }

    /// The first event that could not be encoded, if any; committing the buffer then fails.
    public var failure: FormatError? {
        for box in batches[...last] {
            if let failure = box.builder.failure { return failure }
        }
        return nil
    }

    /// The place and the reason, when that event could say.
    public var codingFailure: CodingFailure? {
        for box in batches[...last] {
            if box.builder.failure != nil { return box.builder.codingFailure }
        }
        return nil
    }

    struct Mark: Hashable {
        let batch: Int
        let position: BatchBuilder.Mark
        let eventCount: Int
    }

    var mark: Mark {
        Mark(batch: last, position: batches[last].builder.mark, eventCount: eventCount)
    }

    mutating func rollBack(to mark: Mark) {
        while last > mark.batch {
            batches[last].builder.removeAll()
            last -= 1
        }
        batches[last].builder.rollBack(to: mark.position)
        eventCount = mark.eventCount
    }

    /// Forgets all events. Keeps the memory of the first batch, not that of a large transaction.
    public mutating func removeAll() {
        if batches.count > 1 { batches.removeLast(batches.count - 1) }
        batches[0].builder.removeAll()
        last = 0
        eventCount = 0
    }

    /// Adds the batches to `transaction`, compressed where the options say so.
    func encode(
        into transaction: inout LogTransaction, options: LogOptions
    ) throws(LogError) {
        guard failure == nil else {
            throw LogError(code: .codec, codec: CodecError(code: .unencodableEvent, offset: 0))
        }
        for box in batches[...last] where box.builder.eventCount > 0 {
            try transaction.append(options: options) { box.builder.encode(into: &$0) }
        }
    }
}

/// Holds a batch, which cannot be copied, in an array. One buffer owns it.
private final class BatchBox: @unchecked Sendable {
    // Reached only through the one EventBuffer that made it, which is moved and never copied.
    @exclusivity(unchecked) var builder = BatchBuilder()
}
