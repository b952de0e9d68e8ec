// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The vectors of the files that name a program.
struct ProgramVectors {
    let format: ResolvedFormat

    private static let base = "program"

    static func text(_ text: String) -> [UInt8] { [7] + Bytes.text(text) }

    static func int(_ number: Int64) -> [UInt8] { [3] + Bytes.zigzag(number) }

    /// A record: symbols, then an object with a field for each of them, in their order.
    static func record(_ fields: [(key: String, value: [UInt8])]) -> [UInt8] {
        Bytes.varint(UInt64(fields.count)) + fields.flatMap { Bytes.text($0.key) }
            + [10] + Bytes.varint(UInt64(fields.count))
            + fields.enumerated().flatMap { Bytes.varint(UInt64($0)) + $1.value }
    }

    /// The record of a program as Cairn writes it.
    static func record(
        name: [UInt8] = text("Scores"), version: [UInt8] = int(3)
    ) -> [UInt8] {
        record([("name", name), ("version", version)])
    }

    private func file(_ sections: [SnapshotForge.Section]) -> [UInt8] {
        var forge = SnapshotForge(sections)
        return format.repaired(forge.raw())
    }

    private func file(of record: [UInt8]) -> [UInt8] { file([.init(1, [record])]) }

    var set: VectorSet {
        let whole = file(of: Self.record())
        var forge = SnapshotForge([.init(1, [Self.record()])])
        _ = forge.raw()
        let start = (forge.places["chunk0"] ?? 0) + 24
        return VectorSet(
            format: format.name, cases: good(whole) + sections + records + shapes,
            sweeps: [
                .init(Self.base, [.truncate, .zeroFrom, .flip]),
                .init(Self.base, [.flipAndRepair], start..<start + Self.record().count),
            ], examples: [Self.base, "version-zero"], mapped: [Self.base])
    }

    private func valid(_ name: String, _ bytes: [UInt8], _ comment: String) -> VectorCase {
        VectorCase(name, .good, expect: nil, bytes, comment)
    }

    private func good(_ whole: [UInt8]) -> [VectorCase] {
        [
            valid(Self.base, whole, "Version 3 of a program."),
            valid(
                "least", file(of: Self.record(name: Self.text("a"), version: Self.int(1))),
                "The shortest name, and the first version."),
            valid(
                "more-fields",
                file(
                    of: Self.record([
                        ("by", Self.text("x")), ("name", Self.text("Scores")), ("of", Self.int(7)),
                        ("version", Self.int(.max)), ("zone", [0]),
                    ])), "Fields that are not known yet, and the largest version."),
            valid(
                "deep-field",
                file(
                    of: Self.record([
                        ("deep", Self.nested(64)), ("name", Self.text("Scores")),
                        ("version", Self.int(1)),
                    ])), "A field that nests as deep as values may."),
            valid(
                "more-sections",
                file([
                    .init(0, [[1, 2], [3]]), .init(1, [Self.record()]), .init(2, []),
                    .init(7, [[9]]),
                ]), "Sections that are not known yet, before and behind."),
        ] + VectorCase.contexts(of: whole, number: "fence")
    }

    /// Arrays within one another, the innermost one empty.
    private static func nested(_ depth: Int) -> [UInt8] {
        (1..<depth).flatMap { _ in [9, 1] as [UInt8] } + [9, 0]
    }

    private func bad(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ bytes: [UInt8], _ comment: String
    ) -> VectorCase {
        VectorCase(name, flag, expect: expected, bytes, base: Self.base, comment)
    }

    private var sections: [VectorCase] {
        let record = Self.record()
        return [
            bad("no-sections", .container, "truncated", file([]), "A file without sections."),
            bad(
                "no-program", .container, "truncated", file([.init(2, [record])]),
                "A program in a section of another number is none."),
            bad(
                "empty-section", .container, "truncated", file([.init(1, [])]),
                "The section of the program has no record."),
            bad(
                "two-programs", .container, "trailingBytes", file([.init(1, [record, record])]),
                "Two programs in one chunk."),
            bad(
                "two-chunks", .container, "trailingBytes",
                file([
                    .init(
                        1,
                        chunks: [
                            .init(records: record, recordCount: 1),
                            .init(records: record, recordCount: 1),
                        ])
                ]), "A program in each of two chunks."),
            bad(
                "byte-behind", .container, "trailingBytes", file(of: record + [0]),
                "A byte behind the program."),
        ]
    }

    private var records: [VectorCase] {
        let rest = Self.record().dropFirst()
        return [
            bad(
                "symbols-long-form", .nonCanonical, "nonCanonical", file(of: [0x82, 0] + rest),
                "The count of the symbols in a longer form than needed."),
            bad(
                "symbols-65-bits", .oversizedLength, "numberTooLarge",
                file(of: [UInt8](repeating: 0xff, count: 9) + [2] + rest), "2^64 symbols and more."),
            bad(
                "symbols-too-many", .oversizedLength, "countTooLarge", file(of: [0x7f] + rest),
                "More symbols than there are bytes."),
            bad(
                "symbol-twice", .nonCanonical, "duplicate",
                file(of: [2] + Bytes.text("name") + Bytes.text("name") + [0]),
                "A symbol is there twice."),
            bad(
                "unknown-key", .semantics, "invalidReference",
                file(
                    of: [2] + Bytes.text("name") + Bytes.text("version") + [10, 2, 0]
                        + Self.text("Scores") + [2] + Self.int(3)),
                "A field whose key is no symbol."),
            bad(
                "newer-tag", .unknownTag, "unknownTag",
                file(of: Self.record(version: [0x7f])),
                "A value of a kind that a newer version has."),
            bad(
                "too-deep", .oversizedLength, "limitExceeded",
                file(
                    of: Self.record([
                        ("deep", Self.nested(65)), ("name", Self.text("Scores")),
                        ("version", Self.int(1)),
                    ])), "A field that nests deeper than values may."),
            bad(
                "value-cut", .torn, "truncated", file(of: [0]), "No value behind the symbols."),
        ]
    }

    /// Whole values that name no program.
    private var shapes: [VectorCase] {
        func shape(_ name: String, _ record: [UInt8], _ comment: String) -> VectorCase {
            bad(name, .semantics, "invalidValue", file(of: record), comment)
        }
        return [
            shape("value-is-text", [0] + Self.text("Scores"), "A text instead of an object."),
            shape("no-name", Self.record([("version", Self.int(3))]), "There is no name."),
            shape("name-empty", Self.record(name: Self.text("")), "The name is empty."),
            shape(
                "name-is-bytes", Self.record(name: [8] + Bytes.text("Scores")),
                "The name is bytes and no text."),
            shape("no-version", Self.record([("name", Self.text("Scores"))]), "No version."),
            shape("version-zero", Self.record(version: Self.int(0)), "Versions count from 1."),
            shape("version-negative", Self.record(version: Self.int(-1)), "So none is below 0."),
            shape(
                "version-unsigned", Self.record(version: [4] + Bytes.varint(1 << 63)),
                "A version above the signed integers."),
            shape(
                "version-is-text", Self.record(version: Self.text("3")), "The version is a text."),
        ]
    }
}
