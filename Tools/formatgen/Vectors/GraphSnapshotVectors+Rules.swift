// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

/// What holds for some nodes and not for others, and names of every list at their limits.
extension GraphSnapshotVectors {
    private static let ada = Row([2, 0, 1], [(0, [3, 72]), (1, text("Ada"))])
    private static let bob = Row([1, 1], [(0, [3, 72]), (1, text("Bob"))])

    private static func nodes(_ rows: Row...) -> [[UInt8]] { [BlockBytes(rows).record] }

    var exceptions: [VectorCase] {
        [
            good(
                "same-value-of-another-label", "A name that is unique among people, in a city, too."
            ) {
                $0[7] = Self.nodes(Self.ada, Row([1, 0], [(0, [3, 72]), (1, Self.text("Ada"))]))
            },
            good("same-value-of-another-key", "Two people of one age; only names are unique.") {
                $0[7] = Self.nodes(Self.ada, Self.bob)
            },
            good("two-constraints", "Two constraints of one label, ascending by key.") {
                $0[1] = [[2, 2, 1, 2, 2, 2, 1]]
                $0[5] = [[1, 0], [1, 1]]
            },
            good("two-relationships", "Two relationships of one type.") {
                $0[1] = [[2, 2, 1, 2, 1, 2, 2]]
                $0[8] = [Bytes.u64(3)]
                $0[9] = [BlockBytes([Row([0]), Row([0])], from: [0, 2], to: [2, 0]).record]
            },
            bad(
                "relationships-end-in-zero", .nonCanonical, "nonCanonical",
                "A word of the bitmap of relationships that says nothing."
            ) { $0[8] = [Bytes.u64(1), Bytes.u64(0)] },
            good("rule-existence-same-values", "Every person has an age, and two have the same.") {
                $0[7] = Self.nodes(Self.ada, Self.bob)
                $0[10] = [[1, 1, 0, 1, 0]]
            },
            good("rule-of-another-label", "Every city has a name; a person need not.") {
                $0[7] = Self.nodes(Self.ada, Row([1, 1], [(0, [3, 72])]))
                $0[10] = [[0, 1, 0, 1, 1]]
            },
            good("rule-of-every-type", "A rule for each type of values.") { Self.everyType(&$0) },
            bad("rule-kind-0", .semantics, "invalidValue", "Kinds count from 1.") {
                $0[10] = [[1, 0, 0, 1, 1]]
            },
            bad(
                "rule-key-without-value", .semantics, "invalidValue",
                "A key of ages, and a person without one."
            ) { $0[10] = [[1, 3, 0, 1, 0]] },
        ]
    }

    var invalidNames: [VectorCase] {
        let long = String(repeating: "x", count: 256)
        let other = "e\u{301}"
        func names(_ name: String, _ section: UInt32, _ list: [String], _ comment: String)
            -> VectorCase
        {
            bad(name, .semantics, "invalidValue", comment) { $0[section] = list.map(Bytes.text) }
        }
        return [
            names("label-too-long", 2, ["City", long], "A label of 256 bytes."),
            names("label-not-nfc", 2, ["City", other], "A label in another normalization form."),
            names("type-empty", 3, [""], "A type without bytes."),
            names("type-not-nfc", 3, [other], "A type in another normalization form."),
            names("key-too-long", 4, ["age", long], "A key of 256 bytes."),
            names("key-empty", 4, ["", "name"], "A key without bytes."),
        ]
    }

    /// A node with a property of each type, and a rule for each.
    private static func everyType(_ sections: inout Sections) {
        let values: [[UInt8]] = [
            [1], [2], [3] + Bytes.zigzag(-7), [4] + Bytes.u64((0.5).bitPattern),
            [5] + Bytes.text("s"),
            [6, 1, 7], [7, 0], [8, 0], [9] + Bytes.zigzag(-1), [10, 0], [11, 0, 0], [12, 0, 0],
            [13, 0, 0, 0], [14, 0, 0, 0, 0], [15, 0] + Bytes.u64(0) + Bytes.u64(0), [16, 2, 0],
            [17, 0, 0, 0, 1, 90],
        ]
        let count = UInt8(values.count)
        sections = empty
        sections[1] = [[2, 1, 0, count, 0, 1, 0]]
        sections[2] = [Bytes.text("A")]
        sections[4] = (0..<count).map { Bytes.text("k" + String(UnicodeScalar(0x41 + $0))) }
        sections[6] = [Bytes.u64(1)]
        let properties = values.enumerated().map { (key: UInt8($0), value: $1) }
        sections[7] = nodes(Row([1, 0], properties))
        // False and true are of one type; so are moments with the name of a zone and without.
        sections[10] = (0..<count).map { [0, 2, $0 == 16 ? 12 : max($0, 1), 1, $0] }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }
}
