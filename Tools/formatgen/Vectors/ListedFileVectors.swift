// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnInterpreter

/// The vectors of files that hold one value with a list: timelines, manifests of backups, records of archives.
struct ListedFileVectors {
    /// A field, and what it must be.
    struct Field {
        enum Kind { case text, number, checksum, list }
        let name: String
        let kind: Kind
        let value: [UInt8]

        init(_ name: String, _ kind: Kind, _ value: [UInt8]) {
            self.name = name
            self.kind = kind
            self.value = value
        }
    }

    let format: ResolvedFormat
    /// The fields of the value, but for its list; and of what is in the list.
    let fields: [Field]
    let list: String
    let entry: [Field]

    private static let name = "whole"
    private static func text(_ text: String) -> [UInt8] { [7] + Bytes.text(text) }
    private static func int(_ number: Int64) -> [UInt8] { [3] + Bytes.zigzag(number) }
    private static func uint(_ number: UInt64) -> [UInt8] { [4] + Bytes.varint(number) }

    static func timeline(_ format: ResolvedFormat) -> VectorSet {
        ListedFileVectors(
            format: format, fields: [], list: "steps",
            entry: [
                Field("log", .text, text("000102030405060708090a0b0c0d0e0f")),
                Field("lsn", .number, int(41206)),
                Field("nanoseconds", .number, int(1_700_000_000_000_000_000)),
            ]
        ).set()
    }

    private static let file = [
        Field("path", .text, text("log/0000000001-00000000000000000001.wal")),
        Field("byteCount", .number, int(4096)), Field("checksum", .checksum, int(0xffff_ffff)),
    ]

    static func manifest(_ format: ResolvedFormat) -> VectorSet {
        let vectors = ListedFileVectors(
            format: format,
            fields: [
                Field("lsn", .number, int(7)), Field("nanoseconds", .number, int(0)),
                Field("lastCommitNanoseconds", .number, int(5)),
            ], list: "files", entry: file)
        return vectors.set([
            VectorCase(
                "other-lsn", .semantics, expect: "wrongName",
                vectors.bytes(of: vectors.replacing("lsn", int(8))),
                "The value says another LSN than the header."),
            VectorCase(
                "unsigned-lsn", .semantics, expect: "wrongName",
                vectors.bytes(of: vectors.replacing("lsn", uint(1 << 63))),
                "An LSN above the signed integers, which the header does not say."),
        ])
    }

    static func archiveRecord(_ format: ResolvedFormat) -> VectorSet {
        ListedFileVectors(
            format: format,
            fields: [
                Field("nanoseconds", .number, int(5)), Field("lastSegment", .number, int(0)),
            ], list: "files", entry: file
        ).set()
    }

    // MARK: Values

    /// An object; the keys are symbols, which stand in the order of ``symbols``.
    private func object(_ fields: [(name: String, value: [UInt8])]) -> [UInt8] {
        let sorted = fields.sorted { $0.name < $1.name }
        return [10] + Bytes.varint(UInt64(sorted.count))
            + sorted.flatMap { field in
                Bytes.varint(UInt64(symbols.firstIndex(of: field.name) ?? 99)) + field.value
            }
    }

    private var symbols: [String] { (fields + entry).map(\.name) + [list, "more", "zone"] }

    private func array(_ values: [[UInt8]]) -> [UInt8] {
        [9] + Bytes.varint(UInt64(values.count)) + values.flatMap(\.self)
    }

    private func pairs(
        _ fields: [Field], _ change: (Field) -> [UInt8]? = { $0.value }
    ) -> [(name: String, value: [UInt8])] {
        fields.compactMap { field in change(field).map { (field.name, $0) } }
    }

    /// The bytes of a value: the symbols, then the value.
    private func record(_ value: [UInt8]) -> [UInt8] {
        Bytes.varint(UInt64(symbols.count)) + symbols.flatMap { Bytes.text($0) } + value
    }

    /// The value, with a list of so many entries.
    private func value(
        _ entries: [[UInt8]]? = nil, more: [(name: String, value: [UInt8])] = []
    ) -> [UInt8] {
        object(pairs(fields) + [(list, array(entries ?? [object(pairs(entry))]))] + more)
    }

    /// The value with another value of a field, or without it.
    fileprivate func replacing(_ name: String, _ new: [UInt8]?) -> [UInt8] {
        let element = object(pairs(entry) { $0.name == name ? new : $0.value })
        let isOfEntry = entry.contains { $0.name == name }
        let list: [(name: String, value: [UInt8])] =
            name == self.list
            ? (new.map { [(name, $0)] } ?? []) : [(self.list, array([element]))]
        return object(
            pairs(fields) { !isOfEntry && $0.name == name ? new : $0.value } + list)
    }

    private func file(_ sections: [SnapshotForge.Section]) -> [UInt8] {
        var forge = SnapshotForge(sections)
        return format.repaired(forge.raw())
    }

    fileprivate func bytes(of value: [UInt8]) -> [UInt8] { file([.init(1, [record(value)])]) }

    // MARK: Cases

    private func set(_ more: [VectorCase] = []) -> VectorSet {
        VectorSet(
            format: format.name, cases: good + damaged + shapes + more,
            sweeps: [.init(Self.name, [.truncate, .zeroFrom, .flip, .flipAndRepair])],
            examples: [Self.name], mapped: [Self.name])
    }

