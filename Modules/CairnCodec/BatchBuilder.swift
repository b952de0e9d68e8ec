// SPDX-License-Identifier: Apache-2.0
//
// A batch: a table of the strings that its events share, then the events.
//
// - Layout: symbol table (count, then each string with its byte count), event count, the byte count
//   of each event, then the events one behind the other. All numbers are varints.
// - A batch stands alone: nothing in it refers to another one.

public import CairnFormat

/// Collects events until they are written as one batch.
///
/// Events are encoded when they are appended. A mark is a position; rolling back to it forgets
/// everything behind it.
public struct BatchBuilder: ~Copyable, Sendable {
    private var encoder: EventEncoder
    private var eventEnds: [Int] = []

    /// An empty batch.
    public init() {
        encoder = EventEncoder(capacity: 512)
    }

    /// The number of events that were appended.
    public var eventCount: Int { eventEnds.count }
    /// At most how many bytes the batch takes, unless a single string or event of it exceeds 256 MiB; it may
    /// take a few bytes less for each event and each symbol.
    public var byteCount: Int {
        if eventEnds.isEmpty, encoder.symbols.count == 0 { return 0 }
        let numberCount = eventEnds.count + encoder.symbols.count + 2
        return encoder.bytes.count + encoder.symbols.utf8ByteCount + numberCount * 4
    }

    /// The first event that could not be encoded, if any; the batch must then not be written.
    public var failure: FormatError? { encoder.failure }
    /// The place and the reason, when that event could say.
    public var codingFailure: CodingFailure? { encoder.codingFailure }

    /// Encodes and appends one event.
    ///
    /// - Complexity: O(*n*) in its bytes; no allocation in steady state.
    public mutating func append(_ event: some EventEncodable) {
        event.encode(into: &encoder)
        appended()
    }

    /// Appends one event that is bytes already.
    public mutating func append(bytes: RawSpan) {
        encoder.bytes.append(bytes)
        appended()
    }

    private mutating func appended() {
        eventEnds.append(encoder.bytes.count)
    }

    /// A position to roll back to.
    public struct Mark: Hashable, Sendable {
        let eventCount: Int
        let symbolCount: Int
    }

    /// The current end, to roll back to.
    public var mark: Mark {
        Mark(eventCount: eventEnds.count, symbolCount: encoder.symbols.count)
    }

    /// Forgets the events behind `mark`.
    ///
    /// - Precondition: The mark was taken from this batch and lies at or before its end.
    public mutating func rollBack(to mark: Mark) {
        precondition(mark.eventCount <= eventEnds.count)
        eventEnds.removeLast(eventEnds.count - mark.eventCount)
        encoder.bytes.truncate(to: eventEnds.last ?? 0)
        encoder.symbols.truncate(to: mark.symbolCount)
    }

    /// Forgets all events and keeps the memory.
    public mutating func removeAll() {
        eventEnds.removeAll(keepingCapacity: true)
        encoder.removeAll()
    }

    /// Appends the batch to `buffer`.
    public func encode(into buffer: inout BinaryBuffer) {
        encoder.symbols.encode(into: &buffer)
        buffer.append(varint: UInt64(eventEnds.count))
        var start = 0
        for end in eventEnds {
            buffer.append(varint: UInt64(end - start))
            start = end
        }
        buffer.append(encoder.bytes.bytes)
    }
}

/// Reads the events of a batch.
public struct BatchReader: ~Escapable {
    /// The strings that its events share.
    public let symbols: SymbolTable
    private let eventByteCounts: [Int]
    private var events: ByteReader
    private var next = 0

    /// Reads the head of a batch.
    ///
    /// - Throws: `FormatError` when it does not follow the format.
    @_lifetime(copy batch)
    public init(_ batch: RawSpan) throws(FormatError) {
        events = ByteReader(batch)
        symbols = try SymbolTable(from: &events)
        let eventCount = try events.count()
        var byteCounts: [Int] = []
        byteCounts.reserveCapacity(eventCount)
        var sum = 0
        for _ in 0..<eventCount {
            let byteCount = try events.count(byteCountEach: 1)
            byteCounts.append(byteCount)
            sum += byteCount
        }
        guard sum == events.remaining else {
            let code: FormatError.Code = sum > events.remaining ? .truncated : .trailingBytes
            throw FormatError(code: code, offset: events.offset)
        }
        eventByteCounts = byteCounts
    }

    /// The number of events that the batch has.
    public var eventCount: Int { eventByteCounts.count }

    /// The bytes of the next event; nil behind the last one.
    @_lifetime(copy self)
    public mutating func nextBytes() throws(FormatError) -> RawSpan? {
        guard next < eventByteCounts.count else { return nil }
        let byteCount = eventByteCounts[next]
        next += 1
        return try events.take(byteCount)
    }

    /// Decodes the next event; nil behind the last one.
    ///
    /// - Throws: `FormatError` when it does not follow its format, or does not use all its bytes.
    public mutating func nextEvent<Event: EventDecodable>(
        _ type: Event.Type = Event.self
    ) throws(FormatError) -> Event? {
        let base = events.offset
        guard let bytes = try nextBytes() else { return nil }
        var decoder = EventDecoder(bytes, symbols: symbols, baseOffset: base)
        let event = try Event(from: &decoder)
        try decoder.bytes.expectEnd()
        return event
    }

    /// Hands each event that is left to `apply`, right from its bytes, and those that it does not take to
    /// `orElse`, decoded.
    ///
    /// - Returns: How many events there were.
    /// - Throws: As ``nextEvent(_:)``, and what `orElse` throws.
    public mutating func forEachEvent<Event: EventDecodable>(
        _ type: Event.Type = Event.self, apply: (inout EventDecoder) -> Bool,
        orElse: (Event, _ number: UInt64) throws(FormatError) -> Void
    ) throws(FormatError) -> UInt64 {
        var count: UInt64 = 0
        while true {
            let base = events.offset
            guard let bytes = try nextBytes() else { return count }
            var probe = EventDecoder(bytes, symbols: symbols, baseOffset: base)
            if !apply(&probe) {
                var decoder = EventDecoder(bytes, symbols: symbols, baseOffset: base)
                let event = try Event(from: &decoder)
                try decoder.bytes.expectEnd()
                try orElse(event, count)
            }
            count += 1
        }
    }
}
