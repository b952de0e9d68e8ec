// SPDX-License-Identifier: Apache-2.0
//
// Packs the properties of entities out of the columns of a block, chunk by chunk of the store.
//
// - A chunk is made once, as large as its lists are: nothing grows, and nothing is copied twice.
// - Most entities of a block have the same few shapes. What packing one takes is found out once for each shape.

internal import CairnFormat

/// Fills the properties of a table whose slots come ascending.
struct PropertyFiller {
    /// The packed lists of the chunk at hand.
    private let lists = PackedLists()
    /// For each slot of the chunk one more than where its list begins; 0 for none.
    private var places = [Int](repeating: 0, count: PropertyChunk.countMax)
    private var chunk = -1
    /// How the shapes of the block at hand are packed.
    private let plans = Plans()

    /// Begins a block, which stays until the next one is begun.
    mutating func begin(_ block: borrowing Block, _ shapes: inout PropertyShapes) {
        plans.begin(block, &shapes)
    }

    /// Packs the properties of the next entity, which has a shape of the block.
    ///
    /// - Returns: False when the chunk has no room for them.
    @inline(__always)
    mutating func add<Record>(
        _ slot: UInt32, shape: Int, to table: inout EntityTable<Record>
    ) -> Bool {
        let plan = plans[shape]
        guard !plan.columns.isEmpty else { return true }
        let number = Int(slot) >> PropertyChunk.countBits
        if number != chunk {
            finish(&table)
            chunk = number
        }
        let start = lists.count
        if !plans.pack(plan, into: lists) {
            lists.append(plans.list(plan), &table.shapes)
        }
        places[Int(slot) & (PropertyChunk.countMax - 1)] = start + 1
        return lists.count <= table.propertyByteCountMax
    }

    /// Gives the table the chunk at hand.
    mutating func finish<Record>(_ table: inout EntityTable<Record>) {
        guard lists.count > 0 else { return }
        table.setProperties(PropertyChunk(places, lists.bytes), chunk: chunk)
        lists.removeAll()
        for index in places.indices { places[index] = 0 }
    }
}

/// How the shapes of a block are packed, and the columns that their values come from.
///
/// Each value of a graph goes through here: the columns are pointers into those of the block, so that no reference is
/// counted and no array is copied for one.
private final class Plans {
    /// How the properties of one shape are packed.
    struct Plan {
        /// Its columns, as a part of ``numbers``.
        let columns: Range<Int>
        /// The shape in the store; nil when its lists are made one by one.
        let shape: PropertyShape?
        /// The most bytes of the list, without its texts.
        let byteCountMax: Int
        /// The most bytes of any list of the block, with its texts.
        let longestByteCountMax: Int
    }

    /// A column of the block, and the value that is taken next.
    private struct Source {
        let key: UInt32
        let kind: ColumnKind
        let numbers: UnsafeMutablePointer<Int64>?
        let base: UnsafeRawPointer?
        let places: UnsafeMutablePointer<TextValues.Place>?
        let count: Int
        var next = 0

        init(_ column: BlockColumn) {
            key = column.key
            kind = column.kind
            numbers = column.numbers.baseAddress
            base = column.texts?.base
            places = column.texts?.places.baseAddress
            count = column.texts?.places.count ?? column.numbers.count
        }

        /// The number of bytes of the longest text.
        var longestByteCount: Int {
            guard let places else { return 0 }
            return (0..<count).reduce(0) { max($0, places[$1].count) }
        }

        @inline(__always)
        func number(_ index: Int) -> Int64 { numbers.unsafelyUnwrapped[index] }

        @inline(__always)
        func text(_ index: Int) -> UnsafeRawBufferPointer {
            let place = places.unsafelyUnwrapped[index]
            return UnsafeRawBufferPointer(
                start: base.map { $0 + place.start }, count: place.count)
        }
    }

    // Each value of a graph goes through here: accesses are not checked.
    @exclusivity(unchecked) private var plans: [Plan] = []
    /// The columns of all shapes, one shape behind the other.
    @exclusivity(unchecked) private var numbers: [Int] = []
    @exclusivity(unchecked) private var sources: [Source] = []
    /// Holds what the sources point into.
    private var columns: [BlockColumn] = []

    subscript(shape: Int) -> Plan { plans[shape] }

    func begin(_ block: borrowing Block, _ shapes: inout PropertyShapes) {
        columns = block.columns
        sources = block.columns.map(Source.init)
        let longest = sources.map(\.longestByteCount)
        plans.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        for shape in block.shapes {
            let start = numbers.count
            numbers += shape.columns
            plans.append(plan(shape, start..<numbers.count, longest, &shapes))
        }
    }

