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

    private func decoded(
        _ coded: (bytes: [UInt8], symbols: [String])
    ) throws(FormatError) -> CodedValue {
        var decoder = EventDecoder(coded.bytes.span.bytes, symbols: SymbolTable(coded.symbols))
        let value = try CodedValue(from: &decoder)
        try decoder.bytes.expectEnd()
        return value
    }

    private func roundTrip<Value: Codable & Equatable>(_ value: Value) throws {
        let coded = try bytes(value)
        var decoder = EventDecoder(coded.bytes.span.bytes, symbols: SymbolTable(coded.symbols))
        let back: Value = try ValueDecoder.decode(from: try ParsedValue(from: &decoder))
        #expect(back == value)
        // By way of the value without its type, as upgrades go.
        let again: Value = try ValueDecoder.decode(from: ParsedValue(try decoded(coded)))
        #expect(again == value)
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
        var wide = Int128.max
        var wider = UInt128.max
        var narrow: [Int128] = [-1, 1, Int128(UInt64.max), Int128(Int64.min) - 1]

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

    @Test func fieldsAreFoundInWhateverOrderATypeAsksForThem() throws {
        // More than an object that is searched, with objects in between.
        struct Part: Codable, Equatable {
            var b = 1
            var a = 2
        }
        let parts = Dictionary(uniqueKeysWithValues: (0..<40).map { ("key \($0)", Part(b: $0)) })
        try roundTrip(parts)
        struct Some: Codable, Equatable {
            var z = Part(b: 3)
            var a = Part(b: 4)
            var m = Part(b: 5)
            var missing: Part?
        }
        try roundTrip([Some(), Some(missing: Part())])
    }

    @Test func aFieldIsTakenFromItsOwnObjectOnly() throws {
        // The field behind the one found last is one of an inner object, and has the name that is asked for.
        struct Inner: Codable { var a: Int }
        struct Outer: Codable {
            var first: Inner
            var b: Int?
        }
        let value = ParsedValue(.object(["first": .object(["a": .int(1), "b": .int(2)])]))
        let outer: Outer = try ValueDecoder.decode(from: value)
        #expect(outer.b == nil)
    }

    @Test func aNilWithinAnOptionalIsRefusedWithItsPath() throws {
        /// Written as nil, as the null of a JSON value is.
        struct Null: Codable {
            init() {}
            init(from decoder: any Decoder) throws {}
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encodeNil()
            }
        }
        struct Deep: Codable {
            var list: [Int??] = []
            var field: Int??
            var nulls: [Null?] = []
            var null: Null?
        }
        func path(_ value: Deep) throws -> [String]? {
            guard
                case .invalidValue(_, let context)? = #expect(
                    throws: EncodingError.self, performing: { try bytes(value) })
            else { return nil }
            return context.codingPath.map(\.stringValue)
        }
        #expect(try path(Deep(list: [1, .some(nil)])) == ["list", "1"])
        #expect(try path(Deep(field: .some(nil))) == ["field"])
        #expect(try path(Deep(nulls: [nil, Null()])) == ["nulls", "1"])
        #expect(try path(Deep(null: Null())) == ["null"])
        // What reads back as it was is taken.
        let kept = Deep(list: [.none, 2, .some(.some(3))], field: .some(.some(4)))
        let back: Deep = try ValueDecoder.decode(from: ParsedValue(try decoded(try bytes(kept))))
        #expect(back.list == kept.list && back.field == kept.field)
    }

    @Test func bytesAreBytesWhoeverEncodesThem() throws {
        let expected = CodedValue.bytes([7, 8, 9])
        #expect(try decoded(bytes([7, 8, 9] as [UInt8])) == expected)
        #expect(try decoded(bytes(Data([7, 8, 9]))) == expected)
        #expect(try decoded(bytes(ContiguousArray<UInt8>([7, 8, 9]))) == expected)
    }

    /// `Data` is made of its bytes at once; a collection of bytes that has a form of its own keeps it.
    @Test(arguments: [0, 3, 1023, 1024, 100_000])
    func dataComesBack(byteCount: Int) throws {
        let data = Data((0..<byteCount).map { UInt8(truncatingIfNeeded: $0) })
        try roundTrip(data)
        try roundTrip(Other.Data(data))
    }

    /// Named as Foundation's, and written backwards.
    private enum Other {
        struct Data: RangeReplaceableCollection, Codable, Equatable {
            var bytes: [UInt8] = []
            var startIndex: Int { bytes.startIndex }
            var endIndex: Int { bytes.endIndex }
            subscript(place: Int) -> UInt8 { bytes[place] }
            func index(after place: Int) -> Int { place + 1 }
            mutating func replaceSubrange(
                _ range: Range<Int>, with new: some Collection<UInt8>
            ) { bytes.replaceSubrange(range, with: new) }

            init() {}

            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                while !container.isAtEnd { bytes.append(try container.decode(UInt8.self)) }
                bytes.reverse()
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                for byte in bytes.reversed() { try container.encode(byte) }
            }
        }
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
        // Several bytes at a time, from memory that lies in one piece, as that of `Data`, and from what does not.
        let many: (inout any UnkeyedEncodingContainer) throws -> Void = {
            try $0.encode(contentsOf: [1, 2, 255] as [UInt8])
        }
        let one: (inout any UnkeyedEncodingContainer) throws -> Void = {
            try $0.encode(contentsOf: repeatElement(UInt8(7), count: 2).lazy.map { $0 })
        }
        let none: (inout any UnkeyedEncodingContainer) throws -> Void = {
            try $0.encode(contentsOf: [] as [UInt8])
        }
        #expect(
            try decoded(bytes(Elements(parts: [many, none, one, byte, many])))
                == .bytes([1, 2, 255, 7, 7, 200, 1, 2, 255]))
        #expect(
            try decoded(bytes(Elements(parts: [many, text, many])))
                == .array([.int(1), .int(2), .int(255), .string("x"), .int(1), .int(2), .int(255)]))
    }

    /// The memory of one event serves the next, unless something of the one before can still write to it.
    @Test func whatAnEventKeepsDoesNotReachTheNext() throws {
        final class Kept { var container: (any UnkeyedEncodingContainer)? }
        struct Keeping: Encodable {
            let kept: Kept
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try container.encode(1)
                kept.container = container
            }
        }
        struct Late: Encodable {
            let kept: Kept
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try container.encode(2)
                try kept.container?.encode("late")
                try container.encode(3)
            }
        }
        struct Failing: Encodable {
            struct Refusal: Error {}
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                try container.encode("left")
                throw Refusal()
            }
        }
        let kept = Kept()
        var encoder = EventEncoder()
        try ValueEncoder.encode(["a": 1], into: &encoder)
        // A strong reference would keep the workspace from being used again.
        weak let first: AnyObject? = encoder.workspace
        #expect(first != nil)
        try ValueEncoder.encode(["b": "x"], into: &encoder)
        let isTheSame = first != nil && encoder.workspace === first
        #expect(isTheSame)
        var isRefused = false
        do { try ValueEncoder.encode(Failing(), into: &encoder) } catch is Failing.Refusal {
            isRefused = true
        }
        #expect(isRefused)
        try ValueEncoder.encode(Keeping(kept: kept), into: &encoder)
        let left = encoder.workspace
        #expect(left == nil)
        let start = encoder.bytes.count
        try ValueEncoder.encode(Late(kept: kept), into: &encoder)
        let late = Array(encoder.bytes.array()[start...])
        #expect(try late == bytes([2, 3]).bytes)
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

    @Test func aTypeThatDoesNotFitIsToldWithItsPath() throws {
        struct Row: Codable { var name: String }
        let value = ParsedValue(
            .object(["rows": .array([.object(["name": .string("a")]), .object(["name": .int(7)])])])
        )
        let error = #expect(throws: DecodingError.self) {
            let _: [String: [Row]] = try ValueDecoder.decode(from: value)
        }
        guard case .typeMismatch(_, let context)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["rows", "1", "name"])
        #expect(context.debugDescription == "expected a string, and found the integer 7")
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
        let error = #expect(throws: CodingFailure.self) {
            try bytes(Nested(depth: 65, isFilled: true))
        }
        #expect(error?.path == Array(repeating: "0", count: 64))
    }

    /// A reader does not rely on what writers do.
    @Test func whatNestsDeeperThanAReaderGoesIsNotRead() throws {
        for (wrap, title): ((CodedValue) -> CodedValue, String) in [
            ({ .array([$0]) }, "arrays"), ({ .object(["a": $0]) }, "objects"),
        ] {
            for depth in [63, 64, 65] {
                var value = CodedValue.int(1)
                for _ in 0..<depth { value = wrap(value) }
                var encoder = EventEncoder()
                value.encode(into: &encoder)
                let coded = (encoder.bytes.array(), encoder.symbols.symbols)
                do throws(FormatError) {
                    let back = try decoded(coded)
                    #expect(depth <= CodedValue.depthMax && back == value, "\(depth) \(title)")
                } catch {
                    #expect(
                        depth > CodedValue.depthMax && error.code == .limitExceeded,
                        "\(depth) \(title)")
                }
            }
        }
    }
}
