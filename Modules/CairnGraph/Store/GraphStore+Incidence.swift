// SPDX-License-Identifier: Apache-2.0

/// A place among the relationships of a node. Where it stands is kept, not the store, so going on costs nothing but
/// the step; the relationships of the node must not change meanwhile.
package struct IncidenceCursor: Sendable {
    /// The node whose relationships these are.
    package let node: UInt32
    let direction: Direction
    var following: UInt32
    var isOutgoing: Bool
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

    /// The types by number, each once; none where all are meant.
    package var numbers: Set<UInt32> {
        switch self {
        case .all: []
        case .one(let one): [one]
        case .several(let several): Set(several)
        }
    }

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
