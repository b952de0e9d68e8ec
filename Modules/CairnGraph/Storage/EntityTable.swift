// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The nodes, or the relationships, of a store by slot: records, their properties, and which slots are
/// free. All of it is in chunks that are copied on write: linking copies records and no properties, changing a property
/// copies properties and no records.
struct EntityTable<Record: EntityRecord>: Sendable {
    /// The records; only the last chunk has fewer slots than ``RecordChunk/countMax``.
    private(set) var records = PersistentArray<RecordChunk>()
    /// The properties, as many chunks as there are slots for.
    private(set) var properties = PersistentArray<PropertyChunk>()
    /// The number of slots. There are never fewer than there were; holes at the end mean the same as
    /// none there.
    private(set) var slotCount = 0
    /// Exactly the holes.
    private(set) var free = FreeSlots()
    /// The shapes that the properties of entities share.
    var shapes = PropertyShapes()
    /// The number of bytes that the properties of a chunk can take; lowered by tests.
    var propertyByteCountMax = PropertyChunk.listByteCountMax

    init() {}

    /// `slotCount` empty slots, of which these are free.
    init(slotCount: Int, free: FreeSlots) {
        self.slotCount = slotCount
        self.free = free
        let size = RecordChunk.countMax
        records = PersistentArray(
            repeating: RecordChunk(count: size), count: slotCount >> RecordChunk.countBits)
        let rest = slotCount & (size - 1)
        if rest > 0 { records.append(RecordChunk(count: rest)) }
        properties = PersistentArray(
            repeating: PropertyChunk(),
            count: (slotCount + PropertyChunk.countMax - 1) >> PropertyChunk.countBits)
    }

    /// The number of entities.
    var count: Int { slotCount - free.count }

    private func chunk(_ slot: UInt32) -> Int { Int(slot) >> RecordChunk.countBits }
    private func index(_ slot: UInt32) -> Int { Int(slot) & (RecordChunk.countMax - 1) }

    /// Where the chunk of a slot is; valid while the table is neither changed nor given up. Going through a
    /// pointer counts no references.
    @inline(__always)
    func place(of slot: UInt32) -> UnsafePointer<RecordChunk> {
        records.place(of: chunk(slot))
    }

    // MARK: Records

    /// The record in a slot.
    subscript(slot: UInt32) -> Record {
        get { Record(place(of: slot).pointee, index(slot)) }
        set { newValue.write(to: &records[chunk(slot)], index(slot)) }
        _modify {
            var record = Record(records[chunk(slot)], index(slot))
            yield &record
            record.write(to: &records[chunk(slot)], index(slot))
        }
    }

    /// One number of the record in a slot, which is a slot, the number of a name, or ``noSlot``.
    subscript(slot: UInt32, field: Int) -> UInt32 {
        @inline(__always) get { place(of: slot).pointee.slot(index(slot), field) }
        set { records[chunk(slot)].set(index(slot), field, newValue) }
    }

    /// One list of the node in a slot.
    subscript(list slot: UInt32, field: Int) -> ListEnds {
        place(of: slot).pointee.ends(index(slot), field)
    }

    /// Calls `body` with one list of the node in a slot, which it may change.
    mutating func update(list slot: UInt32, _ field: Int, _ body: (inout ListEnds) -> Void) {
        records[chunk(slot)].update(index(slot), field, body)
    }

    /// Takes note of a relationship at the end of a list of a node.
    ///
    /// - Returns: The one that was the last.
    mutating func append(
        toList field: Int, of node: UInt32, _ slot: UInt32, isLoop: Bool
    ) -> UInt32 {
        records[chunk(node)].append(toList: field, of: index(node), slot, isLoop: isLoop)
    }

    /// Whether a slot is a hole.
    @inline(__always)
    func isHole(_ slot: Int) -> Bool {
        records.place(of: slot >> RecordChunk.countBits).pointee
            .isHole(slot & (RecordChunk.countMax - 1))
    }

    // MARK: Slots

    /// The slot of the next entity.
    var nextSlot: UInt32 { free.first ?? UInt32(slotCount) }

