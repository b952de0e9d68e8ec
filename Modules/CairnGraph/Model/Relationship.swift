// SPDX-License-Identifier: Apache-2.0

/// A relationship as it was when it was read.
///
/// It holds its own properties, as bytes; later changes of the store do not show.
public struct Relationship: Sendable {
    /// The id, which names the relationship in its store.
    public let id: RelationshipID
    /// The type, such as `DEPENDS`.
    public let type: String
    /// The node it starts from.
    public let from: NodeID
    /// The node it ends at.
    public let to: NodeID
    let list: PropertyList
    let keys: [String]

    /// Its properties.
    ///
    /// - Complexity: O(*n*) in the properties; ``subscript(_:)`` is faster for one of them.
    public var properties: Properties { list.properties(keys: keys) }

    /// The value of one property; nil when it has none of that key.
    public subscript(key: String) -> Value? { list.value(of: key, keys: keys) }

    /// The node at the other end, seen from `node`, which is one of its two.
    public func other(than node: NodeID) -> NodeID { node == from ? to : from }
}

extension Relationship: Equatable {
    /// True when id, type, ends and properties are equal.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.id == rhs.id && lhs.type == rhs.type && lhs.from == rhs.from && lhs.to == rhs.to
            && lhs.properties == rhs.properties
    }
}
