// SPDX-License-Identifier: Apache-2.0

import CairnGraph

/// Rules for relationships: what they let pass, and what they refuse.
extension ReplayVectors {
    static var relationshipRules: [ReplayCase] { accepted + refusedByRules + refusedRules }

    /// Node 0 and relationships 0 to 2 of type R: k is 0, 1 and 2, n is 7.
    private static let links: [MutationEvent] =
        [.nodeCreated(node(0), labels: ["R"], properties: [:])] + (0..<3).map { made($0) }

    private static func made(
        _ id: UInt64, _ type: String = "R", _ properties: Properties? = nil
    ) -> MutationEvent {
        .relationshipCreated(
            link(id), type: type, from: node(0), to: node(0),
            properties: properties ?? ["k": .int(Int64(id)), "n": 7])
    }

    private static let everyKind: [RelationshipRule] = [
        .existence(type: "R", key: "k"), .valueType(type: "R", key: "n", .int),
        .key(type: "R", keys: ["k", "n"]), .index(type: "R", keys: ["n", "x"]),
        .unique(type: "R", keys: ["k"]),
    ]

    private static let ruled = links + everyKind.map(MutationEvent.relationshipRuleCreated)

    private static func with(_ rules: RelationshipRule...) -> [MutationEvent] {
        links + rules.map(MutationEvent.relationshipRuleCreated)
    }

    private static let accepted: [ReplayCase] = [
        ReplayCase("relationship-rules", "A rule of each kind.", ruled),
        ReplayCase(
            "relationship-rules-dropped", "What the rules refused is possible once they are gone.",
            ruled + everyKind.map(MutationEvent.relationshipRuleDropped) + [
                made(3, "R", ["n": "text"]),
                .relationshipPropertySet(link(0), key: "k", value: 1),
            ]),
        ReplayCase(
            "relationship-rules-of-nothing", "Rules for a type and for keys that nothing has.",
            [
                .relationshipRuleCreated(.existence(type: "S", key: "a")),
                .relationshipRuleCreated(.valueType(type: "S", key: "b", .vector)),
                .relationshipRuleCreated(.key(type: "S", keys: ["c", "d"])),
                .relationshipRuleCreated(.index(type: "S", keys: ["e"])),
                .relationshipRuleCreated(.unique(type: "S", keys: ["f", "g"])),
            ]),
        ReplayCase(
            "relationship-rules-of-other-types",
            "Relationships of other types are free, and so is a node with the name of the type as its label.",
            ruled + [
                made(3, "S", ["k": 0, "n": "text"]), made(4, "S", [:]),
                .nodePropertySet(node(0), key: "n", value: "text"),
            ]),
        ReplayCase(
            "relationship-rule-and-rule-of-one-name",
            "A rule for a label and one for a type of the same name are apart.",
            links + [
                .relationshipRuleCreated(.index(type: "R", keys: ["k"])),
                .ruleCreated(.index(label: "R", keys: ["k"])),
                .relationshipRuleDropped(.index(type: "R", keys: ["k"])),
            ]),
        ReplayCase(
            "relationship-value-free-again",
            "A value is free once its relationship lost it, or itself.",
            with(.unique(type: "R", keys: ["k"])) + [
                .relationshipPropertySet(link(0), key: "k", value: nil),
                .relationshipDeleted(link(1)), made(1, "R", ["k": 0]), made(3, "R", ["k": 1]),
            ]),
        ReplayCase(
            "relationship-unique-of-missing",
            "Relationships that lack one of the unique properties are not concerned.",
            with(.unique(type: "R", keys: ["k", "x"])) + [
                made(3, "R", ["k": 0]), made(4, "R", ["x": 0]), made(5, "R", ["x": 0]),
                made(6, "R", ["k": 1, "x": 0]), made(7, "R", ["k": 0, "x": 0]),
            ]),
        ReplayCase(
            "relationship-unique-of-itself", "A relationship may keep its own value.",
            with(.unique(type: "R", keys: ["k"])) + [
                .relationshipPropertiesReplaced(link(0), properties: ["k": 0, "n": 8])
            ]),
        ReplayCase(
            "relationship-key-and-unique",
            "A key and a unique constraint on one property are apart.",
            with(.unique(type: "R", keys: ["k"]), .key(type: "R", keys: ["k"])) + [
                .relationshipRuleDropped(.unique(type: "R", keys: ["k"]))
            ]),
        ReplayCase(
            "relationship-index-refuses-nothing",
            "An index takes relationships with equal, missing and mixed values.",
            with(.index(type: "R", keys: ["n", "k"])) + [
                made(3, "R", ["n": 7, "k": 0]),
                .relationshipPropertySet(link(0), key: "n", value: "text"),
                .relationshipPropertySet(link(1), key: "n", value: nil),
                .relationshipDeleted(link(2)),
            ]),
    ]

    private static func refused(
        _ name: String, _ events: [MutationEvent], _ error: GraphError.Code, _ event: MutationEvent,
        _ comment: String
    ) -> ReplayCase {
        ReplayCase(
            "relationship-\(name)", comment, events + [event], refused: (error, events.count))
    }

