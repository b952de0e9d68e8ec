// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The nodes, or the relationships, of a store by slot: records, their properties, and which slots are
/// free. All of it is in chunks that are copied on write.
struct EntityTable<Record: EntityRecord>: Sendable {
    /// Chunks of ``chunkSize`` slots; only the last has fewer.
    private(set) var chunks = PersistentArray<EntityChunk>()
    /// How many slots there are. There are never fewer than there were; holes at the end mean the same as
    /// none there.
    private(set) var slotCount = 0
    /// Exactly the holes.
    private(set) var free = FreeSlots()
    /// What the properties of entities have in common.
    var shapes = PropertyShapes()
    /// How many bytes the properties of a chunk can take; lowered by tests.
    var arenaByteCountMax = PropertyArena.byteCountMax

    private static var chunkBits: Int { EntityChunk.countBits }
    private static var chunkSize: Int { EntityChunk.countMax }

    init() {}

    /// `slotCount` empty slots, of which these are free.
    init(slotCount: Int, free: FreeSlots) {
        self.slotCount = slotCount
        self.free = free
        let empty = EntityChunk(count: Self.chunkSize)
        chunks = PersistentArray(repeating: empty, count: slotCount >> Self.chunkBits)
        let rest = slotCount & (Self.chunkSize - 1)
        if rest > 0 { chunks.append(EntityChunk(count: rest)) }
    }

    /// How many entities there are.
    var count: Int { slotCount - free.count }

    private func chunk(_ slot: UInt32) -> Int { Int(slot) >> Self.chunkBits }
    private func index(_ slot: UInt32) -> Int { Int(slot) & (Self.chunkSize - 1) }

    /// Where the chunk of a slot is; valid while the table is neither changed nor given up. Going through a
    /// pointer counts no references.
    @inline(__always)
    private func place(of slot: UInt32) -> UnsafePointer<EntityChunk> {
        chunks.place(of: chunk(slot))
    }

    /// The record in a slot.
    subscript(slot: UInt32) -> Record {
        get { Record(place(of: slot).pointee, index(slot)) }
        set { newValue.write(to: &chunks[chunk(slot)], index(slot)) }
        _modify {
            var record = Record(chunks[chunk(slot)], index(slot))
            yield &record
            record.write(to: &chunks[chunk(slot)], index(slot))
        }
    }

    /// One number of the record in a slot, which is a slot, the number of a name, or ``noSlot``.
    subscript(slot: UInt32, field: Int) -> UInt32 {
        @inline(__always) get { place(of: slot).pointee.slot(index(slot), field) }
        set { chunks[chunk(slot)].set(index(slot), field, newValue) }
    }

    /// One list of the node in a slot.
    subscript(list slot: UInt32, field: Int) -> ListEnds {
        place(of: slot).pointee.ends(index(slot), field)
    }

    /// Calls `body` with one list of the node in a slot, which it may change.
    mutating func update(list slot: UInt32, _ field: Int, _ body: (inout ListEnds) -> Void) {
        chunks[chunk(slot)].update(index(slot), field, body)
    }

    /// Whether a slot is a hole.
    func isHole(_ slot: Int) -> Bool {
        chunks.place(of: slot >> Self.chunkBits).pointee.isHole(slot & (Self.chunkSize - 1))
    }

    /// Says that the entity in a slot is about to be changed: see ``PersistentArray/fetchWay(to:_:)``.
    func willChange(_ slot: UInt32) {
        chunks.fetchWay(to: chunk(slot)) { $0.byteCount }
    }

    /// The slot of the next entity.
    var nextSlot: UInt32 { free.first ?? UInt32(slotCount) }

