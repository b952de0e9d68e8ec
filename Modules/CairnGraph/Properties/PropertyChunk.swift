// SPDX-License-Identifier: Apache-2.0
//
// The properties of the entities of one chunk, as bytes.
//
//     │ a place for each slot │ packed list │ packed list │ garbage │ packed list │
//       2 or 4 bytes, 0: none   ▲
//                               └ place 1
//
// - A list is packed: see ``PackedList``. Its place is one more than how many bytes of lists are before it. A
//   chunk in which no entity has properties has no bytes at all.
// - Places have two bytes until the lists take more than 64 KiB.
// - A list that changes is written anew behind the others; the old bytes are garbage. When more than half
//   is garbage, and more than 512 bytes, it is left out.

/// The lists of properties of ``countMax`` entities. Copied on write as a whole.
struct PropertyChunk: Sendable {
    static var countBits: Int { 7 }
    /// The number of slots that a chunk has. A change of one property copies the lists of them all.
    static var countMax: Int { 1 << countBits }

    private var bytes: [UInt8] = []
    private var storedGarbageByteCount: UInt32 = 0
    private var isWide = false

    /// No lists.
    init() {}

    /// Lists that are packed already.
    ///
    /// - Parameter places: For each entity one more than where its list begins; 0 for none.
    init(_ places: [Int], _ lists: UnsafeRawBufferPointer) {
        isWide = places.contains { $0 > Int(UInt16.max) }
        let start = placesByteCount
        bytes = Array(unsafeUninitializedCapacity: start + lists.count) { room, initializedCount in
            let room = UnsafeMutableRawBufferPointer(room)
            for (index, place) in places.enumerated() {
                if isWide {
                    room.storeBytes(
                        of: UInt32(place).littleEndian, toByteOffset: 4 * index, as: UInt32.self)
                } else {
                    room.storeBytes(
                        of: UInt16(place).littleEndian, toByteOffset: 2 * index, as: UInt16.self)
                }
            }
            UnsafeMutableRawBufferPointer(rebasing: room[start..<start + lists.count])
                .copyMemory(from: lists)
            initializedCount = start + lists.count
        }
    }

    private var garbageByteCount: Int {
        get { Int(storedGarbageByteCount) }
        set { storedGarbageByteCount = UInt32(newValue) }
    }

    /// The number of bytes that the lists can take; places have 32 bits.
    static let listByteCountMax = Int(UInt32.max) - 1

    /// The number of bytes that the places take, once there is a list.
    private var placesByteCount: Int { Self.countMax * (isWide ? 4 : 2) }

    /// The number of bytes that the lists take, garbage included.
    var listByteCount: Int { bytes.isEmpty ? 0 : bytes.count - placesByteCount }

    /// Whether it has no list and no room for one.
    var isUntouched: Bool { bytes.capacity == 0 }

    /// The number of bytes that it takes, without the array of chunks.
    var byteCount: Int { bytes.count }

    // MARK: Finding

