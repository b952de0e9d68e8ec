// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// A node that was made as one of many with the same labels and keys: see
/// ``GraphStore/createNodes(labels:keys:rows:)``.
///
/// It encodes to the same bytes as its ``event``, without the dictionary that the event has.
public struct NodeCreation: Sendable {
    /// The id that the new node got.
    public let id: NodeID
    /// Its labels, ascending, each once.
    public let labels: [String]
    /// The columns that all created nodes share.
    let columns: PropertyColumns
    /// A value for each key; null ones are no properties.
    let row: [Value]

    /// The same as an event.
    public var event: MutationEvent {
        .nodeCreated(id, labels: labels, properties: columns.properties(row))
    }
}

extension NodeCreation: EventEncodable {
    /// Appends the canonical encoding of ``event``.
    public func encode(into encoder: inout EventEncoder) {
        encoder.bytes.append(MutationEvent.Tag.nodeCreated.rawValue)
        encoder.append(id)
        encoder.bytes.append(varint: UInt64(labels.count))
        for label in labels { encoder.append(symbol: label) }
        columns.encode(row, into: &encoder)
    }
}
