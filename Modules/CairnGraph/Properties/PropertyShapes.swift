// SPDX-License-Identifier: Apache-2.0
//
// How the properties of an entity are kept: what many entities have in common is kept once.
//
// - A shape is the keys of a list of properties and the kinds of its values: for each the key as a varint
//   and the tag of the value; the tag of both truth values is that of `false`.
// - A packed list begins with a varint: 0, or one more than the number of its shape. Behind a 0 are the
//   byte count of the list and its bytes.
// - Behind the number of a shape are the flags, a bit for each truth value and each double of the shape,
//   from the lowest bit up; then, for each value, what follows its tag. A truth value is its flag and
//   nothing else. The flag of a double says that it is 4 bytes, because a float has the same value.
// - Shapes stay when nothing has them any more, as names do, and there is a limit to them. So their
//   numbers depend on history and never leave the store.

internal import CairnFormat

/// The shapes of the properties in one table of entities.
struct PropertyShapes: Sendable {
    private var shapes: [PropertyShape] = []
    /// By shape, where its kinds are.
    private(set) var contents: [Content] = []
    /// The keys and the kinds of values of all shapes, one shape after the other.
    private(set) var kinds: [PropertyShape.Kind] = []

    /// Where the kinds of a shape are, and how many bytes the flags of a list take.
    struct Content: Sendable {
        let start: UInt32
        let end: UInt32
        let flagByteCount: UInt32
    }

    private var numbers: [[UInt8]: Int] = [:]
    /// The shape that was met last, which the next list often has too.
    private var last = 0

    /// The number of shapes at most; the lists of others are kept as they are.
    static let countMax = 4096
    /// The number of bytes that a list has at most that is kept by its shape. A longer one gains little.
    static let listByteCountMax = 1000

    var count: Int { shapes.count }

    // MARK: Packing

    /// Appends the packed form of a list.
    mutating func append(_ list: PropertyList, to arena: inout [UInt8]) {
        let start = arena.count
        if last < shapes.count {
            if append(list, as: last, to: &arena) { return }
            arena.removeSubrange(start...)
        }
        if let number = number(of: list), append(list, as: number, to: &arena) {
            last = number
            return
        }
        arena.append(0)
        arena.append(varint: UInt64(list.bytes.count))
        arena.append(contentsOf: list.bytes)
    }

