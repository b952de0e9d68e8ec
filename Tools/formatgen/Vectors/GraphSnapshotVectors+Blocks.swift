// SPDX-License-Identifier: Apache-2.0

import CairnFormats
import CairnInterpreter

/// Blocks: their parts, columns, shapes, and the values of every kind and form.
extension GraphSnapshotVectors {
    typealias Row = BlockBytes.Row

    static func text(_ string: String) -> [UInt8] { [5] + Bytes.text(string) }

    /// The two people, of whom the first is in a city, too.
    static let peopleBlock = BlockBytes([
        Row([2, 0, 1], [(1, text("Ada"))]),
        Row([1, 1], [(0, [3] + Bytes.zigzag(36)), (1, text("Bob"))]),
    ])

    /// One knows the other.
    static let knowsBlock = BlockBytes([Row([0])], from: [0], to: [2])

    func good(
        _ name: String, _ comment: String, _ change: (inout Sections) -> Void
    ) -> VectorCase {
        VectorCase(name, .good, expect: nil, file(change), comment)
    }

    /// The people with another block of nodes.
    private func nodes(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ comment: String,
        _ change: (inout BlockBytes) -> Void
    ) -> VectorCase {
        bad(name, flag, expected, comment) { $0[7] = [Self.peopleBlock.with(change).record] }
    }

    /// The people with another block of relationships.
    private func knows(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ comment: String,
        _ change: (inout BlockBytes) -> Void
    ) -> VectorCase {
        bad(name, flag, expected, comment) { $0[9] = [Self.knowsBlock.with(change).record] }
    }

    // MARK: One key

    /// Nodes without labels, all of which have the key k, whose values are these in a column of this kind.
    private func column(
        _ kind: UInt8, _ count: Int, _ values: [UInt8]
    ) -> (inout Sections) -> Void {
        { sections in
            let rows = (0..<count).map { _ in Row([0], [(0, [1])]) }
            sections = Self.empty
            sections[1] = [[2, 0, 0, 1, 0] + Bytes.varint(UInt64(count)) + [0]]
            sections[4] = [Bytes.text("k")]
            sections[6] = [
                stride(from: 0, to: count, by: 64).flatMap { start in
                    Bytes.u64(count - start >= 64 ? .max : 1 << UInt64(count - start) - 1)
                }
            ]
            let block = BlockBytes(rows).with {
                $0.columns = [1, 0, kind]
                $0.values = values
            }
            sections[7] = [block.record]
        }
    }

    private func goodColumn(
        _ name: String, _ kind: UInt8, _ count: Int, _ comment: String, _ values: [UInt8]
    ) -> VectorCase {
        good(name, comment, column(kind, count, values))
    }

    private func badColumn(
        _ name: String, _ flag: VectorFlag, _ expected: String, _ kind: UInt8, _ count: Int,
        _ comment: String, _ values: [UInt8]
    ) -> VectorCase {
        bad(name, flag, expected, comment, column(kind, count, values))
    }

    // MARK: Blocks

    var blocks: [VectorCase] { parts + blockHeads + integerColumns + textColumns + otherColumns }

    private var parts: [VectorCase] {
        [
            good(
                "block-in-parts",
                "A block of nodes in records of 20 bytes, and one of relationships."
            ) {
                $0[7] = Self.peopleBlock.parts(20)
                $0[9] = Self.knowsBlock.parts(7)
            },
            good("block-of-one-part", "The last part is the only one.") {
                $0[7] = Self.peopleBlock.parts(200)
            },
            good("two-blocks", "Each node is in a block of its own.") {
                $0[7] = [
                    BlockBytes([Row([2, 0, 1], [(1, Self.text("Ada"))])]).record,
                    BlockBytes([Row([1, 1], [(0, [3, 72]), (1, Self.text("Bob"))])]).record,
                ]
            },
            bad("nodes-part-left", .torn, "truncated", "A part behind all nodes, and no last one.")
            {
                $0[7] = [Self.peopleBlock.record, [1, 1, 1]]
            },
            bad(
                "relationships-part-left", .torn, "truncated",
                "A part behind all relationships, and no last one."
            ) { $0[9] = [Self.knowsBlock.record, [1, 1, 1]] },
            bad(
                "nodes-between-parts", .container, "invalidValue",
                "A whole block behind the first part of another."
            ) { $0[7] = [Self.peopleBlock.parts(20)[0], Self.peopleBlock.record] },
            bad(
                "relationships-between-parts", .container, "invalidValue",
                "A whole block of relationships behind the first part of another."
            ) { $0[9] = [Self.knowsBlock.parts(7)[0], Self.knowsBlock.record] },
            bad("parts-too-long", .container, "trailingBytes", "A byte behind the block in parts.")
            {
                $0[7] = Self.peopleBlock.with { $0.values += [0] }.parts(20)
            },
            bad(
                "part-too-long", .oversizedLength, "countTooLarge",
                "A part of more bytes than are left."
            ) {
                $0[7] = [[1, 99, 1]]
            },
            bad("block-form", .unknownTag, "unknownTag", "A block in a newer form.") {
                $0[7] = [[3] + Self.peopleBlock.bytes]
            },
        ]
    }

