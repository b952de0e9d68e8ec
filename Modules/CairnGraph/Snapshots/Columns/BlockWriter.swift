// SPDX-License-Identifier: Apache-2.0
//
// Writes entities block by block.
//
// - Entities come ascending by id. A block ends when it has as many of them, or weighs as much, as one may: both follow
//   from the graph alone.
// - Columns and shapes of the entities so far are remembered beyond a block, which numbers those that it has anew:
//   columns by key and kind, shapes in the order in which its entities have them.
// - It holds one block: some hundred kilobytes, and the entity at hand.

internal import CairnFormat

/// Collects nodes, or relationships, in columns and writes them as records of a section.
struct BlockWriter: ~Copyable {
    /// The beginning of a shape by the number that the store has for its labels, or for its type.
    private let heads: [[UInt8]]
    private let keys: SnapshotNumbering.Table
    private let hasEnds: Bool

    private var columns: [BlockColumnBuilder] = []
    /// By number of the key in the snapshot and kind.
    private var columnNumbers: [UInt64: Int] = [:]
    private var shapes: [Shape] = []
    private var shapeNumbers: [[Int]: Int] = [:]
    /// By head and shape in the store.
    private var plans: [UInt64: Plan] = [:]
    private var lastPlan: (key: UInt64, plan: Plan)?

    // The block.
    /// Its shapes, in its order.
    private var shapesInBlock: [Int] = []
    private var shapeOf: [Int64] = []
    private var from: [Int64] = []
    private var to: [Int64] = []
    private var weight = 0
    private var buffer = BinaryBuffer(capacity: 1 << 16)

    /// Labels and columns that entities have in common.
    private struct Shape {
        let head: Int
        /// The columns, ascending by key.
        let columns: [Int]
        /// Its place in the block at hand; below zero when that has no such entity.
        var number: Int64 = -1
    }

    /// How packed properties of one shape in the store get into columns.
    private struct Plan {
        let shape: Int
        let flagByteCount: Int
        let steps: [Step]
    }

    private struct Step {
        /// One of the columns, which are kept as long as the plans.
        let column: Unmanaged<BlockColumnBuilder>
        let tag: Value.Tag
        /// The place of the flag in the shape.
        let flag: Int
    }

    /// How many shapes are remembered beyond a block.
    private static let shapeCountMax = 4096
    /// How many columns are.
    private static let columnCountMax = 512

    /// - Parameter hasEnds: Whether each entity has two ends: a relationship.
    init(heads: [[UInt8]], keys: SnapshotNumbering.Table, hasEnds: Bool) {
        self.heads = heads
        self.keys = keys
        self.hasEnds = hasEnds
    }

    // MARK: Entities

    /// Adds an entity behind all before.
    ///
    /// - Parameters:
    ///   - head: The number that the store has for its labels, or for its type.
    ///   - packed: Its properties as the store keeps them, and what is behind them; no bytes when it has none.
    ///   - ends: Where a relationship begins and ends.
    /// - Returns: Whether the block is full; then ``write(to:)`` follows.
    mutating func add(
        head: UInt32, _ packed: RawSpan, _ table: borrowing PropertyShapes,
        ends: (from: UInt32, to: UInt32)? = nil
    ) -> Bool {
        if packed.byteCount == 0 {
            let plan = plan(head, 0, table)
            use(plan.shape)
        } else if let number = table.number(of: packed) {
            let plan = plan(head, number + 1, table)
            let start = Varint.byteCount(UInt64(number + 1))
            use(plan.shape)
            packed.withUnsafeBytes {
                add(UnsafeRawBufferPointer(rebasing: $0[start...]), plan)
            }
        } else {
            table.withList(packed) { add(list: $0, head: Int(head)) }
        }
        if let ends {
            from.append(Int64(ends.from))
            to.append(Int64(ends.to))
        }
        return shapeOf.count == ColumnLimits.blockEntityCountMax
            || weight >= ColumnLimits.blockWeightMax
    }

    /// Notes that the next entity has a shape.
    private mutating func use(_ shape: Int) {
        if shapes[shape].number < 0 {
            shapes[shape].number = Int64(shapesInBlock.count)
            shapesInBlock.append(shape)
        }
        shapeOf.append(shapes[shape].number)
        weight += 8 * shapes[shape].columns.count
    }

    private mutating func plan(
        _ head: UInt32, _ number: Int, _ table: borrowing PropertyShapes
    ) -> Plan {
        let key = UInt64(head) << 32 | UInt64(number)
        if let lastPlan, lastPlan.key == key { return lastPlan.plan }
        let plan = plans[key] ?? makePlan(Int(head), number, table)
        plans[key] = plan
        lastPlan = (key, plan)
        return plan
    }

