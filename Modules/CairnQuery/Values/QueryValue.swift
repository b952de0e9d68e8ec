// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A value in a query: what a property holds, or a node, a relationship, a path, or a list or map of those.
///
/// Nodes and relationships are named by their ids. `node(_:)` reads one from the graph that the query saw.
public enum QueryValue: Sendable {
    /// Nothing, or unknown.
    case null
    /// True or false.
    case bool(Bool)
    /// A signed number of 64 bits.
    case int(Int64)
    /// An IEEE 754 double.
    case double(Double)
    /// Text.
    case string(String)
    /// Values in order.
    case list([QueryValue])
    /// Values by key.
    case map([String: QueryValue])
    /// A node, by its id.
    case node(NodeID)
    /// A relationship, by its id.
    case relationship(RelationshipID)
    /// A path.
    case path(QueryPath)
    /// A day.
    case date(QueryDate)
    /// A time of day without a zone.
    case localTime(QueryTime)
    /// A time of day with its offset from UTC.
    case time(QueryZonedTime)
    /// A day and a time of day without a zone.
    case localDateTime(QueryDateTime)
    /// A day and a time of day with the offset from UTC and, where it has one, the name of its zone.
    indirect case dateTime(QueryZonedDateTime)
    /// A length of time.
    indirect case duration(QueryDuration)
    /// A node or relationship that the statement has deleted.
    case deleted(DeletedEntity)
    /// A value that the language has no literal for: bytes, a point, a vector.
    indirect case opaque(Value)

    /// True for ``null``.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

/// Nodes joined by relationships: one node more than relationships.
public struct QueryPath: Hashable, Sendable {
    /// The nodes in the order of the path; at least one.
    public let nodes: [NodeID]
    /// The relationships between them, in whichever direction they point.
    public let relationships: [RelationshipID]

    init(nodes: [NodeID], relationships: [RelationshipID]) {
        self.nodes = nodes
        self.relationships = relationships
    }

    /// How many relationships the path has.
    public var length: Int { relationships.count }
}

/// The remains of a node or relationship after the statement has deleted it.
public struct DeletedEntity: Hashable, Sendable {
    /// Its id, which another one may have been given since.
    public let id: UInt64
    /// The type of the relationship; nil for a node.
    public let type: String?
}
