// SPDX-License-Identifier: Apache-2.0

/// The inverse of one mutation, applied to the state right after it.
enum Undo: Sendable {
    case nodeCreated(UInt32)
    // Labels, not the number of their set, which is given out again when no node bears the set any more.
    case nodeDeleted(UInt32, labels: [UInt32], properties: PropertyList)
    case labelAdded(UInt32, label: UInt32)
    case labelRemoved(UInt32, label: UInt32)
    case nodeProperties(UInt32, PropertyList)
    case relationshipCreated(UInt32)
    case relationshipDeleted(UInt32, RelationshipRecord, properties: PropertyList)
    case relationshipProperties(UInt32, PropertyList)
    case uniqueCreated(label: UInt32, keys: [UInt32])
    case uniqueDropped(label: UInt32, UniqueIndex)
    case ruleCreated(RuleGroup, NumberedRule)
    case ruleDropped(RuleGroup, IndexedRule)
}