    private func plan(
        _ shape: BlockShape, _ columns: Range<Int>, _ longest: [Int],
        _ shapes: inout PropertyShapes
    ) -> Plan {
        var kinds: [PropertyShape.Kind] = []
        for number in shape.columns {
            guard let tag = sources[number].kind.shapeTag else { break }
            kinds.append(PropertyShape.Kind(key: sources[number].key, tag: tag))
        }
        let isWhole = !kinds.isEmpty && kinds.count == columns.count
        // A key, a tag, and what a number or the byte count of a text takes at most.
        let byteCountMax = kinds.count * 16
        return Plan(
            columns: columns, shape: isWhole ? shapes.shape(of: kinds) : nil,
            byteCountMax: byteCountMax,
            longestByteCountMax: shape.columns.reduce(byteCountMax) { $0 + longest[$1] })
    }

    /// Packs the next values of columns.
    ///
    /// - Returns: False, and nothing was taken, when the list has no shape, or may be too long to have one.
    @inline(__always)
    func pack(_ plan: Plan, into lists: PackedLists) -> Bool {
        guard let shape = plan.shape else { return false }
        return numbers.withUnsafeBufferPointer { all in
            let numbers = UnsafeBufferPointer(rebasing: all[plan.columns])
            return sources.withUnsafeMutableBufferPointer { sources in
                Self.pack(plan, shape, numbers, sources, into: lists)
            }
        }
    }

    @inline(__always)
    private static func pack(
        _ plan: Plan, _ shape: PropertyShape, _ numbers: UnsafeBufferPointer<Int>,
        _ sources: UnsafeMutableBufferPointer<Source>, into lists: PackedLists
    ) -> Bool {
        var byteCountMax = plan.longestByteCountMax
        if byteCountMax > PropertyShapes.listByteCountMax {
            byteCountMax = plan.byteCountMax
            for number in numbers {
                let source = sources[number]
                if let places = source.places, source.next < source.count {
                    byteCountMax += places[source.next].count
                }
            }
        }
        guard byteCountMax <= PropertyShapes.listByteCountMax else { return false }
        lists.write(byteCountMax + shape.headByteCountMax, shape) { writer in
            for number in numbers {
                let source = sources[number]
                let index = source.next
                guard index < source.count else {
                    preconditionFailure("a column has a value for each entity that has it")
                }
                sources[number].next = index &+ 1
                switch source.kind {
                case .integer: writer.append(source.number(index))
                case .truth: writer.append(source.number(index) != 0)
                case .double:
                    writer.append(doubleBits: UInt64(bitPattern: source.number(index)))
                case .text, .bytes: writer.append(text: source.text(index))
                case .value: continue
                }
            }
        }
        return true
    }

    /// The next values of columns as a list.
    func list(_ plan: Plan) -> PropertyList {
        var buffer = BinaryBuffer()
        for number in numbers[plan.columns] {
            let source = sources[number]
            let index = source.next
            sources[number].next += 1
            buffer.append(varint: UInt64(source.key))
            switch source.kind {
            case .truth:
                let tag: Value.Tag = source.number(index) != 0 ? .true : .false
                buffer.append(tag.rawValue)
            case .integer:
                buffer.append(Value.Tag.int.rawValue)
                buffer.append(zigzag: source.number(index))
            case .double:
                buffer.append(Value.Tag.double.rawValue)
                buffer.append(source.number(index))
            case .text, .bytes:
                let tag: Value.Tag = source.kind == .text ? .string : .bytes
                let text = source.text(index)
                buffer.append(tag.rawValue)
                buffer.append(varint: UInt64(text.count))
                buffer.append(text.bytes)
            case .value: buffer.append(source.text(index).bytes)
            }
        }
        return PropertyList(bytes: buffer.array())
    }
}

/// Packed lists one behind the other.
private final class PackedLists {
    private var room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 13, alignment: 8)
    private(set) var count = 0

    deinit { room.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: room[..<count]) }

    func removeAll() {
        // What one long list took is not kept.
        if room.count > 1 << 20 {
            room.deallocate()
            room = .allocate(byteCount: 1 << 13, alignment: 8)
        }
        count = 0
    }

    private func reserve(_ additional: Int) {
        guard room.count - count < additional else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(2 * room.count, count + additional), alignment: 8)
        larger.copyMemory(from: bytes)
        room.deallocate()
        room = larger
    }

    /// Appends a list that is packed in the way that suits it.
    func append(_ list: PropertyList, _ shapes: inout PropertyShapes) {
        var packed: [UInt8] = []
        shapes.append(list, to: &packed)
        reserve(packed.count)
        UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyBytes(from: packed)
        count += packed.count
    }

    /// Lets `body` pack a list of a shape, which takes up to so many bytes.
    @inline(__always)
    func write(
        _ byteCountMax: Int, _ shape: PropertyShape, _ body: (inout PackedList.Writer) -> Void
    ) {
        reserve(byteCountMax)
        var writer = PackedList.Writer(
            UnsafeMutableRawBufferPointer(rebasing: room[count...]), shape)
        body(&writer)
        count += writer.byteCount
    }
}
