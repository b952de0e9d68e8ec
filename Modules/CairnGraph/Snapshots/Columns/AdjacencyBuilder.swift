// SPDX-License-Identifier: Apache-2.0
//
// Links relationships that come ascending by id, all at once.
//
// - Each list of a node is the relationships in the order of their ids, as if they had been made one by one.
// - Both directions, and then both tables, are made at the same time.
// - It takes 24 bytes for each slot of a node and 28 for each of a relationship, until the records are made.

/// The ends of relationships, from which the records of nodes and relationships are made.
struct AdjacencyBuilder {
    private let nodeSlotCount: Int
    // By slot; a hole has ``noSlot`` everywhere.
    private var types: [UInt32]
    private var from: [UInt32]
    private var to: [UInt32]
    /// The relationships from a node to itself, by node.
    private var loops: [UInt32: UInt32] = [:]

    /// No relationships between so many slots of nodes, and room for so many slots of relationships.
    init(nodeSlotCount: Int, relationshipSlotCount: Int) {
        self.nodeSlotCount = nodeSlotCount
        types = Array(repeating: noSlot, count: relationshipSlotCount)
        (from, to) = (types, types)
    }

    /// Adds a relationship behind all before.
    mutating func add(_ slot: UInt32, type: UInt32, from: UInt32, to: UInt32) {
        types[Int(slot)] = type
        self.from[Int(slot)] = from
        self.to[Int(slot)] = to
        if from == to { loops[from, default: 0] += 1 }
    }

    /// Puts the records of all nodes and relationships into their tables.
    ///
    /// - Parameter labelSets: By slot; ``NodeRecord/hole`` for none.
    func makeRecords(
        of labelSets: [UInt32], _ nodes: inout EntityTable<NodeRecord>,
        _ relationships: inout EntityTable<RelationshipRecord>
    ) {
        var (outgoing, incoming) = (LinkedLists(), LinkedLists())
        let size = from.count
        twoAtATime(size: size) {
            outgoing = LinkedLists(of: from, nodeSlotCount)
        } _: {
            incoming = LinkedLists(of: to, nodeSlotCount)
        }
        twoAtATime(size: size + nodeSlotCount) {
            makeRecords(of: labelSets, outgoing, incoming, &nodes)
        } _: {
            makeRecords(outgoing, incoming, &relationships)
        }
    }

    private func makeRecords(
        of labelSets: [UInt32], _ outgoing: LinkedLists, _ incoming: LinkedLists,
        _ nodes: inout EntityTable<NodeRecord>
    ) {
        // Few nodes have loops: chunks are asked for, and nodes only in those.
        let chunksWithLoops = Set(loops.keys.map { Int($0) >> RecordChunk.countBits })
        nodes.makeRecords(isHole: { labelSets[$0] == NodeRecord.hole }) { slots in
            let hasLoops =
                !chunksWithLoops.isEmpty
                && chunksWithLoops.contains(slots.lowerBound >> RecordChunk.countBits)
            return RecordChunk(nodes: slots) { slot in
                var list = outgoing[slot]
                if hasLoops { list.loopCount = loops[UInt32(slot)] ?? 0 }
                return (labelSets[slot], list, incoming[slot])
            }
        }
    }

    private func makeRecords(
        _ outgoing: LinkedLists, _ incoming: LinkedLists,
        _ relationships: inout EntityTable<RelationshipRecord>
    ) {
        relationships.makeRecords(isHole: { types[$0] == noSlot }) { slots in
            let start = slots.lowerBound
            return RecordChunk(
                records: PackedRecords(count: slots.count) { index in
                    let slot = start + index
                    let numbers = SIMD8(
                        types[slot], from[slot], to[slot], outgoing.next[slot],
                        outgoing.previous[slot], incoming.next[slot], incoming.previous[slot],
                        noSlot)
                    return SIMD8<UInt64>(truncatingIfNeeded: numbers &+ 1)
                })
        }
    }
}

/// The lists of relationships in one direction.
private struct LinkedLists {
    // By slot of the relationship.
    private(set) var previous: [UInt32] = []
    private(set) var next: [UInt32] = []
    // By slot of the node.
    private var first: [UInt32] = []
    private var last: [UInt32] = []
    private var counts: [UInt32] = []

    init() {}

    /// The lists of nodes at which relationships end.
    ///
    /// - Parameter ends: The node of each relationship; ``noSlot`` for a hole.
    init(of ends: [UInt32], _ nodeSlotCount: Int) {
        previous = Array(repeating: noSlot, count: ends.count)
        next = previous
        first = Array(repeating: noSlot, count: nodeSlotCount)
        last = first
        counts = Array(repeating: 0, count: nodeSlotCount)
        Self.link(ends, &previous, &next, &first, &last, &counts)
    }

    private static func link(
        _ ends: [UInt32], _ previous: inout [UInt32], _ next: inout [UInt32],
        _ first: inout [UInt32], _ last: inout [UInt32], _ counts: inout [UInt32]
    ) {
        // Whether an array is shared is asked for once, not for each number that is written.
        var previous = previous.mutableSpan
        var next = next.mutableSpan
        var first = first.mutableSpan
        var last = last.mutableSpan
        var counts = counts.mutableSpan
        for slot in ends.indices where ends[slot] != noSlot {
            let node = Int(ends[slot])
            let before = last[node]
            previous[slot] = before
            if before == noSlot {
                first[node] = UInt32(slot)
            } else {
                next[Int(before)] = UInt32(slot)
            }
            last[node] = UInt32(slot)
            counts[node] += 1
        }
    }

    subscript(node: Int) -> ListEnds {
        ListEnds(first: first[node], last: last[node], count: counts[node])
    }
}

extension RecordChunk {
    /// The records of nodes: their label sets and both lists of each.
    @inline(__always)
    fileprivate init(
        nodes: Range<Int>,
        _ node: (Int) -> (labelSet: UInt32, outgoing: ListEnds, incoming: ListEnds)
    ) {
        var ends: PackedRecords?
        func code(_ list: ListEnds) -> UInt64 {
            guard list.count > 1 || list.loopCount > 0 else {
                return list.count == 0 ? 0 : (UInt64(list.first) + 1) << 1
            }
            var all = ends ?? PackedRecords()
            ends = nil
            all.append(list.numbers, expecting: 2 * all.count)
            let place = all.count
            ends = all
            return UInt64(place) << 1 | 1
        }
        var numbers: [SIMD8<UInt64>] = []
        numbers.reserveCapacity(nodes.count)
        for slot in nodes {
            let node = node(slot)
            var record = NodeRecord.numbers(labelSet: node.labelSet)
            record[NodeRecord.outgoingField] = code(node.outgoing)
            record[NodeRecord.incomingField] = code(node.incoming)
            numbers.append(record)
        }
        ends?.trim()
        self.init(records: PackedRecords(count: nodes.count) { numbers[$0] }, ends: ends)
    }
}
