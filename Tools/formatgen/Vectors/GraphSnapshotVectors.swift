// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnFormats
import CairnInterpreter

/// The vectors of snapshots of graphs.
struct GraphSnapshotVectors {
    let format: ResolvedFormat

    /// The records of the sections of a graph, by number of the section.
    typealias Sections = [UInt32: [[UInt8]]]

    /// Two people, of whom one knows the other; ids 0 and 2.
    static let people: Sections = [
        1: [[2, 2, 1, 2, 1, 2, 1]],
        2: ["City", "Person"].map(Bytes.text), 3: [Bytes.text("KNOWS")],
        4: ["age", "name"].map(Bytes.text), 5: [[1, 1]], 6: [Bytes.u64(0b101)],
        7: [peopleBlock.record], 8: [Bytes.u64(1)], 9: [knowsBlock.record],
    ]

    func file(_ change: (inout Sections) -> Void = { _ in }) -> [UInt8] {
        var sections = Self.people
        change(&sections)
        var forge = SnapshotForge(
            sections.sorted { $0.key < $1.key }.map { SnapshotForge.Section($0.key, $0.value) })
        return format.repaired(forge.raw())
    }

    func bad(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ comment: String,
        _ change: (inout Sections) -> Void
    ) -> VectorCase {
        VectorCase(name, flag, expect: expected, file(change), comment)
    }

    static let empty: Sections = [
        1: [[2, 0, 0, 0, 0, 0, 0]], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [], 8: [], 9: [],
    ]

    /// Rules that hold for the people.
    private static let rules: [[UInt8]] = [
        [1, 1, 0, 1, 1], [1, 2, 4, 1, 1], [1, 3, 0, 1, 1], [1, 4, 0, 2, 0, 1],
    ]

    var set: VectorSet {
        VectorSet(
            format: format.name,
            cases: good + counts + limits + names + invalidNames + entities + blocks + exceptions
                + ends + brokenRules + relationshipRules,
            sweeps: [.init("people", [.flipAndRepair], 230..<400)],
            examples: ["people", "relationship-from"])
    }

    private var good: [VectorCase] {
        [
            VectorCase("people", .good, expect: nil, file(), "Two nodes and a relationship."),
            VectorCase(
                "empty-graph", .good, expect: nil, file { $0 = Self.empty }, "A graph of nothing."),
            VectorCase(
                "rules", .good, expect: nil, file { $0[10] = Self.rules },
                "Rules about existence, type and key, and an index."),
            VectorCase(
                "other-sections", .good, expect: nil,
                file {
                    $0[300] = [[1, 2, 3]]
                    $0[301] = []
                    $0[0] = [[7]]
                }, "Section 0 and sections above 255 belong to others."),
            VectorCase(
                "chunks", .good, expect: nil, chunks,
                "Where chunks end is the writer's choice: each record in one of its own."),
            VectorCase(
                "compressed-chunks", .good, .compressed, expect: nil, compressed(),
                "A compressed chunk for each section."),
            VectorCase(
                "compressed-parts", .good, .compressed, expect: nil,
                compressed { $0[7] = Self.peopleBlock.parts(20) },
                "A block in parts, which are in a compressed chunk."),
        ]
    }

    /// The people with a chunk for each record.
    private var chunks: [UInt8] {
        var forge = SnapshotForge(
            Self.people.sorted { $0.key < $1.key }.map { id, records in
                SnapshotForge.Section(
                    id, chunks: records.map { .init(records: $0, recordCount: 1) })
            })
        return format.repaired(forge.raw())
    }

    /// The people with a compressed chunk for each section.
    private func compressed(_ change: (inout [UInt32: [[UInt8]]]) -> Void = { _ in }) -> [UInt8] {
        var sections = Self.people
        change(&sections)
        var forge = SnapshotForge(
            sections.sorted { $0.key < $1.key }.map { id, records in
                SnapshotForge.Section(
                    id, chunks: records.isEmpty ? [] : [SnapshotVectors.compressed(records)])
            })
        return format.repaired(forge.raw())
    }

    // MARK: Limits