    private var blockHeads: [VectorCase] {
        let limit = UInt64(4096)
        return [
            nodes("block-of-nothing", .semantics, "limitExceeded", "A block of no node.") {
                $0.count = [0]
            },
            bad(
                "block-at-limit", .oversizedLength, "truncated",
                "A block of as many nodes as there may be, without anything else."
            ) { $0[7] = [[0] + Bytes.varint(limit)] },
            bad(
                "block-above-limit", .oversizedLength, "limitExceeded",
                "A block of one node more: nothing may be allocated for it."
            ) { $0[7] = [[0] + Bytes.varint(limit + 1)] },
            nodes(
                "column-key", .semantics, "invalidReference", "A column of a key that is not there."
            ) {
                $0.columns = [2, 0, 2, 2, 4]
            },
            nodes("column-kind", .unknownTag, "unknownTag", "A column of a newer kind.") {
                $0.columns = [2, 0, 2, 1, 7]
            },
            nodes("columns-descend", .nonCanonical, "nonCanonical", "The keys of columns descend.")
            {
                $0.columns = [2, 1, 2, 0, 4]
            },
            nodes("column-twice", .nonCanonical, "nonCanonical", "A column is there twice.") {
                $0.columns = [2, 1, 4, 1, 4]
            },
            nodes("column-unused", .nonCanonical, "nonCanonical", "A column that no node has.") {
                $0.columns = [3, 0, 2, 1, 2, 1, 4]
                $0.shapes = [2, 2, 0, 1, 1, 2, 1, 1, 2, 0, 2]
            },
            nodes(
                "shape-column", .semantics, "invalidReference",
                "A shape with a column that is not there."
            ) {
                $0.shapes = [2, 2, 0, 1, 1, 2, 1, 1, 2, 0, 1]
            },
            nodes(
                "shape-key-twice", .nonCanonical, "nonCanonical",
                "A shape with two columns of a key."
            ) {
                $0.columns = [2, 1, 2, 1, 4]
            },
            nodes(
                "shape-keys-descend", .nonCanonical, "nonCanonical", "The keys of a shape descend."
            ) {
                $0.shapes = [2, 2, 0, 1, 1, 1, 1, 1, 2, 1, 0]
            },
            nodes("shape-unused", .nonCanonical, "nonCanonical", "A shape that no node has.") {
                $0.shapes = [3, 2, 0, 1, 1, 1, 1, 1, 2, 0, 1, 0, 0]
            },
            nodes(
                "shapes-out-of-order", .nonCanonical, "nonCanonical",
                "The second shape comes first."
            ) {
                $0.shapeOf = BlockBytes.integers([1, 0])
            },
            nodes(
                "shape-missing", .semantics, "invalidReference",
                "A node of a shape that is not there."
            ) {
                $0.shapeOf = BlockBytes.integers([0, 2])
            },
            nodes("shape-below-zero", .semantics, "invalidReference", "A node of the shape -1.") {
                $0.shapeOf = BlockBytes.integers([0, -1])
            },
        ]
    }

    // MARK: Values

