// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnGraph
import Testing

/// Sections that are well formed one by one and say something that cannot be.
struct SnapshotDamageTests {
    /// What one case changes about the image of one node with the labels K and L, the properties a
    /// and b, a constraint on L and b, and a relationship from the node to itself.
    private static let image = SectionImage(sections: [
        1: [[2, 2, 1, 2, 1, 1, 1]],
        2: [[1, 75, 1, 76]],
        3: [[1, 82]],
        4: [[1, 97, 1, 98]],
        5: [[1, 1]],
        6: [[1, 0, 0, 0, 0, 0, 0, 0]],
        7: [nodes()],
        8: [[1, 0, 0, 0, 0, 0, 0, 0]],
        9: [relationships()],
    ])

    /// The block of the node, in the parts that a case changes.
    private static func nodes(
        count: [UInt8] = [0, 1], columns: [UInt8] = [2, 0, 1, 1, 2],
        shapes: [UInt8] = [1, 2, 0, 1, 2, 0, 1], shapeOf: [UInt8] = [0, 0, 0],
        values: [UInt8] = [1, 0, 2, 0]
    ) -> [UInt8] {
        count + columns + shapes + shapeOf + values
    }

    /// The block of the relationship.
    private static func relationships(
        columns: [UInt8] = [1, 1, 2], shapes: [UInt8] = [1, 0, 1, 0],
        shapeOf: [UInt8] = [0, 0, 0], from: [UInt8] = [0, 0, 0], to: [UInt8] = [0, 0, 0],
        values: [UInt8] = [0, 4, 0]
    ) -> [UInt8] {
        [0, 1] + columns + shapes + shapeOf + from + to + values
    }

    @Test func theImageItselfIsSound() throws {
        let store = try GraphStore(Self.image)
        #expect(store.node(labeled: "L", "b", equals: 1) == NodeID(rawValue: 0))
    }

    /// Also of a newer version: without them it is no graph.
    @Test(arguments: 1...9 as ClosedRange<UInt32>, [2, 3] as [UInt8])
    func everySectionOfAGraphIsThere(section: UInt32, version: UInt8) {
        var image = GraphStore().image
        image.sections[1]?[0][0] = version
        image.sections[section] = nil
        let error = failure { () throws(FormatError) in _ = try GraphStore(image) }
        #expect(error?.code == .truncated)
    }