    private static func names(_ list: [String]) -> [[UInt8]] { list.map(Bytes.text) }

    /// A graph with an index over so many keys, all of which only it uses.
    private static func index(_ keyCount: UInt8, _ sections: inout Sections) {
        sections = empty
        sections[1] = [[2, 1, 0, keyCount, 0, 0, 0]]
        sections[2] = names(["A"])
        sections[4] = names((0..<keyCount).map { "k" + String(UnicodeScalar(0x41 + $0)) })
        sections[10] = [[0, 4, 0, keyCount] + Array(0..<keyCount)]
    }

    /// Lists within one another in a property.
    private static func nested(_ depth: Int, _ sections: inout Sections) {
        let lists: [UInt8] = (0..<depth).flatMap { _ in [7, 1] as [UInt8] } + [0]
        sections[7] = [
            BlockBytes([Row([2, 0, 1], [(1, lists)]), Row([1, 1], [(0, [2])])]).record
        ]
    }

    /// A type with a name of so many bytes.
    private static func type(_ byteCount: Int, _ sections: inout Sections) {
        sections[3] = names([String(repeating: "x", count: byteCount)])
    }

    /// Counts of so many nodes and relationships.
    private static func counts(_ nodes: UInt64, _ relationships: UInt64) -> [UInt8] {
        [2, 2, 1, 2, 1] + Bytes.varint(nodes) + Bytes.varint(relationships)
    }

    private var limits: [VectorCase] {
        let slots = UInt64(UInt32.max)
        return [
            VectorCase(
                "type-longest", .good, expect: nil, file { Self.type(255, &$0) },
                "A type of 255 bytes."),
            bad("type-too-long", .oversizedLength, "invalidValue", "A type of 256 bytes.") {
                Self.type(256, &$0)
            },
            VectorCase(
                "rule-16-keys", .good, expect: nil, file { Self.index(16, &$0) },
                "As many keys as a rule may have."),
            bad("rule-17-keys", .oversizedLength, "invalidValue", "One key too many.") {
                Self.index(17, &$0)
            },
            VectorCase(
                "deepest", .good, expect: nil, file { Self.nested(64, &$0) },
                "As many lists within one another as there may be."),
            bad("too-deep", .bomb, "limitExceeded", "One list too many.") { Self.nested(65, &$0) },
            bad(
                "nodes-at-limit", .oversizedLength, "invalidValue",
                "The largest count of nodes there is: it is another one than that of the records."
            ) { $0[1] = [Self.counts(slots, 1)] },
            bad(
                "nodes-above-limit", .oversizedLength, "limitExceeded",
                "More nodes than a store has room for: nothing may be allocated for them."
            ) { $0[1] = [Self.counts(slots + 1, 1)] },
            bad(
                "relationships-at-limit", .oversizedLength, "invalidValue",
                "The largest count of relationships there is, and not that of the records."
            ) { $0[1] = [Self.counts(2, slots)] },
            bad(
                "relationships-above-limit", .oversizedLength, "limitExceeded",
                "More relationships than a store has room for."
            ) { $0[1] = [Self.counts(2, slots + 1)] },
        ]
    }

    private var counts: [VectorCase] {
        [
            bad(
                "unknown-section", .versionSkew, "unsupportedVersion",
                "A section of a newer version: something of the graph would be missing."
            ) {
                $0[12] = [[1]]
            },
            bad(
                "section-missing", .container, "truncated",
                "Every graph has a section of types, if need be without records."
            ) {
                $0 = Self.empty
                $0[3] = nil
            },
            bad(
                "section-missing-beside-others", .container, "truncated",
                "No section of others stands in for one of the graph."
            ) {
                $0 = Self.empty
                $0[0] = []
                $0[3] = nil
                $0[300] = []
            },
            bad(
                "section-missing-of-newer", .versionSkew, "truncated",
                "A missing section says that it is no graph, before the version says anything."
            ) {
                $0 = Self.empty
                $0[1] = [[3, 0, 0, 0, 0, 0, 0]]
                $0[9] = nil
            },
            bad(
                "newer-sections", .versionSkew, "unsupportedVersion",
                "A newer version of the sections."
            ) {
                $0[1] = [[3, 2, 1, 2, 1, 2, 1]]
            },
            bad(
                "older-sections", .versionSkew, "unsupportedVersion",
                "The version of the sections that had a record for each node."
            ) {
                $0[1] = [[1, 2, 1, 2, 1, 2, 1]]
            },
            bad("counts-twice", .container, "trailingBytes", "Two records of counts.") {
                $0[1] = [[2, 2, 1, 2, 1, 2, 1], [2, 2, 1, 2, 1, 2, 1]]
            },
            bad("counts-missing", .container, "truncated", "No record of counts.") { $0[1] = [] },
            bad(
                "counts-differ", .container, "invalidValue",
                "The counts are not those of the records."
            ) {
                $0[1] = [[2, 2, 1, 2, 1, 3, 1]]
            },
        ]
    }

