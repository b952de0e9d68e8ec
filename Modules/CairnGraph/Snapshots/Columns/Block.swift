// SPDX-License-Identifier: Apache-2.0
//
// A block of a snapshot as it was read: shapes, the shape of each entity, columns.
//
//     entity count │ columns: key, kind │ shapes: labels or type, columns │ shape of each entity
//       │ for relationships: where each begins, where each ends │ the values of each column
//
// - Columns ascend by key and kind; those of a shape have different keys. Every column has a value, and shapes are
//   numbered in the order in which the entities have them: so all that a block names is used.

internal import CairnFormat

/// Nodes, or relationships, by column.
struct Block {
    /// The number of entities.
    let count: Int
    let columns: [BlockColumn]
    let shapes: [BlockShape]
    /// The shape of each entity.
    let shapeOf: [Int64]
    /// How many entities have each shape; at least one.
    let shapeCounts: [Int]
    /// Where relationships begin and end; nothing for nodes.
    let from: [Int64]
    let to: [Int64]

    /// Reads a block.
    ///
    /// - Parameters:
    ///   - names: Which names there are, and which were used so far.
    ///   - hasEnds: Whether the entities are relationships.
    ///   - isLive: Whether there is a node of this id.
    /// - Throws: `FormatError`.
    init(
        from reader: inout ByteReader, _ names: inout UsedNames, hasEnds: Bool,
        isLive: (Int64) -> Bool
    ) throws(FormatError) {
        let offset = reader.offset
        let count = try reader.varint()
        guard count >= 1, count <= UInt64(ColumnLimits.blockEntityCountMax) else {
            throw FormatError(code: .limitExceeded, offset: offset)
        }
        self.count = Int(count)
        var heads: [(key: UInt32, kind: ColumnKind)] = []
        for _ in 0..<(try reader.count(byteCountEach: 2)) {
            heads.append(try Self.readColumnHead(&reader, &names, after: heads.last))
        }
        shapes = try Self.readShapes(&reader, &names, heads, hasEnds: hasEnds)
        let numbersStart = reader.offset
        shapeOf = try IntegerColumn.integers(self.count, from: &reader)
        shapeCounts = try Self.shapeCounts(shapeOf, shapes, at: numbersStart)
        let valueCounts = try Self.valueCounts(
            shapeCounts, shapes, columnCount: heads.count, at: numbersStart)
        from = try hasEnds ? Self.readEnds(self.count, &reader, isLive) : []
        to = try hasEnds ? Self.readEnds(self.count, &reader, isLive) : []
        var columns: [BlockColumn] = []
        columns.reserveCapacity(heads.count)
        for (head, count) in zip(heads, valueCounts) {
            columns.append(try BlockColumn(head.key, head.kind, count, from: &reader))
        }
        self.columns = columns
    }

    private static func readColumnHead(
        _ reader: inout ByteReader, _ names: inout UsedNames,
        after last: (key: UInt32, kind: ColumnKind)?
    ) throws(FormatError) -> (key: UInt32, kind: ColumnKind) {
        let start = reader.offset
        let key = try names.readKey(&reader)
        let kindStart = reader.offset
        guard let kind = ColumnKind(rawValue: try reader.integer()) else {
            throw FormatError(code: .unknownTag, offset: kindStart)
        }
        if let last, (last.key, last.kind.rawValue) >= (key, kind.rawValue) {
            throw FormatError(code: .nonCanonical, offset: start)
        }
        return (key, kind)
    }

    private static func readShapes(
        _ reader: inout ByteReader, _ names: inout UsedNames,
        _ columns: [(key: UInt32, kind: ColumnKind)], hasEnds: Bool
    ) throws(FormatError) -> [BlockShape] {
        var shapes: [BlockShape] = []
        for _ in 0..<(try reader.count()) {
            let labels = try hasEnds ? [names.readType(&reader)] : names.readLabels(&reader)
            var found: [Int] = []
            for _ in 0..<(try reader.count()) {
                let offset = reader.offset
                let column = try reader.varint()
                guard column < UInt64(columns.count) else {
                    throw FormatError(code: .invalidReference, offset: offset)
                }
                if let last = found.last, columns[last].key >= columns[Int(column)].key {
                    throw FormatError(code: .nonCanonical, offset: offset)
                }
                found.append(Int(column))
            }
            shapes.append(BlockShape(labels: labels, columns: found))
        }
        return shapes
    }

