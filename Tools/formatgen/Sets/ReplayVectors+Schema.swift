// SPDX-License-Identifier: Apache-2.0

import CairnGraph

/// Unique constraints, keys, demands and indexes: what they let pass, and what they refuse.
extension ReplayVectors {
    static var schema: [ReplayCase] { accepted + refusedByRules + refusedRules }

    /// Nodes 0 to 2 with label L: k is 0, 1 and 2, n is 7.
    private static let nodes: [MutationEvent] = (0..<3).map {
        .nodeCreated(node($0), labels: ["L"], properties: ["k": .int(Int64($0)), "n": 7])
    }

    private static let everyKind: [SchemaRule] = [
        .existence(label: "L", key: "k"), .type(label: "L", key: "n", .int),
        .key(label: "L", keys: ["k", "n"]), .index(label: "L", keys: ["n", "x"]),
    ]

    private static let ruled = nodes + everyKind.map(MutationEvent.ruleCreated)

    private static let unique =
        nodes + [.uniqueConstraintCreated(label: "L", key: "k")]

    private static func created(_ labels: [String], _ properties: Properties) -> MutationEvent {
        .nodeCreated(node(3), labels: labels, properties: properties)
    }

    private static let accepted: [ReplayCase] = [
        ReplayCase("rules", "A rule of each kind.", ruled),
        ReplayCase(
            "rules-dropped", "What the rules refused is possible once they are gone.",
            ruled + everyKind.map(MutationEvent.ruleDropped) + [
                created(["L"], ["n": "text"]),
                .nodePropertySet(node(0), key: "k", value: 1),
            ]),
        ReplayCase(
            "rules-of-nothing", "Rules for a label and for keys that nothing has.",
            [
                .ruleCreated(.existence(label: "M", key: "a")),
                .ruleCreated(.type(label: "M", key: "b", .vector)),
                .ruleCreated(.key(label: "M", keys: ["c", "d"])),
                .ruleCreated(.index(label: "M", keys: ["e"])),
                .uniqueConstraintCreated(label: "M", key: "f"),
            ]),
        ReplayCase(
            "rules-for-other-labels", "Nodes without the label, and relationships, are free.",
            ruled + [
                created(["M"], ["k": 0, "n": "text"]),
                .nodeCreated(node(4), labels: [], properties: [:]),
                .relationshipCreated(
                    link(0), type: "L", from: node(0), to: node(1), properties: ["n": "text"]),
            ]),
        ReplayCase(
            "type-of-missing", "A type is demanded only of a property that is there.",
            nodes + [
                .ruleCreated(.type(label: "L", key: "x", .string)), created(["L"], [:]),
                .nodePropertySet(node(0), key: "x", value: "text"),
                .nodePropertySet(node(0), key: "x", value: nil),
            ]),
        ReplayCase(
            "two-types", "Two types for one property: no node can have it.",
            nodes + [
                .ruleCreated(.type(label: "L", key: "x", .int)),
                .ruleCreated(.type(label: "L", key: "x", .string)),
            ]),
        ReplayCase(
            "unique-is-bit-by-bit", "Values are equal only if they are encoded alike.",
            unique + [
                created(["L"], ["k": 1.0]),
                .nodeCreated(node(4), labels: ["L"], properties: ["k": 0.0]),
                .nodeCreated(node(5), labels: ["L"], properties: ["k": -0.0]),
                .nodeCreated(node(6), labels: ["L"], properties: ["k": "\u{e9}"]),
                .nodeCreated(node(7), labels: ["L"], properties: ["k": "e\u{301}"]),
                .nodeCreated(node(8), labels: ["L"], properties: ["k": [1]]),
                .nodeCreated(node(9), labels: ["L"], properties: ["k": [1, 1]]),
            ]),
        ReplayCase(
            "unique-of-missing", "Any number of nodes may lack a unique property.",
            unique + [
                created(["L"], [:]), .nodeCreated(node(4), labels: ["L"], properties: [:]),
            ]),
        ReplayCase(
            "unique-value-free-again",
            "A value is free once its node lost it, its label, or itself.",
            unique + [
                .nodePropertySet(node(0), key: "k", value: nil),
                .labelRemoved(node(1), label: "L"), .nodeDeleted(node(2)),
                .nodeCreated(node(2), labels: ["L"], properties: ["k": 0]),
                created(["L"], ["k": 1]),
                .nodeCreated(node(4), labels: ["L"], properties: ["k": 2]),
            ]),
        ReplayCase(
            "unique-of-itself", "A node may keep its own value.",
            unique + [.nodePropertiesReplaced(node(0), properties: ["k": 0, "n": 8])]),
        ReplayCase(
            "key-of-two", "A key of two properties: one of them may be the same.",
            nodes + [
                .ruleCreated(.key(label: "L", keys: ["k", "n"])), created(["L"], ["k": 0, "n": 8]),
                .nodePropertySet(node(1), key: "k", value: 3),
            ]),
        ReplayCase(
            "key-in-both-orders", "The order of the keys makes another rule.",
            nodes + [
                .ruleCreated(.key(label: "L", keys: ["k", "n"])),
                .ruleCreated(.key(label: "L", keys: ["n", "k"])),
                .ruleCreated(.index(label: "L", keys: ["k", "n"])),
                .ruleCreated(.index(label: "L", keys: ["n", "k"])),
            ]),
        ReplayCase(
            "key-and-constraint", "A key and a unique constraint on one property are apart.",
            unique + [
                .ruleCreated(.key(label: "L", keys: ["k"])),
                .uniqueConstraintDropped(label: "L", key: "k"),
            ]),
        ReplayCase(
            "index-refuses-nothing", "An index takes nodes with equal, missing and mixed values.",
            nodes + [
                .ruleCreated(.index(label: "L", keys: ["n", "k"])),
                created(["L"], ["n": 7, "k": 0]),
                .nodePropertySet(node(0), key: "n", value: "text"),
                .nodePropertySet(node(1), key: "n", value: nil), .nodeDeleted(node(2)),
            ]),
        ReplayCase(
            "label-with-its-properties", "A node gets the label once it has what the rules demand.",
            ruled + [
                created([], [:]), .nodePropertiesReplaced(node(3), properties: ["k": 3, "n": 0]),
                .labelAdded(node(3), label: "L"), .labelRemoved(node(0), label: "L"),
                .nodePropertiesReplaced(node(0), properties: [:]),
            ]),
    ]

