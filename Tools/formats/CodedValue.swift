// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnFormat

/// The description of the self-describing form, from which documents and vectors are generated.
package enum CodedValueFormat {
    /// Everything declared about it.
    package static let format = FormatDescription(
        "coded-value",
        "The self-describing form of an event or a state that brings no format of its own: one value.",
        layouts: [],
        tags: [
            (
                "tag",
                CodedValue.Tag.allCases.map { tag in
                    TagDescription(UInt64(tag.rawValue), "\(tag)", meaning(of: tag))
                }
            )
        ],
        limits: [
            LimitDescription(
                "depthMax", UInt64(CodedValue.depthMax), "Arrays and objects within one another.")
        ],
        rules: [
            "A value is its tag, one byte, and what the tag says follows.",
            "Numbers are varints in their shortest form unless the tag says otherwise.",
            "A symbol is the number of a string in the symbol table of the batch or snapshot section.",
            "Keys of an object ascend by their UTF-8 bytes; each occurs once.",
        ], reading: reading)

    private static func meaning(of tag: CodedValue.Tag) -> String {
        switch tag {
        case .null: "No value."
        case .no: "False."
        case .yes: "True."
        case .int: "A signed integer: zigzag varint."
        case .uint:
            "An unsigned integer above the signed ones: varint; a smaller one is not canonical."
        case .double: "A 64-bit float: its eight bytes."
        case .float: "A 32-bit float: its four bytes."
        case .string: "A string: byte count, UTF-8."
        case .bytes: "Bytes: byte count, bytes."
        case .array: "An array: count, values."
        case .object: "An object: count, then key symbol and value, keys ascending by their bytes."
        }
    }

    private static let reading = Reading(
        root: "batch", types: [event, value, element, fieldType], uses: ["batch"],
        delivers: "event",
        unknownTags: [
            "tag": UnknownPolicy(
                FormatError.Code.unknownTag.errorClass,
                "A newer version may have written it: unsupported.")
        ],
        canonical: "One value has one encoding, given the symbol table.",
        allocation: "65536 + size * 128")

    private static func check(
        _ id: String, _ formula: Formula, _ code: FormatError.Code, at: Formula = "start",
        _ meaning: String
    ) -> Step {
        .check(Check(id, formula, code.errorClass, at: at, meaning))
    }

    private static let event = TypeDescription(
        "event", "One value.", result: "value",
        [.field("value", .type("codedValue", [Argument("depth", "0")]), "The value.")])

    private static let value = TypeDescription(
        "codedValue", "A tag, then what the tag says.", parameters: ["depth"],
        [
            check(
                "depth", "depth <= depthMax", .limitExceeded,
                "Arrays and objects lie within one another at most depthMax times."),
            .field("tag", .unsigned(byteCount: 1), "What the value is."),
            .select(
                "tag", table: "tag", at: "start",
                cases: [
                    Step.Case(CodedValue.Tag.null, .no, .yes, steps: []),
                    Step.Case(CodedValue.Tag.int, steps: [.field("value", .zigzag, "The number.")]),
                    Step.Case(
                        CodedValue.Tag.uint,
                        steps: [
                            .field("value", .varint, "The number."),
                            check(
                                "largeNumber", "value > 0x7fffffffffffffff", .nonCanonical,
                                "A number that the signed form has is written in that."),
                        ]),
                    Step.Case(
                        CodedValue.Tag.double,
                        steps: [.field("value", .unsigned(byteCount: 8), "The bit pattern.")]),
                    Step.Case(
                        CodedValue.Tag.float,
                        steps: [.field("value", .unsigned(byteCount: 4), "The bit pattern.")]),
                    Step.Case(
                        CodedValue.Tag.string,
                        steps: [.field("value", .type("string"), "The text.")]),
                    Step.Case(
                        CodedValue.Tag.bytes, steps: [.field("value", .type("blob"), "The bytes.")]),
                    Step.Case(CodedValue.Tag.array, steps: array),
                    Step.Case(CodedValue.Tag.object, steps: object),
                ]),
        ])

    private static let array: [Step] = [
        .field("elementCount", .count(each: 1), "How many elements."),
        .loop("elements", .times("elementCount"), .type("element"), "The elements."),
    ]

    private static let object: [Step] = [
        .field("fieldCount", .count(each: 2), "How many fields."),
        .variable("lastKey", "none", "The key before."),
        .variable("keys", "[]", "All keys so far, in one form for all spellings of a text."),
        .loop("fields", .times("fieldCount"), .type("objectField"), "The fields."),
    ]

    private static let element = TypeDescription(
        "element", "A value within another.", result: "value",
        [.field("value", .type("codedValue", [Argument("depth", "depth + 1")]), "The value.")])

    private static let fieldType = TypeDescription(
        "objectField", "A key and its value.",
        [
            .field("key", .type("symbol"), "The key."),
            check(
                "objectKeysAscend", "lastKey == none || lastKey < key", .nonCanonical,
                "Keys ascend by their UTF-8 bytes."),
            .field("value", .type("codedValue", [Argument("depth", "depth + 1")]), "The value."),
            check(
                "objectKeyOnce", "!contains(keys, nfd(key))", .duplicate,
                "No two keys are spellings of the same text."),
            .assign("keys", "append(keys, nfd(key))"),
            .assign("lastKey", "key"),
        ])
}