    /// Where in the bytes a list is; nil for an entity without properties.
    @inline(__always)
    private func offset(_ index: Int) -> Int? {
        guard !bytes.isEmpty else { return nil }
        precondition(index < Self.countMax)
        let all = bytes.span.bytes
        let place =
            isWide
            ? UInt32(
                littleEndian: all.unsafeLoadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
            : UInt32(
                UInt16(
                    littleEndian: all.unsafeLoadUnaligned(
                        fromByteOffset: index * 2, as: UInt16.self)))
        return place == 0 ? nil : placesByteCount + Int(place) - 1
    }

    /// Whether an entity has properties.
    func hasList(_ index: Int) -> Bool { offset(index) != nil }

    /// The packed list of an entity, and what is behind it; no bytes when it has no properties.
    @inline(__always)
    @_lifetime(borrow self)
    func packed(_ index: Int) -> RawSpan {
        guard let offset = offset(index) else { return RawSpan() }
        return bytes.span.bytes.extracting(offset..<bytes.count)
    }

    /// Whether so many bytes fit in the place of the properties of an entity, if any.
    ///
    /// Garbage does not count, because it is left out when the room is needed. So whatever takes a mutation
    /// back fits, too: the same properties were there together before.
    func hasRoom(
        for needed: Int, insteadOf index: Int, _ shapes: PropertyShapes, _ listByteCountMax: Int
    ) -> Bool {
        if listByteCount + needed <= listByteCountMax { return true }
        var live = listByteCount - garbageByteCount
        if hasList(index) { live -= shapes.byteCount(packed(index)) }
        return live + needed <= listByteCountMax
    }

    // MARK: Changing

    /// Gives an entity without properties a list that is packed already.
    mutating func append(_ packed: UnsafeRawBufferPointer, to index: Int, _ shapes: PropertyShapes)
    {
        if bytes.isEmpty { makePlaces() }
        let start = listByteCount
        bytes.append(contentsOf: packed)
        setPlace(index, start + 1)
        compactIfNeeded(shapes)
    }

    /// Replaces the properties of an entity. There is room for them.
    mutating func set(
        _ list: PropertyList, _ index: Int, _ shapes: inout PropertyShapes, _ listByteCountMax: Int
    ) {
        makeRoom(for: list)
        drop(index, shapes)
        guard !list.isEmpty else { return }
        if listByteCount + list.packedByteCountMax > listByteCountMax { compact(shapes) }
        if bytes.isEmpty { makePlaces() }
        let start = listByteCount
        shapes.append(list, to: &bytes)
        setPlace(index, start + 1)
        compactIfNeeded(shapes)
    }

    /// Makes room for a list. Bytes that a view has are copied here, once, and not where the room ends a second time.
    private mutating func makeRoom(for list: PropertyList) {
        if bytes.isEmpty { return }
        let needed = bytes.count + list.packedByteCountMax
        bytes.reserveCapacity(bytes.capacity < needed ? needed + bytes.count / 8 : needed)
    }

    /// Takes the properties of an entity away.
    mutating func drop(_ index: Int, _ shapes: PropertyShapes) {
        guard hasList(index) else { return }
        garbageByteCount += shapes.byteCount(packed(index))
        setPlace(index, 0)
        if garbageByteCount == listByteCount {
            bytes.removeLast(listByteCount)
            garbageByteCount = 0
        }
    }

    private mutating func makePlaces() {
        isWide = false
        bytes.append(contentsOf: repeatElement(0, count: placesByteCount))
    }

    private mutating func setPlace(_ index: Int, _ place: Int) {
        precondition(index < Self.countMax && place <= Int(UInt32.max))
        if !isWide, place > Int(UInt16.max) { widen() }
        bytes.withUnsafeMutableBytes { [isWide] bytes in
            if isWide {
                bytes.storeBytes(
                    of: UInt32(place).littleEndian, toByteOffset: index * 4, as: UInt32.self)
            } else {
                bytes.storeBytes(
                    of: UInt16(place).littleEndian, toByteOffset: index * 2, as: UInt16.self)
            }
        }
    }

    /// Makes the places four bytes wide.
    private mutating func widen() {
        let (old, start) = (bytes, placesByteCount)
        isWide = true
        bytes = []
        bytes.reserveCapacity(old.count + old.count / 2)
        for index in 0..<Self.countMax {
            bytes += [old[2 * index], old[2 * index + 1], 0, 0]
        }
        bytes += old[start...]
    }

    /// Drops bytes that are no longer used, when there are many.
    private mutating func compactIfNeeded(_ shapes: PropertyShapes) {
        if garbageByteCount > 512, garbageByteCount * 2 > listByteCount { compact(shapes) }
    }

    private mutating func compact(_ shapes: PropertyShapes) {
        let old = self
        self = Self()
        bytes.reserveCapacity(old.bytes.count - old.garbageByteCount)
        for index in 0..<Self.countMax where old.hasList(index) {
            let packed = old.packed(index)
            packed.extracting(0..<shapes.byteCount(packed)).withUnsafeBytes {
                append($0, to: index, shapes)
            }
        }
    }

    // MARK: Memory

    /// Makes room for lists like those of another chunk, if there are none yet.
    mutating func reserve(like other: Self) {
        guard isUntouched, !other.bytes.isEmpty else { return }
        bytes.reserveCapacity(other.bytes.count + other.bytes.count / 32)
    }

    /// Gives memory back that was reserved for growing.
    mutating func trim() {
        guard bytes.capacity > bytes.count + bytes.count / 64 else { return }
        bytes = bytes.withUnsafeBufferPointer { Array($0) }
    }
}