    private static func refused(
        _ name: String, _ events: [MutationEvent], _ error: GraphError.Code, _ event: MutationEvent,
        _ comment: String
    ) -> ReplayCase {
        ReplayCase(name, comment, events + [event], refused: (error, events.count))
    }

    private static let refusedByRules: [ReplayCase] = [
        refused(
            "missing-created", ruled, .missingProperty, created(["L"], ["n": 1]),
            "A new node lacks a property that its label demands."),
        refused(
            "missing-removed", ruled, .missingProperty,
            .nodePropertySet(node(0), key: "k", value: nil), "The property is taken away."),
        refused(
            "missing-replaced", ruled, .missingProperty,
            .nodePropertiesReplaced(node(0), properties: ["n": 1]),
            "The property is not among the new ones."),
        refused(
            "missing-labelled", ruled + [created([], ["n": 1])], .missingProperty,
            .labelAdded(node(3), label: "L"), "A node that lacks the property gets the label."),
        refused(
            "missing-of-key", nodes + [.ruleCreated(.key(label: "L", keys: ["k", "n"]))],
            .missingProperty, created(["L"], ["k": 3]), "A key demands all its properties."),
        refused(
            "wrong-type-created", ruled, .wrongType, created(["L"], ["k": 3, "n": "text"]),
            "A new node has a value of another type."),
        refused(
            "wrong-type-double", ruled, .wrongType, .nodePropertySet(node(0), key: "n", value: 7.0),
            "A double is no int, whatever its value."),
        refused(
            "wrong-type-labelled", ruled + [created([], ["k": 3, "n": true])], .wrongType,
            .labelAdded(node(3), label: "L"), "A node with a value of another type gets the label."),
        refused(
            "two-types-value",
            nodes + [
                .ruleCreated(.type(label: "L", key: "x", .int)),
                .ruleCreated(.type(label: "L", key: "x", .string)),
            ], .wrongType, .nodePropertySet(node(0), key: "x", value: 1),
            "Two types for one property: any value has a wrong one."),
        refused(
            "missing-before-wrong-type", ruled, .missingProperty, created(["L"], ["n": "text"]),
            "What is missing is told before a wrong type."),
        refused(
            "wrong-type-before-taken",
            nodes + [
                .uniqueConstraintCreated(label: "L", key: "k"),
                .ruleCreated(.type(label: "L", key: "n", .int)),
            ], .wrongType, created(["L"], ["k": 0, "n": "text"]),
            "A wrong type is told before a value that is taken."),
        refused(
            "missing-in-the-second-label",
            nodes + [
                .ruleCreated(.type(label: "L", key: "n", .int)),
                .ruleCreated(.existence(label: "M", key: "x")),
            ], .missingProperty, created(["L", "M"], ["n": "text"]),
            "Also if the label that demands it comes behind the one that demands the type."),
        refused(
            "id-before-rules", ruled, .inconsistentEvent,
            .nodeCreated(node(4), labels: ["L"], properties: [:]),
            "An id that does not follow is told before the rules are asked."),
        refused(
            "taken-set", unique, .uniqueViolation, .nodePropertySet(node(0), key: "k", value: 1),
            "A property gets a value that another node has."),
        refused(
            "taken-replaced", unique, .uniqueViolation,
            .nodePropertiesReplaced(node(0), properties: ["k": 2]),
            "The new properties have a value that another node has."),
        refused(
            "taken-labelled", unique + [created([], ["k": 2])], .uniqueViolation,
            .labelAdded(node(3), label: "L"), "A node gets the label, and another has its value."),
        refused(
            "taken-list", unique + [created(["L"], ["k": [1, 2]])], .uniqueViolation,
            .nodePropertySet(node(0), key: "k", value: [1, 2]), "Lists are values, too."),
        refused(
            "taken-not-a-number", unique + [created(["L"], ["k": .double(.nan)])], .uniqueViolation,
            .nodePropertySet(node(0), key: "k", value: .double(.nan)),
            "Two NaNs of the same bits are equal."),
        refused(
            "taken-key", ruled, .uniqueViolation, created(["L"], ["k": 1, "n": 7]),
            "Another node has both values of a key."),
        refused(
            "key-stays",
            unique + [
                .ruleCreated(.key(label: "L", keys: ["k"])),
                .uniqueConstraintDropped(label: "L", key: "k"),
            ], .uniqueViolation, created(["L"], ["k": 1]),
            "The key holds when the unique constraint on its property is gone."),
        refused(
            "constraint-stays",
            unique + [
                .ruleCreated(.key(label: "L", keys: ["k"])),
                .ruleDropped(.key(label: "L", keys: ["k"])),
            ], .uniqueViolation, created(["L"], ["k": 1]),
            "The unique constraint holds when the key on its property is gone."),
    ]

