// SPDX-License-Identifier: Apache-2.0
//
// The keys of a list of properties and the kinds of its values are kept once for all entities that have them: a shape.
//
// - The tag of both truth values is that of `false`.
// - Shapes stay when nothing has them any more, as names do, and there is a limit to them. So their
//   numbers depend on history and never leave the store.

/// The shapes of the properties in one table of entities.
struct PropertyShapes: Sendable {
    private var shapes: [PropertyShape] = []
    /// The keys and the kinds of values of all shapes, one shape after the other.
    private(set) var kinds: [PropertyShape.Kind] = []
    private var numbers: [[PropertyShape.Kind]: Int] = [:]
    /// The shape that was met last, which the next list often has too.
    private var last = 0

    /// The number of shapes at most; the lists of others are kept as they are.
    static let countMax = 4096
    /// The number of bytes that a list has at most that is kept by its shape. A longer one gains little.
    static let listByteCountMax = 1000

    var count: Int { shapes.count }

    @inline(__always)
    subscript(number: Int) -> PropertyShape { shapes[number] }

    /// The keys of a shape, and the kinds of their values.
    func kinds(of number: Int) -> ArraySlice<PropertyShape.Kind> { kinds[shapes[number].kinds] }

    /// The shape of a list; nil when the list is to be kept as it is.
    mutating func shape(of list: PropertyList) -> PropertyShape? {
        guard list.bytes.count <= Self.listByteCountMax else { return nil }
        var kinds: [PropertyShape.Kind] = []
        kinds.reserveCapacity(16)
        var cursor = PropertyCursor(list.bytes.span.bytes)
        while let key = cursor.nextKey() {
            kinds.append(PropertyShape.Kind(key: key, tag: cursor.skip().tag.shapeTag))
        }
        return shape(of: kinds)
    }

    /// The shape of these keys, ascending, and kinds; nil when there are too many shapes.
    mutating func shape(of kinds: [PropertyShape.Kind]) -> PropertyShape? {
        if let number = numbers[kinds] { return shapes[number] }
        guard shapes.count < Self.countMax else { return nil }
        let start = self.kinds.count
        self.kinds += kinds
        let shape = PropertyShape(
            number: shapes.count, kinds: start..<self.kinds.count,
            flagByteCount: PackedList.flagByteCount(kinds))
        numbers[kinds] = shapes.count
        shapes.append(shape)
        return shape
    }

    // MARK: Packing

    /// Appends the packed form of a list.
    mutating func append(_ list: PropertyList, to lists: inout [UInt8]) {
        if last < shapes.count, append(list, as: shapes[last], to: &lists) { return }
        if let shape = shape(of: list), append(list, as: shape, to: &lists) {
            last = shape.number
            return
        }
        list.appendWithoutShape(to: &lists)
    }

    /// Appends the packed form of a list that has this shape.
    ///
    /// - Returns: False when it has not, and nothing was appended.
    private func append(
        _ list: PropertyList, as shape: PropertyShape, to lists: inout [UInt8]
    ) -> Bool {
        guard list.bytes.count <= Self.listByteCountMax else { return false }
        return withUnsafeTemporaryAllocation(
            byteCount: shape.headByteCountMax + list.bytes.count, alignment: 1
        ) { room in
            var writer = PackedList.Writer(room, shape)
            guard list.bytes.withUnsafeBytes({ pack($0, shape, into: &writer) }) else {
                return false
            }
            lists.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<writer.byteCount]))
            return true
        }
    }

    private func pack(
        _ list: UnsafeRawBufferPointer, _ shape: PropertyShape, into writer: inout PackedList.Writer
    ) -> Bool {
        var cursor = PropertyCursor(list.bytes)
        var place = shape.kinds.lowerBound
        while let key = cursor.nextKey() {
            let (tag, content) = cursor.skip()
            guard place < shape.kinds.upperBound,
                kinds[place] == PropertyShape.Kind(key: key, tag: tag.shapeTag)
            else { return false }
            writer.append(tag, UnsafeRawBufferPointer(rebasing: list[content]))
            place += 1
        }
        return place == shape.kinds.upperBound
    }

    // MARK: Unpacking

    /// The number of the shape of the list that is packed at the beginning of these bytes, if it has one.
    func number(of packed: RawSpan) -> Int? {
        packed.withUnsafeBytes { bytes in
            var reader = PackedList.Reader(bytes)
            return reader.shapeNumber()
        }
    }

    /// The number of bytes that the packed list at the beginning takes.
    func byteCount(_ packed: RawSpan) -> Int {
        packed.withUnsafeBytes { bytes in
            var reader = PackedList.Reader(bytes)
            if let number = reader.shapeNumber() {
                let shape = shapes[number]
                reader.beginValues(of: shape)
                for place in shape.kinds { reader.skip(kinds[place].tag) }
            } else {
                _ = reader.list()
            }
            return reader.byteCount
        }
    }

    /// Calls `body` with the bytes of the list that is packed at the beginning of these.
    func withList<Result>(_ packed: RawSpan, _ body: (RawSpan) -> Result) -> Result {
        packed.withUnsafeBytes { bytes in
            var reader = PackedList.Reader(bytes)
            guard let number = reader.shapeNumber() else { return body(reader.list().bytes) }
            return withUnsafeTemporaryAllocation(
                byteCount: Self.listByteCountMax, alignment: 1
            ) { room in
                var list = ByteWriter(room)
                unpack(&reader, shapes[number], into: &list)
                return body(list.bytes.bytes)
            }
        }
    }

    private func unpack(
        _ reader: inout PackedList.Reader, _ shape: PropertyShape, into list: inout ByteWriter
    ) {
        reader.beginValues(of: shape)
        for place in shape.kinds {
            let kind = kinds[place]
            list.append(varint: UInt64(kind.key))
            switch kind.tag {
            case .false:
                let tag: Value.Tag = reader.nextFlag() ? .true : .false
                list.append(tag.rawValue)
            case .double:
                list.append(kind.tag.rawValue)
                list.append(reader.double().bitPattern)
            default:
                list.append(kind.tag.rawValue)
                list.append(reader.content(kind.tag))
            }
        }
    }
}

/// The part that the packed lists of one shape share.
struct PropertyShape: Sendable {
    /// A key and the kind of its value.
    struct Kind: Hashable, Sendable {
        let key: UInt32
        let tag: Value.Tag

        func hash(into hasher: inout Hasher) {
            hasher.combine(UInt64(key) << 8 | UInt64(tag.rawValue))
        }
    }

    private let storedNumber: UInt32
    private let start: UInt32
    private let end: UInt32
    private let storedFlagByteCount: UInt32

    init(number: Int, kinds: Range<Int>, flagByteCount: Int) {
        storedNumber = UInt32(number)
        start = UInt32(kinds.lowerBound)
        end = UInt32(kinds.upperBound)
        storedFlagByteCount = UInt32(flagByteCount)
    }

    var number: Int { Int(storedNumber) }
    /// The place of its kinds among those of all shapes.
    @inline(__always)
    var kinds: Range<Int> { Int(start)..<Int(end) }
    /// The number of bytes that the flags of a list take.
    var flagByteCount: Int { Int(storedFlagByteCount) }
}

extension Value.Tag {
    /// The tag that stands for this one in a shape.
    var shapeTag: Self { self == .true ? .false : self }
}
