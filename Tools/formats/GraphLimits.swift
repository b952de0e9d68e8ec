// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension GraphLimits {
    /// The bounds that reading an event checks, as data.
    static let ofEvents = [
        LimitDescription(
            "nestingCountMax", UInt64(Value.nestingCountMax),
            "Lists and maps that lie within one another in a value."),
        LimitDescription(
            "ruleKeyCountMax", UInt64(SchemaRule.keyCountMax), "Keys of one rule; the least is 1."),
    ]

    /// The bounds that reading a snapshot checks, as data.
    static let ofSnapshots =
        [
            LimitDescription(
                "nameByteCountMax", UInt64(nameByteCountMax),
                "Bytes of UTF-8 in a label, a relationship type or a property key; the least is 1."),
            LimitDescription(
                "slotCountMax", slotCountMax, "Nodes in a store, and relationships in a store."),
        ] + ofEvents

    /// Limits of a store that its bytes do not show, one sentence each.
    static let rules = [
        "Ids are below \(slotCountMax).",
        "The properties of 128 nodes, or relationships, with neighbouring ids take at most "
            + "\(propertyByteCountMax) bytes as a store keeps them.",
        "A mutation leaves no node or relationship of more than \(entityByteCountMax) bytes, unless it becomes "
            + "smaller: 5 for each label and each property, and what the values take. Older stores may have larger "
            + "ones.",
    ]
}
