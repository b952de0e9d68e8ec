// SPDX-License-Identifier: Apache-2.0

/// Writes bytes one after the other into memory that the caller owns, and that is large enough.
struct ByteWriter {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    @inline(__always)
    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    /// The bytes written so far.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<count]) }

    /// A byte that was written.
    @inline(__always)
    subscript(place: Int) -> UInt8 {
        get { room[place] }
        nonmutating set { room[place] = newValue }
    }

    /// Appends a number, least significant byte first.
    @inline(__always)
    mutating func append(_ value: some FixedWidthInteger & BitwiseCopyable) {
        room.storeBytes(of: value.littleEndian, toByteOffset: count, as: type(of: value))
        count &+= MemoryLayout.size(ofValue: value)
    }

    /// Appends an unsigned number in its shortest form.
    @inline(__always)
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: room[count..<count &+ bytes.count])
            .copyMemory(from: bytes)
        count &+= bytes.count
    }
}
