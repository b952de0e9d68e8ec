// SPDX-License-Identifier: Apache-2.0
//
// What formulas give at their edges, where two readers of descriptions could differ. What is expected was
// written by hand; the interpreter here and the suite in Python are held to it.

import CairnFormat
import CairnFormats
import CairnInterpreter

/// Formulas and their values.
enum FormulaVectors {
    private static let input: [UInt8] = [0, 0, 7, 0x41, 0xff, 0xfe, 9, 8]

    /// A formula, and its value as text: a number, `none`, `true`, `'text'`, `x00ff` for bytes, `[…]`.
    private static let expectations: [(String, String)] = [
        // Division and remainder
        ("7 / 2", "3"), ("-7 / 2", "-3"), ("-7 % 2", "-1"), ("7 / 0", "none"), ("7 % 0", "none"),
        ("7 / -2", "none"), ("7 % -2", "none"),
        // The bounds of numbers
        ("0x7fffffffffffffffffffffffffffffff + 0", "170141183460469231731687303715884105727"),
        ("0x7fffffffffffffffffffffffffffffff + 1", "none"),
        ("0 - 0x7fffffffffffffffffffffffffffffff - 2", "none"),
        ("0x7fffffffffffffffffffffffffffffff * 2", "none"), ("1 << 63", "9223372036854775808"),
        ("1 << 64", "none"), ("1 << -1", "none"), ("-1 << 3", "-8"),
        ("0x7fffffffffffffffffffffffffffffff << 1", "none"), ("-8 >> 1", "-4"), ("1 >> 64", "none"),
        ("-1 & 255", "255"), ("-1 ^ 0", "-1"),
        ("sum([0x7fffffffffffffffffffffffffffffff, 1])", "none"),
        // none
        ("none + 1", "none"), ("none == none", "true"), ("none == 0", "false"),
        ("none != 0", "true"),
        ("none < 1", "false"), ("none >= none", "false"), ("!none", "true"),
        ("none && 1 == 1", "false"),
        ("none || 1 == 1", "true"), ("none ? 1 : 2", "2"), ("1 ? 1 : 2", "2"), ("[none]", "[none]"),
        ("append([], none)", "[none]"), ("append(none, 1)", "none"),
        ("contains([none], none)", "true"),
        ("contains(none, 1)", "none"), ("count(none)", "none"), ("count(5)", "none"),
        ("isSet(none)", "none"), ("isSet([])", "true"), ("isSet([1, 1])", "false"),
        ("pluck(none, 'a')", "none"),
        ("pluck([1], 'a')", "[none]"), ("none.a", "none"), ("object('a', 1).b", "none"),
        ("sum(none)", "none"), ("sum([])", "0"), ("sum([1, none])", "none"), ("last([])", "none"),
        ("[1][1]", "none"), ("[1][-1]", "none"), ("[1][0]", "1"), ("min(1, none)", "none"),
        ("isZero(none)", "none"), ("joined(none, utf8('a'))", "none"), ("utf8(none)", "none"),
        ("known('sample', none)", "none"), ("attribute('sample', none, 'weight')", "none"),
        ("unheardOf", "none"), ("crc32c(none, 0)", "none"),
        // Values of different kinds
        ("1 == (1 == 1)", "false"), ("utf8('a') == 'a'", "false"), ("'a' < 'b'", "true"),
        ("'a' < utf8('b')", "false"), ("(1 == 1) > (1 == 0)", "false"), ("[1, 2] < [1, 3]", "true"),
        ("[1] < [1, 0]", "true"), ("[] < [0]", "true"), ("[1, 'a'] < [1, 2]", "false"),
        ("1 + 'a'", "none"), ("[1] + [2]", "[1, 2]"), ("[1] + 2", "none"),
        ("object('a', 1) == object('a', 1)", "true"),
        ("object('a', 1, 'b', 2) == object('b', 2, 'a', 1)", "false"),
        // Bits
        ("ones(255)", "8"), ("ones([1, 3])", "3"), ("ones(-1)", "none"), ("ones(none)", "none"),
        ("rank([5], 3)", "2"), ("rank([5], 0)", "0"), ("rank([5], -1)", "none"),
        ("rank([5, 1], 65)", "3"),
        ("rank([5], 1000)", "2"), ("rank([-1], 3)", "none"),
        // Bytes and text
        ("bytes(2, 4)", "x0741"), ("bytes(6, 100)", "x0908"), ("bytes(-5, 1)", "x00"),
        ("bytes(4, 2)", "x"),
        ("bytes(100, 200)", "x"), ("isZero(bytes(0, 2))", "true"), ("isZero(bytes(0, 3))", "false"),
        ("isZero(bytes(9, 9))", "true"), ("le(258, 2)", "x0201"), ("le(258, 1)", "x02"),
        ("le(-1, 2)", "xffff"),
        ("le(1, 0)", "x"), ("le(1, 17)", "none"), ("le(1, -1)", "none"),
        ("joined('a', bytes(2, 3))", "x6107"),
        ("count('\u{e9}')", "2"), ("count(bytes(0, 3))", "3"), ("digits('007')", "7"),
        ("digits('')", "none"),
        ("digits('-1')", "none"), ("digits('\u{661}')", "none"), ("digits(5)", "none"),
        ("digits('170141183460469231731687303715884105728')", "none"), ("isNFC('\u{e9}')", "true"),
        ("isNFC('e\u{301}')", "false"), ("isNFC(utf8('a'))", "none"),
        ("nfd('\u{e9}')", "'e\u{301}'"),
        ("nfd(utf8('a'))", "none"), ("crc32c(utf8('123456789'), 0)", "3808858755"),
        ("crc32c(utf8('6789'), crc32c(utf8('12345'), 0))", "3808858755"),
        ("crc32c(utf8('123456789'), 0x100000000)", "3808858755"), ("crc32c('', 0)", "0"),
        ("first('abc', 2)", "x6162"), ("first('abc', 0)", "x"), ("first('abc', 4)", "none"),
        ("first('abc', -1)", "none"), ("first(5, 1)", "none"), ("first(bytes(2, 5), 1)", "x07"),
        ("isUTF8(bytes(2, 4))", "true"), ("isUTF8(bytes(4, 6))", "false"), ("isUTF8('a')", "true"),
        ("isUTF8(5)", "none"), ("isUTF8(bytes(9, 9))", "true"),
        ("occurrences([1, 2, 1], 1)", "2"), ("occurrences([], 1)", "0"),
        ("occurrences([none], none)", "1"), ("occurrences(none, 1)", "none"),
        ("occurrences([1], 'a')", "0"),
        // Names
        ("here", "0"), ("end", "8"), ("size", "8"), ("start", "0"), ("sampleMax", "12"),
        ("sample::heavy", "3"), ("known('sample', 3)", "true"), ("known('sample', 4)", "false"),
        ("known('other', 3)", "false"), ("attribute('sample', 3, 'weight')", "9"),
        ("attribute('sample', 3, 'colour')", "0"), ("attribute('sample', 4, 'weight')", "0"),
    ]

