// SPDX-License-Identifier: Apache-2.0

import CairnCodec
import CairnFormat
import CairnFormats
import CairnInterpreter

/// Bytes that are put together by hand.
struct Bytes {
    var array: [UInt8] = []

    /// The shortest varint of a number.
    static func varint(_ value: UInt64) -> [UInt8] {
        var buffer = BinaryBuffer()
        buffer.append(varint: value)
        return buffer.array()
    }

    static func zigzag(_ value: Int64) -> [UInt8] { varint(Varint.zigzag(value)) }

    static func text(_ text: String) -> [UInt8] {
        varint(UInt64(text.utf8.count)) + Array(text.utf8)
    }

    static func u64(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    /// A batch of these symbols and events.
    static func batch(_ symbols: [String], _ events: [[UInt8]]) -> [UInt8] {
        varint(UInt64(symbols.count)) + symbols.flatMap(text) + varint(UInt64(events.count))
            + events.flatMap { varint(UInt64($0.count)) } + events.flatMap(\.self)
    }
}

/// The vectors of batches whose events are opaque.
struct BatchVectors {
    let format: ResolvedFormat

    private static let two = Bytes.batch(["name", "é"], [[1, 2, 3], [], [4]])

    var set: VectorSet {
        VectorSet(
            format: format.name,
            cases: [
                VectorCase(
                    "empty", .good, expect: nil, [0, 0], "No symbols and no events."),
                VectorCase(
                    "three-events", .good, expect: nil, Self.two,
                    "Two symbols and three events, one of them without bytes."),
                VectorCase(
                    "spellings", .good, expect: nil, Bytes.batch(["é", "e\u{301}"], [[1]]),
                    "Two spellings of the same text are different symbols: their bytes differ."),
                VectorCase(
                    "no-bytes", .torn, expect: "truncated", [], "Not even the count of symbols."),
                VectorCase(
                    "symbol-twice", .nonCanonical, expect: "duplicate",
                    Bytes.batch(["a", "b", "a"], []), "A symbol is there twice."),
                VectorCase(
                    "symbol-not-utf8", .nonCanonical, expect: "invalidUTF8",
                    [1, 2, 0xc3, 0x28, 0], "A symbol that is not UTF-8."),
                VectorCase(
                    "symbol-overlong-utf8", .nonCanonical, expect: "invalidUTF8",
                    [1, 2, 0xc0, 0x80, 0], "An overlong form of UTF-8."),
                VectorCase(
                    "symbol-surrogate", .nonCanonical, expect: "invalidUTF8",
                    [1, 3, 0xed, 0xa0, 0x80, 0], "Half of a surrogate pair."),
                VectorCase(
                    "varint-long-form", .nonCanonical, expect: "nonCanonical", [0x80, 0x00, 0],
                    "A number in a longer form than needed."),
                VectorCase(
                    "varint-ten-bytes", .oversizedLength, expect: "countTooLarge",
                    [UInt8](repeating: 0xff, count: 9) + [1],
                    "The largest number there is, as a count."),
                VectorCase(
                    "varint-65-bits", .oversizedLength, expect: "numberTooLarge",
                    [UInt8](repeating: 0xff, count: 9) + [2], "A number of 65 bits."),
                VectorCase(
                    "varint-eleven-bytes", .oversizedLength, expect: "numberTooLarge",
                    [UInt8](repeating: 0x80, count: 10) + [1], "A number that goes on and on."),
                VectorCase(
                    "symbol-count-too-large", .oversizedLength, expect: "countTooLarge",
                    Bytes.varint(4_294_967_295) + [0, 0],
                    "2^32 - 1 symbols in two bytes: nothing may be allocated for them."),
                VectorCase(
                    "event-count-too-large", .oversizedLength, expect: "countTooLarge",
                    [0, 5, 0, 0], "More events than the bytes left could hold."),
                VectorCase(
                    "events-missing", .torn, expect: "truncated", [0, 2, 1, 1, 7],
                    "The events together are longer than the bytes left."),
                VectorCase(
                    "byte-left-over", .container, expect: "trailingBytes", [0, 1, 1, 7, 7],
                    "A byte behind the last event."),
            ],
            sweeps: [.init("three-events", [.truncate, .zeroFrom, .flip])],
            examples: ["three-events", "byte-left-over"])
    }
}

/// The vectors of values in the self-describing form.
struct CodedValueVectors {
    let format: ResolvedFormat

