// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

extension MutationEvent {
    /// How a batch of events is read.
    static let reading = Reading(
        root: "batch",
        types: [event, properties, property, rule, relationshipRule, ruleKey] + ValueReading.types,
        uses: ["batch"], delivers: "event",
        unknownTags: ["event": ValueReading.policy, "value": ValueReading.policy],
        canonical: "One event has one encoding, given the symbol table.",
        allocation: "65536 + size * 64")

    private static let event = TypeDescription(
        "event", "A tag, then the parts of the event.",
        [
            .field("tag", .unsigned(byteCount: 1), "What happened."),
            .select("tag", table: "event", at: "start", cases: cases),
        ])

    private static let node = Step.field("node", .varint, "The id of the node.")
    private static let relationship = Step.field(
        "relationship", .varint, "The id of the relationship.")
    private static let label = Step.field("label", .type("symbol"), "The label.")
    private static let key = Step.field("key", .type("symbol"), "The key.")
    private static let allProperties = Step.field(
        "properties", .type("properties"), "All properties.")
    private static let newValue = Step.field(
        "value", .type("value", [Argument("room", "nestingCountMax")]),
        "The new value; null removes the property.")
    private static let ruleOf = Step.field("rule", .type("rule"), "The rule.")
    private static let relationshipRuleOf = Step.field(
        "rule", .type("relationshipRule"), "The rule.")

    private static let cases: [Step.Case] = [
        of(
            .nodeCreated,
            [
                node,
                .field("labelCount", .count(each: 1), "How many labels."),
                .loop("labels", .times("labelCount"), .type("symbol"), "The labels."),
                allProperties,
            ]),
        of(.nodeDeleted, [node]), of(.labelAdded, [node, label]),
        of(.labelRemoved, [node, label]), of(.nodePropertySet, [node, key, newValue]),
        of(.nodePropertiesReplaced, [node, allProperties]),
        of(
            .relationshipCreated,
            [
                relationship, .field("type", .type("symbol"), "The type."),
                .field("from", .varint, "The id of the node it starts from."),
                .field("to", .varint, "The id of the node it ends at."), allProperties,
            ]),
        of(.relationshipDeleted, [relationship]),
        of(.relationshipPropertySet, [relationship, key, newValue]),
        of(.relationshipPropertiesReplaced, [relationship, allProperties]),
        of(.uniqueConstraintCreated, [label, key]), of(.uniqueConstraintDropped, [label, key]),
        of(.ruleCreated, [ruleOf]), of(.ruleDropped, [ruleOf]),
        of(.relationshipRuleCreated, [relationshipRuleOf]),
        of(.relationshipRuleDropped, [relationshipRuleOf]),
    ]

    private static func of(_ tag: Tag, _ steps: [Step]) -> Step.Case {
        Step.Case(UInt64(tag.rawValue), steps: steps)
    }

    private static let properties = TypeDescription(
        "properties",
        "A count, then a key and a value for each, ascending by the bytes of the key.",
        result: "entries",
        [
            .field(
                "propertyCount", .count(each: 2), "How many properties."),
            .variable("lastKey", "none", "The key before."),
            .variable("keys", "[]", "All keys so far, in one form for all spellings of a text."),
            .loop("entries", .times("propertyCount"), .type("property"), "The properties."),
        ])

    private static let property = TypeDescription(
        "property", "A key and its value, which is not null.",
        [
            .field("key", .type("symbol"), "The key."),
            ValueReading.check(
                "propertyKeysAscend", "lastKey == none || lastKey < key", .nonCanonical,
                "Keys ascend by their UTF-8 bytes."),
            .define("valueStart", "here", "Where the value begins."),
            .field(
                "value", .type("value", [Argument("room", "nestingCountMax")]), "The value."),
            ValueReading.check(
                "propertyNotNull", "value.tag != value::null", .invalidValue, at: "valueStart",
                "A property that is null is not there."),
            ValueReading.check(
                "propertyKeyOnce", "!contains(keys, nfd(key))", .duplicate,
                "No two keys are spellings of the same text."),
            .assign("keys", "append(keys, nfd(key))"),
            .assign("lastKey", "key"),
        ])

    private static let rule = TypeDescription(
        "rule", "A constraint or an index of nodes: kind, type of values, label, keys.",
        ruleSteps(
            .field("label", .type("symbol"), "The label of the nodes concerned."),
            kinds: RuleKind.ofNodes))

    private static let relationshipRule = TypeDescription(
        "relationshipRule",
        "A constraint or an index of relationships: kind, type of values, type of relationships, keys.",
        ruleSteps(
            .field("type", .type("symbol"), "The type of the relationships concerned."),
            kinds: RuleKind.allCases))

    private static func ruleSteps(_ name: Step, kinds: [RuleKind]) -> [Step] {
        [
            .field("kind", .varint, RuleKind.meaning(kinds)),
            .field("valueType", .varint, "The type of values; 0 but for kind 2."),
            name,
            .field("keyCount", .count(each: 1), "How many keys."),
            .variable("spelled", "[]", "The keys, in one form for all spellings of a text."),
            .loop("ruleKeys", .times("keyCount"), .type("ruleKey"), "The keys."),
        ] + ruleChecks(keys: "spelled", kinds: kinds)
    }

    private static let ruleKey = TypeDescription(
        "ruleKey", "A key of a rule.", result: "key",
        [
            .field("key", .type("symbol"), "The key."),
            .assign("spelled", "append(spelled, nfd(key))"),
        ])

    /// The conditions on a rule, in events and in snapshots.
    ///
    /// - Parameters:
    ///   - keys: The list of the keys, equal when they are the same text.
    ///   - kinds: Those that there are, from 1 on.
    static func ruleChecks(keys: Formula, kinds: [RuleKind]) -> [Step] {
        [
            ValueReading.check(
                "ruleKind",
                "1 <= kind && kind <= \(kinds.count)", .invalidValue,
                "The kind is one of these."),
            ValueReading.check(
                "ruleValueType", "valueType <= \(ValueType.allCases.count)", .invalidValue,
                "The type of values is a known one."),
            ValueReading.check(
                "ruleTypeIffTyped",
                "(valueType != 0) == (kind == \(Int(RuleKind.type.rawValue)))",
                .invalidValue,
                "Only a rule about types has one."),
            ValueReading.check(
                "ruleKeyCount", "1 <= keyCount && keyCount <= ruleKeyCountMax", .invalidValue,
                "A rule has 1 to 16 keys."),
            ValueReading.check(
                "ruleOneKey", "kind > \(Int(RuleKind.type.rawValue)) || keyCount == 1",
                .invalidValue, "A rule about existence or types has one key."),
            ValueReading.check(
                "ruleKeysOnce", "isSet(\(keys))", .invalidValue, "No key is there twice."),
        ]
    }
}

extension RuleKind {
    /// What the numbers of kinds stand for.
    static func meaning(_ kinds: [Self]) -> String {
        kinds.map { "\($0.rawValue) \($0)" }.joined(separator: ", ") + "."
    }
}
