// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnGraph
import Testing

/// Sections that are well formed one by one and say something that cannot be.
struct SnapshotDamageTests {
    /// What one case changes about the image of one node with the labels K and L, the properties a
    /// and b, a constraint on L and b, and a relationship from the node to itself.
    private static let image = SectionImage(sections: [
        1: [[1, 2, 1, 2, 1, 1, 1]],
        2: [[1, 75, 1, 76]],
        3: [[1, 82]],
        4: [[1, 97, 1, 98]],
        5: [[1, 1]],
        6: [[1, 0, 0, 0, 0, 0, 0, 0]],
        7: [[2, 0, 1, 2, 0, 2, 1, 3, 2]],
        8: [[1, 0, 0, 0, 0, 0, 0, 0]],
        9: [[0, 0, 0, 1, 1, 3, 4]],
    ])

    @Test func theImageItselfIsSound() throws {
        let store = try GraphStore(Self.image)
        #expect(store.node(labeled: "L", "b", equals: 1) == NodeID(rawValue: 0))
    }

    @Test(
        arguments: [
            ([1: []], .truncated),
            ([1: [2, 2, 1, 2, 1, 1, 1]], .unsupportedVersion),
            ([1: [1, 2, 1, 2, 1, 1, 1, 1, 2, 1, 2, 1, 1, 1]], .trailingBytes),
            ([1: [1, 3, 1, 2, 1, 1, 1]], .invalidValue),
            ([1: [1, 2, 2, 2, 1, 1, 1]], .invalidValue),
            ([1: [1, 2, 1, 1, 1, 1, 1]], .invalidValue),
            ([1: [1, 2, 1, 2, 0, 1, 1]], .invalidValue),
            ([1: [1, 2, 1, 2, 1, 2, 1]], .invalidValue),
            ([1: [1, 2, 1, 2, 1, 1, 0]], .invalidValue),
            // Names: descending, twice, empty, not in form C, used by nothing.
            ([2: [1, 76, 1, 75]], .nonCanonical),
            ([2: [1, 75, 1, 75]], .nonCanonical),
            ([2: [0, 1, 75]], .invalidValue),
            ([3: [3, 101, 0xcc, 0x81]], .invalidValue),
            ([1: [1, 2, 2, 2, 1, 1, 1], 3: [1, 82, 1, 83]], .nonCanonical),
            // Constraints: of an unknown label or key, twice, descending.
            ([5: [2, 1]], .invalidReference),
            ([5: [1, 2]], .invalidReference),
            ([1: [1, 2, 1, 2, 2, 1, 1], 5: [1, 1, 1, 1]], .duplicate),
            ([1: [1, 2, 1, 2, 2, 1, 1], 5: [1, 1, 1, 0]], .nonCanonical),
            // Bitmaps: a word too many, half a word, a bit without a record, a record without a bit.
            ([6: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], .nonCanonical),
            ([6: [1, 0, 0, 0]], .truncated),
            ([6: [3, 0, 0, 0, 0, 0, 0, 0]], .truncated),
            ([7: [0, 0, 0, 0]], .trailingBytes),
            ([8: [0, 0, 0, 0, 0, 0, 0, 0]], .trailingBytes),
            // Nodes: unknown label, labels twice, unknown key, keys descending, a null.
            ([7: [2, 0, 2, 2, 0, 2, 1, 3, 2]], .invalidReference),
            ([7: [3, 0, 1, 1, 2, 0, 2, 1, 3, 2]], .nonCanonical),
            ([7: [2, 1, 0, 2, 0, 2, 1, 3, 2]], .nonCanonical),
            ([7: [2, 0, 1, 2, 0, 2, 2, 3, 2]], .invalidReference),
            ([7: [2, 0, 1, 2, 1, 2, 0, 3, 2]], .nonCanonical),
            ([7: [2, 0, 1, 3, 0, 2, 1, 3, 2, 1, 3, 4]], .nonCanonical),
            ([7: [2, 0, 1, 2, 0, 2, 1, 0]], .invalidValue),
            ([7: [2, 0, 1, 99]], .countTooLarge),
            ([7: [99, 0, 1]], .countTooLarge),
            // Two nodes that violate the constraint.
            (
                [
                    1: [1, 2, 1, 2, 1, 2, 1], 6: [3, 0, 0, 0, 0, 0, 0, 0],
                    7: [2, 0, 1, 2, 0, 2, 1, 3, 2, 1, 1, 1, 1, 3, 2],
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
            // Relationships: unknown type, ends that are holes or beyond all slots.
            ([9: [1, 0, 0, 1, 1, 3, 4]], .invalidReference),
            ([9: [0, 1, 0, 1, 1, 3, 4]], .invalidReference),
            ([9: [0, 0, 64, 1, 1, 3, 4]], .invalidReference),
            (
                [9: [0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0]],
                .invalidReference
            ),
        ] as [([UInt32: [UInt8]], FormatError.Code)])
    func isRefused(changes: [UInt32: [UInt8]], code: FormatError.Code) {
        var image = Self.image
        for (section, bytes) in changes { image.sections[section] = [bytes] }
        let error = failure { () throws(FormatError) in _ = try GraphStore(image) }
        #expect(error?.code == code)
    }
}
