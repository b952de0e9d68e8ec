// SPDX-License-Identifier: Apache-2.0
//
// Blocks of graphs for vectors, made in the plainest way: integers as values, texts without anything shared.

/// The parts of a block, each of which a vector may replace.
struct BlockBytes {
    var count: [UInt8]
    var columns: [UInt8]
    var shapes: [UInt8]
    var shapeOf: [UInt8]
    var from: [UInt8] = []
    var to: [UInt8] = []
    var values: [UInt8]

    /// A node or a relationship: its labels, behind their count, or its type; and its properties, each value with its
    /// tag, ascending by key.
    struct Row {
        let head: [UInt8]
        let properties: [(key: UInt8, value: [UInt8])]

        init(_ head: [UInt8], _ properties: [(key: UInt8, value: [UInt8])] = []) {
            self.head = head
            self.properties = properties
        }
    }

    /// The block of some nodes, or relationships.
    init(_ rows: [Row], from: [Int64] = [], to: [Int64] = []) {
        let columns = Set(rows.flatMap { $0.properties.map(Self.column) }).sorted()
        var shapes: [[UInt8]] = []
        var shapeOf: [Int64] = []
        for row in rows {
            let numbers = row.properties.map { UInt8(columns.firstIndex(of: Self.column($0))!) }
            let shape = row.head + [UInt8(numbers.count)] + numbers
            if !shapes.contains(shape) { shapes.append(shape) }
            shapeOf.append(Int64(shapes.firstIndex(of: shape)!))
        }
        count = Bytes.varint(UInt64(rows.count))
        self.columns =
            [UInt8(columns.count)] + columns.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        self.shapes = [UInt8(shapes.count)] + shapes.joined()
        self.shapeOf = Self.integers(shapeOf)
        if !from.isEmpty { (self.from, self.to) = (Self.integers(from), Self.integers(to)) }
        values = columns.flatMap { column in
            Self.values(
                column,
                rows.flatMap { $0.properties.filter { Self.column($0) == column }.map(\.value) })
        }
    }

    /// The record of a whole block.
    var record: [UInt8] { [0] + bytes }

    var bytes: [UInt8] { count + columns + shapes + shapeOf + from + to + values }

    /// Records with these parts of the block.
    func parts(_ byteCount: Int) -> [[UInt8]] {
        let starts = Array(stride(from: 0, to: bytes.count, by: byteCount))
        return starts.map { start in
            let part = Array(bytes[start..<min(start + byteCount, bytes.count)])
            return [start == starts.last ? 2 : 1] + Bytes.varint(UInt64(part.count)) + part
        }
    }

    /// With something else in it.
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    private static func column(_ property: (key: UInt8, value: [UInt8])) -> Int {
        let kind =
            switch property.value[0] {
            case 1, 2: 1
            case 3, 4, 5, 6: Int(property.value[0]) - 1
            default: 6
            }
        return Int(property.key) << 8 | kind
    }

    private static func values(_ column: Int, _ values: [[UInt8]]) -> [UInt8] {
        let contents = values.map { Array($0.dropFirst()) }
        switch column & 255 {
        case 1: return packed(values.map { UInt64($0[0] - 1) }, 1)
        case 2: return integers(contents.map(zigzag))
        case 4, 5: return texts(contents.map { Array($0.dropFirst()) })
        case 6: return Array(values.joined())
        default: return Array(contents.joined())
        }
    }

    private static func zigzag(_ bytes: [UInt8]) -> Int64 {
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 7 | UInt64($1 & 0x7f) }
        return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
    }

    // MARK: Columns

    /// Integers as values.
    static func integers(_ integers: [Int64]) -> [UInt8] { [0] + runs(integers) }

    /// Integers as differences.
    static func differences(_ integers: [Int64]) -> [UInt8] {
        [1] + Bytes.zigzag(integers[0])
            + runs(zip(integers.dropFirst(), integers).map { $0 &- $1 })
    }

    private static func runs(_ integers: [Int64]) -> [UInt8] {
        stride(from: 0, to: integers.count, by: 128).flatMap { start -> [UInt8] in
            let run = integers[start..<min(start + 128, integers.count)]
            let base = run.min() ?? 0
            let offsets = run.map { UInt64(bitPattern: $0 &- base) }
            let width = 64 - (offsets.max() ?? 0).leadingZeroBitCount
            return Bytes.zigzag(base) + [UInt8(width)] + packed(offsets, width)
        }
    }

    /// Numbers of so many bits.
    static func packed(_ numbers: [UInt64], _ width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (numbers.count * width + 7) / 8)
        for (index, number) in numbers.enumerated() {
            for bit in 0..<width where number >> UInt64(bit) & 1 == 1 {
                bytes[(index * width + bit) / 8] |= 1 << UInt8((index * width + bit) % 8)
            }
        }
        return bytes
    }

    /// Texts of which none shares anything.
    static func texts(_ texts: [[UInt8]]) -> [UInt8] {
        [0] + incremental(texts.map { _ in 0 }, texts)
    }

    /// Texts, each as what it shares with the one before and what it adds.
    static func incremental(_ shared: [Int64], _ added: [[UInt8]]) -> [UInt8] {
        integers(shared) + integers(added.map { Int64($0.count) }) + added.joined()
    }
}