    private var integerColumns: [VectorCase] {
        let most: [UInt8] = [254] + [UInt8](repeating: 255, count: 8) + [1]
        let least: [UInt8] = [255] + [UInt8](repeating: 255, count: 8) + [1]
        let squares = (0..<130).map { Int64($0 * $0) }
        return [
            goodColumn(
                "integers", 2, 130, "Integers in a full run and another one.",
                BlockBytes.integers(squares)),
            goodColumn(
                "integer-differences", 2, 131,
                "Integers as differences, in a full run and another one.",
                BlockBytes.differences(squares + [-5])),
            goodColumn(
                "integers-of-64-bits", 2, 2, "The least integer and the largest.",
                BlockBytes.integers([.min, .max])),
            badColumn(
                "integer-form", .unknownTag, "unknownTag", 2, 1, "Integers in a newer form.",
                [2, 0, 0]),
            badColumn(
                "integer-width", .oversizedLength, "invalidValue", 2, 1, "Integers of 65 bits.",
                [0, 0, 65] + [UInt8](repeating: 0, count: 9)),
            badColumn(
                "integer-too-large", .semantics, "invalidValue", 2, 1,
                "One more than the largest integer.", [0] + most + [1, 1]),
            badColumn(
                "integer-sum-too-large", .semantics, "invalidValue", 2, 2,
                "The largest integer, then one more.", [1] + most + [2, 0]),
            badColumn(
                "integer-sum-too-small", .semantics, "invalidValue", 2, 2,
                "The least integer, then one less.", [1] + least + [1, 0]),
            badColumn(
                "integer-padding", .reserved, "nonCanonical", 2, 1,
                "A bit behind the last integer.", [0, 0, 3, 0b1000]),
            badColumn(
                "integers-cut", .torn, "truncated", 2, 3, "Half of the integers.", [0, 0, 8, 1]),
        ]
    }

    private var textColumns: [VectorCase] {
        let shared = BlockBytes.incremental([0, 2, 1], [Array("abc".utf8), Array("x".utf8), []])
        let half = BlockBytes.incremental([0, 1], [[0xc3, 0xa9], Array("x".utf8)])
        let limit = Int64(1 << 18)
        let twice = [UInt8](repeating: 97, count: 256)
        return [
            goodColumn("texts", 4, 3, "Texts that share their beginnings.", [0] + shared),
            goodColumn(
                "texts-cut-a-character", 4, 2, "What is shared ends within a character.",
                [0] + BlockBytes.incremental([0, 1], [[0xc3, 0xa9], [0xa8]])),
            goodColumn(
                "bytes", 5, 2, "Bytes that are no text.", [0] + half),
            goodColumn(
                "dictionary", 4, 4, "A text, then another one three times.",
                [1, 2] + BlockBytes.incremental([0, 0], [Array("a".utf8), Array("b".utf8)])
                    + BlockBytes.integers([0, 1, 1, 1])),
            badColumn(
                "text-form", .unknownTag, "unknownTag", 4, 1, "Texts in a newer form.",
                [2] + BlockBytes.incremental([0], [[97]])),
            badColumn(
                "text-not-utf8", .semantics, "invalidUTF8", 4, 2, "A text with half a character.",
                [0] + half),
            badColumn(
                "text-shared-below-zero", .semantics, "invalidValue", 4, 1,
                "A text that shares -1 bytes.", [0] + BlockBytes.incremental([-1], [[97]])),
            badColumn(
                "text-added-below-zero", .semantics, "invalidValue", 4, 1,
                "A text of -1 bytes.",
                [0] + BlockBytes.integers([0]) + BlockBytes.integers([-1])),
            badColumn(
                "text-shares-too-much", .semantics, "invalidReference", 4, 2,
                "A text that shares more than the one before has.",
                [0] + BlockBytes.incremental([0, 2], [[97], []])),
            badColumn(
                "texts-at-limit", .bomb, "truncated", 4, 2,
                "A text as long as one that is not the last may be, which is missing.",
                [0] + BlockBytes.integers([0, 0]) + BlockBytes.integers([limit - 1, 0])),
            badColumn(
                "texts-above-limit", .bomb, "limitExceeded", 4, 2,
                "A text that is one byte longer.",
                [0] + BlockBytes.integers([0, 0]) + BlockBytes.integers([limit, 0])),
            badColumn(
                "dictionary-of-nothing", .semantics, "invalidValue", 4, 1,
                "A dictionary without texts.", [1, 0]),
            badColumn(
                "dictionary-too-large", .oversizedLength, "invalidValue", 4, 1,
                "More different texts than there are values.",
                [1, 2] + BlockBytes.incremental([0, 0], [[97], [98]]) + BlockBytes.integers([0])),
            badColumn(
                "dictionary-descends", .nonCanonical, "nonCanonical", 4, 2,
                "The texts of a dictionary descend.",
                [1, 2] + BlockBytes.incremental([0, 0], [[98], [97]])
                    + BlockBytes.integers([0, 1])),
            badColumn(
                "dictionary-number", .semantics, "invalidReference", 4, 1,
                "The number of a text that is not there.",
                [1, 1] + BlockBytes.incremental([0], [[97]]) + BlockBytes.integers([1])),
            badColumn(
                "dictionary-below-zero", .semantics, "invalidReference", 4, 1,
                "The text -1.",
                [1, 1] + BlockBytes.incremental([0], [[97]]) + BlockBytes.integers([-1])),
            badColumn(
                "dictionary-above-limit", .bomb, "limitExceeded", 4, 1025,
                "A text of 256 bytes that 1025 nodes have: nothing may be allocated for the last one.",
                [1, 1] + BlockBytes.incremental([0], [twice])
                    + BlockBytes.integers([Int64](repeating: 0, count: 1025))),
        ]
    }

