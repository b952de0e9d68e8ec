// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension GraphStore {
    /// How the sections of a snapshot are read.
    static let reading = Reading(
        root: "graphSnapshot",
        context: [
            Reading.Context(
                "expectedLogID", unknown: "none", "The identity of the log it must belong to."),
            Reading.Context("expectedFence", unknown: "none", "The fence in the name of the file."),
        ],
        types: [root, sectionType, countsRecord] + nameTypes + recordTypes,
        uses: ["snapshot", "GraphEvents", "batch"], delivers: "graph",
        canonical: "Equal graphs give equal records. Where chunks end is the writer's choice.",
        allocation: "4194304 + size * 400")

    private static let root = TypeDescription(
        "graphSnapshot", "A snapshot file whose sections are those of a graph.",
        parameters: ["expectedLogID", "expectedFence"],
        [
            .field(
                "file",
                .type(
                    "snapshotFile",
                    [
                        Argument("expectedLogID", "expectedLogID"),
                        Argument("expectedFence", "expectedFence"),
                    ]), "Header, footer and trailer."),
            .define("salt", "file.salt", "Where the checksums start."),
            .each(
                "entry", in: "file.footer.sections",
                [
                    check(
                        "knownSection",
                        "entry.section == 0 || entry.section > 255 || known('section', entry.section)",
                        .unsupportedVersion,
                        "Sections 1 to 255 are for graphs: something of the graph would be missing."
                    )
                ]),
            .variable("counts", "[]", "The record of counts."),
            .variable("countsPlace", "0", "Which of the sections has the counts, from 0."),
            .variable("labels", "[]", "The labels."), .variable("types", "[]", "The types."),
            .variable("keys", "[]", "The keys."),
            .variable("usedLabels", "[]", "Numbers of labels that something uses."),
            .variable("usedTypes", "[]", "Numbers of types that something uses."),
            .variable("usedKeys", "[]", "Numbers of keys that something uses."),
            .variable("uniqueConstraints", "[]", "The constraints."),
            .variable("nodesInUse", "[]", "The words of the bitmap of nodes."),
            .variable("nodes", "[]", "The nodes."),
            .variable("uniqueValues", "[]", "Constraint and value of every node that has both."),
            .variable("relationshipsInUse", "[]", "The words of the bitmap of relationships."),
            .variable("relationships", "[]", "The relationships."),
            .variable("rules", "[]", "The rules."),
            .variable("lastRule", "[]", "The rule before, as numbers."),
            .loop(
                "sections", .times("file.footer.sectionCount"), .type("graphSection"),
                "What is in the sections, in their order, which is that of their numbers."),
        ] + finalChecks + [.deliver("graph")])

    private static let sectionType = TypeDescription(
        "graphSection",
        "A section of the graph, or of others, who may do with theirs what they like.",
        [
            .define(
                "entry", "file.footer.sections[count(sections)]", "What the index says of it."),
            .window(
                from: "entry.firstOffset",
                to: "entry.firstOffset + entry.byteCountOfChunks",
                SnapshotSection.allCases.map(content) + [
                    .when(
                        "!known('section', entry.section)",
                        [.field("bytes", .bytes("end - here"), "A section of others, unread.")])
                ]),
        ])

    private static func content(of section: SnapshotSection) -> Step {
        var steps: [Step] = [
            .field(
                "content", .type("section", [Argument("recordType", "'\(section.name)'")]),
                section.meaning)
        ]
        if section == .counts { steps.append(.assign("countsPlace", "count(sections)")) }
        if section == .rules { steps.append(rulesExist) }
        return .when("entry.section == section::\(section.name)", steps)
    }

    private static let rulesExist = check(
        "rulesExist", "count(rules) > 0", .nonCanonical, "Without rules there is no such section.")

    static func check(
        _ id: String, _ formula: Formula, _ code: FormatError.Code, at: Formula = "0",
        _ meaning: String
    ) -> Step {
        ValueReading.check(id, formula, code, at: at, meaning)
    }

    private static let finalChecks: [Step] = [
        check("countsExist", "count(counts) == 1", .truncated, "There is a record of counts."),
        check(
            "allNodes", "count(nodes) == ones(nodesInUse)", .truncated,
            "There is a record for each node in use."),
        check(
            "allRelationships", "count(relationships) == ones(relationshipsInUse)", .truncated,
            "There is a record for each relationship in use."),
        check(
            "countsAgree",
            """
            sections[countsPlace].content.chunks[0].records[0].numbers == [count(labels), \
            count(types), count(keys), count(uniqueConstraints), count(nodes), count(relationships)]
            """, .invalidValue, "The counts are those of the records."),
        check(
            "namesUsed",
            """
            count(usedLabels) == count(labels) && count(usedTypes) == count(types) \
            && count(usedKeys) == count(keys)
            """, .nonCanonical, "Every name is used."),
        check(
            "bitmapsEnd",
            """
            (nodesInUse == [] || last(nodesInUse) != 0) \
            && (relationshipsInUse == [] || last(relationshipsInUse) != 0)
            """, .nonCanonical, "The last word of a bitmap is not zero."),
    ]

    private static let countsRecord = TypeDescription(
        "counts", "The version of these sections, and how many things there are.",
        result: "counted",
        [
            check(
                "countsOnce", "count(counts) == 0", .trailingBytes, at: "start",
                "There is one record of counts."),
            .field("version", .varint, "The version of the sections."),
            check(
                "sectionVersion", "version == \(Int(SnapshotSection.version))", .unsupportedVersion,
                at: "start", "The version is the one that is read."),
            .loop(
                "numbers", .times("6"), .varint,
                "Labels, types, keys, unique constraints, nodes, relationships."),
            check(
                "countsLimit", "numbers[4] <= slotCountMax && numbers[5] <= slotCountMax",
                .limitExceeded, at: "start",
                "A store has room for so many nodes and relationships; nothing is allocated for more."
            ),
            .define("counted", "object('numbers', numbers)", "The record."),
            .assign("counts", "append(counts, counted)"),
        ])

    private static let nameTypes = ["labels", "types", "keys"].map { list in
        TypeDescription(
            list, "A name; its place, from 0, is its number.", result: "name",
            [
                .field("name", .type("string"), "The name."),
                check(
                    "\(list)Ascend", "\(list) == [] || last(\(list)) < name", .nonCanonical,
                    at: "start", "Names ascend by their UTF-8 bytes."),
                check(
                    "\(list)Valid",
                    "1 <= count(utf8(name)) && count(utf8(name)) <= nameByteCountMax && isNFC(name)",
                    .invalidValue, at: "start",
                    "A name has 1 to nameByteCountMax bytes and is in normalization form C."),
                .assign("\(list)", "append(\(list), name)"),
            ])
    }
}