    private var names: [VectorCase] {
        [
            bad("labels-descend", .nonCanonical, "nonCanonical", "Labels do not ascend.") {
                $0[2] = Self.names(["Person", "City"])
            },
            bad("types-twice", .nonCanonical, "nonCanonical", "A type is there twice.") {
                $0[3] = Self.names(["KNOWS", "KNOWS"])
            },
            bad("keys-descend", .nonCanonical, "nonCanonical", "Keys do not ascend.") {
                $0[4] = Self.names(["name", "age"])
            },
            bad("label-empty", .semantics, "invalidValue", "A label without bytes.") {
                $0[2] = Self.names(["", "Person"])
            },
            bad(
                "key-not-nfc", .nonCanonical, "invalidValue", "A key in another normalization form."
            ) {
                $0[4] = Self.names(["age", "e\u{301}"])
            },
            bad("label-unused", .nonCanonical, "nonCanonical", "A label that nothing bears.") {
                $0[2] = Self.names(["City", "Person", "Thing"])
                $0[1] = [[2, 3, 1, 2, 1, 2, 1]]
            },
            bad("type-unused", .nonCanonical, "nonCanonical", "A type that no relationship has.") {
                $0[3] = Self.names(["KNOWS", "LIKES"])
                $0[1] = [[2, 2, 2, 2, 1, 2, 1]]
            },
            bad("key-unused", .nonCanonical, "nonCanonical", "A key that nothing has.") {
                $0[4] = Self.names(["age", "name", "zip"])
                $0[1] = [[2, 2, 1, 3, 1, 2, 1]]
            },
            bad("constraint-label", .semantics, "invalidReference", "A constraint on no label.") {
                $0[5] = [[2, 1]]
            },
            bad("constraint-key", .semantics, "invalidReference", "A constraint on no key.") {
                $0[5] = [[1, 2]]
            },
            bad("constraint-twice", .semantics, "duplicate", "A constraint that is there twice.") {
                $0[5] = [[1, 1], [1, 1]]
            },
            bad("constraints-descend", .nonCanonical, "nonCanonical", "Constraints do not ascend.")
            {
                $0[5] = [[1, 1], [1, 0]]
            },
        ]
    }

    private var entities: [VectorCase] {
        let ada = Row([2, 0, 1], [(1, Self.text("Ada"))])
        func nodes(_ second: Row) -> [[UInt8]] { [BlockBytes([ada, second]).record] }
        return [
            bad(
                "node-too-many", .container, "trailingBytes",
                "A node that the bitmap does not have."
            ) {
                $0[6] = [Bytes.u64(1)]
            },
            bad("node-missing", .container, "truncated", "A node that is in no block.") {
                $0[6] = [Bytes.u64(0b1101)]
            },
            bad(
                "node-labels-descend", .nonCanonical, "nonCanonical",
                "The labels of a node descend."
            ) {
                $0[7] = nodes(Row([2, 1, 0]))
            },
            bad("node-label", .semantics, "invalidReference", "A label that is not there.") {
                $0[7] = nodes(Row([1, 9]))
            },
            bad("node-null", .nonCanonical, "nonCanonical", "A property that is null.") {
                $0[7] = nodes(Row([1, 1], [(0, [0])]))
            },
            bad("node-not-unique", .semantics, "duplicate", "Two people of one name.") {
                $0[7] = nodes(Row([1, 1], [(0, [3, 2]), (1, Self.text("Ada"))]))
            },
            bad("bitmap-cut", .torn, "truncated", "Half a word of a bitmap.") {
                $0[6] = [[5, 0, 0, 0]]
            },
            bad("bitmap-ends-in-zero", .nonCanonical, "nonCanonical", "A word that says nothing.") {
                $0[6] = [Bytes.u64(0b101), Bytes.u64(0)]
            },
            bad(
                "relationship-missing", .container, "truncated",
                "A relationship that is in no block."
            ) {
                $0[8] = [Bytes.u64(3)]
            },
        ]
    }