    private var otherColumns: [VectorCase] {
        [
            goodColumn(
                "truth-values", 1, 9, "Truth values: the lowest bit is the first.", [0b101, 1]),
            goodColumn(
                "doubles", 3, 2, "Doubles: a half, and one that is no number.",
                Bytes.u64((0.5).bitPattern) + Bytes.u64(0x7ff8_0000_0000_0001)),
            goodColumn("values", 6, 2, "A list and a day.", [7, 1, 0, 9, 2]),
            goodColumn("all-kinds", 6, 1, "A map.", [8, 1] + Bytes.text("a") + [2]),
            badColumn(
                "truth-padding", .reserved, "nonCanonical", 1, 1, "A bit behind the last one.", [2]),
            badColumn(
                "value-with-a-column", .nonCanonical, "nonCanonical", 6, 1,
                "Bytes among the values of other kinds.", [6, 0]),
            badColumn(
                "doubles-cut", .torn, "truncated", 3, 1, "Half a double.", [0, 0, 0, 0]),
            badColumn(
                "second-double-cut", .torn, "truncated", 3, 2,
                "A double and a half: they are cut where they begin.",
                Bytes.u64((0.5).bitPattern) + [0, 0, 0, 0]),
            good("relationship-properties", "A relationship with a property that only some have.") {
                $0[1] = [[2, 2, 1, 2, 1, 2, 2]]
                $0[8] = [Bytes.u64(3)]
                $0[9] = [
                    BlockBytes(
                        [Row([0], [(0, [3, 2])]), Row([0])], from: [0, 2], to: [2, 0]
                    ).record
                ]
            },
            knows("relationship-type", .semantics, "invalidReference", "A type that is not there.")
            {
                $0.shapes = [1, 1, 0]
            },
            knows("relationship-from", .semantics, "invalidReference", "It starts from a hole.") {
                $0.from = BlockBytes.integers([1])
            },
            knows(
                "relationship-to", .semantics, "invalidReference", "It ends behind the last node."
            ) {
                $0.to = BlockBytes.integers([70])
            },
            knows(
                "relationship-to-below-zero", .semantics, "invalidReference",
                "It ends at the node -1."
            ) {
                $0.to = BlockBytes.integers([-1])
            },
            knows("relationship-to-hole", .semantics, "invalidReference", "It ends at a hole.") {
                $0.to = BlockBytes.integers([1])
            },
            bad(
                "relationship-from-missing", .semantics, "invalidReference",
                "A relationship from a node that is in no block."
            ) {
                $0[6] = [Bytes.u64(0b1101)]
                $0[9] = [Self.knowsBlock.with { $0.from = BlockBytes.integers([3]) }.record]
            },
            bad(
                "relationship-to-missing", .semantics, "invalidReference",
                "A relationship to a node that is in no block."
            ) {
                $0[6] = [Bytes.u64(0b1101)]
                $0[9] = [Self.knowsBlock.with { $0.to = BlockBytes.integers([3]) }.record]
            },
            bad(
                "relationship-too-many", .container, "trailingBytes",
                "A relationship that the bitmap does not have."
            ) { $0[9] = [Self.knowsBlock.record, Self.knowsBlock.record] },
        ]
    }
}
