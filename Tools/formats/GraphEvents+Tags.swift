// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension MutationEvent.Tag {
    var name: String { "\(self)" }

    var meaning: String {
        switch self {
        case .nodeCreated: "A node was made: id, label count, labels (symbols), properties."
        case .nodeDeleted: "A node without relationships was deleted: id."
        case .labelAdded: "A node got a label: id, label (symbol)."
        case .labelRemoved: "A node lost a label: id, label (symbol)."
        case .nodePropertySet:
            "A property of a node was set, or removed by null: id, key (symbol), value."
        case .nodePropertiesReplaced: "All properties of a node were replaced: id, properties."
        case .relationshipCreated:
            """
            A relationship was made: id, type (symbol), id of the node it starts from, id of \
            the node it ends at, properties.
            """
        case .relationshipDeleted: "A relationship was deleted: id."
        case .relationshipPropertySet:
            "A property of a relationship was set, or removed by null: id, key (symbol), value."
        case .relationshipPropertiesReplaced:
            "All properties of a relationship were replaced: id, properties."
        case .uniqueConstraintCreated:
            "A unique constraint was made: label (symbol), key (symbol)."
        case .uniqueConstraintDropped:
            "A unique constraint was dropped: label (symbol), key (symbol)."
        case .ruleCreated:
            """
            A rule was made: its kind (1 existence, 2 type, 3 key, 4 index), the type of values \
            (0 but for kind 2), label (symbol), key count (1 to 16), keys (symbols), no key twice.
            """
        case .ruleDropped: "A rule was dropped: as for ruleCreated."
        case .relationshipRuleCreated:
            """
            A rule for relationships was made: its kind (1 existence, 2 type, 3 key, 4 index, 5 unique), the type \
            of values (0 but for kind 2), type of relationships (symbol), key count (1 to 16), keys (symbols), no \
            key twice.
            """
        case .relationshipRuleDropped:
            "A rule for relationships was dropped: as for relationshipRuleCreated."
        }
    }

    var description: TagDescription { TagDescription(UInt64(rawValue), name, meaning) }
}
