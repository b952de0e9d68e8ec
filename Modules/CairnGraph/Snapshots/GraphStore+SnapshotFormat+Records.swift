// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension GraphStore {
    static let recordTypes: [TypeDescription] = [
        constraintRecord, bitmapRecord("nodesInUse"), bitmapRecord("relationshipsInUse"),
        nodeLabel, ruleRecord,
        number("labelNumber", list: "labels", used: "usedLabels"),
        number("typeNumber", list: "types", used: "usedTypes"),
        number("keyNumber", list: "keys", used: "usedKeys"),
    ]

    private static func number(_ name: String, list: String, used: String) -> TypeDescription {
        TypeDescription(
            name, "The number of a name, which is used thereby.", result: "number",
            [
                .field("number", .varint, "The number, from 0."),
                check(
                    "\(name)Exists", "number < count(\(list))", .invalidReference, at: "start",
                    "There is a name of that number."),
                .when("!contains(\(used), number)", [.assign(used, "append(\(used), number)")]),
            ])
    }

    private static let constraintRecord = TypeDescription(
        "uniqueConstraints",
        "A constraint: no two nodes with the label have the same value of the key.",
        [
            .field("label", .type("labelNumber"), "The label."),
            .field("key", .type("keyNumber"), "The key."),
            check(
                "constraintOnce",
                "last(uniqueConstraints) != [label, key]", .duplicate,
                at: "start", "No constraint is there twice."),
            check(
                "constraintsAscend",
                "uniqueConstraints == [] || last(uniqueConstraints) < [label, key]", .nonCanonical,
                at: "start", "Constraints ascend."),
            .assign("uniqueConstraints", "append(uniqueConstraints, [label, key])"),
        ])

    private static func bitmapRecord(_ name: String) -> TypeDescription {
        TypeDescription(
            name, "64 slots, the lowest in the lowest bit.", result: "word",
            [
                .field("word", .unsigned(byteCount: 8), "The bits of the slots in use."),
                .assign(name, "append(\(name), word)"),
            ])
    }

    private static let nodeLabel = TypeDescription(
        "nodeLabel", "A label of a node.", result: "label",
        [
            .field("label", .type("labelNumber"), "The number of the label."),
            check(
                "labelsOfNodeAscend", "labelNumbers == [] || last(labelNumbers) < label",
                .nonCanonical, at: "start", "The labels of a node ascend."),
        ])

    private static let ruleRecord = TypeDescription(
        "rules", "A constraint or an index.", result: "record",
        [
            .field("label", .type("labelNumber"), "The label."),
            .field("kind", .varint, "1 existence, 2 type, 3 key, 4 index."),
            .field("valueType", .varint, "The type of values; 0 but for kind 2."),
            .field("keyCount", .count(each: 1), "How many keys."),
            .loop("ruleKeys", .times("keyCount"), .type("keyNumber"), "The keys."),
        ] + MutationEvent.ruleChecks(keys: "ruleKeys") + [
            .define(
                "record", "[label, kind, valueType, keyCount] + ruleKeys", "The rule as numbers."),
            check(
                "ruleOnce", "record != lastRule", .duplicate, at: "start", "No rule is there twice."
            ),
            check(
                "rulesAscend", "lastRule < record", .nonCanonical, at: "start",
                "Rules ascend, number by number."),
            .assign("lastRule", "record"),
            .assign("rules", "append(rules, record)"),
            .variable("tuples", "[]", "The values of a key, by node."),
            .variable("tuple", "[]", "The values of the key in one node."),
            .each(
                "node", in: "nodes",
                [.when("contains(node.labels, label)", ruleHolds)]),
        ])

    private static let ruleHolds: [Step] = [
        .assign("tuple", "[]"),
        .each(
            "key", in: "ruleKeys",
            [
                .when(
                    "kind == 1 || kind == 3",
                    [
                        check(
                            "ruleExistence", "contains(pluck(node.properties, 'key'), key)",
                            .invalidValue, at: "start",
                            "Every node with the label has the property.")
                    ]),
                .each(
                    "property", in: "node.properties",
                    [
                        .when(
                            "property.key == key",
                            [
                                .assign("tuple", "append(tuple, property.value)"),
                                .when(
                                    "kind == 2",
                                    [
                                        check(
                                            "ruleType",
                                            "attribute('value', property.value.tag, 'type') == valueType",
                                            .invalidValue, at: "start",
                                            "The property has the type.")
                                    ]),
                            ])
                    ]),
            ]),
        .when(
            "kind == 3",
            [
                check(
                    "ruleKey", "!contains(tuples, tuple)", .invalidValue, at: "start",
                    "No two nodes with the label have the same values of the keys."),
                .assign("tuples", "append(tuples, tuple)"),
            ]),
    ]
}
