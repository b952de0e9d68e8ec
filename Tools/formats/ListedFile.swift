// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnFormat
internal import CairnSnapshot

/// How a file in the form of a snapshot is read that holds one value.
struct ListedFileReading {
    /// What the value is called.
    let name: String
    /// What must hold of it, as steps with `value` in scope.
    let checks: [Step]

    private static let expected = [
        Argument("expectedLogID", "expectedLogID"), Argument("expectedFence", "expectedFence"),
    ]

    var reading: Reading {
        Reading(
            root: "\(name)File",
            context: [
                Reading.Context(
                    "expectedLogID", unknown: "none", "The identity of the log it must belong to."),
                Reading.Context(
                    "expectedFence", unknown: "none", "The number in the name of the file."),
            ],
            types: [file, section, Self.part], uses: ["snapshot", "coded-value", "batch"],
            delivers: name,
            canonical:
                "One value has one encoding. Where records and chunks end, and what other sections hold, is the "
                + "writer's choice.",
            allocation: "4194304 + size * 128 * compressionRatioMax")
    }

    static func check(
        _ id: String, _ formula: Formula, code: FormatError.Code = .invalidValue, at: Formula = 0,
        _ meaning: String
    ) -> Step {
        .check(Check(id, formula, code.errorClass, at: at, meaning))
    }

    private var file: TypeDescription {
        TypeDescription(
            "\(name)File", "A snapshot file that holds one value.",
            parameters: ["expectedLogID", "expectedFence"],
            [
                .field("file", .type("snapshotFile", Self.expected), "Header, footer and trailer."),
                .define("salt", "file.salt", "Where the checksums start."),
                .variable("whole", "bytes(0, 0)", "The bytes of the value, put together."),
                .loop(
                    "sections", .times("file.footer.sectionCount"), .type("\(name)Section"),
                    "What is in the sections, in their order."),
                .within(
                    "whole", at: "0",
                    [
                        .field("symbolCount", .count(each: 1), "How many symbols."),
                        .variable(
                            "symbols", "[]", "The strings that the value refers to by number."),
                        .loop(
                            "symbols", .times("symbolCount"), .type("symbolEntry"),
                            "The symbols, numbered from 0."),
                        .field(
                            "value", .type("codedValue", [Argument("depth", "0")]), "The value."),
                        Self.check(
                            "valueEnd", "end == here", code: .trailingBytes, at: "here",
                            "Nothing follows the value."),
                    ]),
            ] + checks + [.deliver(name)])
    }

    private var section: TypeDescription {
        TypeDescription(
            "\(name)Section", "The section with the value, or another one, which is not read.",
            [
                .define(
                    "entry", "file.footer.sections[count(sections)]", "What the index says of it."),
                .window(
                    from: "entry.firstOffset", to: "entry.firstOffset + entry.byteCountOfChunks",
                    [
                        .when(
                            "entry.section == \(Int(ListedFiles.section))",
                            [
                                .field(
                                    "content",
                                    .type("section", [Argument("recordType", "'valuePart'")]),
                                    "The chunks with the value.")
                            ],
                            otherwise: [
                                .field("bytes", .bytes("end - here"), "Another section, unread.")
                            ])
                    ]),
            ])
    }

    private static let part = TypeDescription(
        "valuePart", "Bytes of the value: a record ends anywhere in it.", result: "part",
        [
            .field("part", .bytes("end - here"), "All records of the chunk."),
            .assign("whole", "joined(whole, part)"),
        ])

    // MARK: Values

    /// Finds fields of an object, each as a variable of its name; none for one that is missing.
    static func fields(_ names: [String], of object: Formula) -> [Step] {
        names.map { .variable($0, "none", "The field `\($0)`.") } + [
            .each(
                "field", in: "\(object).fields",
                names.map { name in
                    .when("field.key == '\(name)'", [.assign(name, "field.value")])
                })
        ]
    }

    static func isUnsigned(_ name: String, _ meaning: String) -> Step {
        check(
            "\(name)IsNumber",
            "\(name).tag == tag::int && \(name).value >= 0 || \(name).tag == tag::uint", meaning)
    }

    static func isText(_ name: String, _ meaning: String) -> Step {
        check("\(name)IsText", "\(name).tag == tag::string", meaning)
    }

    static func isList(_ name: String, _ meaning: String) -> Step {
        check("\(name)AreList", "\(name).tag == tag::array", meaning)
    }
}
