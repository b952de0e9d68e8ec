// SPDX-License-Identifier: Apache-2.0

/// A relationship of a node, and the node at its other end.
public struct Adjacency: Hashable, Sendable {
    /// The relationship.
    public let relationship: RelationshipID
    /// The node at the other end; the same node for a loop.
    public let node: NodeID
}

/// The relationships of a node, ascending by id, found one by one as they are asked for.
///
/// It holds a view of the store, so the store may be changed meanwhile.
public struct AdjacencySequence: Sequence, Sendable {
    let table: EntityTable<RelationshipRecord>
    let node: UInt32
    let outgoing: AdjacencyList
    let incoming: AdjacencyList
    /// The numbers of the types that count; nil for all.
    let types: [UInt32]?

    /// Gives the relationships.
    public struct Iterator: IteratorProtocol {
        let sequence: AdjacencySequence
        var outgoing: UInt32?
        var incoming: UInt32?
        var outgoingIndex = 0
        var incomingIndex = 0

        init(_ sequence: AdjacencySequence) {
            self.sequence = sequence
            outgoing = nextOutgoing(after: nil)
            incoming = nextIncoming(after: nil)
        }

        /// The next relationship; nil behind the last.
        public mutating func next() -> Adjacency? {
            switch (outgoing, incoming) {
            case (nil, nil): return nil
            case (let slot?, let other) where other.map({ slot < $0 }) ?? true:
                outgoing = nextOutgoing(after: slot)
                return Adjacency(
                    relationship: RelationshipID(slot: slot),
                    node: NodeID(slot: sequence.table[slot, RelationshipRecord.toField]))
            case (_, let slot?):
                incoming = nextIncoming(after: slot)
                return Adjacency(
                    relationship: RelationshipID(slot: slot),
                    node: NodeID(slot: sequence.table[slot, RelationshipRecord.fromField]))
            case (_, nil): return nil
            }
        }

        private mutating func nextOutgoing(after slot: UInt32?) -> UInt32? {
            var slot = slot
            repeat {
                slot = sequence.outgoing.next(
                    &outgoingIndex,
                    after: slot.map { sequence.table[$0, RelationshipRecord.nextOutgoingField] })
            } while slot.map { !sequence.counts($0) } ?? false
            return slot
        }

        private mutating func nextIncoming(after slot: UInt32?) -> UInt32? {
            var slot = slot
            repeat {
                slot = sequence.incoming.next(
                    &incomingIndex,
                    after: slot.map { sequence.table[$0, RelationshipRecord.nextIncomingField] })
            } while slot.map { !sequence.counts($0) || sequence.isMetAlready($0) } ?? false
            return slot
        }
    }

    /// Begins anew.
    public func makeIterator() -> Iterator { Iterator(self) }

    private func counts(_ slot: UInt32) -> Bool {
        types?.contains(table[slot, RelationshipRecord.typeField]) ?? true
    }

    /// Whether an incoming relationship is a loop that is met among the outgoing ones.
    private func isMetAlready(_ slot: UInt32) -> Bool {
        !outgoing.isEmpty && table[slot, RelationshipRecord.fromField] == node
    }
}

/// One of the two lists of a node.
enum AdjacencyList: Sendable {
    /// A list that ascends, by its first slot; ``noSlot`` when it is empty.
    case chained(first: UInt32)
    /// The slots of a list that does not ascend, sorted.
    case sorted([UInt32])

    var isEmpty: Bool {
        switch self {
        case .chained(let first): first == noSlot
        case .sorted(let slots): slots.isEmpty
        }
    }

    /// The first slot, or the one after another, whose record says which follows.
    func next(_ index: inout Int, after following: UInt32?) -> UInt32? {
        switch self {
        case .chained(let first):
            let slot = following ?? first
            return slot == noSlot ? nil : slot
        case .sorted(let slots):
            guard index < slots.count else { return nil }
            index += 1
            return slots[index - 1]
        }
    }
}

extension GraphStore {
    /// The relationships of a node and the nodes at their other ends, ascending by the id of the
    /// relationship, one by one; a loop once. None when there is no such node.
    ///
    /// - Parameter types: Which types are meant; nil means all.
    /// - Complexity: O(1), and O(1) for each relationship gone through; O(*d* log *d*) at first where ids
    ///   were given out again since.
    public func adjacency(
        of id: NodeID, _ direction: Direction, types: Set<String>? = nil
    ) -> AdjacencySequence {
        let numbers = types.map { $0.compactMap { self.types.number(of: $0) } }
        guard let slot = liveSlot(of: id) else {
            return AdjacencySequence(
                table: relationshipTable, node: noSlot, outgoing: .chained(first: noSlot),
                incoming: .chained(first: noSlot), types: numbers)
        }
        let record = nodeTable[slot]
        let hasOutgoing = direction != .incoming
        let hasIncoming = direction != .outgoing
        let outgoing: AdjacencyList =
            hasOutgoing && record.outgoing.isMixed
            ? .sorted(relationshipSlots(of: slot, .outgoing))
            : .chained(first: hasOutgoing ? record.outgoing.first : noSlot)
        let incoming: AdjacencyList =
            hasIncoming && record.incoming.isMixed
            ? .sorted(relationshipSlots(of: slot, .incoming))
            : .chained(first: hasIncoming ? record.incoming.first : noSlot)
        return AdjacencySequence(
            table: relationshipTable, node: slot, outgoing: outgoing, incoming: incoming,
            types: numbers)
    }
}