    static let description = FormatDescription(
        "formulas", "Nothing but what formulas can name.", layouts: [],
        tags: [("sample", [TagDescription(3, "heavy", "A tag.", attributes: ["weight": 9])])],
        limits: [LimitDescription("sampleMax", 12, "A limit.")],
        reading: Reading(
            root: "root", types: [TypeDescription("root", "Nothing.", [])], delivers: "nothing",
            canonical: "None.", allocation: 0))

    /// The file, and what is not as expected.
    static func file() throws -> (text: String, disagreements: [Disagreement]) {
        let format = try ResolvedFormat(description, among: [description])
        let reader = Reader(format, input)
        var disagreements: [Disagreement] = []
        var results: [JSON] = []
        for (text, expected) in expectations {
            let expression = try Expression(Formula(stringLiteral: text))
            let found = reader.value(of: expression)
            if told(found) != expected {
                disagreements.append(
                    Disagreement(
                        place: "formula \(text)",
                        sentence: "expected \(expected), found \(told(found))"))
            }
            results.append(
                .members(
                    ("text", .string(text)), ("formula", format.json(expression)),
                    ("value", .string(expected))))
        }
        let json = JSON.members(
            ("input", .string(input.hex)), ("limits", .members(("sampleMax", .int(12)))),
            ("tags", format.tagsForPrograms), ("formulas", .array(results)))
        return (json.text, disagreements)
    }

    private static func told(_ value: DynamicValue) -> String {
        switch value {
        case .none: "none"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .bytes(let bytes): "x" + bytes.hex
        case .text(let bytes): "'" + String(decoding: bytes, as: UTF8.self) + "'"
        case .list(let values): "[" + values.map(told).joined(separator: ", ") + "]"
        case .object: "object"
        }
    }
}
