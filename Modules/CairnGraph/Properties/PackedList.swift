// SPDX-License-Identifier: Apache-2.0
//
// The properties of an entity as a store keeps them. Only this file and PackedList+Writing know the layout.
//
//     │ shape  │ flags │ value │ value │ …        ascending by key
//       varint   bits
//
//     │ 0 │ byte count │ bytes of a ``PropertyList`` │        a list without a shape
//           varint
//
// - The first number is one more than that of the shape, which has the keys and the kinds of the values: see
//   ``PropertyShapes``.
// - The flags are a bit for each truth value and each double of the shape, from the lowest bit of the first byte up.
// - A truth value is its flag and nothing else. The flag of a double says that it is 4 bytes, because a float has the
//   same value; else it is 8. Of any other value there are the bytes that follow the tag in its encoding.
// - The store itself wrote every list, and no list leaves its memory: one that is damaged is a trap, not an error.

internal import CairnFormat

/// The packed form of a ``PropertyList``.
enum PackedList {
    /// The number of bytes that the flags of a list with these kinds of values take.
    static func flagByteCount(_ kinds: [PropertyShape.Kind]) -> Int {
        (kinds.count { $0.tag.hasFlag } + 7) / 8
    }

    /// Goes through a packed list, and through the values of one that has a shape in its order.
    struct Reader {
        private let bytes: UnsafeRawBufferPointer
        /// The number of bytes that were gone through.
        private(set) var byteCount = 0
        private var flags = UnsafeRawBufferPointer(start: nil, count: 0)
        private var flag = 0
    }
}

extension Value.Tag {
    /// Whether a value of the kind has a flag.
    var hasFlag: Bool { self == .false || self == .double }
}

extension PackedList.Reader {
    /// A reader of the list that is packed at the beginning of these bytes.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The number of the shape; nil for a list without one, of which ``list()`` follows. Otherwise
    /// ``beginValues(of:)`` does.
    @inline(__always)
    mutating func shapeNumber() -> Int? {
        let number = Int(truncatingIfNeeded: varint())
        return number > 0 ? number &- 1 : nil
    }

    /// The bytes of the ``PropertyList`` of a list without a shape.
    mutating func list() -> UnsafeRawBufferPointer { text() }

    /// Goes past the flags to the first of the values.
    @inline(__always)
    mutating func beginValues(of shape: PropertyShape) { flags = take(shape.flagByteCount) }

    // MARK: Values

    /// The flag of the next value that has one: a truth value, or whether a double is narrow.
    @inline(__always)
    mutating func nextFlag() -> Bool {
        defer { flag &+= 1 }
        return flags.load(fromByteOffset: flag &>> 3, as: UInt8.self) & 1 &<< UInt8(flag & 7) != 0
    }

    @inline(__always)
    mutating func int() -> Int64 { Varint.unzigzag(varint()) }

    @inline(__always)
    mutating func double() -> Double { double(isNarrow: nextFlag()) }

    /// A double whose flag was read.
    @inline(__always)
    mutating func double(isNarrow: Bool) -> Double {
        if isNarrow {
            let bits = take(4).loadUnaligned(as: UInt32.self)
            return Double(Float(bitPattern: UInt32(littleEndian: bits)))
        }
        let bits = take(8).loadUnaligned(as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
    }

    /// The UTF-8 of a text, or the bytes of a value that is bytes.
    @inline(__always)
    mutating func text() -> UnsafeRawBufferPointer { take(Int(truncatingIfNeeded: varint())) }

    /// The value, of the kinds that most values are of; nil for another.
    @inline(__always)
    mutating func simpleValue(_ tag: Value.Tag) -> PackedValue? {
        switch tag {
        case .false: .bool(nextFlag())
        case .int: .int(int())
        case .string: .string(text())
        case .double: .double(double())
        default: nil
        }
    }

    /// The bytes that follow the tag in the encoding of a value that has no flag.
    mutating func content(_ tag: Value.Tag) -> UnsafeRawBufferPointer {
        let start = byteCount
        skip(tag)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<byteCount])
    }

    // MARK: Going past values

    @inline(__always)
    mutating func skip(_ tag: Value.Tag) {
        switch tag {
        case .string, .bytes: skipText()
        case .int: skipInt()
        case .false: flag &+= 1
        case .double: skip(nextFlag() ? 4 : 8)
        default: skip(Self.byteCount(tag, UnsafeRawBufferPointer(rebasing: bytes[byteCount...])))
        }
    }

    @inline(__always)
    mutating func skipInt() {
        while byte() >= 0x80 {}
    }

    /// Goes past a text, or bytes.
    @inline(__always)
    mutating func skipText() { skip(Int(truncatingIfNeeded: varint())) }

    /// The number of bytes of a value of a kind that is not met often.
    @inline(never)
    private static func byteCount(_ tag: Value.Tag, _ bytes: UnsafeRawBufferPointer) -> Int {
        var reader = ByteReader(bytes.bytes)
        guard (try? Value.skip(tag, &reader)) != nil else {
            preconditionFailure("properties in memory are damaged")
        }
        return reader.offset
    }

    // MARK: Bytes

    @inline(__always)
    private mutating func byte() -> UInt8 {
        precondition(byteCount < bytes.count)
        defer { byteCount &+= 1 }
        return bytes.load(fromByteOffset: byteCount, as: UInt8.self)
    }

    @inline(__always)
    private mutating func varint() -> UInt64 {
        let first = byte()
        if first < 0x80 { return UInt64(first) }
        var value = UInt64(first & 0x7f)
        var shift: UInt64 = 7
        while true {
            let next = byte()
            value |= UInt64(next & 0x7f) &<< shift
            if next < 0x80 { return value }
            shift &+= 7
        }
    }

    @inline(__always)
    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        let start = byteCount
        skip(count)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<byteCount])
    }

    @inline(__always)
    private mutating func skip(_ count: Int) {
        precondition(count >= 0 && count <= bytes.count &- byteCount)
        byteCount &+= count
    }
}
