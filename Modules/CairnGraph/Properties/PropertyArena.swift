// SPDX-License-Identifier: Apache-2.0
//
// The properties of the entities of one chunk, as bytes.
//
// - A list is packed: see ``PropertyShapes``. A record holds the offset of its list, or ``noSlot`` when it
//   has no properties.
// - A list that changes is written anew behind the others; the old bytes are garbage. When more than half
//   is garbage, and more than 512 bytes, the owner of the arena compacts it.

/// The lists of properties of one chunk of entities.
struct PropertyArena: Sendable {
    private(set) var bytes: [UInt8] = []
    private var storedGarbageByteCount: UInt32 = 0

    private var garbageByteCount: Int {
        get { Int(storedGarbageByteCount) }
        set { storedGarbageByteCount = UInt32(newValue) }
    }

    /// How many bytes an arena can have; offsets have 32 bits.
    static let byteCountMax = Int(UInt32.max) - 1

    /// How many bytes are not garbage.
    var liveByteCount: Int { bytes.count - garbageByteCount }

    /// Whether so much is garbage that the owner should compact the arena.
    var needsCompaction: Bool { garbageByteCount > 512 && garbageByteCount * 2 > bytes.count }

    /// The packed list at `offset`, and what is behind it.
    @_lifetime(borrow self)
    func packed(at offset: UInt32) -> RawSpan {
        bytes.span.bytes.extracting(Int(offset)..<bytes.count)
    }

    /// Adds a list that is not empty, for which there is room.
    ///
    /// - Returns: Its offset.
    mutating func append(_ list: PropertyList, _ shapes: inout PropertyShapes) -> UInt32 {
        let offset = bytes.count
        shapes.append(list, to: &bytes)
        precondition(bytes.count <= Self.byteCountMax, "the store looks for room before")
        return UInt32(offset)
    }

    /// Adds a list that is packed already.
    ///
    /// - Returns: Its offset.
    mutating func append(_ packed: UnsafeRawBufferPointer) -> UInt32 {
        let offset = bytes.count
        bytes.append(contentsOf: packed)
        precondition(bytes.count <= Self.byteCountMax, "properties of a chunk exceed 4 GiB")
        return UInt32(offset)
    }

    /// Makes room for the lists of a chunk that is like one whose lists take this many bytes.
    mutating func reserve(_ byteCount: Int) {
        bytes.reserveCapacity(byteCount + byteCount / 32)
    }

    /// Takes note that nobody needs the list at `offset` any more.
    mutating func drop(_ offset: UInt32, _ shapes: PropertyShapes) {
        garbageByteCount += shapes.byteCount(packed(at: offset))
        if garbageByteCount == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            garbageByteCount = 0
        }
    }

    /// Copies the list at `offset` of another arena, packed with the same shapes, behind the others.
    mutating func append(
        at offset: UInt32, of other: Self, _ shapes: PropertyShapes
    ) -> UInt32 {
        let start = bytes.count
        let count = shapes.byteCount(other.packed(at: offset))
        bytes.append(contentsOf: other.bytes[Int(offset)..<Int(offset) + count])
        return UInt32(start)
    }

    /// An empty arena with room for the lists in use of `other`.
    init(roomFor other: Self) {
        bytes.reserveCapacity(other.bytes.count - other.garbageByteCount)
    }

    init() {}

    /// Gives memory back that was reserved for growing.
    mutating func trim() {
        guard bytes.capacity > bytes.count + bytes.count / 64 else { return }
        bytes = bytes.withUnsafeBufferPointer { Array($0) }
    }
}

extension [UInt8] {
    /// Appends an unsigned number in its shortest form.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