    private var ends: [VectorCase] {
        [
            bad(
                "number-long-form", .nonCanonical, "nonCanonical",
                "A number in a longer form than needed."
            ) {
                $0[9] = [[0, 0x81, 0]]
            },
            bad("number-65-bits", .oversizedLength, "numberTooLarge", "A number of 65 bits.") {
                $0[9] = [[0] + [UInt8](repeating: 0xff, count: 9) + [2, 2, 0]]
            },
            bad("record-cut", .container, "countTooLarge", "The last record of a section is cut.") {
                $0[3] = [[9, 75]]
            },
        ]
    }

    private var brokenRules: [VectorCase] {
        func rules(
            _ name: String, _ flag: VectorFlag, _ expected: String, _ comment: String,
            _ records: [[UInt8]]
        ) -> VectorCase {
            bad(name, flag, expected, comment) { $0[10] = records }
        }
        return [
            rules(
                "rules-empty", .nonCanonical, "nonCanonical", "A section of rules without rules.",
                []),
            rules(
                "rule-label", .semantics, "invalidReference", "A rule on no label.",
                [[5, 1, 0, 1, 1]]),
            rules(
                "rule-key", .semantics, "invalidReference", "A rule on no key.", [[1, 1, 0, 1, 9]]),
            rules("rule-kind", .semantics, "invalidValue", "No such kind.", [[1, 9, 0, 1, 1]]),
            rules("rule-type", .semantics, "invalidValue", "No such type.", [[0, 2, 99, 1, 0]]),
            rules(
                "rule-type-with", .semantics, "invalidValue", "A type that does not belong.",
                [[1, 1, 4, 1, 1]]),
            rules(
                "rule-no-keys", .semantics, "invalidValue", "An index of no keys.", [[1, 4, 0, 0]]),
            rules(
                "rule-two-keys", .semantics, "invalidValue", "A type of two keys.",
                [[0, 2, 4, 2, 0, 1]]),
            rules(
                "rule-key-twice", .semantics, "invalidValue", "A key that is there twice.",
                [[1, 4, 0, 2, 1, 1]]),
            rules(
                "rule-twice", .semantics, "duplicate", "A rule that is there twice.",
                [[1, 1, 0, 1, 1], [1, 1, 0, 1, 1]]),
            rules(
                "rules-descend", .nonCanonical, "nonCanonical", "Rules do not ascend.",
                [[1, 3, 0, 1, 1], [1, 1, 0, 1, 1]]),
            rules(
                "rule-existence-fails", .semantics, "invalidValue", "A person without an age.",
                [[1, 1, 0, 1, 0]]),
            rules(
                "rule-type-fails", .semantics, "invalidValue", "A name that is no number.",
                [[1, 2, 2, 1, 1]]),
            bad("rule-key-fails", .semantics, "invalidValue", "Two people with the same key.") {
                $0[5] = []
                $0[1] = [[2, 2, 1, 2, 0, 2, 1]]
                $0[7] = [
                    BlockBytes([
                        Row([2, 0, 1], [(1, Self.text("Ada"))]),
                        Row([1, 1], [(0, [1]), (1, Self.text("Ada"))]),
                    ]).record
                ]
                $0[10] = [[1, 3, 0, 1, 1]]
            },
        ]
    }
}
