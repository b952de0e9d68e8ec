// SPDX-License-Identifier: Apache-2.0

/// What stands for "no slot": the end of a list.
let noSlot = UInt32.max

/// One node, or a hole where one was.
///
/// The relationships of a node hang together in two doubly linked lists through their records, in the
/// order in which they were made. Linking and unlinking is O(1) however many relationships a node has,
/// and costs no memory per node; reading sorts by id, which mostly finds them sorted.
struct NodeRecord: Sendable {
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
    var properties: PropertyList

    /// The label set of a hole.
    static let hole = UInt32.max

    var isHole: Bool { labelSet == Self.hole }
    var hasRelationships: Bool { outgoingCount != 0 || incomingCount != 0 }

    static var emptyHole: Self { Self(labelSet: hole, properties: PropertyList()) }
}

/// One relationship, or a hole where one was.
struct RelationshipRecord: Sendable {
    /// The number of its type, or ``hole``.
    var type: UInt32
    var from: UInt32
    var to: UInt32
    var nextOutgoing = noSlot
    var previousOutgoing = noSlot
    var nextIncoming = noSlot
    var previousIncoming = noSlot
    var properties: PropertyList

    /// The type of a hole.
    static let hole = UInt32.max

    var isHole: Bool { type == Self.hole }

    static var emptyHole: Self {
        Self(type: hole, from: noSlot, to: noSlot, properties: PropertyList())
    }
}
