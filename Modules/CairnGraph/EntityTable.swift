// SPDX-License-Identifier: Apache-2.0

/// What a table holds for each of its slots: an entity, or a hole.
protocol EntityRecord: Sendable {
    /// Where the properties are in the arena of the chunk; ``noSlot`` when there are none.
    var propertyOffset: UInt32 { get set }
    var isHole: Bool { get }
    static var emptyHole: Self { get }
}

/// The nodes, or the relationships, of a store by slot: records of a fixed size, their properties, and
/// which slots are free. All of it is in chunks that are copied on write.
struct EntityTable<Record: EntityRecord>: Sendable {
    /// The records. `free` is exactly the holes among them. There are never fewer than there were; holes
    /// at the end mean the same as none there.
    var records = Chunked<Record>()
    private(set) var free = FreeSlots()
    /// The properties, by chunk.
    private var arenas: [PropertyArena] = []

    init() {}

    /// `count` empty slots, of which these are free.
    init(slotCount: Int, free: FreeSlots) {
        records = Chunked(repeating: .emptyHole, count: slotCount)
        self.free = free
        arenas = Array(repeating: PropertyArena(), count: (slotCount + 1023) >> 10)
    }

    /// How many entities there are.
    var count: Int { records.count - free.count }

    subscript(slot: UInt32) -> Record {
        get { records[Int(slot)] }
        _modify { yield &records[Int(slot)] }
    }

    /// The slot of the next entity.
    var nextSlot: UInt32 { free.first ?? UInt32(records.count) }

    /// Takes a slot that is free or the one behind the last.
    mutating func claim(_ slot: UInt32) {
        guard Int(slot) == records.count else { return free.remove(slot) }
        records.append(.emptyHole)
        let chunk = Int(slot) >> Chunked<Record>.chunkBits
        if chunk == arenas.count {
            if chunk > 0 { arenas[chunk - 1].trim() }
            arenas.append(PropertyArena())
        }
    }

    /// Makes a slot a hole.
    mutating func vacate(_ slot: UInt32) {
        dropProperties(of: slot)
        records[Int(slot)] = .emptyHole
        free.insert(slot)
    }

    mutating func reserve(_ additional: Int) {
        records.reserve(additional)
        arenas.reserveCapacity(arenas.count + additional >> Chunked<Record>.chunkBits + 1)
    }

    /// Gives memory back that chunks reserved for growing.
    mutating func trim() {
        for chunk in arenas.indices { arenas[chunk].trim() }
    }

    /// How many bytes the properties take, those no longer needed included.
    var arenaByteCount: Int { arenas.reduce(0) { $0 + $1.bytes.count } }

    // MARK: Properties

    /// Whether the entity in a slot has properties.
    func hasProperties(_ slot: UInt32) -> Bool { records[Int(slot)].propertyOffset != noSlot }

    /// All properties of the entity in a slot.
    func properties(of slot: UInt32) -> PropertyList {
        let offset = records[Int(slot)].propertyOffset
        guard offset != noSlot else { return PropertyList() }
        let chunk = Int(slot) >> Chunked<Record>.chunkBits
        return PropertyList(bytes: Array(arenas[chunk].bytes[arenas[chunk].range(at: offset)]))
    }

    /// Calls `body` with the bytes of the properties of the entity in a slot, which are not copied.
    func withProperties<Result>(of slot: UInt32, _ body: (RawSpan) -> Result) -> Result {
        let offset = records[Int(slot)].propertyOffset
        guard offset != noSlot else { return body(RawSpan()) }
        let chunk = Int(slot) >> Chunked<Record>.chunkBits
        let range = arenas[chunk].range(at: offset)
        let bytes = arenas[chunk].bytes
        return body(bytes.span.bytes.extracting(range))
    }

    /// The value of one property of the entity in a slot.
    func property(_ key: UInt32, of slot: UInt32) -> Value? {
        withProperties(of: slot) { PropertyBytes.value(of: key, in: $0) }
    }

    /// Replaces all properties of the entity in a slot.
    mutating func setProperties(_ list: PropertyList, of slot: UInt32) {
        dropProperties(of: slot)
        guard !list.isEmpty else { return }
        let chunk = Int(slot) >> Chunked<Record>.chunkBits
        records[Int(slot)].propertyOffset = arenas[chunk].append(list)
        if arenas[chunk].needsCompaction { compact(chunk) }
    }

    private mutating func dropProperties(of slot: UInt32) {
        let offset = records[Int(slot)].propertyOffset
        guard offset != noSlot else { return }
        arenas[Int(slot) >> Chunked<Record>.chunkBits].drop(offset)
        records[Int(slot)].propertyOffset = noSlot
    }

    private mutating func compact(_ chunk: Int) {
        let start = chunk << Chunked<Record>.chunkBits
        var compacted = PropertyArena(roomFor: arenas[chunk])
        for slot in start..<Swift.min(start + Chunked<Record>.chunkSize, records.count) {
            let offset = records[slot].propertyOffset
            guard offset != noSlot else { continue }
            records[slot].propertyOffset = compacted.append(at: offset, of: arenas[chunk])
        }
        arenas[chunk] = compacted
    }
}
