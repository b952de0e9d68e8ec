// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension EntityChunk {
    /// All properties of an entity.
    func properties(of index: Int, _ shapes: PropertyShapes) -> PropertyList {
        let offset = propertyOffset(index)
        guard offset != noSlot else { return PropertyList() }
        return shapes.withList(arena.packed(at: offset)) { PropertyList(bytes: $0.array()) }
    }

    /// Calls `body` with the bytes of the properties of an entity: see ``PropertyList``.
    @inline(__always)
    func withProperties<Result>(
        of index: Int, _ shapes: PropertyShapes, _ body: (RawSpan) -> Result
    ) -> Result {
        let offset = propertyOffset(index)
        guard offset != noSlot else { return body(RawSpan()) }
        return shapes.withList(arena.packed(at: offset), body)
    }

    /// Whether so many bytes fit in the place of the properties of an entity, if any.
    func hasRoom(
        for byteCount: Int, insteadOf index: Int?, _ shapes: PropertyShapes, arenaByteCountMax: Int
    ) -> Bool {
        if arena.bytes.count + byteCount <= arenaByteCountMax { return true }
        var liveByteCount = arena.liveByteCount
        if let index, propertyOffset(index) != noSlot {
            liveByteCount -= shapes.byteCount(arena.packed(at: propertyOffset(index)))
        }
        return liveByteCount + byteCount <= arenaByteCountMax
    }

    /// Replaces all properties of an entity. There is room for them.
    mutating func setProperties(
        _ list: PropertyList, of index: Int, _ shapes: inout PropertyShapes, arenaByteCountMax: Int
    ) {
        dropProperties(of: index, shapes)
        guard !list.isEmpty else { return }
        if arena.bytes.count + list.packedByteCountMax > arenaByteCountMax { compact(shapes) }
        setPropertyOffset(arena.append(list, &shapes), index)
        compactIfNeeded(shapes)
    }

    /// Writes a record over that of an entity, whose properties are dropped.
    mutating func replace(
        _ index: Int, by record: some EntityRecord, _ shapes: PropertyShapes
    ) {
        dropProperties(of: index, shapes)
        record.write(to: &self, index)
    }

    /// Leaves out what nobody needs of the properties, when that is much.
    mutating func compactIfNeeded(_ shapes: PropertyShapes) {
        if arena.needsCompaction { compact(shapes) }
    }

    private mutating func dropProperties(of index: Int, _ shapes: PropertyShapes) {
        let offset = propertyOffset(index)
        guard offset != noSlot else { return }
        arena.drop(offset, shapes)
        setPropertyOffset(noSlot, index)
    }

    private mutating func compact(_ shapes: PropertyShapes) {
        var compacted = PropertyArena(roomFor: arena)
        for index in 0..<records.count {
            let offset = propertyOffset(index)
            guard offset != noSlot else { continue }
            setPropertyOffset(compacted.append(at: offset, of: arena, shapes), index)
        }
        arena = compacted
    }
}
