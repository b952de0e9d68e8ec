// SPDX-License-Identifier: Apache-2.0

public import CairnFormat

/// A node that was made as one of many with the same labels and keys: see
/// ``GraphStore/createNodes(labels:keys:rows:)``.
///
/// It encodes to the same bytes as its ``event``, without the dictionary that the event has.
public struct NodeCreation: Sendable {
    /// The node.
    public let id: NodeID
    /// Its labels, ascending, each once.
    public let labels: [String]
    /// What all of the many have in common.
    let columns: Columns
    /// A value for each key; null ones are no properties.
    let row: [Value]

    /// The keys of many nodes.
    final class Columns: Sendable {
        let names: [String]
        let numbers: [UInt32]
        /// The places of the keys, ascending by name.
        let byName: [Int]
        /// The places of the keys, ascending by number.
        let byNumber: [Int]

        init(names: [String], numbers: [UInt32]) {
            self.names = names
            self.numbers = numbers
            byName = names.indices.sorted { names[$0].utf8Precedes(names[$1]) }
            byNumber = numbers.indices.sorted { numbers[$0] < numbers[$1] }
        }
    }

    /// The same as an event.
    public var event: MutationEvent {
        var properties = Properties(minimumCapacity: row.count)
        for place in row.indices where !row[place].isNull {
            properties[columns.names[place]] = row[place]
        }
        return .nodeCreated(id, labels: labels, properties: properties)
    }
}

extension NodeCreation: EventEncodable {
    /// Appends the canonical encoding of ``event``.
    public func encode(into encoder: inout EventEncoder) {
        encoder.bytes.append(MutationEvent.Tag.nodeCreated.rawValue)
        encoder.append(id)
        encoder.bytes.append(varint: UInt64(labels.count))
        for label in labels { encoder.append(symbol: label) }
        encoder.bytes.append(varint: UInt64(row.count { !$0.isNull }))
        for place in columns.byName where !row[place].isNull {
            encoder.append(symbol: columns.names[place])
            row[place].encode(into: &encoder.bytes)
        }
    }
}
