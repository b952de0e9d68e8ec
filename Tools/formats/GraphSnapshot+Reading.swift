// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

extension GraphStore {
    /// How the sections of a snapshot are read.
    static let reading = Reading(
        root: "graphSnapshot",
        context: [
            Reading.Context(
                "expectedLogID", unknown: "none", "The identity of the log it must belong to."),
            Reading.Context("expectedFence", unknown: "none", "The fence in the name of the file."),
        ],
        types: [root, sectionType, countsRecord] + nameTypes + recordTypes + blockTypes
            + columnTypes,
        uses: ["snapshot", "GraphEvents", "batch"], delivers: "graph",
        unknownTags: Dictionary(
            uniqueKeysWithValues: columnTables.map { ($0.name, ValueReading.policy) }),
        canonical:
            "Names and entities have one order. Where chunks and blocks end, and which form a column has, is the "
            + "writer's choice; Cairn's depends on the graph alone, so equal graphs give equal records.",
        allocation: "4194304 + size * 4096 * compressionRatioMax")

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
            .variable(
                "missing", "1", "The lowest number of the sections of every graph that was not met."
            ),
            .each(
                "entry", in: "file.footer.sections",
                [
                    .when("entry.section == missing", [.assign("missing", "missing + 1")])
                ]),
            check(
                "noSectionMissing", "missing > \(sectionsOfEveryGraph)", .truncated,
                "Sections 1 to \(sectionsOfEveryGraph) are there, if need be without records, whatever the version."
            ),
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
            .variable("nodeParts", "none", "The parts of a block of nodes that has not ended."),
            .variable("relationshipsInUse", "[]", "The words of the bitmap of relationships."),
            .variable("relationships", "[]", "The relationships."),
            .variable(
                "relationshipParts", "none",
                "The parts of a block of relationships that has not ended."),
            .variable("rules", "[]", "The rules."),
            .variable("lastRule", "[]", "The rule before, as numbers."),
            .variable("relationshipRules", "[]", "The rules for relationships."),
            .variable("lastRelationshipRule", "[]", "The one before, as numbers."),
            .loop(
                "sections", .times("file.footer.sectionCount"), .type("graphSection"),
                "What is in the sections, in their order, which is that of their numbers."),
        ] + finalChecks + [.deliver("graph")])

    /// The sections of every graph have the numbers from 1 to this one.
    private static let sectionsOfEveryGraph = SnapshotSection.allCases.count(
        where: \.isOfEveryGraph)

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
        if section == .rules {
            steps.append(
                check(
                    "rulesExist", "count(rules) > 0", .nonCanonical,
                    "Without rules there is no such section."))
        }
        if section == .relationshipRules {
            steps.append(
                check(
                    "relationshipRulesExist", "count(relationshipRules) > 0", .nonCanonical,
                    "Without rules for relationships there is no such section."))
        }
        return .when("entry.section == section::\(section.name)", steps)
    }

    static func check(
        _ id: String, _ formula: Formula, _ code: FormatError.Code, at: Formula = "0",
        _ meaning: String
    ) -> Step {
        ValueReading.check(id, formula, code, at: at, meaning)
    }

    private static let finalChecks: [Step] = [
        check("countsExist", "count(counts) == 1", .truncated, "There is a record of counts."),
        check(
            "partsEnd", "nodeParts == none && relationshipParts == none", .truncated,
            "Every block that has begun has ended."),
        check(
            "allNodes", "count(nodes) == ones(nodesInUse)", .truncated,
            "Every node in use is in a block."),
        check(
            "allRelationships", "count(relationships) == ones(relationshipsInUse)", .truncated,
            "Every relationship in use is in a block."),
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
        .variable("uniqueValues", "[]", "The values that nodes have for a constraint."),
        .each(
            "constraint", in: "uniqueConstraints",
            [
                .assign("uniqueValues", "[]"),
                .each("node", in: "nodes", [uniqueHolds]),
            ]),
    ]

    private static let uniqueHolds: Step = .when(
        "contains(node.labels, constraint[0])",
        [
            .each(
                "property", in: "node.properties",
                [
                    .when(
                        "property.key == constraint[1]",
                        [
                            check(
                                "uniqueHolds", "!contains(uniqueValues, property.value)",
                                .duplicate,
                                "No other node with the label has the same value of the key."),
                            .assign("uniqueValues", "append(uniqueValues, property.value)"),
                        ])
                ])
        ])

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