    /// How many entities have each shape.
    private static func shapeCounts(
        _ shapeOf: [Int64], _ shapes: [BlockShape], at offset: Int
    ) throws(FormatError) -> [Int] {
        var counts = [Int](repeating: 0, count: shapes.count)
        var used = 0
        for shape in shapeOf {
            guard shape >= 0, shape < Int64(shapes.count) else {
                throw FormatError(code: .invalidReference, offset: offset)
            }
            guard shape <= Int64(used) else {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            if shape == Int64(used) { used += 1 }
            counts[Int(shape)] += 1
        }
        guard used == shapes.count else { throw FormatError(code: .nonCanonical, offset: offset) }
        return counts
    }

    /// How many values each column has.
    private static func valueCounts(
        _ counts: [Int], _ shapes: [BlockShape], columnCount: Int, at offset: Int
    ) throws(FormatError) -> [Int] {
        var valueCounts = [Int](repeating: 0, count: columnCount)
        for (shape, count) in zip(shapes, counts) {
            for column in shape.columns { valueCounts[column] += count }
        }
        guard valueCounts.allSatisfy({ $0 > 0 }) else {
            throw FormatError(code: .nonCanonical, offset: offset)
        }
        return valueCounts
    }

    private static func readEnds(
        _ count: Int, _ reader: inout ByteReader, _ isLive: (Int64) -> Bool
    ) throws(FormatError) -> [Int64] {
        let offset = reader.offset
        let ends = try IntegerColumn.integers(count, from: &reader)
        guard ends.allSatisfy(isLive) else {
            throw FormatError(code: .invalidReference, offset: offset)
        }
        return ends
    }
}

/// Labels and columns that entities of a block have in common.
struct BlockShape {
    /// The numbers of the labels of a node, ascending; that of the type of a relationship.
    let labels: [UInt32]
    /// The columns with its properties, ascending by key.
    let columns: [Int]
}

/// The values of one column of a block that was read.
final class BlockColumn {
    /// The number of the key in the snapshot.
    let key: UInt32
    let kind: ColumnKind
    /// Integers; 0 and 1 of truth values; the bit patterns of doubles.
    let numbers: UnsafeMutableBufferPointer<Int64>
    /// Texts and bytes; other values with their tags.
    let texts: TextValues?

    fileprivate init(
        _ key: UInt32, _ kind: ColumnKind, _ count: Int, from reader: inout ByteReader
    ) throws(FormatError) {
        self.key = key
        self.kind = kind
        switch kind {
        case .truth, .integer, .double:
            texts = nil
            // Read in full below, or given up.
            numbers = .allocate(capacity: count)
        case .text, .bytes:
            numbers = UnsafeMutableBufferPointer(start: nil, count: 0)
            texts = try TextColumn.read(count, isText: kind == .text, from: &reader)
        case .value:
            numbers = UnsafeMutableBufferPointer(start: nil, count: 0)
            texts = try TextColumn.read(values: count, from: &reader)
        }
        switch kind {
        case .truth: try IntegerColumn.unpack(into: numbers, 1, from: &reader)
        case .integer: try IntegerColumn.read(into: numbers, from: &reader)
        case .double:
            let bytes = try reader.take(8 * count)
            bytes.withUnsafeBytes { bytes in
                for index in 0..<count {
                    numbers[index] = Int64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self)
                    )
                }
            }
        case .text, .bytes, .value: break
        }
    }

    deinit { numbers.deallocate() }
}

/// The names of a snapshot, and which of them something uses.
struct UsedNames {
    var labels: [Bool] = []
    var types: [Bool] = []
    var keys: [Bool] = []

    var areAllUsed: Bool { (labels + types + keys).allSatisfy(\.self) }

    mutating func readKey(_ reader: inout ByteReader) throws(FormatError) -> UInt32 {
        try Self.read(&reader, marking: &keys)
    }

    mutating func readType(_ reader: inout ByteReader) throws(FormatError) -> UInt32 {
        try Self.read(&reader, marking: &types)
    }

    mutating func readLabel(_ reader: inout ByteReader) throws(FormatError) -> UInt32 {
        try Self.read(&reader, marking: &labels)
    }

    /// The labels of a node: a count, and their numbers, ascending.
    mutating func readLabels(_ reader: inout ByteReader) throws(FormatError) -> [UInt32] {
        let count = try reader.count()
        var numbers: [UInt32] = []
        for _ in 0..<count {
            let offset = reader.offset
            let number = try readLabel(&reader)
            if let last = numbers.last, last >= number {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Reads the number of a name, and takes note that something uses it.
    private static func read(
        _ reader: inout ByteReader, marking isUsed: inout [Bool]
    ) throws(FormatError) -> UInt32 {
        let offset = reader.offset
        let number = try reader.varint()
        guard number < UInt64(isUsed.count) else {
            throw FormatError(code: .invalidReference, offset: offset)
        }
        isUsed[Int(number)] = true
        return UInt32(number)
    }
}