    private mutating func makePlan(
        _ head: Int, _ number: Int, _ table: borrowing PropertyShapes
    ) -> Plan {
        guard number > 0 else {
            return Plan(shape: shape(head, []), flagByteCount: 0, steps: [])
        }
        var found: [Int] = []
        var steps: [Step] = []
        var flag = 0
        for kind in table.kinds(of: number - 1) {
            found.append(column(kind.key, kind.tag))
            steps.append(
                Step(
                    column: .passUnretained(columns[found[found.count - 1]]), tag: kind.tag,
                    flag: flag))
            if kind.tag.hasFlag { flag += 1 }
        }
        return Plan(shape: shape(head, found), flagByteCount: (flag + 7) / 8, steps: steps)
    }

    private mutating func column(_ key: UInt32, _ tag: Value.Tag) -> Int {
        guard let kind = ColumnKind(tag) else { preconditionFailure("a property is null") }
        let number = keys[key]
        let id = UInt64(number) << 8 | UInt64(kind.rawValue)
        if let found = columnNumbers[id] { return found }
        columnNumbers[id] = columns.count
        columns.append(BlockColumnBuilder(key: number, kind: kind))
        return columns.count - 1
    }

    private mutating func shape(_ head: Int, _ columns: [Int]) -> Int {
        let sorted = columns.sorted { self.columns[$0].key < self.columns[$1].key }
        let content = [head] + sorted
        if let found = shapeNumbers[content] { return found }
        shapeNumbers[content] = shapes.count
        shapes.append(Shape(head: head, columns: sorted))
        return shapes.count - 1
    }

    // MARK: Values

    /// Adds packed values, which begin with the flags.
    private mutating func add(_ packed: UnsafeRawBufferPointer, _ plan: Plan) {
        var cursor = PackedCursor(packed)
        let flags = cursor.take(plan.flagByteCount)
        func isSet(_ flag: Int) -> Bool { flags[flag >> 3] & 1 << UInt8(flag & 7) != 0 }
        var weight = 0
        for step in plan.steps {
            step.column._withUnsafeGuaranteedRef { column in
                switch step.tag {
                case .false: column.numbers.append(isSet(step.flag) ? 1 : 0)
                case .int: column.numbers.append(Varint.unzigzag(cursor.varint()))
                case .double:
                    column.numbers.append(
                        isSet(step.flag) ? Self.widened(cursor.take(4)) : Self.bits(cursor.take(8)))
                case .string, .bytes:
                    let text = cursor.take(Int(truncatingIfNeeded: cursor.varint()))
                    weight += text.count
                    column.texts.append(text)
                default:
                    let start = cursor.position
                    PropertyShapes.skip(step.tag, packed, &cursor)
                    weight += column.add(
                        step.tag, UnsafeRawBufferPointer(rebasing: packed[start..<cursor.position]))
                }
            }
        }
        self.weight += weight
    }

    private static func bits(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        Int64(littleEndian: bytes.loadUnaligned(as: Int64.self))
    }

    private static func widened(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        let bits = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        return Int64(bitPattern: Double(Float(bitPattern: bits)).bitPattern)
    }

    /// Adds the properties of a list: see ``PropertyList``.
    private mutating func add(list: RawSpan, head: Int) {
        var found: [(column: Int, tag: Value.Tag, range: Range<Int>)] = []
        var cursor = PropertyCursor(list)
        while let key = cursor.nextKey() {
            let start = cursor.offset + 1
            let tag = cursor.skip()
            found.append((column(key, tag.shapeTag), tag, start..<cursor.offset))
        }
        use(shape(head, found.map(\.column)))
        list.withUnsafeBytes { list in
            for (number, tag, range) in found {
                let column = columns[number]
                var cursor = PackedCursor(UnsafeRawBufferPointer(rebasing: list[range]))
                switch tag {
                case .false, .true: column.numbers.append(tag == .true ? 1 : 0)
                case .int: column.numbers.append(Varint.unzigzag(cursor.varint()))
                case .double: column.numbers.append(Self.bits(cursor.take(8)))
                case .string, .bytes:
                    let text = cursor.take(Int(truncatingIfNeeded: cursor.varint()))
                    weight += text.count
                    column.texts.append(text)
                default:
                    weight += column.add(tag, UnsafeRawBufferPointer(rebasing: list[range]))
                }
            }
        }
    }

