// SPDX-License-Identifier: Apache-2.0

/// One mutation of a store, with all that is needed to do it again: see ``GraphStore/apply(_:)``.
public enum MutationEvent: Hashable, Sendable {
    /// A node was made. Labels ascend, each once; no property is null.
    case nodeCreated(NodeID, labels: [String], properties: Properties)
    /// A node without relationships was deleted.
    case nodeDeleted(NodeID)
    /// A node got a label it did not have.
    case labelAdded(NodeID, label: String)
    /// A node lost a label.
    case labelRemoved(NodeID, label: String)
    /// A property of a node changed; null says that it was removed.
    case nodePropertySet(NodeID, key: String, value: Value)
    /// All properties of a node were replaced; none is null.
    case nodePropertiesReplaced(NodeID, properties: Properties)
    /// A relationship was made; no property is null.
    case relationshipCreated(
        RelationshipID, type: String, from: NodeID, to: NodeID, properties: Properties)
    /// A relationship was deleted.
    case relationshipDeleted(RelationshipID)
    /// A property of a relationship changed; null says that it was removed.
    case relationshipPropertySet(RelationshipID, key: String, value: Value)
    /// All properties of a relationship were replaced; none is null.
    case relationshipPropertiesReplaced(RelationshipID, properties: Properties)
    /// A unique constraint was made.
    case uniqueConstraintCreated(label: String, key: String)
    /// A unique constraint was dropped.
    case uniqueConstraintDropped(label: String, key: String)
    /// A rule for nodes was made.
    case ruleCreated(SchemaRule)
    /// A rule for nodes was dropped.
    case ruleDropped(SchemaRule)
    /// A rule for relationships was made.
    case relationshipRuleCreated(RelationshipRule)
    /// A rule for relationships was dropped.
    case relationshipRuleDropped(RelationshipRule)
}