    private static let refusedByRules: [ReplayCase] = [
        refused(
            "missing-created", ruled, .missingProperty, made(3, "R", ["n": 1]),
            "A new relationship lacks a property that its type demands."),
        refused(
            "missing-without-properties", ruled, .missingProperty, made(3, "R", [:]),
            "A new relationship has no property at all."),
        refused(
            "missing-removed", ruled, .missingProperty,
            .relationshipPropertySet(link(0), key: "k", value: nil), "The property is taken away."),
        refused(
            "missing-replaced", ruled, .missingProperty,
            .relationshipPropertiesReplaced(link(0), properties: ["n": 1]),
            "The property is not among the new ones."),
        refused(
            "missing-of-key", with(.key(type: "R", keys: ["k", "n"])), .missingProperty,
            made(3, "R", ["k": 3]), "A key demands all its properties."),
        refused(
            "wrong-type-created", ruled, .wrongType, made(3, "R", ["k": 3, "n": "text"]),
            "A new relationship has a value of another type."),
        refused(
            "wrong-type-set", ruled, .wrongType,
            .relationshipPropertySet(link(0), key: "n", value: 7.0),
            "A double is no int, whatever its value."),
        refused(
            "missing-before-wrong-type", ruled, .missingProperty, made(3, "R", ["n": "text"]),
            "What is missing is told before a wrong type."),
        refused(
            "wrong-type-before-taken", ruled, .wrongType, made(3, "R", ["k": 0, "n": "text"]),
            "A wrong type is told before a value that is taken."),
        refused(
            "id-before-rules", ruled, .inconsistentEvent, made(4, "R", [:]),
            "An id that does not follow is told before the rules are asked."),
        refused(
            "taken-created", with(.unique(type: "R", keys: ["k"])), .uniqueViolation,
            made(3, "R", ["k": 2]), "A new relationship has a value that another one has."),
        refused(
            "taken-set", with(.unique(type: "R", keys: ["k"])), .uniqueViolation,
            .relationshipPropertySet(link(0), key: "k", value: 1),
            "A property gets a value that another relationship has."),
        refused(
            "taken-replaced", with(.unique(type: "R", keys: ["k", "n"])), .uniqueViolation,
            .relationshipPropertiesReplaced(link(0), properties: ["k": 2, "n": 7]),
            "The new properties have both values of another relationship."),
        refused(
            "taken-key", with(.key(type: "R", keys: ["k", "n"])), .uniqueViolation,
            made(3, "R", ["k": 1, "n": 7]), "Another relationship has both values of a key."),
        refused(
            "key-stays",
            with(.unique(type: "R", keys: ["k"]), .key(type: "R", keys: ["k"])) + [
                .relationshipRuleDropped(.unique(type: "R", keys: ["k"]))
            ], .uniqueViolation, made(3, "R", ["k": 1]),
            "The key holds when the unique constraint on its property is gone."),
        refused(
            "constraint-stays",
            with(.unique(type: "R", keys: ["k"]), .key(type: "R", keys: ["k"])) + [
                .relationshipRuleDropped(.key(type: "R", keys: ["k"]))
            ], .uniqueViolation, made(3, "R", ["k": 1]),
            "The unique constraint holds when the key on its property is gone."),
    ]

    private static let refusedRules: [ReplayCase] =
        everyKind.enumerated().map { index, rule in
            refused(
                "rule-twice-\(index + 1)", ruled, .inconsistentEvent,
                .relationshipRuleCreated(rule), "The rule is there already.")
        }
        + everyKind.enumerated().map { index, rule in
            refused(
                "rule-not-there-\(index + 1)", links, .inconsistentEvent,
                .relationshipRuleDropped(rule), "There is no such rule.")
        } + [
            refused(
                "unique-is-no-key", with(.unique(type: "R", keys: ["k"])), .inconsistentEvent,
                .relationshipRuleDropped(.key(type: "R", keys: ["k"])),
                "A unique constraint is no key."),
            refused(
                "rule-of-nodes", with(.index(type: "R", keys: ["k"])), .inconsistentEvent,
                .ruleDropped(.index(label: "R", keys: ["k"])),
                "A rule for a type is none for the label of the same name."),
            refused(
                "existence-violated", links, .constraintViolatedByData,
                .relationshipRuleCreated(.existence(type: "R", key: "x")),
                "Relationships lack the property already."),
            refused(
                "type-violated", links, .constraintViolatedByData,
                .relationshipRuleCreated(.valueType(type: "R", key: "n", .string)),
                "Relationships have values of another type already."),
            refused(
                "key-violated", links, .constraintViolatedByData,
                .relationshipRuleCreated(.key(type: "R", keys: ["n"])),
                "Relationships have the same values already."),
            refused(
                "key-violated-by-a-hole", links + [made(3, "R", ["k": 3])],
                .constraintViolatedByData,
                .relationshipRuleCreated(.key(type: "R", keys: ["k", "n"])),
                "A relationship lacks one of the properties of the key."),
            refused(
                "unique-violated", links, .constraintViolatedByData,
                .relationshipRuleCreated(.unique(type: "R", keys: ["n"])),
                "Relationships have the same value already."),
        ]
}
