// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

extension GraphStore {
    /// The types of blocks and what they consist of, but for the values in columns.
    static let blockTypes: [TypeDescription] = [
        partType("nodes", "nodeBlock", "nodeParts"),
        partType("relationships", "relationshipBlock", "relationshipParts"),
        nodeBlock, relationshipBlock, columnHead, nodeShape, relationshipShape, shapeColumn,
        blockHead, blockValues,
    ]

    /// A record of a section of blocks.
    private static func partType(
        _ name: String, _ block: String, _ parts: String
    ) -> TypeDescription {
        TypeDescription(
            name, "A block, or a part of one.",
            [
                .field("form", .unsigned(byteCount: 1), "Whether the block is whole."),
                .select(
                    "form", table: "blockForm", at: "start",
                    cases: [
                        Step.Case(
                            BlockForm.whole,
                            steps: [
                                check(
                                    "\(name)NotBetween", "\(parts) == none", .invalidValue,
                                    at: "start", "No other block has begun and not ended."),
                                .field("block", .type(block), "The block."),
                            ]),
                        Step.Case(
                            BlockForm.part, .lastPart,
                            steps: partSteps(block, Formula(stringLiteral: parts))),
                    ]),
            ])
    }

    private static func partSteps(_ block: String, _ parts: Formula) -> [Step] {
        [
            .field("byteCount", .count(each: 1), "How many bytes."),
            .define("partStart", "here", "Where the bytes of the part begin."),
            .field("bytes", .bytes("byteCount"), "A part of the block."),
            .assign(parts.text, "\(parts) == none ? bytes : joined(\(parts), bytes)"),
            .when(
                "form == blockForm::lastPart",
                [
                    .within(
                        parts, at: "partStart",
                        [
                            .field("block", .type(block), "The block."),
                            check(
                                "blockEnd", "end == here", .trailingBytes, at: "here",
                                "Nothing follows the block."),
                        ]),
                    .assign(parts.text, "none"),
                ]),
        ]
    }

    // MARK: Blocks

    private static let nodeBlock = TypeDescription(
        "nodeBlock", "Nodes, by column.",
        [
            .field("head", .type("blockHead", [Argument("shapeType", "'nodeShape'")]), "The head."),
            .field("content", .type("blockValues"), "The values of the columns."),
        ]
            + entities(
                "node", "nodes", "nodesInUse",
                "object('labels', head.shapes[shape].labelNumbers, 'properties', entries)"))

    private static let relationshipBlock = TypeDescription(
        "relationshipBlock", "Relationships, by column.",
        [
            .field(
                "head", .type("blockHead", [Argument("shapeType", "'relationshipShape'")]),
                "The head."),
            .define("fromStart", "here", "Where the next integers begin."),
            .field(
                "from", .type("integers", [Argument("howMany", "head.entityCount")]),
                "The ids of the nodes where the relationships begin."),
            .each("node", in: "from.integers", [liveNode("fromExists", at: "fromStart")]),
            .define("toStart", "here", "Where the next integers begin."),
            .field(
                "to", .type("integers", [Argument("howMany", "head.entityCount")]),
                "The ids of the nodes where they end."),
            .each("node", in: "to.integers", [liveNode("toExists", at: "toStart")]),
            .field("content", .type("blockValues"), "The values of the columns."),
        ]
            + entities(
                "relationship", "relationships", "relationshipsInUse",
                "object('type', head.shapes[shape].type, 'properties', entries)"))

    private static func liveNode(_ id: String, at place: Formula) -> Step {
        check(
            id,
            "((nodesInUse[node / 64] >> node % 64) & 1) == 1 && rank(nodesInUse, node) < count(nodes)",
            .invalidReference, at: place, "There is a node with this id, and a block that has it.")
    }

    /// The entities of a block, made from its columns.
    private static func entities(
        _ name: String, _ all: String, _ inUse: String, _ entity: Formula
    ) -> [Step] {
        [
            .variable("entries", "[]", "The properties of one of them."),
            .variable("taken", "[]", "The columns from which values were taken, each as often."),
            .each(
                "shape", in: "head.shapeOf.integers",
                [
                    check(
                        "\(name)InUse", "count(\(all)) < ones(\(inUse))", .trailingBytes,
                        at: "start", "The bitmap has an id for it."),
                    .assign("entries", "[]"),
                    .each(
                        "column", in: "head.shapes[shape].columnNumbers",
                        [
                            .assign(
                                "entries",
                                """
                                append(entries, object('key', head.columns[column].key, 'value', \
                                content.values[column].values[occurrences(taken, column)]))
                                """),
                            .assign("taken", "append(taken, column)"),
                        ]),
                    .assign(all, "append(\(all), \(entity))"),
                ]),
        ]
    }

