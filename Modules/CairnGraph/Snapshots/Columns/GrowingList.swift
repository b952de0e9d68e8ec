// SPDX-License-Identifier: Apache-2.0
//
// Lists that a block is collected in. Each value of a graph goes through one of them, so appending is a store and a
// comparison: no reference is counted, and no access is checked, as arrays in classes would need.

/// Numbers in a list that grows and is emptied again and again.
final class NumberList {
    private var room = UnsafeMutableBufferPointer<Int64>.allocate(capacity: 16)
    @exclusivity(unchecked) private(set) var count = 0

    deinit { room.deallocate() }

    /// The numbers; valid until the next one is added.
    var numbers: UnsafeBufferPointer<Int64> { UnsafeBufferPointer(rebasing: room[..<count]) }

    @inline(__always)
    func append(_ number: Int64) {
        if count == room.count { grow() }
        room.initializeElement(at: count, to: number)
        count &+= 1
    }

    @inline(never)
    private func grow() {
        let larger = UnsafeMutableBufferPointer<Int64>.allocate(capacity: 4 * room.count)
        _ = larger.moveInitialize(
            fromContentsOf: UnsafeMutableBufferPointer(rebasing: room[..<count]))
        room.deallocate()
        room = larger
    }

    func removeAll() { count = 0 }
}

/// Bytes in a list that grows and is emptied again and again.
final class ByteList {
    private var room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)
    @exclusivity(unchecked) private(set) var count = 0

    /// The most memory that an emptied list keeps: one long value must not stay.
    private static let keptByteCountMax = 1 << 20

    deinit { room.deallocate() }

    /// The bytes; valid until the next ones are added.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<count]) }

    @inline(__always)
    func append(_ bytes: UnsafeRawBufferPointer) {
        if room.count - count < bytes.count { grow(by: bytes.count) }
        UnsafeMutableRawBufferPointer(rebasing: room[count..<count + bytes.count])
            .copyMemory(from: bytes)
        count += bytes.count
    }

    @inline(never)
    private func grow(by additional: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(2 * room.count, count + additional), alignment: 8)
        larger.copyMemory(from: bytes)
        room.deallocate()
        room = larger
    }

    func removeAll() {
        count = 0
        guard room.count > Self.keptByteCountMax else { return }
        room.deallocate()
        room = .allocate(byteCount: 64, alignment: 8)
    }
}

/// Texts one behind the other, or other bytes.
final class TextList {
    private let content = ByteList()
    private let ends = NumberList()

    var count: Int { ends.count }

    /// The bytes of all texts; valid until the next one is added.
    var bytes: UnsafeRawBufferPointer { content.bytes }

    @inline(__always)
    func append(_ text: UnsafeRawBufferPointer) {
        content.append(text)
        ends.append(Int64(content.count))
    }

    /// Where a text is in the bytes.
    func range(_ index: Int) -> Range<Int> {
        let ends = ends.numbers
        return (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    func removeAll() {
        content.removeAll()
        ends.removeAll()
    }
}
