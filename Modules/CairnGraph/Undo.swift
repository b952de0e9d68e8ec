// SPDX-License-Identifier: Apache-2.0

/// What takes one mutation back, applied to the state right after it.
enum Undo: Sendable {
    case nodeCreated(UInt32)
    case nodeDeleted(UInt32, labelSet: UInt32, properties: PropertyList)
    case nodeLabels(UInt32, labelSet: UInt32)
    case nodeProperty(UInt32, key: UInt32, value: Value?)
    case nodeProperties(UInt32, PropertyList)
    case relationshipCreated(UInt32)
    case relationshipDeleted(UInt32, RelationshipRecord)
    case relationshipProperty(UInt32, key: UInt32, value: Value?)
    case relationshipProperties(UInt32, PropertyList)
    case uniqueCreated(label: UInt32, key: UInt32)
    case uniqueDropped(label: UInt32, UniqueIndex)
}
