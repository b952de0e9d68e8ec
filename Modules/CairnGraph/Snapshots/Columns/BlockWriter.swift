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
        /// Their shape in the store; nil when there are none.
        let packedShape: PropertyShape?
        let steps: [Step]
    }

    private struct Step {
        /// One of the columns, which are kept as long as the plans.
        let column: Unmanaged<BlockColumnBuilder>
        let tag: Value.Tag
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
            use(plan(head, nil, table).shape)
        } else if let number = table.number(of: packed) {
            let plan = plan(head, number, table)
            use(plan.shape)
            packed.withUnsafeBytes { add($0, plan) }
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
        _ head: UInt32, _ number: Int?, _ table: borrowing PropertyShapes
    ) -> Plan {
        let key = UInt64(head) << 32 | UInt64((number ?? -1) + 1)
        if let lastPlan, lastPlan.key == key { return lastPlan.plan }
        let plan = plans[key] ?? makePlan(Int(head), number, table)
        plans[key] = plan
        lastPlan = (key, plan)
        return plan
    }

    private mutating func makePlan(
        _ head: Int, _ number: Int?, _ table: borrowing PropertyShapes
    ) -> Plan {
        guard let number else { return Plan(shape: shape(head, []), packedShape: nil, steps: []) }
        var found: [Int] = []
        var steps: [Step] = []
        for kind in table.kinds(of: number) {
            let column = column(kind.key, kind.tag)
            found.append(column)
            steps.append(Step(column: .passUnretained(columns[column]), tag: kind.tag))
        }
        return Plan(shape: shape(head, found), packedShape: table[number], steps: steps)
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

    /// Adds the values of a list that is packed as the plan says.
    private mutating func add(_ packed: UnsafeRawBufferPointer, _ plan: Plan) {
        guard let shape = plan.packedShape else { return }
        var reader = PackedList.Reader(packed)
        _ = reader.shapeNumber()
        reader.beginValues(of: shape)
        var weight = 0
        for step in plan.steps {
            step.column._withUnsafeGuaranteedRef { column in
                let flag = step.tag.hasFlag && reader.nextFlag()
                weight += column.add(step.tag, flag: flag, &reader)
            }
        }
        self.weight += weight
    }

    /// Adds the properties of a list: see ``PropertyList``.
    private mutating func add(list: RawSpan, head: Int) {
        var found: [Int] = []
        var cursor = PropertyCursor(list)
        while let key = cursor.nextKey() {
            let (tag, content) = cursor.skip()
            let number = column(key, tag.shapeTag)
            found.append(number)
            weight += list.extracting(content).withUnsafeBytes { content in
                var reader = PackedList.Reader(content)
                return columns[number].add(tag.shapeTag, flag: tag == .true, &reader)
            }
        }
        use(shape(head, found))
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

    /// Adds the value that a reader is before, and whose flag was read.
    ///
    /// - Returns: Its weight beyond that of a number.
    @inline(__always)
    func add(_ tag: Value.Tag, flag: Bool, _ reader: inout PackedList.Reader) -> Int {
        switch tag {
        case .false: numbers.append(flag ? 1 : 0)
        case .int: numbers.append(reader.int())
        case .double:
            numbers.append(Int64(bitPattern: reader.double(isNarrow: flag).bitPattern))
        case .string, .bytes:
            let text = reader.text()
            texts.append(text)
            return text.count
        default:
            let content = reader.content(tag)
            withUnsafeBytes(of: tag.rawValue) { values.append($0) }
            values.append(content)
            return content.count + 1
        }
        return 0
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