    private static let blockHead = TypeDescription(
        "blockHead", "How many entities, the columns, the shapes, and the shape of each entity.",
        parameters: ["shapeType"],
        [
            .field("entityCount", .varint, "How many entities."),
            check(
                "blockCount", "1 <= entityCount && entityCount <= blockEntityCountMax",
                .limitExceeded, at: "start",
                "There is one, and no more than may be; nothing is allocated for more."),
            .field("columnCount", .count(each: 2), "How many columns."),
            .loop("columns", .times("columnCount"), .type("columnHead"), "The columns."),
            .field("shapeCount", .count(each: 1), "How many shapes."),
            .loop("shapes", .times("shapeCount"), .named("shapeType"), "The shapes."),
            .define("numbersStart", "here", "Where the next integers begin."),
            .field(
                "shapeOf", .type("integers", [Argument("howMany", "entityCount")]),
                "The number of the shape of each entity, from 0."),
            .variable("usedShapes", "0", "How many shapes the entities so far have."),
            .each(
                "shape", in: "shapeOf.integers",
                [
                    check(
                        "shapeExists", "0 <= shape && shape < shapeCount", .invalidReference,
                        at: "numbersStart", "There is such a shape."),
                    check(
                        "shapesInOrder", "shape <= usedShapes", .nonCanonical, at: "numbersStart",
                        "Shapes are numbered in the order in which the entities have them."),
                    .assign("usedShapes", "max(usedShapes, shape + 1)"),
                ]),
            check(
                "shapesUsed", "shapeCount == usedShapes", .nonCanonical, at: "numbersStart",
                "Every shape is that of an entity."),
            .variable("valueCounts", "[]", "How many values each column has."),
            .variable("valueCount", "0", "How many values one column has."),
            .each(
                "column", in: "columns",
                [
                    .assign("valueCount", "0"),
                    .each(
                        "shape", in: "shapeOf.integers",
                        [
                            .when(
                                "contains(shapes[shape].columnNumbers, count(valueCounts))",
                                [.assign("valueCount", "valueCount + 1")])
                        ]),
                    check(
                        "columnUsed", "valueCount > 0", .nonCanonical, at: "numbersStart",
                        "Every column has a value."),
                    .assign("valueCounts", "append(valueCounts, valueCount)"),
                ]),
        ])

    private static let blockValues = TypeDescription(
        "blockValues", "The values of each column.",
        [
            .loop(
                "values", .times("head.columnCount"),
                .type(
                    "columnValues",
                    [
                        Argument("kind", "head.columns[count(values)].kind"),
                        Argument("howMany", "head.valueCounts[count(values)]"),
                    ]), "The columns, in their order.")
        ])

    // MARK: Columns and shapes

    private static let columnHead = TypeDescription(
        "columnHead", "A column: the key of its values, and what they are.",
        [
            .field("key", .type("keyNumber"), "The number of the key."),
            .define("kindStart", "here", "Where the kind is."),
            .field("kind", .unsigned(byteCount: 1), "What the values are."),
            .select(
                "kind", table: "columnKind", at: "kindStart",
                cases: [Step.Case(tags: ColumnKind.allCases.map { UInt64($0.rawValue) }, steps: [])]
            ),
            check(
                "columnsAscend",
                "columns == [] || [last(columns).key, last(columns).kind] < [key, kind]",
                .nonCanonical, at: "start", "Columns ascend by key and kind."),
        ])

    private static let nodeShape = TypeDescription(
        "nodeShape",
        "What some nodes have in common: their labels, and the keys and kinds of their properties.",
        [
            .field("labelCount", .count(each: 1), "How many labels."),
            .loop("labelNumbers", .times("labelCount"), .type("nodeLabel"), "The labels."),
        ] + columnsOfShape)

    private static let relationshipShape = TypeDescription(
        "relationshipShape",
        "What some relationships have in common: their type, and the keys and kinds of their properties.",
        [.field("type", .type("typeNumber"), "The type.")] + columnsOfShape)

    private static let columnsOfShape: [Step] = [
        .field("propertyCount", .count(each: 1), "How many properties."),
        .loop(
            "columnNumbers", .times("propertyCount"), .type("shapeColumn"),
            "The columns of the properties."),
    ]

    private static let shapeColumn = TypeDescription(
        "shapeColumn", "A column of a shape.", result: "column",
        [
            .field("column", .varint, "The number of the column, from 0."),
            check(
                "columnExists", "column < columnCount", .invalidReference, at: "start",
                "There is such a column."),
            check(
                "shapeKeysAscend",
                "columnNumbers == [] || columns[last(columnNumbers)].key < columns[column].key",
                .nonCanonical, at: "start", "The keys of a shape ascend, none is there twice."),
        ])
}