    /// Takes a slot that is free or the one behind the last.
    mutating func claim(_ slot: UInt32) {
        insert(slot, SIMD8(), UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Puts an entity into a slot that is free or the one behind the last.
    ///
    /// - Parameters:
    ///   - numbers: Those of its record, but that of its properties.
    ///   - packed: Its properties, packed with the shapes of this table; nothing when there are none.
    mutating func insert(
        _ slot: UInt32, _ numbers: SIMD8<UInt64>, _ packed: UnsafeRawBufferPointer
    ) {
        guard Int(slot) == slotCount else {
            free.remove(slot)
            return chunks[chunk(slot)].refill(index(slot), numbers, packed, shapes)
        }
        if index(slot) == 0 { startChunk() }
        chunks[chunk(slot)].append(numbers, packed, shapes)
        slotCount += 1
    }

    /// Adds a chunk that will be like the one before.
    @inline(never)
    private mutating func startChunk() {
        let last = chunks.count - 1
        if last >= 0 { chunks[last].trim() }
        chunks.append(EntityChunk(layoutOf: chunks.last))
    }

    /// Puts an entity into a slot that is empty but not free; slots are filled in ascending order.
    mutating func fill(
        _ slot: UInt32, _ numbers: SIMD8<UInt64>, _ packed: UnsafeRawBufferPointer
    ) {
        prepareToFill(slot)
        chunks[chunk(slot)].fill(index(slot), numbers, packed)
    }

    /// Makes the chunk of a slot that will be filled like the one before, if nothing is in it yet.
    mutating func prepareToFill(_ slot: UInt32) {
        let chunk = chunk(slot)
        guard chunk > 0, chunks[chunk].records.isLayoutEmpty else { return }
        chunks[chunk - 1].trim()
        chunks[chunk].adoptLayout(of: chunks[chunk - 1])
    }

    /// Takes note of a relationship at the end of a list of a node.
    ///
    /// - Returns: The one that was the last.
    mutating func append(
        toList field: Int, of node: UInt32, _ slot: UInt32, isLoop: Bool
    ) -> UInt32 {
        chunks[chunk(node)].append(toList: field, of: index(node), slot, isLoop: isLoop)
    }

    /// Makes a slot a hole.
    mutating func vacate(_ slot: UInt32) {
        chunks[chunk(slot)].replace(index(slot), by: Record.emptyHole, shapes)
        free.insert(slot)
    }

    /// Gives memory back that chunks reserved for growing.
    mutating func trim() {
        for chunk in chunks.indices { chunks[chunk].trim() }
    }

    /// How many bytes the entities take.
    var byteCount: Int { chunks.reduce(0) { $0 + $1.byteCount } }

    /// How many bytes the properties take, those no longer needed included.
    var arenaByteCount: Int { chunks.reduce(0) { $0 + $1.arena.bytes.count } }

    // MARK: Properties

    /// All properties of the entity in a slot.
    func properties(of slot: UInt32) -> PropertyList {
        place(of: slot).pointee.properties(of: index(slot), shapes)
    }

    /// One number of the record in a slot, as the subscript has it, and all properties of the entity.
    func content(of slot: UInt32, _ field: Int) -> (number: UInt32, properties: PropertyList) {
        let place = place(of: slot)
        return (
            place.pointee.slot(index(slot), field),
            place.pointee.properties(of: index(slot), shapes)
        )
    }

    /// The record in a slot, and all properties of the entity.
    func content(of slot: UInt32) -> (record: Record, properties: PropertyList) {
        let place = place(of: slot)
        return (
            Record(place.pointee, index(slot)), place.pointee.properties(of: index(slot), shapes)
        )
    }

    /// Calls `body` with the bytes of the properties of the entity in a slot: see ``PropertyList``.
    func withProperties<Result>(of slot: UInt32, _ body: (RawSpan) -> Result) -> Result {
        place(of: slot).pointee.withProperties(of: index(slot), shapes, body)
    }

    /// The value of one property of the entity in a slot.
    func property(_ key: UInt32, of slot: UInt32) -> Value? {
        withProperties(of: slot) { PropertyBytes.value(of: key, in: $0) }
    }

    /// Marks the keys of all properties.
    func markKeys(in isUsed: inout [Bool]) {
        var shapeIsUsed = [Bool](repeating: false, count: shapes.count)
        for chunk in chunks {
            for index in 0..<chunk.records.count {
                let offset = chunk.propertyOffset(index)
                guard offset != noSlot else { continue }
                let packed = chunk.arena.packed(at: offset)
                if let shape = shapes.number(of: packed) {
                    shapeIsUsed[shape] = true
                } else {
                    shapes.withList(packed) { PropertyBytes.markKeys(of: $0, in: &isUsed) }
                }
            }
        }
        for shape in shapeIsUsed.indices where shapeIsUsed[shape] {
            for kind in shapes.kinds(of: shape) { isUsed[Int(kind.key)] = true }
        }
    }

    /// Whether properties fit into the chunk of a slot, in the place of those it has.
    ///
    /// Garbage does not count, because it is left out when the room is needed. So whatever takes a mutation
    /// back fits, too: the same properties were there together before.
    func hasRoom(for list: PropertyList, of slot: UInt32) -> Bool {
        let needed = list.packedByteCountMax
        guard chunk(slot) < chunks.count else { return needed <= arenaByteCountMax }
        return place(of: slot).pointee.hasRoom(
            for: needed, insteadOf: Int(slot) < slotCount ? index(slot) : nil, shapes,
            arenaByteCountMax: arenaByteCountMax)
    }

    /// Replaces all properties of the entity in a slot. There is room for them.
    mutating func setProperties(_ list: PropertyList, of slot: UInt32) {
        chunks[chunk(slot)].setProperties(
            list, of: index(slot), &shapes, arenaByteCountMax: arenaByteCountMax)
    }

    /// Whether there is certainly room for properties that have a pattern: for more than their lists
    /// take at most.
    func hasRoomForPatterns(of slot: UInt32) -> Bool {
        let chunk = chunk(slot)
        guard chunk < chunks.count else { return 1024 <= arenaByteCountMax }
        return place(of: slot).pointee.arena.bytes.count + 1024 <= arenaByteCountMax
    }
}
