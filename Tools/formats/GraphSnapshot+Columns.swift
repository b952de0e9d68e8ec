// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

extension GraphStore {
    /// The types of the values in columns.
    static let columnTypes: [TypeDescription] = [
        columnValues, columnValue, integers, integerRun, texts, incrementalTexts,
    ]

    /// The tables that tell forms and kinds.
    static let columnTables: [(name: String, values: [TagDescription])] = [
        ("blockForm", BlockForm.allCases.map(\.description)),
        ("columnKind", ColumnKind.allCases.map(\.description)),
        ("integerForm", IntegerForm.allCases.map(\.description)),
        ("textForm", TextForm.allCases.map(\.description)),
    ]

    private static let columnValues = TypeDescription(
        "columnValues", "The values of a column, one behind the other.",
        parameters: ["kind", "howMany"],
        [
            .variable("values", "[]", "The values."),
            ofKind(
                .truth,
                [
                    .field("bits", .packed(count: "howMany", width: "1"), "A bit for each value."),
                    .each(
                        "bit", in: "bits", [add("bit == 1 ? value::true : value::false", "none")]),
                ]),
            ofKind(
                .integer,
                [
                    .field(
                        "numbers", .type("integers", [Argument("howMany", "howMany")]),
                        "The numbers."),
                    .each("number", in: "numbers.integers", [add("value::int", "number")]),
                ]),
            ofKind(
                .double,
                [
                    .field(
                        "doubles", .packed(count: "howMany", width: "64"), "The bit patterns."),
                    .each("double", in: "doubles", [add("value::double", "double")]),
                ]),
            ofKind(.text, textSteps("value::string", isText: "1 == 1")),
            ofKind(.bytes, textSteps("value::bytes", isText: "1 == 0")),
            ofKind(
                .value,
                [.loop("values", .times("howMany"), .type("columnValue"), "The values.")]),
        ])

    private static func ofKind(_ kind: ColumnKind, _ steps: [Step]) -> Step {
        .when("kind == columnKind::\(kind)", steps)
    }

    private static func add(_ tag: Formula, _ value: Formula) -> Step {
        .assign("values", "append(values, object('tag', \(tag), 'value', \(value)))")
    }

    private static func textSteps(_ tag: Formula, isText: Formula) -> [Step] {
        [
            .field(
                "texts",
                .type("texts", [Argument("howMany", "howMany"), Argument("isText", isText)]),
                "The texts."),
            .each("text", in: "texts.texts", [add(tag, "text")]),
        ]
    }

    private static let columnValue = TypeDescription(
        "columnValue", "A value of a kind that has no column of its own.", result: "value",
        [
            .field("value", .type("value", [Argument("room", "nestingCountMax")]), "The value."),
            check(
                "valueKind", "value.tag > value::bytes", .nonCanonical, at: "start",
                "The value has no column of its own, and is not null."),
        ])

    // MARK: Integers

    private static let integers = TypeDescription(
        "integers", "Signed numbers of 64 bits, in runs.", parameters: ["howMany"],
        [
            .variable("integers", "[]", "The numbers."),
            .field("form", .unsigned(byteCount: 1), "What the runs have."),
            .select(
                "form", table: "integerForm", at: "start",
                cases: [
                    Step.Case(IntegerForm.values, steps: [runs(areSums: "1 == 0")]),
                    Step.Case(
                        IntegerForm.differences,
                        steps: [
                            .field("first", .zigzag, "The first number."),
                            .assign("integers", "append(integers, first)"),
                            runs(areSums: "1 == 1"),
                        ]),
                ]),
        ])

    private static func runs(areSums: Formula) -> Step {
        .loop(
            "runs", .until("count(integers) >= howMany"),
            .type("integerRun", [Argument("areSums", areSums)]), "The runs.")
    }

    private static let integerLeast: Formula = "(0 - 9223372036854775808)"
    private static let integerMost: Formula = "9223372036854775807"

    private static let integerRun = TypeDescription(
        "integerRun",
        "Numbers that share a base and a width: as many as a run may have, or those that are left.",
        parameters: ["areSums"],
        [
            .field("base", .zigzag, "What is added to each of them."),
            .field("width", .unsigned(byteCount: 1), "How many bits each has."),
            check("width", "width <= 64", .invalidValue, at: "start", "No number has more bits."),
            .field(
                "offsets",
                .packed(count: "min(runCountMax, howMany - count(integers))", width: "width"),
                "The numbers without the base."),
            .each(
                "offset", in: "offsets",
                [
                    check(
                        "integerFits", "base + offset <= \(integerMost)", .invalidValue,
                        at: "start",
                        "A number has 64 bits.")
                ]),
            .each(
                "offset", in: "offsets",
                [
                    .when(
                        "areSums",
                        [
                            .define("sum", "last(integers) + base + offset", "The next number."),
                            check(
                                "sumFits", "\(integerLeast) <= sum && sum <= \(integerMost)",
                                .invalidValue, at: "start", "A number has 64 bits."),
                            .assign("integers", "append(integers, sum)"),
                        ], otherwise: [.assign("integers", "append(integers, base + offset)")])
                ]),
        ])

