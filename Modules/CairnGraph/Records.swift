// SPDX-License-Identifier: Apache-2.0

/// What stands for "no slot": the end of a list.
let noSlot = UInt32.max

/// One node, or a hole where one was. 40 bytes.
///
/// The relationships of a node hang together in two doubly linked lists through their records, in the
/// order in which they were made. Linking and unlinking is O(1) however many relationships a node has,
/// and costs no memory beyond the records. A list that was only ever appended to in ascending order, which
/// is the usual case, is known to ascend; reading sorts the others.
struct NodeRecord: EntityRecord {
    /// The number of the set of its labels, or ``hole``.
    var labelSet: UInt32
    var firstOutgoing = noSlot
    var lastOutgoing = noSlot
    var firstIncoming = noSlot
    var lastIncoming = noSlot
    var outgoingCount: UInt32 = 0
    var incomingCount: UInt32 = 0
    /// How many start and end here, and are in both lists.
    var loopCount: UInt32 = 0
    var propertyOffset = noSlot
    /// Whether the list of outgoing, or of incoming, relationships may not ascend by slot.
    var outgoingIsMixed = false
    var incomingIsMixed = false

    /// The label set of a hole.
    static let hole = UInt32.max

    var isHole: Bool { labelSet == Self.hole }
    var hasRelationships: Bool { outgoingCount != 0 || incomingCount != 0 }

    static var emptyHole: Self { Self(labelSet: hole) }
}

extension NodeRecord {
    /// Takes note of a relationship at the end of the list of outgoing ones.
    mutating func appendOutgoing(_ slot: UInt32, isLoop: Bool) {
        if lastOutgoing == noSlot { firstOutgoing = slot }
        if lastOutgoing != noSlot, lastOutgoing > slot { outgoingIsMixed = true }
        lastOutgoing = slot
        outgoingCount += 1
        if isLoop { loopCount += 1 }
    }

    /// Takes note of a relationship at the end of the list of incoming ones.
    mutating func appendIncoming(_ slot: UInt32) {
        if lastIncoming == noSlot { firstIncoming = slot }
        if lastIncoming != noSlot, lastIncoming > slot { incomingIsMixed = true }
        lastIncoming = slot
        incomingCount += 1
    }

    /// Takes a relationship that starts here out of the ends of the list.
    mutating func removeOutgoing(_ record: RelationshipRecord) {
        if record.previousOutgoing == noSlot { firstOutgoing = record.nextOutgoing }
        if record.nextOutgoing == noSlot { lastOutgoing = record.previousOutgoing }
        outgoingCount -= 1
        if outgoingCount == 0 { outgoingIsMixed = false }
        if record.from == record.to { loopCount -= 1 }
    }

    /// Takes a relationship that ends here out of the ends of the list.
    mutating func removeIncoming(_ record: RelationshipRecord) {
        if record.previousIncoming == noSlot { firstIncoming = record.nextIncoming }
        if record.nextIncoming == noSlot { lastIncoming = record.previousIncoming }
        incomingCount -= 1
        if incomingCount == 0 { incomingIsMixed = false }
    }
}

/// One relationship, or a hole where one was. 32 bytes.
struct RelationshipRecord: EntityRecord {
    /// The number of its type, or ``hole``.
    var type: UInt32
    var from: UInt32
    var to: UInt32
    var nextOutgoing = noSlot
    var previousOutgoing = noSlot
    var nextIncoming = noSlot
    var previousIncoming = noSlot
    var propertyOffset = noSlot

    /// The type of a hole.
    static let hole = UInt32.max

    var isHole: Bool { type == Self.hole }

    static var emptyHole: Self { Self(type: hole, from: noSlot, to: noSlot) }
}
