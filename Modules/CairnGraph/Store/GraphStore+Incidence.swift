// SPDX-License-Identifier: Apache-2.0

/// A place among the relationships of a node. Where it stands is kept, not the store, so going on costs nothing but
/// the step; the relationships of the node must not change meanwhile.
package struct IncidenceCursor: Sendable {
    fileprivate let node: UInt32
    fileprivate let direction: Direction
    fileprivate var following: UInt32
    fileprivate var isOutgoing: Bool
}

/// A step from a node over one of its relationships.
package struct IncidenceStep: Sendable {
    /// The relationship.
    package let relationship: UInt32
    /// Its type.
    package let type: UInt32
    /// The node at the other end.
    package let other: UInt32
}

/// Which relationships are meant, by the numbers of their types.
package enum RelationshipTypes: Sendable {
    case all
    case one(UInt32)
    case several([UInt32])

    /// Whether a type is meant.
    @inline(__always)
    package func contains(_ type: UInt32) -> Bool {
        switch self {
        case .all: true
        case .one(let one): type == one
        case .several(let several): several.contains(type)
        }
    }
}

extension GraphStore {
    /// A place before the first relationship of a node. Those that start there come first; a loop comes once.
    package func incidence(ofNode node: UInt32, _ direction: Direction) -> IncidenceCursor {
        let isOutgoing = direction != .incoming
        return IncidenceCursor(
            node: node, direction: direction, following: first(of: node, isOutgoing: isOutgoing),
            isOutgoing: isOutgoing)
    }

    private func first(of node: UInt32, isOutgoing: Bool) -> UInt32 {
        nodeTable[
            list: node, isOutgoing ? NodeRecord.outgoingField : NodeRecord.incomingField
        ].first
    }

    /// Goes on over some relationships of one of some types, at most `count`; none behind the last.
    package func next(
        _ cursor: inout IncidenceCursor, types: RelationshipTypes, upTo count: Int,
        _ steps: inout [IncidenceStep]
    ) {
        steps.removeAll(keepingCapacity: true)
        while steps.count < count, let step = next(&cursor, types: types) { steps.append(step) }
    }

    /// Goes on to the next relationship of one of some types; nil behind the last.
    ///
    package func next(
        _ cursor: inout IncidenceCursor, types: RelationshipTypes
    ) -> IncidenceStep? {
        while true {
            let slot = cursor.following
            guard slot != noSlot else {
                guard cursor.isOutgoing, cursor.direction == .both else { return nil }
                cursor.isOutgoing = false
                cursor.following = first(of: cursor.node, isOutgoing: false)
                continue
            }
            let isOutgoing = cursor.isOutgoing
            cursor.following =
                relationshipTable[
                    slot,
                    isOutgoing
                        ? RelationshipRecord.nextOutgoingField
                        : RelationshipRecord.nextIncomingField]
            let type = relationshipTable[slot, RelationshipRecord.typeField]
            guard types.contains(type) else { continue }
            let other =
                relationshipTable[
                    slot,
                    isOutgoing ? RelationshipRecord.toField : RelationshipRecord.fromField]
            // A loop was met among those that start there.
            if !isOutgoing, other == cursor.node, cursor.direction == .both { continue }
            return IncidenceStep(relationship: slot, type: type, other: other)
        }
    }
}