    // MARK: Texts

    private static let texts = TypeDescription(
        "texts", "Texts, or other bytes.", parameters: ["howMany", "isText"],
        [
            .variable("texts", "[]", "The texts."),
            .field("form", .unsigned(byteCount: 1), "How they are stored."),
            .select(
                "form", table: "textForm", at: "start",
                cases: [
                    Step.Case(
                        TextForm.incremental,
                        steps: [
                            .field("entries", incremental("howMany"), "The texts."),
                            .assign("texts", "entries.found"),
                        ]),
                    Step.Case(TextForm.dictionary, steps: dictionarySteps),
                ]),
        ])

    private static func incremental(_ count: Formula) -> FieldKind {
        .type("incrementalTexts", [Argument("textCount", count), Argument("isText", "isText")])
    }

    private static let dictionarySteps: [Step] = [
        .define("countStart", "here", "Where the count begins."),
        .field("entryCount", .varint, "How many different texts."),
        check(
            "entryCount", "1 <= entryCount && entryCount <= howMany", .invalidValue,
            at: "countStart", "There is one, and not more than there are values."),
        .define("entriesStart", "here", "Where the different texts begin."),
        .field("entries", incremental("entryCount"), "The different texts."),
        .variable("lastText", "none", "The one before."),
        .each(
            "text", in: "entries.found",
            [
                check(
                    "entriesAscend", "lastText == none || lastText < text", .nonCanonical,
                    at: "entriesStart", "They ascend by their bytes, so none is there twice."),
                .assign("lastText", "text"),
            ]),
        .define("numbersStart", "here", "Where the next integers begin."),
        .field(
            "numbers", .type("integers", [Argument("howMany", "howMany")]),
            "For each value the number of its text, from 0."),
        .variable("repeated", "0", "How many bytes the texts so far have."),
        .each(
            "number", in: "numbers.integers",
            [
                check(
                    "entryExists", "0 <= number && number < entryCount", .invalidReference,
                    at: "numbersStart", "There is such a text."),
                check(
                    "repeatedRoom", "repeated < columnByteCountMax", .limitExceeded,
                    at: "numbersStart",
                    "Few bytes do not become many; nothing is allocated for more."),
                .assign("repeated", "repeated + count(entries.found[number])"),
                .assign("texts", "append(texts, entries.found[number])"),
            ]),
    ]

    private static let incrementalTexts = TypeDescription(
        "incrementalTexts", "Texts, each as what it adds to the beginning of the one before.",
        parameters: ["textCount", "isText"],
        [
            .field(
                "shared", .type("integers", [Argument("howMany", "textCount")]),
                "How many bytes each begins with that the one before begins with, too."),
            .field(
                "added", .type("integers", [Argument("howMany", "textCount")]),
                "How many bytes of its own each has."),
            .variable("lengths", "[]", "How many bytes each has."),
            .variable("all", "0", "How many bytes the texts so far have."),
            .each("sharedCount", in: "shared.integers", lengthSteps),
            .define("contentStart", "here", "Where the bytes of the texts begin."),
            .field(
                "content", .bytes("sum(added.integers)"),
                "The bytes of all texts, without shared ones."),
            .variable("found", "[]", "The texts."),
            .variable("place", "contentStart", "Where the bytes of the next one begin."),
            .each(
                "sharedCount", in: "shared.integers",
                [
                    .define(
                        "ownCount", "added.integers[count(found)]", "How many bytes are its own."),
                    .define(
                        "text",
                        """
                        joined(sharedCount == 0 ? bytes(0, 0) : first(last(found), sharedCount), \
                        bytes(place, place + ownCount))
                        """, "The text."),
                    .assign("place", "place + ownCount"),
                    .when(
                        "isText",
                        [
                            check(
                                "textUTF8", "isUTF8(text)", .invalidUTF8, at: "start",
                                "A text is UTF-8, as a whole.")
                        ]),
                    .assign("found", "append(found, text)"),
                ]),
        ])

    private static let lengthSteps: [Step] = [
        .define("ownCount", "added.integers[count(lengths)]", "How many bytes are its own."),
        check(
            "lengths", "0 <= sharedCount && 0 <= ownCount", .invalidValue, at: "start",
            "No length is below zero."),
        check(
            "columnRoom", "all < columnByteCountMax", .limitExceeded, at: "start",
            "Few bytes do not become many; nothing is allocated for more."),
        check(
            "sharedFits", "sharedCount <= (lengths == [] ? 0 : last(lengths))", .invalidReference,
            at: "start", "The one before has so many bytes."),
        .assign("all", "all + sharedCount + ownCount"),
        .assign("lengths", "append(lengths, sharedCount + ownCount)"),
    ]
}
