// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnFormat
internal import CairnGraph

extension FuzzTarget {
    /// One byte that says which: a value of a graph, a coded value of any shape, or a coded value that
    /// has to fit a type. The coded ones refer to a fixed table of symbols.
    static let value = FuzzTarget(
        name: "value", purpose: "one value, in the format of graphs and in the self-describing one"
    ) { (input) throws(BrokenInvariant) in
        var input = FuzzInput(input)
        let kind = input.byte() % 3
        let bytes = input.remainder()
        switch kind {
        case 0: try checkGraphValue(bytes)
        case 1: try checkCoded(Anything.self, bytes)
        default: try checkCoded(SampleEvent.self, bytes)
        }
    } seeds: {
        var buffer = BinaryBuffer()
        Value.map(SchemaSeed.values).encode(into: &buffer)
        var deep = BinaryBuffer()
        (0..<20).reduce(Value.int(1)) { value, _ in .list([value]) }.encode(into: &deep)
        return [
            [0] + buffer.array(), [0] + deep.array(),
            [1] + coded(SampleEvent.sample), [2] + coded(SampleEvent.sample),
        ]
    }

    private static func checkGraphValue(_ bytes: [UInt8]) throws(BrokenInvariant) {
        var reader = ByteReader(bytes.span.bytes)
        let value: Value
        do { value = try Value(from: &reader) } catch { return }
        var again = BinaryBuffer()
        value.encode(into: &again)
        try require(
            again.array() == Array(bytes.prefix(reader.offset)),
            "a value is written otherwise than it was read")
    }

    private static func checkCoded<Event: DurableEvent & Codable>(
        _ type: Event.Type, _ bytes: [UInt8]
    ) throws(BrokenInvariant) {
        var decoder = EventDecoder(bytes.span.bytes, symbols: SymbolTable(symbols))
        let event: Event
        do { event = try Event(from: &decoder) } catch { return }
        let written = coded(event)
        try require(!written.isEmpty, "an event that was read cannot be written")
        var second = EventDecoder(written.span.bytes, symbols: SymbolTable(symbols))
        let again = try mustSucceed("an event that was written must be readable") {
            try Event(from: &second)
        }
        try require(coded(again) == written, "an event changes by being written and read")
    }

    /// The bytes of an event over the fixed table; empty when it cannot be written.
    private static func coded(_ event: some DurableEvent) -> [UInt8] {
        var encoder = EventEncoder()
        for symbol in symbols { _ = encoder.symbols.intern(symbol) }
        event.encode(into: &encoder)
        return encoder.failure == nil ? encoder.bytes.array() : []
    }

    private static let symbols = [
        "", "a", "b", "bytes", "case", "count", "list", "name", "nested", "note", "ratio", "small",
        "table", "x", "\u{e9}", "e\u{301}",
    ]
}

/// A coded value of any shape.
private enum Anything: DurableEvent, Codable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case float(Float)
    case string(String)
    case list([Anything])
    case object([String: Anything])

    init(from decoder: any Decoder) throws {
        if var elements = try? decoder.unkeyedContainer() {
            var list: [Anything] = []
            while !elements.isAtEnd { list.append(try elements.decode(Anything.self)) }
            self = .list(list)
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? single.decode(UInt64.self) {
            self = .uint(value)
        } else if let value = try? single.decode(Double.self) {
            self = .double(value)
        } else if let value = try? single.decode(Float.self) {
            self = .float(value)
        } else if let value = try? single.decode(String.self) {
            self = .string(value)
        } else {
            self = .object(try single.decode([String: Anything].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch self {
        case .null: try single.encodeNil()
        case .bool(let value): try single.encode(value)
        case .int(let value): try single.encode(value)
        case .uint(let value): try single.encode(value)
        case .double(let value): try single.encode(value)
        case .float(let value): try single.encode(value)
        case .string(let value): try single.encode(value)
        case .list(let values): try single.encode(values)
        case .object(let fields): try single.encode(fields)
        }
    }
}

/// An event with a field of most kinds.
private struct SampleEvent: DurableEvent, Codable {
    enum Choice: Codable {
        case a
        case b(x: Int, Bool)
    }

    struct Nested: Codable {
        var list: [Double]
        var note: String?
    }

    var bytes: [UInt8]
    var `case`: Choice
    var count: UInt64
    var name: String
    var nested: [Nested]
    var note: String?
    var ratio: Float
    var small: Int8
    var table: [String: Int]

    static let sample = SampleEvent(
        bytes: [1, 2, 255], case: .b(x: -5, true), count: .max, name: "ada",
        nested: [Nested(list: [1.5, .infinity], note: "n"), Nested(list: [], note: nil)],
        note: nil, ratio: 0.25, small: -8, table: ["a": 1, "b": 2])
}
