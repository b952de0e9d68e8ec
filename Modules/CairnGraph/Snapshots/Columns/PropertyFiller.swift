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
    private var plans: [Plan] = []

    /// How the properties of one shape are packed.
    private struct Plan {
        let columns: [Int]
        /// One more than the number of the shape; 0 when its lists are made one by one.
        let shape: Int
        let flagByteCount: Int
        /// The most bytes of the list, without its texts.
        let byteCountMax: Int
    }

    /// Begins a block.
    mutating func begin(_ block: borrowing Block, _ shapes: inout PropertyShapes) {
        plans = block.shapes.map { shape in
            let columns = shape.columns.map { block.columns[$0] }
            var kinds: [(key: UInt32, tag: Value.Tag)] = []
            for column in columns {
                guard let tag = column.kind.shapeTag else { break }
                kinds.append((column.key, tag))
            }
            guard !kinds.isEmpty, kinds.count == columns.count,
                let number = shapes.number(of: kinds)
            else {
                return Plan(columns: shape.columns, shape: 0, flagByteCount: 0, byteCountMax: 0)
            }
            let flagCount = kinds.count { $0.tag.hasFlag }
            // A key, a tag, and what a number or the byte count of a text takes at most.
            return Plan(
                columns: shape.columns, shape: number + 1, flagByteCount: (flagCount + 7) / 8,
                byteCountMax: kinds.count * 16)
        }
    }

    /// Packs the properties of the next entity, which has a shape of the block.
    ///
    /// - Returns: False when the chunk has no room for them.
    mutating func add<Record>(
        _ slot: UInt32, shape: Int, _ block: borrowing Block, to table: inout EntityTable<Record>
    ) -> Bool {
        let plan = plans[shape]
        guard !plan.columns.isEmpty else { return true }
        let number = Int(slot) >> PropertyChunk.countBits
        if number != chunk {
            finish(&table)
            chunk = number
        }
        let start = lists.count
        if plan.shape == 0 || !pack(plan, block.columns) {
            lists.append(Self.list(plan.columns, block.columns), &table.shapes)
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

    /// Packs the next values of columns.
    ///
    /// - Returns: False, and nothing was taken, when the list may be too long to have a shape.
    private func pack(_ plan: Plan, _ columns: [BlockColumn]) -> Bool {
        var byteCountMax = plan.byteCountMax
        for number in plan.columns {
            let column = columns[number]
            if let texts = column.texts { byteCountMax += texts.places[column.next].count }
        }
        guard byteCountMax <= PropertyShapes.listByteCountMax else { return false }
        lists.write(byteCountMax + plan.flagByteCount + 8) { writer in
            writer.append(varint: UInt64(plan.shape))
            let flags = writer.count
            for _ in 0..<plan.flagByteCount { writer.append(UInt8(0)) }
            var flag = 0
            for number in plan.columns {
                let column = columns[number]
                let index = column.next
                column.next = index &+ 1
                switch column.kind {
                case .integer: writer.append(varint: Varint.zigzag(column.numbers[index]))
                case .truth:
                    if column.numbers[index] != 0 { writer.set(flag, of: flags) }
                    flag &+= 1
                case .double:
                    let bits = UInt64(bitPattern: column.numbers[index])
                    if let narrow = PropertyShapes.narrowed(bits) {
                        writer.set(flag, of: flags)
                        writer.append(narrow)
                    } else {
                        writer.append(bits)
                    }
                    flag &+= 1
                case .text, .bytes:
                    guard let text = column.texts?[index] else { continue }
                    writer.append(varint: UInt64(text.count))
                    writer.append(text)
                case .value: continue
                }
            }
        }
        return true
    }

    /// The next values of columns as a list.
    private static func list(_ numbers: [Int], _ columns: [BlockColumn]) -> PropertyList {
        var buffer = BinaryBuffer()
        for number in numbers {
            let column = columns[number]
            let index = column.next
            column.next += 1
            buffer.append(varint: UInt64(column.key))
            let text = column.texts?[index] ?? UnsafeRawBufferPointer(start: nil, count: 0)
            switch column.kind {
            case .truth:
                let tag: Value.Tag = column.numbers[index] != 0 ? .true : .false
                buffer.append(tag.rawValue)
            case .integer:
                buffer.append(Value.Tag.int.rawValue)
                buffer.append(zigzag: column.numbers[index])
            case .double:
                buffer.append(Value.Tag.double.rawValue)
                buffer.append(column.numbers[index])
            case .text, .bytes:
                let tag: Value.Tag = column.kind == .text ? .string : .bytes
                buffer.append(tag.rawValue)
                buffer.append(varint: UInt64(text.count))
                buffer.append(text.bytes)
            case .value: buffer.append(text.bytes)
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
        write(packed.count) { writer in packed.withUnsafeBytes { writer.append($0) } }
    }

    /// Lets `body` append up to so many bytes.
    @inline(__always)
    func write(_ byteCountMax: Int, _ body: (inout Writer) -> Void) {
        reserve(byteCountMax)
        var writer = Writer(room: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
        body(&writer)
        count += writer.count
    }

    /// Appends to room that is large enough.
    struct Writer {
        let room: UnsafeMutableRawBufferPointer
        private(set) var count = 0

        @inline(__always)
        mutating func append(_ byte: UInt8) {
            room[count] = byte
            count &+= 1
        }

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
        mutating func append(_ value: some FixedWidthInteger & BitwiseCopyable) {
            room.storeBytes(of: value.littleEndian, toByteOffset: count, as: type(of: value))
            count &+= MemoryLayout.size(ofValue: value)
        }

        @inline(__always)
        mutating func append(_ bytes: UnsafeRawBufferPointer) {
            UnsafeMutableRawBufferPointer(rebasing: room[count..<count &+ bytes.count])
                .copyMemory(from: bytes)
            count &+= bytes.count
        }

        /// Sets a flag.
        @inline(__always)
        mutating func set(_ flag: Int, of start: Int) {
            room[start &+ flag &>> 3] |= 1 &<< UInt8(flag & 7)
        }
    }
}