    private var good: [VectorCase] {
        let whole = bytes(of: value())
        let record = record(value())
        func valid(_ name: String, _ bytes: [UInt8], _ comment: String) -> VectorCase {
            VectorCase(name, .good, expect: nil, bytes, comment)
        }
        return [
            valid(Self.name, whole, "One entry."),
            valid("empty-list", bytes(of: value([])), "No entry."),
            valid(
                "two-entries", bytes(of: value([object(pairs(entry)), object(pairs(entry))])),
                "Two entries, which may be the same."),
            valid(
                "more-fields",
                bytes(
                    of: value(
                        [object(pairs(entry) + [("zone", [0])])],
                        more: [("more", Self.int(7)), ("zone", [0])])),
                "Fields that no reader knows yet."),
            valid(
                "more-sections",
                file([
                    .init(0, [[1, 2], [3]]), .init(1, [record]), .init(2, []), .init(7, [[9]]),
                ]), "Sections that no reader knows yet, before and behind."),
            valid(
                "several-chunks",
                file([
                    .init(
                        1,
                        chunks: [record.prefix(9), record[9..<40], record.dropFirst(40)].map {
                            .init(records: Array($0), recordCount: 1)
                        })
                ]), "A value in three chunks, which end anywhere in it."),
            VectorCase(
                "compressed", .good, .compressed, expect: nil,
                file([.init(1, chunks: [SnapshotVectors.compressed([record])])]),
                "A value in a compressed chunk."),
        ] + VectorCase.contexts(of: whole, number: "number")
    }

    private func bad(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ bytes: [UInt8], _ comment: String
    ) -> VectorCase {
        VectorCase(name, flag, expect: expected, bytes, base: Self.name, comment)
    }

    private var damaged: [VectorCase] {
        let record = record(value())
        func of(_ bytes: [UInt8]) -> [UInt8] { file([.init(1, [bytes])]) }
        return [
            bad("no-sections", .container, "truncated", file([]), "A file without sections."),
            bad(
                "other-section", .container, "truncated", file([.init(2, [record])]),
                "A value in a section of another number is none."),
            bad(
                "empty-section", .container, "truncated", file([.init(1, [])]),
                "The section of the value has no record."),
            bad(
                "value-cut", .torn, "truncated", of(record.dropLast()), "The last byte is missing."),
            bad(
                "byte-behind", .container, "trailingBytes", of(record + [0]),
                "A byte behind the value."),
            bad(
                "symbols-long-form", .nonCanonical, "nonCanonical",
                of([UInt8(symbols.count) | 0x80, 0] + record.dropFirst()),
                "The count of the symbols in a longer form than needed."),
            bad(
                "symbols-65-bits", .oversizedLength, "numberTooLarge",
                of([UInt8](repeating: 0xff, count: 9) + [2] + record.dropFirst()),
                "2^64 symbols and more."),
            bad(
                "symbols-too-many", .oversizedLength, "countTooLarge",
                of([0xff, 0x7f] + record.dropFirst()), "More symbols than there are bytes."),
            bad(
                "newer-tag", .unknownTag, "unknownTag", bytes(of: replacing(list, [0x7f])),
                "A value of a kind that a newer version has."),
        ]
    }

    /// Whole values that are none of these.
    private var shapes: [VectorCase] {
        var cases = [
            bad(
                "value-is-text", .semantics, "invalidValue", bytes(of: Self.text("x")),
                "A text instead of an object."),
            bad(
                "entry-is-text", .semantics, "invalidValue", bytes(of: value([Self.text("x")])),
                "A text instead of an entry."),
            bad(
                "second-entry", .semantics, "invalidValue",
                bytes(of: value([object(pairs(entry)), object([])])),
                "The second entry has no field."),
        ]
        func add(_ field: Field, _ name: String, _ new: [UInt8]?, _ comment: String) {
            cases.append(
                bad(
                    "\(field.name)-\(name)", .semantics, "invalidValue",
                    bytes(of: replacing(field.name, new)), comment))
        }
        for field in fields + entry + [Field(list, .list, [])] {
            add(field, "missing", nil, "There is no `\(field.name)`.")
            switch field.kind {
            case .text: add(field, "is-number", Self.int(3), "A number instead of a text.")
            case .list:
                add(field, "is-object", object([]), "An object instead of an array.")
            case .number, .checksum:
                add(field, "is-text", Self.text("3"), "A text instead of a number.")
                add(field, "negative", Self.int(-1), "No such number is below 0.")
                add(
                    field, "is-double", [5] + [UInt8](repeating: 0, count: 8),
                    "A float instead of a number.")
            }
            if field.kind == .checksum {
                add(field, "33-bits", Self.int(1 << 32), "A checksum has 32 bits.")
                add(field, "64-bits", Self.uint(1 << 63), "A checksum above the signed integers.")
            }
        }
        // A number above the signed integers.
        for field in entry + fields
        where field.kind == .number && field.name != "lsn"
            || field.kind == .number && list == "steps"
        {
            cases.append(
                VectorCase(
                    "\(field.name)-unsigned", .good, expect: nil,
                    bytes(of: replacing(field.name, Self.uint(1 << 63))),
                    "A number above the signed integers."))
        }
        return cases
    }
}
