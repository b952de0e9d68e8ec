// SPDX-License-Identifier: Apache-2.0

/// The number that stands for "no slot": the end of a list.
let noSlot = UInt32.max

/// One node, or a hole where one was, as the operations on it see it; see ``RecordChunk`` for how it is
/// kept.
///
/// The relationships of a node hang together in two doubly linked lists through their records, in the
/// order in which they were made. Linking and unlinking is O(1) however many relationships a node has,
/// and costs no memory beyond the records. A list that was only ever appended to in ascending order, which
/// is the usual case, is known to ascend; reading sorts the others.
struct NodeRecord: EntityRecord {
    /// The number of the set of its labels, or ``hole``.
    var labelSet: UInt32
    var outgoing = ListEnds()
    var incoming = ListEnds()

    /// The label set of a hole.
    static let hole = UInt32.max

    var hasRelationships: Bool { outgoing.count != 0 || incoming.count != 0 }
}

/// One of the two lists of relationships of a node.
struct ListEnds: Hashable, Sendable {
    var first = noSlot
    var last = noSlot
    var count: UInt32 = 0
    /// The number of relationships that start and end here; counted only in the list of outgoing ones.
    var loopCount: UInt32 = 0
    /// Whether the list may not ascend by slot.
    var isMixed = false

    /// The numbers of a record for it.
    var numbers: SIMD8<UInt64> {
        SIMD8(
            UInt64(first) + 1, UInt64(last) + 1, UInt64(count), isMixed ? 1 : 0, UInt64(loopCount),
            0, 0, 0)
    }

    /// Takes note of a relationship at the end.
    mutating func append(_ slot: UInt32) {
        if last == noSlot { first = slot }
        if last != noSlot, last > slot { isMixed = true }
        last = slot
        count += 1
    }

    /// Takes a relationship out, which stood between these two.
    mutating func remove(between previous: UInt32, and next: UInt32) {
        if previous == noSlot { first = next }
        if next == noSlot { last = previous }
        count -= 1
        if count <= 1 { isMixed = false }
    }
}

/// One relationship, or a hole where one was, as the operations on it see it.
struct RelationshipRecord: EntityRecord {
    /// The number of its type, or ``hole``.
    var type: UInt32
    var from: UInt32
    var to: UInt32
    var nextOutgoing = noSlot
    var previousOutgoing = noSlot
    var nextIncoming = noSlot
    var previousIncoming = noSlot

    /// The type of a hole.
    static let hole = UInt32.max
}
