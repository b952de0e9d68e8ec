// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension GraphStore {
    static let recordTypes: [TypeDescription] = [
        constraintRecord, bitmapRecord("nodesInUse"), bitmapRecord("relationshipsInUse"),
        nodeRecord,
        nodeLabel, numberedProperties, numberedProperty, relationshipRecord, liveNode, ruleRecord,
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

    private static let nodeRecord = TypeDescription(
        "nodes", "A node: its labels and its properties.", result: "node",
        [
            check(
                "nodeInUse", "count(nodes) < ones(nodesInUse)", .trailingBytes, at: "start",
                "The bitmap has a node for the record."),
            .field(
                "labelCount", .count(each: 1), "How many labels."),
            .loop("labelNumbers", .times("labelCount"), .type("nodeLabel"), "The labels."),
            .field("properties", .type("numberedProperties"), "The properties."),
            .each(
                "constraint", in: "uniqueConstraints",
                [
                    .when(
                        "contains(labelNumbers, constraint[0])",
                        [
                            .each(
                                "property", in: "properties",
                                [
                                    .when(
                                        "property.key == constraint[1]",
                                        [
                                            check(
                                                "uniqueHolds",
                                                "!contains(uniqueValues, [constraint, property.value])",
                                                .duplicate, at: "start",
                                                "No other node with the label has the same value of the key."
                                            ),
                                            .assign(
                                                "uniqueValues",
                                                "append(uniqueValues, [constraint, property.value])"
                                            ),
                                        ])
                                ])
                        ])
                ]),
            .define(
                "node", "object('labels', labelNumbers, 'properties', properties)", "The node."),
            .assign("nodes", "append(nodes, node)"),
        ])

    private static let nodeLabel = TypeDescription(
        "nodeLabel", "A label of a node.", result: "label",
        [
            .field("label", .type("labelNumber"), "The number of the label."),
            check(
                "labelsOfNodeAscend", "labelNumbers == [] || last(labelNumbers) < label",
                .nonCanonical, at: "start", "The labels of a node ascend."),
        ])

    private static let numberedProperties = TypeDescription(
        "numberedProperties", "A count, then a key and a value for each, ascending by key.",
        result: "entries",
        [
            .field(
                "propertyCount", .count(each: 2), "How many properties."),
            .loop("entries", .times("propertyCount"), .type("numberedProperty"), "The properties."),
        ])

    private static let numberedProperty = TypeDescription(
        "numberedProperty", "A key and its value, which is not null.",
        [
            .field("key", .type("keyNumber"), "The number of the key."),
            check(
                "numberedKeysAscend", "entries == [] || last(entries).key < key", .nonCanonical,
                at: "start", "Keys ascend."),
            .define("valueStart", "here", "Where the value begins."),
            .field("value", .type("value", [Argument("room", "nestingCountMax")]), "The value."),
            check(
                "numberedNotNull", "value.tag != value::null", .invalidValue, at: "valueStart",
                "A property that is null is not there."),
        ])

    private static let relationshipRecord = TypeDescription(
        "relationships", "A relationship: its type, its ends, its properties.",
        result: "relationship",
        [
            check(
                "relationshipInUse", "count(relationships) < ones(relationshipsInUse)",
                .trailingBytes, at: "start", "The bitmap has a relationship for the record."),
            .field("type", .type("typeNumber"), "The type."),
            .field("from", .type("liveNode"), "Where it starts."),
            .field("to", .type("liveNode"), "Where it ends."),
            .field("properties", .type("numberedProperties"), "The properties."),
            .define(
                "relationship",
                "object('type', type, 'from', from, 'to', to, 'properties', properties)",
                "The relationship."),
            .assign("relationships", "append(relationships, relationship)"),
        ])

    private static let liveNode = TypeDescription(
        "liveNode", "The id of a node in use.", result: "node",
        [
            .field("node", .varint, "The id."),
            check(
                "nodeExists",
                """
                node < count(nodesInUse) * 64 && (nodesInUse[node / 64] >> (node % 64)) & 1 == 1 \
                && rank(nodesInUse, node) < count(nodes)
                """, .invalidReference, at: "start", "The node is in use and has a record."),
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
