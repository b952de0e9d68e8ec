// SPDX-License-Identifier: Apache-2.0
//
// How the nodes, or the relationships, of one chunk are kept, without their properties.
//
// - A record has up to eight numbers. The first is 0 for a hole. A slot, or the number of a name, is kept as one
//   more than it is, so that 0 stands for none.
// - A node has a number for each of its two lists: 0 for an empty one; twice the number of the slot for a
//   list of one, which is no loop; otherwise twice the place of the ends of the list, and 1. So only a node
//   with several relationships in one direction pays for the ends of a list.

/// The records of ``countMax`` slots. Copied on write as a whole.
struct RecordChunk: Sendable {
    static var countBits: Int { 9 }
    /// The number of slots that a chunk has. A transaction that links many nodes copies most chunks, and each takes time of
    /// its own; one that links two copies more bytes when chunks are larger. See decision 0015.
    static var countMax: Int { 1 << countBits }

    private(set) var records: PackedRecords
    private var firstFreeEnds: UInt32 = 0
    /// The ends of the lists that have several members: first, last, count, whether it is mixed, loops. A
    /// place that is free has the number of the next free one as its first number. Nil while there are none.
    private var ends: PackedRecords?

    init(layoutOf other: Self? = nil) {
        records = PackedRecords(layoutOf: other?.records)
        // A chunk behind another one will be filled, most likely with something alike.
        if let other { records.reserve(other.records.count) }
    }

    /// Records that are complete, with the ends of their lists.
    init(records: PackedRecords, ends: PackedRecords? = nil) {
        self.records = records
        self.ends = ends
    }

    /// Holes.
    init(count: Int) { records = PackedRecords(count: count) }

    /// The number of slots.
    var count: Int { records.count }

    @inline(__always)
    func isHole(_ index: Int) -> Bool { records[index, 0] == 0 }

    /// A number that is a slot, the number of a name, or none.
    @inline(__always)
    func slot(_ index: Int, _ field: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: records[index, field]) &- 1
    }

    mutating func set(_ index: Int, _ field: Int, _ slot: UInt32) {
        records[index, field] = UInt64(slot &+ 1)
    }

    /// Gives memory back that was reserved for growing.
    mutating func trim() {
        records.trim()
        ends?.trim()
    }

    /// The number of bytes that it takes, without the array of chunks.
    var byteCount: Int { records.byteCount + (ends?.byteCount ?? 0) }

    /// Adds an entity behind the last.
    mutating func append(_ numbers: SIMD8<UInt64>) {
        records.append(numbers, expecting: Self.countMax)
    }

    /// Writes an entity over a hole or an empty record.
    mutating func write(_ numbers: SIMD8<UInt64>, to index: Int) {
        records.write(numbers, to: index)
    }

    /// Makes a chunk without entities as wide as another one, which this one is likely to be like.
    mutating func adoptLayout(of other: Self) { records.adoptLayout(of: other.records) }

    // MARK: Lists

    func ends(_ index: Int, _ field: Int) -> ListEnds {
        let code = records[index, field]
        guard code != 0 else { return ListEnds() }
        guard code & 1 == 1 else {
            let slot = UInt32(truncatingIfNeeded: code >> 1) &- 1
            return ListEnds(first: slot, last: slot, count: 1)
        }
        let numbers = ends?.numbers(Int(code >> 1) - 1) ?? SIMD8()
        return ListEnds(
            first: UInt32(truncatingIfNeeded: numbers[0]) &- 1,
            last: UInt32(truncatingIfNeeded: numbers[1]) &- 1,
            count: UInt32(truncatingIfNeeded: numbers[2]),
            loopCount: UInt32(truncatingIfNeeded: numbers[4]), isMixed: numbers[3] != 0)
    }

    /// The first member of a list; ``noSlot`` of an empty one.
    @inline(__always)
    func listFirst(_ index: Int, _ field: Int) -> UInt32 {
        let code = records[index, field]
        if code & 1 == 0 { return UInt32(truncatingIfNeeded: code >> 1) &- 1 }
        return UInt32(truncatingIfNeeded: ends?[Int(code >> 1) - 1, 0] ?? 0) &- 1
    }

    /// How many members a list has.
    @inline(__always)
    func listCount(_ index: Int, _ field: Int) -> Int {
        let code = records[index, field]
        guard code & 1 == 1 else { return code == 0 ? 0 : 1 }
        return Int(truncatingIfNeeded: ends?[Int(code >> 1) - 1, 2] ?? 0)
    }

    /// How many members of a list are loops.
    @inline(__always)
    func loopCount(_ index: Int, _ field: Int) -> Int {
        let code = records[index, field]
        guard code & 1 == 1 else { return 0 }
        return Int(truncatingIfNeeded: ends?[Int(code >> 1) - 1, 4] ?? 0)
    }

    mutating func set(_ index: Int, _ field: Int, _ list: ListEnds) {
        let code = records[index, field]
        guard list.count > 1 || list.loopCount > 0 else {
            if code & 1 == 1 { freeEnds(Int(code >> 1) - 1) }
            records[index, field] = list.count == 0 ? 0 : (UInt64(list.first) + 1) << 1
            return
        }
        let place = code & 1 == 1 ? Int(code >> 1) - 1 : claimEnds()
        if code & 1 == 0 { records[index, field] = UInt64(place + 1) << 1 | 1 }
        ends?.write(list.numbers, to: place)
    }

    /// Calls `body` with a list, which it may change.
    mutating func update(_ index: Int, _ field: Int, _ body: (inout ListEnds) -> Void) {
        var list = ends(index, field)
        body(&list)
        set(index, field, list)
    }

    /// Takes note of a relationship at the end of a list.
    ///
    /// - Returns: The one that was the last.
    mutating func append(
        toList field: Int, of index: Int, _ slot: UInt32, isLoop: Bool
    ) -> UInt32 {
        if records[index, field] == 0, !isLoop {
            records[index, field] = (UInt64(slot) + 1) << 1
            return noSlot
        }
        var list = ends(index, field)
        let previous = list.last
        list.append(slot)
        if isLoop { list.loopCount += 1 }
        set(index, field, list)
        return previous
    }

    private mutating func claimEnds() -> Int {
        if firstFreeEnds != 0, let ends {
            let place = Int(firstFreeEnds) - 1
            firstFreeEnds = UInt32(truncatingIfNeeded: ends[place, 0])
            return place
        }
        var all = ends ?? PackedRecords()
        ends = nil
        all.append(expecting: 2 * all.count)
        ends = all
        return all.count - 1
    }

    private mutating func freeEnds(_ place: Int) {
        ends?[place, 0] = UInt64(firstFreeEnds)
        firstFreeEnds = UInt32(place + 1)
    }
}

