// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnGraph
import Synchronization

/// A recorder that keeps the events.
final class EventList: MutationRecorder {
    private let list = Mutex<[MutationEvent]>([])

    var events: [MutationEvent] { list.withLock { $0 } }

    func record(_ event: MutationEvent) { list.withLock { $0.append(event) } }

    func truncate(to count: Int) { list.withLock { $0.removeSubrange(count...) } }
}

/// Events in bytes, as a batch has them.
struct EncodedEvents {
    var bytes: [UInt8]
    var symbols: SymbolTable

    init(_ events: [MutationEvent]) {
        var encoder = EventEncoder()
        for event in events { event.encode(into: &encoder) }
        bytes = encoder.bytes.array()
        symbols = SymbolTable(encoder.symbols.symbols)
    }

    func decoded() throws(FormatError) -> [MutationEvent] {
        try Self.decode(bytes, symbols)
    }

    static func decode(
        _ bytes: [UInt8], _ symbols: SymbolTable
    ) throws(FormatError) -> [MutationEvent] {
        var decoder = EventDecoder(bytes.span.bytes, symbols: symbols)
        var events: [MutationEvent] = []
        while !decoder.bytes.isAtEnd { events.append(try MutationEvent(from: &decoder)) }
        return events
    }
}

extension GraphStore {
    /// Replays the event in these bytes as opening a database does: right from them, if that is possible.
    ///
    /// - Returns: Whether it was possible.
    @discardableResult
    mutating func replay(_ bytes: [UInt8], _ symbols: SymbolTable) throws -> Bool {
        var probe = EventDecoder(bytes.span.bytes, symbols: symbols)
        if applyEncoded(&probe) { return true }
        var decoder = EventDecoder(bytes.span.bytes, symbols: symbols)
        let event = try MutationEvent(from: &decoder)
        try decoder.bytes.expectEnd()
        try apply(event)
        return false
    }
}

/// The bytes of a value.
func encoded(_ value: Value) -> [UInt8] {
    var buffer = BinaryBuffer()
    value.encode(into: &buffer)
    return buffer.array()
}

/// The value in bytes, which must be all of them.
func decodedValue(_ bytes: [UInt8]) throws(FormatError) -> Value {
    var reader = ByteReader(bytes.span.bytes)
    let value = try Value(from: &reader)
    try reader.expectEnd()
    return value
}

/// The error that `body` throws, if it throws one.
func failure<E: Error>(_ body: () throws(E) -> Void) -> E? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}

/// A list within a list within a list, `depth` of them.
func nestedList(_ depth: Int) -> Value {
    (0..<depth).reduce(Value.null) { value, _ in .list([value]) }
}