    /// Takes a slot that is free or the one behind the last.
    mutating func claim(_ slot: UInt32) {
        insert(slot, SIMD8(), UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Puts an entity into a slot that is free or the one behind the last.
    ///
    /// - Parameters:
    ///   - numbers: Those of its record.
    ///   - packed: Its properties, packed with the shapes of this table; nothing when there are none.
    mutating func insert(
        _ slot: UInt32, _ numbers: SIMD8<UInt64>, _ packed: UnsafeRawBufferPointer
    ) {
        if Int(slot) == slotCount {
            startChunks(slot)
            records[chunk(slot)].append(numbers)
            slotCount += 1
        } else {
            free.remove(slot)
            records[chunk(slot)].write(numbers, to: index(slot))
        }
        append(packed, to: slot)
    }

    /// Adds chunks that will be like the ones before, where `slot` is the first of one.
    @inline(__always)
    private mutating func startChunks(_ slot: UInt32) {
        if Int(slot) & (PropertyChunk.countMax - 1) == 0 { startPropertyChunk() }
        if index(slot) == 0 { startRecordChunk() }
    }

    @inline(never)
    private mutating func startRecordChunk() {
        let last = records.count - 1
        if last >= 0 { records[last].trim() }
        records.append(RecordChunk(layoutOf: records.last))
    }

    @inline(never)
    private mutating func startPropertyChunk() {
        let last = properties.count - 1
        var chunk = PropertyChunk()
        if last >= 0 {
            properties[last].trim()
            chunk.reserve(like: properties[last])
        }
        properties.append(chunk)
    }

    /// Makes all records of a table whose slots are all empty.
    ///
    /// - Parameters:
    ///   - isHole: Whether a slot stays empty. Chunks in which all do share their memory.
    ///   - records: The chunk with these slots.
    mutating func makeRecords(
        isHole: (Int) -> Bool, _ chunk: (Range<Int>) -> RecordChunk
    ) {
        for number in records.indices {
            let first = number << RecordChunk.countBits
            let slots = first..<min(first + RecordChunk.countMax, slotCount)
            if !slots.allSatisfy(isHole) { records[number] = chunk(slots) }
        }
    }

    /// Replaces the properties of the entities of a chunk, which have none.
    mutating func setProperties(_ chunk: PropertyChunk, chunk number: Int) {
        properties[number] = chunk
    }

    /// Makes a slot a hole.
    mutating func vacate(_ slot: UInt32) {
        dropProperties(of: slot)
        Record.emptyHole.write(to: &records[chunk(slot)], index(slot))
        free.insert(slot)
    }

    // MARK: Memory

    /// Gives memory back that chunks reserved for growing.
    mutating func trim() {
        for chunk in records.indices { records[chunk].trim() }
        for chunk in properties.indices { properties[chunk].trim() }
    }

    /// The number of bytes that the entities take.
    var byteCount: Int {
        records.reduce(0) { $0 + $1.byteCount } + properties.reduce(0) { $0 + $1.byteCount }
    }

    /// The number of bytes that the lists of properties take, those no longer needed included.
    var propertyByteCount: Int { properties.reduce(0) { $0 + $1.listByteCount } }
}

extension EntityTable {
    // MARK: Properties

    private func propertyChunk(_ slot: UInt32) -> Int { Int(slot) >> PropertyChunk.countBits }
    private func propertyIndex(_ slot: UInt32) -> Int { Int(slot) & (PropertyChunk.countMax - 1) }

    @inline(__always)
    private func propertyPlace(of slot: UInt32) -> UnsafePointer<PropertyChunk> {
        properties.place(of: propertyChunk(slot))
    }

    /// Gives an entity without properties a list that is packed already; nothing when it is to have none.
    @inline(__always)
    private mutating func append(_ packed: UnsafeRawBufferPointer, to slot: UInt32) {
        if packed.isEmpty { return }
        properties[propertyChunk(slot)].append(packed, to: propertyIndex(slot), shapes)
    }

    /// Says that a property of the entity in a slot is about to be changed: see
    /// ``PersistentArray/fetchWay(to:_:)``.
    func willChange(_ slot: UInt32) {
        properties.fetchWay(to: propertyChunk(slot)) { $0.byteCount }
    }

    /// All properties of the entity in a slot.
    func properties(of slot: UInt32) -> PropertyList {
        let packed = propertyPlace(of: slot).pointee.packed(propertyIndex(slot))
        guard packed.byteCount > 0 else { return PropertyList() }
        return shapes.withList(packed) { PropertyList(bytes: $0.array()) }
    }

    /// One number of the record in a slot, as the subscript has it, and all properties of the entity.
    func content(of slot: UInt32, _ field: Int) -> (number: UInt32, properties: PropertyList) {
        (self[slot, field], properties(of: slot))
    }

    /// The record in a slot, and all properties of the entity.
    func content(of slot: UInt32) -> (record: Record, properties: PropertyList) {
        (self[slot], properties(of: slot))
    }

    /// Calls `body` with the bytes of the properties of the entity in a slot: see ``PropertyList``.
    func withProperties<Result>(of slot: UInt32, _ body: (RawSpan) -> Result) -> Result {
        let packed = propertyPlace(of: slot).pointee.packed(propertyIndex(slot))
        guard packed.byteCount > 0 else { return body(RawSpan()) }
        return shapes.withList(packed, body)
    }

    /// The value of one property of the entity in a slot.
    func property(_ key: UInt32, of slot: UInt32) -> Value? {
        withProperties(of: slot) { PropertyBytes.value(of: key, in: $0) }
    }

    /// The value of one property of the entity in a slot, read without unpacking the others.
    func value(of key: UInt32, at slot: UInt32) -> Value? {
        withUnsafePointer(to: self) { table in
            Self.packedValue(of: key, at: slot, in: table).value
        }
    }

    @inline(__always)
    static func shapes(of table: UnsafePointer<Self>) -> UnsafePointer<PropertyShapes> {
        guard let offset = MemoryLayout<Self>.offset(of: \.shapes) else {
            preconditionFailure("the shapes of a table are not stored in it")
        }
        return (UnsafeRawPointer(table) + offset).assumingMemoryBound(to: PropertyShapes.self)
    }

    /// One property of the entity in a slot of a table as it is kept; valid while the table is.
    @inline(__always)
    static func packedValue(
        of key: UInt32, at slot: UInt32, in table: UnsafePointer<Self>
    ) -> PackedValue {
        let place = table.pointee.propertyPlace(of: slot)
        let packed = place.pointee.packed(Int(slot) & (PropertyChunk.countMax - 1))
        guard packed.byteCount > 0 else { return .none }
        let found = packed.withUnsafeBytes {
            PropertyShapes.simpleValue(of: key, in: $0, shapes(of: table))
        }
        return found ?? table.pointee.shapes.unpackedValue(of: key, in: packed)
    }

    /// Calls `body` with each entity in the order of the slots: where its record is, and its packed properties, with
    /// what is behind them; no bytes when it has none.
    func forEachEntity<Failure: Error>(
        _ body: (borrowing RecordChunk, Int, RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        for (number, chunk) in records.enumerated() {
            let first = number << (RecordChunk.countBits - PropertyChunk.countBits)
            for start in stride(from: 0, to: chunk.count, by: PropertyChunk.countMax) {
                let part = properties[first + start >> PropertyChunk.countBits]
                for index in start..<min(start + PropertyChunk.countMax, chunk.count)
                where !chunk.isHole(index) {
                    try body(chunk, index, part.packed(index - start))
                }
            }
        }
    }

    /// Marks the keys of all properties.
    func markKeys(in isUsed: inout [Bool]) {
        var shapeIsUsed = [Bool](repeating: false, count: shapes.count)
        forEachEntity { _, _, packed in
            guard packed.byteCount > 0 else { return }
            if let shape = shapes.number(of: packed) {
                shapeIsUsed[shape] = true
            } else {
                shapes.withList(packed) { PropertyBytes.markKeys(of: $0, in: &isUsed) }
            }
        }
        for shape in shapeIsUsed.indices where shapeIsUsed[shape] {
            for kind in shapes.kinds(of: shape) { isUsed[Int(kind.key)] = true }
        }
    }

    /// Whether properties fit into the chunk of a slot, in the place of those it has: see
    /// ``PropertyChunk/hasRoom(for:insteadOf:_:_:)``.
    func hasRoom(for list: PropertyList, of slot: UInt32) -> Bool {
        let needed = list.packedByteCountMax
        guard propertyChunk(slot) < properties.count else { return needed <= propertyByteCountMax }
        return propertyPlace(of: slot).pointee.hasRoom(
            for: needed, insteadOf: propertyIndex(slot), shapes, propertyByteCountMax)
    }

    /// Whether there is certainly room for properties that have a pattern: for more than their lists
    /// take at most.
    func hasRoomForPatterns(of slot: UInt32) -> Bool {
        guard propertyChunk(slot) < properties.count else { return 1024 <= propertyByteCountMax }
        return propertyPlace(of: slot).pointee.listByteCount + 1024 <= propertyByteCountMax
    }

    /// Replaces all properties of the entity in a slot. There is room for them.
    mutating func setProperties(_ list: PropertyList, of slot: UInt32) {
        if list.isEmpty { return dropProperties(of: slot) }
        properties[propertyChunk(slot)].set(
            list, propertyIndex(slot), &shapes, propertyByteCountMax)
    }

    private mutating func dropProperties(of slot: UInt32) {
        // A chunk in which nothing changes is not copied.
        guard propertyPlace(of: slot).pointee.hasList(propertyIndex(slot)) else { return }
        properties[propertyChunk(slot)].drop(propertyIndex(slot), shapes)
    }
}
