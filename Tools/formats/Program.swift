// SPDX-License-Identifier: Apache-2.0

internal import CairnDurable
internal import CairnFormat

/// The description of the files in `programs/`, from which documents and vectors are generated.
package enum ProgramFormat {
    /// Everything declared about them.
    package static let format = FormatDescription(
        "program",
        "A file in programs/: the name and the version of the program that wrote what was committed behind the "
            + "fence of the file. It has the form of a snapshot.",
        layouts: [],
        rules: [
            "The file name is the fence with 20 decimal digits, then `.snap`: the last LSN of the log when the "
                + "program opened the store for the first time.",
            "The program of a transaction is that of the last file whose fence is below the LSN of its commit. Where "
                + "there is none, the version is \(StoreProgram.versionOfUnnamed).",
            "The section \(ProgramFile.section) holds a symbol table and one value in the self-describing form: an "
                + "object with the fields `\(ProgramFile.nameField)` and `\(ProgramFile.versionField)`. A reader "
                + "passes over fields and sections that it does not know.",
            "A name has at least one byte; versions count from 1.",
        ], reading: reading)

    private static let expected = [
        Argument("expectedLogID", "expectedLogID"), Argument("expectedFence", "expectedFence"),
    ]

    private static let reading = Reading(
        root: "programFile",
        context: [
            Reading.Context(
                "expectedLogID", unknown: "none", "The identity of the log it must belong to."),
            Reading.Context("expectedFence", unknown: "none", "The fence in the name of the file."),
        ],
        types: [file, section, program], uses: ["snapshot", "coded-value", "batch"],
        delivers: "program",
        canonical: "One program has one value. What other sections hold is the writer's choice.",
        allocation: "4194304 + size * 128")

    private static func check(
        _ id: String, _ formula: Formula, _ code: FormatError.Code, at: Formula, _ meaning: String
    ) -> Step {
        .check(Check(id, formula, code.errorClass, at: at, meaning))
    }

    private static let file = TypeDescription(
        "programFile", "A snapshot file that names a program.",
        parameters: ["expectedLogID", "expectedFence"],
        [
            .field("file", .type("snapshotFile", expected), "Header, footer and trailer."),
            .define("salt", "file.salt", "Where the checksums start."),
            .variable("programs", "[]", "The program, once it was read."),
            .loop(
                "sections", .times("file.footer.sectionCount"), .type("programSection"),
                "What is in the sections, in their order."),
            check(
                "programExists", "count(programs) == 1", .truncated, at: "0", "There is a program."),
            .define("program", "programs[0]", "The program."),
            .deliver("program"),
        ])

    private static let section = TypeDescription(
        "programSection", "The section with the program, or another one, which is not read.",
        [
            .define(
                "entry", "file.footer.sections[count(sections)]", "What the index says of it."),
            .window(
                from: "entry.firstOffset", to: "entry.firstOffset + entry.byteCountOfChunks",
                [
                    .when(
                        "entry.section == \(Int(ProgramFile.section))",
                        [
                            .field(
                                "content", .type("section", [Argument("recordType", "'program'")]),
                                "The chunk with the program.")
                        ],
                        otherwise: [
                            .field("bytes", .bytes("end - here"), "Another section, unread.")
                        ])
                ]),
        ])

    private static let program = TypeDescription(
        "program", "The symbol table, then the value; they are the only record of the only chunk.",
        [
            check(
                "programOnce", "count(programs) == 0", .trailingBytes, at: "start",
                "Nothing follows the program."),
            .field("symbolCount", .count(each: 1), "How many symbols."),
            .variable("symbols", "[]", "The strings that the value refers to by number."),
            .loop(
                "symbols", .times("symbolCount"), .type("symbolEntry"),
                "The symbols, numbered from 0."),
            .field("value", .type("codedValue", [Argument("depth", "0")]), "The value."),
            .variable("name", "none", "The value of the field with the name."),
            .variable("version", "none", "The value of the field with the version."),
            .each(
                "field", in: "value.fields",
                [
                    .when(
                        "field.key == '\(ProgramFile.nameField)'", [.assign("name", "field.value")]),
                    .when(
                        "field.key == '\(ProgramFile.versionField)'",
                        [.assign("version", "field.value")]),
                ]),
            check(
                "programName", "name.tag == tag::string && count(name.value) >= 1", .invalidValue,
                at: "start", "The name is a text of at least one byte."),
            check(
                "programVersion", "version.tag == tag::int && version.value >= 1", .invalidValue,
                at: "start", "The version is an integer, at least 1."),
            .assign(
                "programs",
                "append(programs, object('name', name.value, 'version', version.value))"),
        ])
}
