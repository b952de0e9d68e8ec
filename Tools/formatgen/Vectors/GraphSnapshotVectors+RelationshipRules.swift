// SPDX-License-Identifier: Apache-2.0

import CairnInterpreter

/// Rules for relationships.
extension GraphSnapshotVectors {
    private static let ages: [[UInt8]] = [[3, 72], [3, 74]]

    /// Three people who know one another, and relationships with these properties.
    private static func knowing(_ rows: Row...) -> Sections {
        var sections = Self.people
        sections[1] = [[2, 2, 1, 2, 1, 2, UInt8(rows.count)]]
        sections[8] = [Bytes.u64((1 << UInt64(rows.count)) - 1)]
        sections[9] = [
            BlockBytes(
                rows, from: rows.map { _ in Int64(0) }, to: rows.map { _ in Int64(2) }
            ).record
        ]
        return sections
    }

    private static func row(age: Int? = nil, name: String? = nil) -> Row {
        var properties: [(key: UInt8, value: [UInt8])] = []
        if let age { properties.append((0, ages[age])) }
        if let name { properties.append((1, text(name))) }
        return Row([0], properties)
    }

    private static let rules: [[UInt8]] = [
        [0, 1, 0, 1, 1], [0, 2, 4, 1, 1], [0, 3, 0, 1, 1], [0, 4, 0, 2, 0, 1], [0, 5, 0, 2, 1, 0],
    ]

    /// Two relationships of different names.
    private static let named = knowing(row(age: 0, name: "a"), row(name: "b"))

    /// A graph with an index over so many keys, all of which only it uses.
    private static func index(_ keyCount: UInt8) -> (Sections, [[UInt8]]) {
        var sections = empty
        sections[1] = [[2, 0, 1, keyCount, 0, 0, 0]]
        sections[3] = [Bytes.text("A")]
        sections[4] = (0..<keyCount).map { Bytes.text("k" + String(UnicodeScalar(0x41 + $0))) }
        return (sections, [[0, 4, 0, keyCount] + Array(0..<keyCount)])
    }

    private func file(
        of sections: Sections, _ rules: [[UInt8]], _ change: (inout Sections) -> Void = { _ in }
    ) -> [UInt8] {
        file {
            $0 = sections
            $0[11] = rules
            change(&$0)
        }
    }

    var relationshipRules: [VectorCase] {
        func good(
            _ name: String, _ sections: Sections, _ rules: [[UInt8]], _ comment: String
        ) -> VectorCase {
            VectorCase(
                "relationship-\(name)", .good, expect: nil, file(of: sections, rules), comment)
        }
        func bad(
            _ name: String, _ flag: VectorFlag, _ expected: String, _ rules: [[UInt8]],
            _ comment: String, _ sections: Sections = Self.named
        ) -> VectorCase {
            VectorCase(
                "relationship-\(name)", flag, expect: expected, file(of: sections, rules), comment)
        }
        let (sixteen, seventeen) = (Self.index(16), Self.index(17))
        return [
            good("rule-16-keys", sixteen.0, sixteen.1, "As many keys as a rule may have."),
            bad(
                "rule-17-keys", .oversizedLength, "invalidValue", seventeen.1, "One key too many.",
                seventeen.0),
            good("rules", Self.named, Self.rules, "A rule of each kind."),
            good(
                "rule-of-a-type-of-its-own",
                Self.named.merging([
                    1: [[2, 2, 2, 2, 1, 2, 2]], 3: ["KNOWS", "LIKES"].map(Bytes.text),
                ]) { $1 },
                [[1, 1, 0, 1, 0], [1, 3, 0, 1, 1], [1, 5, 0, 1, 0]],
                "Rules for a type that no relationship has."),
            good(
                "rule-existence-same-values",
                Self.knowing(Self.row(name: "a"), Self.row(name: "a")), [[0, 1, 0, 1, 1]],
                "Every relationship has a name, and two have the same."),
            good(
                "rule-unique-of-missing", Self.knowing(Self.row(age: 0), Self.row(age: 0)),
                [[0, 5, 0, 1, 1], [0, 5, 0, 2, 0, 1]],
                "What lacks a unique property is not concerned."),
            good(
                "rule-unique-of-one-missing",
                Self.knowing(Self.row(age: 0, name: "a"), Self.row(age: 0), Self.row(name: "a")),
                [[0, 5, 0, 2, 0, 1]], "What lacks one of the unique properties is not concerned."),
            good(
                "rule-type-same-values",
                Self.knowing(Self.row(age: 0), Self.row(age: 0), Self.row()), [[0, 2, 2, 1, 0]],
                "A type is demanded only of a property that is there."),
            bad("rules-empty", .nonCanonical, "nonCanonical", [], "A section without rules."),
            bad(
                "rule-of-no-type", .semantics, "invalidReference", [[1, 1, 0, 1, 1]],
                "A rule for no type."),
            bad(
                "rule-of-no-key", .semantics, "invalidReference", [[0, 1, 0, 1, 9]],
                "A rule on no key."),
            bad("rule-kind-6", .semantics, "invalidValue", [[0, 6, 0, 1, 1]], "No such kind."),
            bad("rule-kind-0", .semantics, "invalidValue", [[0, 0, 0, 1, 1]], "No such kind."),
            bad("rule-type", .semantics, "invalidValue", [[0, 2, 99, 1, 0]], "No such type."),
            bad(
                "rule-type-with", .semantics, "invalidValue", [[0, 1, 4, 1, 1]],
                "A type that does not belong."),
            bad("rule-no-keys", .semantics, "invalidValue", [[0, 4, 0, 0]], "No keys."),
            bad(
                "rule-two-keys", .semantics, "invalidValue", [[0, 2, 4, 2, 0, 1]],
                "A type of two keys."),
            bad(
                "rule-key-twice", .semantics, "invalidValue", [[0, 4, 0, 2, 1, 1]],
                "A key that is there twice."),
            bad(
                "rule-twice", .semantics, "duplicate", [[0, 1, 0, 1, 1], [0, 1, 0, 1, 1]],
                "A rule that is there twice."),
            bad(
                "rules-descend", .nonCanonical, "nonCanonical",
                [[0, 5, 0, 1, 1], [0, 1, 0, 1, 1]], "Rules do not ascend."),
            bad(
                "rule-existence-fails", .semantics, "invalidValue", [[0, 1, 0, 1, 0]],
                "A relationship without an age."),
            bad(
                "rule-key-without-value", .semantics, "invalidValue", [[0, 3, 0, 1, 0]],
                "A key of ages, and a relationship without one."),
            bad(
                "rule-type-fails", .semantics, "invalidValue", [[0, 2, 2, 1, 1]],
                "A name that is no number."),
            bad(
                "rule-key-fails", .semantics, "invalidValue", [[0, 3, 0, 1, 1]],
                "Two relationships with the same key.",
                Self.knowing(Self.row(age: 0, name: "a"), Self.row(age: 1, name: "a"))),
            bad(
                "rule-unique-fails", .semantics, "invalidValue", [[0, 5, 0, 1, 1]],
                "Two relationships with the same unique value.",
                Self.knowing(Self.row(age: 0, name: "a"), Self.row(name: "a"))),
        ]
    }
}
