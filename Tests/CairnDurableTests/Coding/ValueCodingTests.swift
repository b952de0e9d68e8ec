// SPDX-License-Identifier: Apache-2.0

@testable import CairnDurable
import CairnFormat
import CairnTesting
import Foundation
import Testing

/// The self-describing form of `Codable` values.
struct ValueCodingTests {
    private func bytes(_ value: some Encodable) throws -> (bytes: [UInt8], symbols: [String]) {
        var encoder = EventEncoder()
        try ValueEncoder.encode(value, into: &encoder)
        return (encoder.bytes.array(), encoder.symbols.symbols)
    }

    private func decoded(_ coded: (bytes: [UInt8], symbols: [String])) throws -> CodedValue {
        var decoder = EventDecoder(coded.bytes.span.bytes, symbols: SymbolTable(coded.symbols))
        let value = try CodedValue(from: &decoder)
        try decoder.bytes.expectEnd()
        return value
    }

    private func roundTrip<Value: Codable & Equatable>(_ value: Value) throws {
        let back: Value = try ValueDecoder.decode(from: try decoded(try bytes(value)))
        #expect(back == value)
    }

    struct Everything: Codable, Equatable {
        var bool = true
        var int8 = Int8.min
        var int = Int.max
        var uint = UInt64.max
        var float = Float(0.1)
        var double = -0.5
        var string = "é\u{0}"
        var none: Int?
        var some: Int? = 3
        var bytes: [UInt8] = [1, 2, 255]
        var data = Data([0, 1, 2])
        var noData = Data()
        var mixed: [Double] = [1, 2.5]
        var nested: [[String: [Int]]] = [["b": [1], "a": []], [:]]
        var choice = Choice.second(a: 1, b: "x")
        var date = Date(timeIntervalSinceReferenceDate: 1.25)
        var id = UUID(uuidString: "6F9619FF-8B86-D011-B42D-00C04FC964FF")
        var url = URL(string: "https://example.org/a?b=c")
        var range = 1..<4

        enum Choice: Codable, Equatable { case first, second(a: Int, b: String) }
    }

    @Test func allKindsOfValuesComeBack() throws {
        try roundTrip(Everything())
        try roundTrip([Everything(), Everything()])
        try roundTrip("text")
        try roundTrip(7)
        try roundTrip([Int?.none, 4])
        try roundTrip([UInt8]())
        try roundTrip([1: "one", 2: "two"])
    }

    @Test func bytesAreBytesWhoeverEncodesThem() throws {
        let expected = CodedValue.bytes([7, 8, 9])
        #expect(try decoded(bytes([7, 8, 9] as [UInt8])) == expected)
        #expect(try decoded(bytes(Data([7, 8, 9]))) == expected)
        #expect(try decoded(bytes(ContiguousArray<UInt8>([7, 8, 9]))) == expected)
    }

    /// Encodes elements one by one, some of them bytes.
    private struct Elements: Encodable {
        let parts: [(inout any UnkeyedEncodingContainer) throws -> Void]
        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            for part in parts { try part(&container) }
        }
    }

    @Test func anArrayThatBeginsWithBytesMayGoOnWithOthers() throws {
        let byte: (inout any UnkeyedEncodingContainer) throws -> Void = {
            try $0.encode(UInt8(200))
        }
        let text: (inout any UnkeyedEncodingContainer) throws -> Void = { try $0.encode("x") }
        let list: (inout any UnkeyedEncodingContainer) throws -> Void = { container in
            var nested = container.nestedUnkeyedContainer()
            try nested.encode(UInt8(1))
        }
        #expect(try decoded(bytes(Elements(parts: [byte, byte]))) == .bytes([200, 200]))
        #expect(
            try decoded(bytes(Elements(parts: [byte, text, byte])))
                == .array([.int(200), .string("x"), .int(200)]))
        #expect(
            try decoded(bytes(Elements(parts: [byte, list, byte, byte])))
                == .array([.int(200), .bytes([1]), .int(200), .int(200)]))
        #expect(try decoded(bytes(Elements(parts: []))) == .array([]))
    }

    @Test func containersMayBeFilledInTurn() throws {
        struct Interleaved: Encodable {
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: Position.self)
                var second = outer.nestedUnkeyedContainer(forKey: Position("b"))
                var first = outer.nestedUnkeyedContainer(forKey: Position("a"))
                try second.encode(1)
                try first.encode(2)
                try second.encode(3)
                try outer.encode("end", forKey: Position("c"))
                try outer.encode("replaced", forKey: Position("c"))
            }
        }
        #expect(
            try decoded(bytes(Interleaved()))
                == .object([
                    "a": .array([.int(2)]), "b": .array([.int(1), .int(3)]),
                    "c": .string("replaced"),
                ]))
    }

    @Test func theSameValueGivesTheSameBytesInWhateverOrderItsKeysCome() throws {
        struct Keys: Encodable {
            let keys: [String]
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Position.self)
                for key in keys { try container.encode(["in \(key)": key], forKey: Position(key)) }
            }
        }
        let keys = (0..<40).map { "key \($0)" } + ["é", "ä"]
        let expected = try bytes(Keys(keys: keys.sorted()))
        for seed in UInt64(0)..<20 {
            var generator = SplitMix64(seed: seed)
            let found = try bytes(Keys(keys: keys.shuffled(using: &generator)))
            #expect(found == expected, "seed \(seed)")
        }
        _ = try decoded(expected)
    }

    /// Arrays within one another, the innermost of which holds something or nothing.
    private struct Nested: Encodable {
        let depth: Int
        let isFilled: Bool
        func encode(to encoder: any Encoder) throws {
            var container = encoder.unkeyedContainer()
            if depth > 1 {
                try container.encode(Nested(depth: depth - 1, isFilled: isFilled))
            } else if isFilled {
                try container.encode(1)
            }
        }
    }

    @Test func whatNestsDeeperThanAReaderGoesIsRefusedWithItsPath() throws {
        for (depth, isFilled) in [(64, true), (65, false)] {
            let coded = try bytes(Nested(depth: depth, isFilled: isFilled))
            _ = try decoded(coded)
        }
        let error = #expect(throws: EncodingError.self) {
            try bytes(Nested(depth: 65, isFilled: true))
        }
        guard case .invalidValue(_, let context)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.intValue) == Array(repeating: 0, count: 64))
    }
}
