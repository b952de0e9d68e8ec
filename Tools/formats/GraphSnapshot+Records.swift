// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

extension GraphStore {
    static let recordTypes: [TypeDescription] = [
        constraintRecord, bitmapRecord("nodesInUse"), bitmapRecord("relationshipsInUse"),
        nodeLabel, ruleRecord(.nodes), ruleRecord(.relationships),
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

    /// The words for the rules for nodes, and for those for relationships.
    private struct RuleWords {
        /// The name of the section and of the list of its rules.
        let section: String
        let last: String
        /// The field with the number of the label or the type, and what reads it.
        let name: String
        let reader: String
        let kinds: [RuleKind]
        let entity: String
        let entities: String
        let isConcerned: Formula
        let bearer: String
        /// What the names of conditions begin with.
        let check: String

        static let nodes = Self(
            section: "rules", last: "lastRule", name: "label", reader: "labelNumber",
            kinds: RuleKind.ofNodes, entity: "node", entities: "nodes",
            isConcerned: "contains(node.labels, label)", bearer: "with the label", check: "rule")
        static let relationships = Self(
            section: "relationshipRules", last: "lastRelationshipRule", name: "type",
            reader: "typeNumber", kinds: RuleKind.allCases, entity: "relationship",
            entities: "relationships", isConcerned: "relationship.type == type",
            bearer: "of the type", check: "relationshipRule")
    }

    private static func ruleRecord(_ words: RuleWords) -> TypeDescription {
        let last = words.last
        return TypeDescription(
            words.section, "A constraint or an index of \(words.entities).", result: "record",
            [
                .field(words.name, .type(words.reader), "The \(words.name)."),
                .field("kind", .varint, RuleKind.meaning(words.kinds)),
                .field("valueType", .varint, "The type of values; 0 but for kind 2."),
                .field("keyCount", .count(each: 1), "How many keys."),
                .loop("ruleKeys", .times("keyCount"), .type("keyNumber"), "The keys."),
            ] + MutationEvent.ruleChecks(keys: "ruleKeys", kinds: words.kinds) + [
                .define(
                    "record",
                    Formula(stringLiteral: "[\(words.name), kind, valueType, keyCount] + ruleKeys"),
                    "The rule as numbers."),
                check(
                    "\(words.check)Once", Formula(stringLiteral: "record != \(last)"), .duplicate,
                    at: "start", "No rule is there twice."),
                check(
                    "\(words.check)sAscend", Formula(stringLiteral: "\(last) < record"),
                    .nonCanonical, at: "start", "Rules ascend, number by number."),
                .assign(last, "record"),
                .assign(
                    words.section, Formula(stringLiteral: "append(\(words.section), record)")),
                .variable("tuples", "[]", "The values of a key, by \(words.entity)."),
                .variable("tuple", "[]", "The values of the key in one \(words.entity)."),
                .each(
                    words.entity, in: Formula(stringLiteral: words.entities),
                    [.when(words.isConcerned, ruleHolds(words))]),
            ])
    }

    private static func ruleHolds(_ words: RuleWords) -> [Step] {
        let bearer = words.bearer
        let properties = Formula(stringLiteral: "\(words.entity).properties")
        let keys = "pluck(\(properties.text), 'key')"
        let isUnique: Formula =
            words.kinds.contains(.unique)
            ? "kind == 3 || kind == 5 && count(tuple) == keyCount" : "kind == 3"
        return [
            .assign("tuple", "[]"),
            .each(
                "key", in: "ruleKeys",
                [
                    .when(
                        "kind == 1 || kind == 3",
                        [
                            check(
                                "\(words.check)Existence",
                                Formula(stringLiteral: "contains(\(keys), key)"), .invalidValue,
                                at: "start", "Every \(words.entity) \(bearer) has the property.")
                        ]),
                    .each(
                        "property", in: properties,
                        [
                            .when(
                                "property.key == key",
                                [
                                    .assign("tuple", "append(tuple, property.value)"),
                                    .when(
                                        "kind == 2",
                                        [
                                            check(
                                                "\(words.check)Type",
                                                "attribute('value', property.value.tag, 'type') == valueType",
                                                .invalidValue, at: "start",
                                                "The property has the type.")
                                        ]),
                                ])
                        ]),
                ]),
            .when(
                isUnique,
                [
                    check(
                        "\(words.check)Key", "!contains(tuples, tuple)", .invalidValue, at: "start",
                        "No two \(words.entities) \(bearer) have the same values of the keys."),
                    .assign("tuples", "append(tuples, tuple)"),
                ]),
        ]
    }
}