    /// Appends the packed form of a list that has this shape.
    ///
    /// - Returns: False when it has not; something may have been appended.
    private func append(_ list: PropertyList, as number: Int, to arena: inout [UInt8]) -> Bool {
        let shape = shapes[number].bytes
        let bytes = list.bytes.span.bytes
        guard bytes.byteCount <= Self.listByteCountMax else { return false }
        arena.append(varint: UInt64(number + 1))
        let flags = arena.count
        var flag = 0
        for _ in 0..<shapes[number].flagByteCount { arena.append(0) }
        var cursor = PropertyCursor(bytes)
        var kinds = ByteReader(shape.span.bytes)
        while let key = cursor.nextKey() {
            let start = cursor.offset + 1
            let tag = cursor.skip()
            guard !kinds.isAtEnd, Self.next(&kinds) == (key, tag.shapeTag) else { return false }
            switch tag {
            case .true, .false:
                if tag == .true { arena[flags + flag >> 3] |= 1 << UInt8(flag & 7) }
                flag += 1
            case .double:
                let bits = bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
                if let narrow = Self.narrowed(UInt64(littleEndian: bits)) {
                    arena[flags + flag >> 3] |= 1 << UInt8(flag & 7)
                    withUnsafeBytes(of: narrow.littleEndian) { arena.append(contentsOf: $0) }
                } else {
                    withUnsafeBytes(of: bits) { arena.append(contentsOf: $0) }
                }
                flag += 1
            default:
                let end = cursor.offset
                bytes.withUnsafeBytes {
                    arena.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[start..<end]))
                }
            }
        }
        return kinds.isAtEnd
    }

    /// The next key of a shape and the kind of its value.
    static func next(_ kinds: inout ByteReader) -> (key: UInt32, tag: Value.Tag) {
        read(&kinds) { reader throws(FormatError) in
            (UInt32(try reader.varint()), try Value.tag(&reader))
        }
    }

    /// The bits of the float that has the same value as the double with these bits, if one does.
    static func narrowed(_ bits: UInt64) -> UInt32? {
        let float = Float(Double(bitPattern: bits))
        return Double(float).bitPattern == bits ? float.bitPattern : nil
    }

    /// The number of the shape of a list, and how many bytes the flags take; nil when the list is to be
    /// kept as it is.
    mutating func shape(of list: PropertyList) -> (number: Int, flagByteCount: Int)? {
        number(of: list).map { ($0, shapes[$0].flagByteCount) }
    }

    /// The number of the shape of a list; nil when the list is to be kept as it is.
    private mutating func number(of list: PropertyList) -> Int? {
        guard list.bytes.count <= Self.listByteCountMax else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: list.bytes.count, alignment: 1) { room in
            var output = PropertyOutput(room)
            var cursor = PropertyCursor(list.bytes.span.bytes)
            var flagCount = 0
            while let key = cursor.nextKey() {
                output.append(varint: UInt64(key))
                let tag = cursor.skip().shapeTag
                if tag.hasFlag { flagCount += 1 }
                output.append(tag.rawValue)
            }
            return number(of: output.bytes, flagCount: flagCount)
        }
    }

    /// The number of the shape of these keys, ascending, and kinds; nil when there are too many shapes.
    mutating func number(of kinds: [(key: UInt32, tag: Value.Tag)]) -> Int? {
        var bytes: [UInt8] = []
        for kind in kinds {
            bytes.append(varint: UInt64(kind.key))
            bytes.append(kind.tag.rawValue)
        }
        let flagCount = kinds.count { $0.tag.hasFlag }
        return bytes.withUnsafeBytes { number(of: $0, flagCount: flagCount) }
    }

    private mutating func number(of shape: UnsafeRawBufferPointer, flagCount: Int) -> Int? {
        let bytes = Array(shape)
        if let number = numbers[bytes] { return number }
        guard shapes.count < Self.countMax else { return nil }
        let number = shapes.count
        numbers[bytes] = number
        shapes.append(PropertyShape(bytes: bytes, flagByteCount: (flagCount + 7) / 8))
        let start = kinds.count
        kinds += kinds(of: number).map { PropertyShape.Kind(key: $0.key, tag: $0.tag) }
        contents.append(
            Content(
                start: UInt32(start), end: UInt32(kinds.count),
                flagByteCount: UInt32((flagCount + 7) / 8)))
        return number
    }

    // MARK: Unpacking

    /// The number of bytes that the packed list at the beginning takes.
    func byteCount(_ packed: RawSpan) -> Int {
        read(packed) { reader throws(FormatError) in
            guard let shape = try shape(&reader) else {
                _ = try reader.lengthPrefixed()
                return reader.offset
            }
            let flags = try reader.take(shape.flagByteCount)
            var flag = 0
            var kinds = ByteReader(shape.bytes.span.bytes)
            while !kinds.isAtEnd {
                let tag = Self.next(&kinds).tag
                if tag.hasFlag {
                    let isSet = flags.bit(flag)
                    flag += 1
                    if tag == .double { _ = try reader.take(isSet ? 4 : 8) }
                } else {
                    try Value.skip(tag, &reader)
                }
            }
            return reader.offset
        }
    }

    /// Calls `body` with the bytes of the list that is packed at the beginning of these.
    func withList<Result>(_ packed: RawSpan, _ body: (RawSpan) -> Result) -> Result {
        read(packed) { reader throws(FormatError) in
            guard let shape = try shape(&reader) else { return body(try reader.lengthPrefixed()) }
            let start = reader.offset
            return withUnsafeTemporaryAllocation(
                byteCount: Self.listByteCountMax, alignment: 1
            ) { room in
                var output = PropertyOutput(room)
                unpack(packed.extracting(start..<packed.byteCount), shape, into: &output)
                return body(output.bytes.bytes)
            }
        }
    }

    private func unpack(
        _ packed: RawSpan, _ shape: PropertyShape, into output: inout PropertyOutput
    ) {
        read(packed) { reader throws(FormatError) in
            let flags = try reader.take(shape.flagByteCount)
            var flag = 0
            var kinds = ByteReader(shape.bytes.span.bytes)
            while !kinds.isAtEnd {
                let (key, tag) = Self.next(&kinds)
                output.append(varint: UInt64(key))
                guard tag.hasFlag else {
                    output.append(tag.rawValue)
                    let start = reader.offset
                    try Value.skip(tag, &reader)
                    output.append(packed.extracting(start..<reader.offset))
                    continue
                }
                let isSet = flags.bit(flag)
                flag += 1
                if tag != .double {
                    output.append(isSet ? Value.Tag.true.rawValue : Value.Tag.false.rawValue)
                } else if isSet {
                    let float = Float(bitPattern: try reader.integer())
                    output.append(tag.rawValue)
                    output.append(Double(float).bitPattern)
                } else {
                    output.append(tag.rawValue)
                    output.append(try reader.integer(UInt64.self))
                }
            }
        }
    }

    /// The number of the shape of the list that is packed at the beginning of these bytes, if it has one.
    func number(of packed: RawSpan) -> Int? {
        let number = read(packed) { reader throws(FormatError) in try reader.varint() }
        return number == 0 ? nil : Int(number) - 1
    }

    /// The keys of a shape, and the kinds of their values.
    func kinds(of number: Int) -> [(key: UInt32, tag: Value.Tag)] {
        var kinds: [(key: UInt32, tag: Value.Tag)] = []
        let bytes = shapes[number].bytes
        var reader = ByteReader(bytes.span.bytes)
        while !reader.isAtEnd { kinds.append(Self.next(&reader)) }
        return kinds
    }

    func shape(_ reader: inout ByteReader) throws(FormatError) -> PropertyShape? {
        let number = Int(truncatingIfNeeded: try reader.varint())
        return number == 0 ? nil : shapes[number - 1]
    }

    /// Reads what the store itself wrote, which is always right.
    func read<Result>(
        _ bytes: RawSpan, _ body: (inout ByteReader) throws(FormatError) -> Result
    ) -> Result {
        var reader = ByteReader(bytes)
        return Self.read(&reader, body)
    }

    private static func read<Result>(
        _ reader: inout ByteReader, _ body: (inout ByteReader) throws(FormatError) -> Result
    ) -> Result {
        do {
            return try body(&reader)
        } catch {
            preconditionFailure("properties in memory are damaged: \(error)")
        }
    }
}