    // MARK: Writing

    /// Writes what was added since the last time; nothing when that is nothing.
    mutating func write<Sink: SectionSink & ~Copyable>(to sink: inout Sink) throws(Sink.Failure) {
        guard !shapeOf.isEmpty else { return }
        encode()
        if buffer.count <= ColumnLimits.partByteCountMax {
            try sink.appendRecord { record in
                record.append(BlockForm.whole.rawValue)
                record.append(buffer.bytes)
            }
        } else {
            try writeParts(to: &sink)
        }
        removeAll()
    }

    private func writeParts<Sink: SectionSink & ~Copyable>(
        to sink: inout Sink
    ) throws(Sink.Failure) {
        for start in stride(from: 0, to: buffer.count, by: ColumnLimits.partByteCountMax) {
            let end = min(start + ColumnLimits.partByteCountMax, buffer.count)
            let form: BlockForm = end == buffer.count ? .lastPart : .part
            try sink.appendRecord { record in
                record.append(form.rawValue)
                record.append(varint: UInt64(end - start))
                record.append(buffer.bytes.extracting(start..<end))
            }
        }
    }

    private mutating func encode() {
        buffer.removeAll()
        let used = columns.indices.filter { !columns[$0].isEmpty }
            .sorted { columns[$0].id < columns[$1].id }
        var numbers = [Int](repeating: 0, count: columns.count)
        for (number, column) in used.enumerated() { numbers[column] = number }
        buffer.append(varint: UInt64(shapeOf.count))
        buffer.append(varint: UInt64(used.count))
        for column in used {
            buffer.append(varint: UInt64(columns[column].key))
            buffer.append(columns[column].kind.rawValue)
        }
        buffer.append(varint: UInt64(shapesInBlock.count))
        for shape in shapesInBlock {
            buffer.append(heads[shapes[shape].head])
            buffer.append(varint: UInt64(shapes[shape].columns.count))
            for column in shapes[shape].columns { buffer.append(varint: UInt64(numbers[column])) }
        }
        IntegerColumn.append(shapeOf, to: &buffer)
        if hasEnds {
            IntegerColumn.append(from, to: &buffer)
            IntegerColumn.append(to, to: &buffer)
        }
        for column in used { columns[column].encode(into: &buffer) }
    }

    private mutating func removeAll() {
        for column in columns where !column.isEmpty { column.removeAll() }
        for shape in shapesInBlock { shapes[shape].number = -1 }
        shapesInBlock.removeAll(keepingCapacity: true)
        shapeOf.removeAll(keepingCapacity: true)
        from.removeAll(keepingCapacity: true)
        to.removeAll(keepingCapacity: true)
        weight = 0
        guard shapes.count > Self.shapeCountMax || columns.count > Self.columnCountMax else {
            return
        }
        (columns, columnNumbers, shapes, shapeNumbers) = ([], [:], [], [:])
        (plans, lastPlan) = ([:], nil)
    }
}

/// The values of one column of a block that is being made.
final class BlockColumnBuilder {
    /// The number of the key in the snapshot.
    let key: UInt32
    let kind: ColumnKind
    /// Integers; 0 and 1 of truth values; the bit patterns of doubles.
    let numbers = NumberList()
    /// Texts and bytes.
    let texts = TextList()
    /// The encodings of other values.
    private let values = ByteList()

    init(key: UInt32, kind: ColumnKind) {
        self.key = key
        self.kind = kind
    }

    /// The key by which columns are ordered.
    var id: UInt64 { UInt64(key) << 8 | UInt64(kind.rawValue) }

    var isEmpty: Bool { numbers.count + texts.count + values.count == 0 }

    /// Adds a value that has no column of numbers.
    ///
    /// - Returns: What it weighs.
    func add(_ tag: Value.Tag, _ content: UnsafeRawBufferPointer) -> Int {
        withUnsafeBytes(of: tag.rawValue) { values.append($0) }
        values.append(content)
        return content.count + 1
    }

    func removeAll() {
        numbers.removeAll()
        texts.removeAll()
        values.removeAll()
    }

    func encode(into buffer: inout BinaryBuffer) {
        switch kind {
        case .truth: IntegerColumn.append(packed: numbers.numbers, 0, 1, to: &buffer)
        case .integer: IntegerColumn.append(numbers.numbers, to: &buffer)
        case .double: for number in numbers.numbers { buffer.append(number) }
        case .text, .bytes: TextColumn.append(texts, to: &buffer)
        case .value: buffer.append(values.bytes.bytes)
        }
    }
}