    @Test(
        arguments: [
            ([1: []], .truncated),
            ([1: [1, 2, 1, 2, 1, 1, 1]], .unsupportedVersion),
            ([1: [2, 2, 1, 2, 1, 1, 1, 2, 2, 1, 2, 1, 1, 1]], .trailingBytes),
            ([1: [2, 3, 1, 2, 1, 1, 1]], .invalidValue),
            ([1: [2, 2, 2, 2, 1, 1, 1]], .invalidValue),
            ([1: [2, 2, 1, 1, 1, 1, 1]], .invalidValue),
            ([1: [2, 2, 1, 2, 0, 1, 1]], .invalidValue),
            ([1: [2, 2, 1, 2, 1, 2, 1]], .invalidValue),
            ([1: [2, 2, 1, 2, 1, 1, 0]], .invalidValue),
            // Names: descending, twice, empty, not in form C, used by nothing.
            ([2: [1, 76, 1, 75]], .nonCanonical),
            ([2: [1, 75, 1, 75]], .nonCanonical),
            ([2: [0, 1, 75]], .invalidValue),
            ([3: [3, 101, 0xcc, 0x81]], .invalidValue),
            ([1: [2, 2, 2, 2, 1, 1, 1], 3: [1, 82, 1, 83]], .nonCanonical),
            // Constraints: of an unknown label or key, twice, descending.
            ([5: [2, 1]], .invalidReference),
            ([5: [1, 2]], .invalidReference),
            ([1: [2, 2, 1, 2, 2, 1, 1], 5: [1, 1, 1, 1]], .duplicate),
            ([1: [2, 2, 1, 2, 2, 1, 1], 5: [1, 1, 1, 0]], .nonCanonical),
            // Bitmaps: a word too many, half a word, a bit without a record, a record without a bit.
            ([6: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], .nonCanonical),
            ([6: [1, 0, 0, 0]], .truncated),
            ([6: [3, 0, 0, 0, 0, 0, 0, 0]], .truncated),
            ([7: nodes() + nodes()], .trailingBytes),
            ([8: [0, 0, 0, 0, 0, 0, 0, 0]], .trailingBytes),
            // Blocks: of nothing, of too much, in an unknown form.
            ([7: nodes(count: [0, 0])], .limitExceeded),
            ([7: nodes(count: [0, 0x81, 0x20])], .limitExceeded),
            ([7: nodes(count: [3, 1])], .unknownTag),
            // Columns: an unknown key, an unknown kind, twice, descending, more than there are bytes, unused.
            ([7: nodes(columns: [2, 0, 1, 2, 2])], .invalidReference),
            ([7: nodes(columns: [2, 0, 1, 1, 7])], .unknownTag),
            ([7: nodes(columns: [2, 0, 0, 1, 2])], .unknownTag),
            ([7: nodes(columns: [2, 1, 2, 1, 2])], .nonCanonical),
            ([7: nodes(columns: [2, 1, 2, 0, 1])], .nonCanonical),
            ([7: nodes(columns: [99, 0, 1, 1, 2])], .countTooLarge),
            ([7: nodes(shapes: [1, 2, 0, 1, 1, 1])], .nonCanonical),
            // Shapes: an unknown label, labels twice, descending, an unknown column, keys twice, descending, unused.
            ([7: nodes(shapes: [1, 2, 0, 2, 2, 0, 1])], .invalidReference),
            ([7: nodes(shapes: [1, 3, 0, 1, 1, 2, 0, 1])], .nonCanonical),
            ([7: nodes(shapes: [1, 2, 1, 0, 2, 0, 1])], .nonCanonical),
            ([7: nodes(shapes: [1, 99, 0, 1, 2, 0, 1])], .countTooLarge),
            ([7: nodes(shapes: [1, 2, 0, 1, 2, 0, 2])], .invalidReference),
            ([7: nodes(shapes: [1, 2, 0, 1, 3, 0, 1, 1])], .nonCanonical),
            ([7: nodes(columns: [2, 1, 1, 1, 2])], .nonCanonical),
            ([7: nodes(shapes: [1, 2, 0, 1, 2, 1, 0])], .nonCanonical),
            ([7: nodes(shapes: [2, 2, 0, 1, 2, 0, 1, 0, 0])], .nonCanonical),
            // The shape of the node: none, one that does not come first, one below zero.
            ([7: nodes(shapeOf: [0, 2, 0])], .invalidReference),
            ([7: nodes(shapeOf: [0, 1, 0])], .invalidReference),
            ([7: nodes(shapes: [2, 2, 0, 1, 2, 0, 1, 0, 0], shapeOf: [0, 2, 0])], .nonCanonical),
            // Values: bits behind the last, none, one that has a column of its own, and a null.
            ([7: nodes(values: [3, 0, 2, 0])], .nonCanonical),
            ([7: nodes(values: [1])], .truncated),
            ([7: nodes(columns: [2, 0, 1, 1, 6], values: [1, 3, 2])], .nonCanonical),
            ([7: nodes(columns: [2, 0, 1, 1, 6], values: [1, 0])], .nonCanonical),
            ([7: nodes(columns: [2, 0, 1, 1, 6], values: [1, 99])], .unknownTag),
            // Two nodes that violate the constraint.
            (
                [
                    1: [2, 2, 1, 2, 1, 2, 1], 6: [3, 0, 0, 0, 0, 0, 0, 0],
                    7: nodes(count: [0, 2], values: [3, 0, 2, 0]),
                ], .duplicate
            ),
            // Rules: none in the section, an unknown label or key, an unknown kind, no keys, a key
            // twice, a type too many, the same rule twice, descending, one that the node violates.
            ([10: []], .nonCanonical),
            ([10: [2, 4, 0, 1, 0]], .invalidReference),
            ([10: [0, 4, 0, 1, 2]], .invalidReference),
            ([10: [0, 5, 0, 1, 0]], .invalidValue),
            ([10: [0, 4, 0, 0, 0]], .invalidValue),
            ([10: [0, 4, 0, 2, 1, 1]], .invalidValue),
            ([10: [0, 4, 1, 1, 0]], .invalidValue),
            ([10: [0, 4, 0, 1, 0, 0, 4, 0, 1, 0]], .duplicate),
            ([10: [1, 4, 0, 1, 0, 0, 4, 0, 1, 0]], .nonCanonical),
            ([10: [0, 2, 4, 1, 1]], .invalidValue),
            // The same of rules for relationships, which have a kind more.
            ([11: []], .nonCanonical),
            ([11: [2, 4, 0, 1, 0]], .invalidReference),
            ([11: [0, 4, 0, 1, 2]], .invalidReference),
            ([11: [0, 6, 0, 1, 0]], .invalidValue),
            ([11: [0, 5, 0, 0, 0]], .invalidValue),
            ([11: [0, 5, 0, 2, 1, 1]], .invalidValue),
            ([11: [0, 5, 1, 1, 0]], .invalidValue),
            ([11: [0, 5, 0, 1, 0, 0, 5, 0, 1, 0]], .duplicate),
            ([11: [0, 5, 0, 1, 0, 0, 4, 0, 1, 0]], .nonCanonical),
            ([11: [0, 1, 0, 1, 0]], .invalidValue),
            // Relationships: unknown type, ends that are holes, beyond all slots, below zero.
            ([9: relationships(shapes: [1, 1, 1, 0])], .invalidReference),
            ([9: relationships(from: [0, 2, 0])], .invalidReference),
            ([9: relationships(to: [0, 0x80, 1, 0])], .invalidReference),
            ([9: relationships(to: [0, 1, 0])], .invalidReference),
        ] as [([UInt32: [UInt8]], FormatError.Code)])
    func isRefused(changes: [UInt32: [UInt8]], code: FormatError.Code) {
        var image = Self.image
        for (section, bytes) in changes { image.sections[section] = [bytes] }
        let error = failure { () throws(FormatError) in _ = try GraphStore(image) }
        #expect(error?.code == code)
    }
}