    private static let refusedRules: [ReplayCase] =
        everyKind.enumerated().map { index, rule in
            refused(
                "rule-twice-\(index + 1)", ruled, .inconsistentEvent, .ruleCreated(rule),
                "The rule is there already.")
        }
        + everyKind.enumerated().map { index, rule in
            refused(
                "rule-not-there-\(index + 1)", nodes, .inconsistentEvent, .ruleDropped(rule),
                "There is no such rule.")
        } + [
            refused(
                "constraint-twice", unique, .inconsistentEvent,
                .uniqueConstraintCreated(label: "L", key: "k"), "The constraint is there already."),
            refused(
                "constraint-not-there", unique, .inconsistentEvent,
                .uniqueConstraintDropped(label: "L", key: "n"), "There is no such constraint."),
            refused(
                "constraint-is-no-key", unique, .inconsistentEvent,
                .ruleDropped(.key(label: "L", keys: ["k"])), "A unique constraint is no key."),
            refused(
                "key-is-no-constraint", nodes + [.ruleCreated(.key(label: "L", keys: ["k"]))],
                .inconsistentEvent, .uniqueConstraintDropped(label: "L", key: "k"),
                "A key is no unique constraint."),
            refused(
                "key-of-another-order", ruled, .inconsistentEvent,
                .ruleDropped(.key(label: "L", keys: ["n", "k"])), "The keys have another order."),
            refused(
                "type-of-another", ruled, .inconsistentEvent,
                .ruleDropped(.type(label: "L", key: "n", .string)), "The rule has another type."),
            refused(
                "existence-violated", nodes, .constraintViolatedByData,
                .ruleCreated(.existence(label: "L", key: "x")), "Nodes lack the property already."),
            refused(
                "type-violated", nodes, .constraintViolatedByData,
                .ruleCreated(.type(label: "L", key: "n", .string)),
                "Nodes have values of another type already."),
            refused(
                "key-violated", nodes, .constraintViolatedByData,
                .ruleCreated(.key(label: "L", keys: ["n"])), "Nodes have the same values already."),
            refused(
                "key-violated-by-a-hole", nodes + [created(["L"], ["k": 3])],
                .constraintViolatedByData, .ruleCreated(.key(label: "L", keys: ["k", "n"])),
                "A node lacks one of the properties of the key."),
            refused(
                "unique-violated", nodes, .constraintViolatedByData,
                .uniqueConstraintCreated(label: "L", key: "n"), "Nodes have the same value already."
            ),
        ]
}