/// The part that the packed lists of one shape share.
struct PropertyShape: Sendable {
    let bytes: [UInt8]
    /// The number of bytes that the flags of a list take.
    let flagByteCount: Int

    /// A key and the kind of its value.
    struct Kind: Sendable {
        let key: UInt32
        let tag: Value.Tag
    }
}

extension Value.Tag {
    /// The tag that stands for this one in a shape.
    var shapeTag: Self { self == .true ? .false : self }

    /// Whether a value of the kind has a flag.
    var hasFlag: Bool { self == .false || self == .double }
}

extension RawSpan {
    fileprivate func bit(_ index: Int) -> Bool {
        let byte = unsafeLoad(fromByteOffset: index >> 3, as: UInt8.self)
        return byte & 1 << UInt8(index & 7) != 0
    }
}

/// Writes bytes one after the other into memory that the caller owns.
private struct PropertyOutput {
    private let room: UnsafeMutableRawBufferPointer
    private var count = 0

    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    /// The bytes written so far.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<count]) }

    mutating func append(_ byte: UInt8) {
        room[count] = byte
        count += 1
    }

    mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(_ value: UInt64) {
        precondition(room.count - count >= 8)
        room.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
        count += 8
    }

    mutating func append(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: room[count..<count + bytes.count])
                .copyMemory(from: bytes)
        }
        count += bytes.byteCount
    }
}