    private static func one(_ name: String, _ event: [UInt8], _ comment: String) -> VectorCase {
        VectorCase(
            name, .good, expect: nil, Bytes.batch(["a", "b", "é", "e\u{301}"], [event]), comment)
    }

    private static func bad(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ event: [UInt8], _ comment: String
    ) -> VectorCase {
        VectorCase(
            name, flag, expect: expected, Bytes.batch(["a", "b", "é", "e\u{301}"], [event]), comment
        )
    }

    private static func nested(_ depth: Int) -> [UInt8] {
        (0..<depth).flatMap { _ in [9, 1] as [UInt8] } + [0]
    }

    private static func nestedObjects(_ depth: Int) -> [UInt8] {
        (0..<depth).flatMap { _ in [10, 1, 0] as [UInt8] } + [0]
    }

    private static let object: [UInt8] = [10, 2, 0, 3, 2, 1, 9, 2, 1, 2]

    var set: VectorSet {
        VectorSet(
            format: format.name, cases: good + broken,
            sweeps: [.init("object", [.truncate, .zeroFrom, .flip])],
            examples: ["object", "keys-descend"])
    }

    private var good: [VectorCase] {
        [
            Self.one("null", [0], "No value."), Self.one("false", [1], "False."),
            Self.one("true", [2], "True."),
            Self.one("int", [3] + Bytes.zigzag(-1), "A signed number."),
            Self.one("int-min", [3] + Bytes.zigzag(.min), "The smallest signed number."),
            Self.one("uint", [4] + Bytes.varint(.max), "The largest unsigned number."),
            Self.one("uint-least", [4] + Bytes.varint(1 << 63), "The smallest that is not signed."),
            Self.one("double", [5] + Bytes.u64((0.1).bitPattern), "A double."),
            Self.one("float", [6, 0, 0, 0xc0, 0x7f], "A float: not a number."),
            Self.one("string", [7] + Bytes.text("grün"), "Text."),
            Self.one("bytes", [8, 3, 0, 1, 255], "Bytes."),
            Self.one("array", [9, 3, 0, 9, 0, 2], "An array in an array."),
            Self.one("object", Self.object, "An object; its keys are symbols."),
            Self.one(
                "deepest-objects", Self.nestedObjects(64),
                "As many objects within one another as there may be."),
            Self.one(
                "deepest", Self.nested(64), "As many arrays within one another as there may be."),
        ]
    }

    private var broken: [VectorCase] {
        [
            Self.bad("unknown-tag", .unknownTag, "unknownTag", [11], "A tag of a newer version."),
            Self.bad("too-deep", .bomb, "limitExceeded", Self.nested(65), "One array too many."),
            Self.bad(
                "objects-too-deep", .bomb, "limitExceeded", Self.nestedObjects(65),
                "One object too many."),
            Self.bad(
                "small-uint", .nonCanonical, "nonCanonical", [4, 5],
                "A small number in the form of a large one."),
            Self.bad(
                "int-long-form", .nonCanonical, "nonCanonical", [3, 0x80, 0],
                "A number in a longer form than needed."),
            Self.bad(
                "int-65-bits", .oversizedLength, "numberTooLarge",
                [3] + [UInt8](repeating: 0xff, count: 9) + [2], "A number of 65 bits."),
            Self.bad(
                "keys-descend", .nonCanonical, "nonCanonical", [10, 2, 1, 0, 0, 0],
                "The keys of an object do not ascend."),
            Self.bad(
                "key-twice", .nonCanonical, "nonCanonical", [10, 2, 0, 0, 0, 0],
                "A key is there twice."),
            Self.bad(
                "key-spelled-twice", .nonCanonical, "duplicate", [10, 2, 3, 0, 2, 0],
                "Two spellings of one key."),
            Self.bad(
                "no-such-symbol", .semantics, "invalidReference", [10, 1, 9, 0],
                "A key that the symbol table does not have."),
            Self.bad(
                "count-too-large", .oversizedLength, "countTooLarge",
                [9] + Bytes.varint(4_294_967_295), "An array of 2^32 - 1 elements."),
            Self.bad(
                "object-count-too-large", .oversizedLength, "countTooLarge", [10, 2, 0, 0],
                "Each field takes two bytes at least."),
            Self.bad("left-over", .container, "trailingBytes", [0, 0], "A byte behind the value."),
            Self.bad("cut", .torn, "truncated", [5, 1, 2], "A double that is too short."),
            Self.bad("string-not-utf8", .nonCanonical, "invalidUTF8", [7, 1, 0xff], "No UTF-8."),
        ]
    }
}
