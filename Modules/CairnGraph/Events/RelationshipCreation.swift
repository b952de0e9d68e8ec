// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// A relationship that was made as one of many with the same type and keys: see
/// ``GraphStore/createRelationships(_:keys:rows:)``.
///
/// It encodes to the same bytes as its ``event``, without the dictionary that the event has.
public struct RelationshipCreation: Sendable {
    /// The id that the new relationship got.
    public let id: RelationshipID
    /// The type of the new relationship.
    public let type: String
    /// The node it starts from.
    public let from: NodeID
    /// The node it ends at.
    public let to: NodeID
    /// The columns that all created relationships share.
    let columns: PropertyColumns
    /// A value for each key; null ones are no properties.
    let row: [Value]

    /// The same as an event.
    public var event: MutationEvent {
        .relationshipCreated(
            id, type: type, from: from, to: to, properties: columns.properties(row))
    }
}

extension RelationshipCreation: EventEncodable {
    /// Appends the canonical encoding of ``event``.
    public func encode(into encoder: inout EventEncoder) {
        encoder.bytes.append(MutationEvent.Tag.relationshipCreated.rawValue)
        encoder.append(id)
        encoder.append(symbol: type)
        encoder.append(from)
        encoder.append(to)
        columns.encode(row, into: &encoder)
    }
}
