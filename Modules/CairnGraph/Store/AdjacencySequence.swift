// SPDX-License-Identifier: Apache-2.0

/// The relationships of a node by slot, ascending, found one by one as they are asked for; a loop once.
struct AdjacencySequence: Sequence, Sendable {
    let table: EntityTable<RelationshipRecord>
    let node: UInt32
    let outgoing: AdjacencyList
    let incoming: AdjacencyList
    /// The numbers of the types that count; nil for all.
    let types: [UInt32]?

    /// Gives the relationships.
    struct Iterator: IteratorProtocol {
        let sequence: AdjacencySequence
        private var outgoing: UInt32?
        private var incoming: UInt32?
        private var outgoingIndex = 0
        private var incomingIndex = 0

        init(_ sequence: AdjacencySequence) {
            self.sequence = sequence
            outgoing = nextOutgoing(after: nil)
            incoming = nextIncoming(after: nil)
        }

        mutating func next() -> UInt32? {
            switch (outgoing, incoming) {
            case (nil, nil): return nil
            case (let slot?, let other) where other.map({ slot < $0 }) ?? true:
                outgoing = nextOutgoing(after: slot)
                return slot
            case (_, let slot?):
                incoming = nextIncoming(after: slot)
                return slot
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

    func makeIterator() -> Iterator { Iterator(self) }

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
    /// The relationships of a node by slot.
    func adjacency(of id: NodeID, _ direction: Direction, types: Set<String>?) -> AdjacencySequence
    {
        let numbers = types.map { $0.compactMap { self.types.number(of: $0) } }
        guard let slot = liveSlot(of: id), numbers?.isEmpty != true else {
            return AdjacencySequence(
                table: relationshipTable, node: noSlot, outgoing: .chained(first: noSlot),
                incoming: .chained(first: noSlot), types: numbers)
        }
        return AdjacencySequence(
            table: relationshipTable, node: slot,
            outgoing: direction == .incoming
                ? .chained(first: noSlot) : list(of: slot, .outgoing),
            incoming: direction == .outgoing
                ? .chained(first: noSlot) : list(of: slot, .incoming),
            types: numbers)
    }

    private func list(of slot: UInt32, _ direction: Direction) -> AdjacencyList {
        let field =
            direction == .outgoing ? NodeRecord.outgoingField : NodeRecord.incomingField
        let ends = nodeTable[list: slot, field]
        return ends.isMixed
            ? .sorted(relationshipSlots(of: slot, direction)) : .chained(first: ends.first)
    }
}