/// The content of a slot of a table: an entity, or a hole.
protocol EntityRecord: Sendable {
    /// The record at an index of a chunk.
    init(_ chunk: borrowing RecordChunk, _ index: Int)

    /// Writes the record to an index of a chunk.
    func write(to chunk: inout RecordChunk, _ index: Int)

    static var emptyHole: Self { get }
}

extension NodeRecord {
    static var labelSetField: Int { 0 }
    static var outgoingField: Int { 1 }
    static var incomingField: Int { 2 }

    /// The numbers of a node without relationships.
    static func numbers(labelSet: UInt32) -> SIMD8<UInt64> {
        SIMD8(UInt64(labelSet &+ 1), 0, 0, 0, 0, 0, 0, 0)
    }

    init(_ chunk: borrowing RecordChunk, _ index: Int) {
        labelSet = chunk.slot(index, Self.labelSetField)
        outgoing = chunk.ends(index, Self.outgoingField)
        incoming = chunk.ends(index, Self.incomingField)
    }

    func write(to chunk: inout RecordChunk, _ index: Int) {
        chunk.set(index, Self.labelSetField, labelSet)
        chunk.set(index, Self.outgoingField, outgoing)
        chunk.set(index, Self.incomingField, incoming)
    }

    static var emptyHole: Self { Self(labelSet: hole) }
}

extension RelationshipRecord {
    static var typeField: Int { 0 }
    static var fromField: Int { 1 }
    static var toField: Int { 2 }
    static var nextOutgoingField: Int { 3 }
    static var previousOutgoingField: Int { 4 }
    static var nextIncomingField: Int { 5 }
    static var previousIncomingField: Int { 6 }

    init(_ chunk: borrowing RecordChunk, _ index: Int) {
        type = chunk.slot(index, Self.typeField)
        from = chunk.slot(index, Self.fromField)
        to = chunk.slot(index, Self.toField)
        nextOutgoing = chunk.slot(index, Self.nextOutgoingField)
        previousOutgoing = chunk.slot(index, Self.previousOutgoingField)
        nextIncoming = chunk.slot(index, Self.nextIncomingField)
        previousIncoming = chunk.slot(index, Self.previousIncomingField)
    }

    func write(to chunk: inout RecordChunk, _ index: Int) { chunk.write(numbers, to: index) }

    /// The numbers of the record.
    var numbers: SIMD8<UInt64> {
        let slots = SIMD8(
            type, from, to, nextOutgoing, previousOutgoing, nextIncoming, previousIncoming, noSlot)
        return SIMD8<UInt64>(truncatingIfNeeded: slots &+ 1)
    }

    static var emptyHole: Self { Self(type: hole, from: noSlot, to: noSlot) }
}
