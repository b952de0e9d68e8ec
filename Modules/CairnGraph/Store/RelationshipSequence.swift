// SPDX-License-Identifier: Apache-2.0

/// The relationships of a node, ascending by id, a loop once, read one by one as they are asked for.
///
/// It holds a view of the relationships, so the store may be changed meanwhile.
public struct RelationshipSequence: Sequence, Sendable {
    let adjacency: AdjacencySequence
    let typeNames: [String]
    let keyNames: [String]

    /// Gives the relationships.
    public struct Iterator: IteratorProtocol {
        private let typeNames: [String]
        private let keyNames: [String]
        private var slots: AdjacencySequence.Iterator

        init(_ sequence: RelationshipSequence) {
            slots = sequence.adjacency.makeIterator()
            typeNames = sequence.typeNames
            keyNames = sequence.keyNames
        }

        /// The next relationship; nil behind the last.
        public mutating func next() -> Relationship? {
            guard let slot = slots.next() else { return nil }
            let (record, properties) = slots.sequence.table.content(of: slot)
            return Relationship(
                id: RelationshipID(slot: slot), type: typeNames[Int(record.type)],
                from: NodeID(slot: record.from), to: NodeID(slot: record.to),
                list: properties, keys: keyNames)
        }
    }

    /// Begins anew.
    public func makeIterator() -> Iterator { Iterator(self) }
}

/// The nodes at the other ends of a node's relationships, each once, in the order of the first
/// relationship that leads there.
public struct NeighborSequence<Relationships: Sequence<Relationship>>: Sequence {
    let relationships: Relationships
    let node: NodeID

    /// Gives the nodes.
    public struct Iterator: IteratorProtocol {
        private let node: NodeID
        private var relationships: Relationships.Iterator
        private var seen: Set<NodeID> = []

        init(_ sequence: NeighborSequence) {
            node = sequence.node
            relationships = sequence.relationships.makeIterator()
        }

        /// The next node; nil behind the last.
        ///
        /// - Complexity: O(1) for each relationship that is gone past.
        public mutating func next() -> NodeID? {
            while let relationship = relationships.next() {
                let other = relationship.other(than: node)
                if seen.insert(other).inserted { return other }
            }
            return nil
        }
    }

    /// Begins anew.
    public func makeIterator() -> Iterator { Iterator(self) }
}

extension NeighborSequence: Sendable where Relationships: Sendable {}
