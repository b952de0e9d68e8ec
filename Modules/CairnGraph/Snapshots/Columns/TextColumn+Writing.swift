// SPDX-License-Identifier: Apache-2.0
//
// Texts of a column, in the shorter one of two forms.
//
//     incremental: shared (integers) │ added (integers) │ the added bytes of all texts
//     dictionary:  text count (varint) │ different texts, ascending, as incremental │ numbers (integers)
//
// - A text begins with the first `shared` bytes of the one before, and goes on with `added` bytes.
// - A dictionary is tried while at most three of four texts are new: so a column of names costs no more than a look at
//   its first texts. Which form is taken follows from the texts alone.

internal import CairnFormat

/// The encoding of texts.
enum TextColumn {
    /// Appends texts, of which there is at least one.
    static func append(_ texts: TextList, to buffer: inout BinaryBuffer) {
        let start = buffer.count
        let bytes = texts.bytes
        buffer.append(TextForm.incremental.rawValue)
        append(incremental: (0..<texts.count).map(texts.range), in: bytes, to: &buffer)
        guard let dictionary = TextDictionary(texts, in: bytes) else { return }
        var other = BinaryBuffer(capacity: 1024)
        other.append(TextForm.dictionary.rawValue)
        other.append(varint: UInt64(dictionary.entries.count))
        append(incremental: dictionary.entries, in: bytes, to: &other)
        IntegerColumn.append(dictionary.numbers, to: &other)
        guard other.count < buffer.count - start else { return }
        buffer.truncate(to: start)
        buffer.append(other.bytes)
    }

    private static func append(
        incremental texts: [Range<Int>], in bytes: UnsafeRawBufferPointer,
        to buffer: inout BinaryBuffer
    ) {
        var shared: [Int64] = []
        var added: [Int64] = []
        shared.reserveCapacity(texts.count)
        added.reserveCapacity(texts.count)
        var last = 0..<0
        for text in texts {
            let count = bytes.sharedByteCount(last, text)
            shared.append(Int64(count))
            added.append(Int64(text.count - count))
            last = text
        }
        IntegerColumn.append(shared, to: &buffer)
        IntegerColumn.append(added, to: &buffer)
        for (text, shared) in zip(texts, shared) {
            buffer.append(bytes.bytes.extracting(text.lowerBound + Int(shared)..<text.upperBound))
        }
    }
}

/// The different texts of a column.
private struct TextDictionary {
    /// Where they are, ascending by their bytes.
    let entries: [Range<Int>]
    /// For each text of the column its place among the different ones.
    let numbers: [Int64]

    /// Nil when too many texts are different.
    init?(_ texts: TextList, in bytes: UnsafeRawBufferPointer) {
        var table = [Int32](repeating: -1, count: 64)
        var found: [Range<Int>] = []
        var numbers: [Int64] = []
        numbers.reserveCapacity(texts.count)
        for index in 0..<texts.count {
            let text = texts.range(index)
            if found.count * 2 >= table.count { Self.grow(&table, found, bytes) }
            let place = Self.place(of: text, table, found, bytes)
            if table[place] < 0 {
                table[place] = Int32(found.count)
                found.append(text)
                guard index < 63 || found.count * 4 <= index * 3 else { return nil }
            }
            numbers.append(Int64(table[place]))
        }
        let order = found.indices.sorted { bytes.precedes(found[$0], found[$1]) }
        var ranks = [Int64](repeating: 0, count: order.count)
        for (rank, number) in order.enumerated() { ranks[number] = Int64(rank) }
        entries = order.map { found[$0] }
        self.numbers = numbers.map { ranks[Int($0)] }
    }

    /// Where a text is in the table, or would be.
    private static func place(
        of text: Range<Int>, _ table: [Int32], _ found: [Range<Int>],
        _ bytes: UnsafeRawBufferPointer
    ) -> Int {
        let mask = table.count - 1
        var place = Int(CRC32C.checksum(of: bytes.bytes.extracting(text))) & mask
        while table[place] >= 0, !bytes.areEqual(found[Int(table[place])], text) {
            place = (place + 1) & mask
        }
        return place
    }

    private static func grow(
        _ table: inout [Int32], _ found: [Range<Int>], _ bytes: UnsafeRawBufferPointer
    ) {
        table = [Int32](repeating: -1, count: table.count * 4)
        for (number, text) in found.enumerated() {
            table[place(of: text, table, found, bytes)] = Int32(number)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// How many bytes two ranges begin with alike.
    fileprivate func sharedByteCount(_ left: Range<Int>, _ right: Range<Int>) -> Int {
        let count = Swift.min(left.count, right.count)
        var shared = 0
        while shared + 8 <= count {
            let first = loadUnaligned(fromByteOffset: left.lowerBound + shared, as: UInt64.self)
            let second = loadUnaligned(fromByteOffset: right.lowerBound + shared, as: UInt64.self)
            let other = UInt64(littleEndian: first) ^ UInt64(littleEndian: second)
            if other != 0 { return shared + other.trailingZeroBitCount / 8 }
            shared += 8
        }
        while shared < count, self[left.lowerBound + shared] == self[right.lowerBound + shared] {
            shared += 1
        }
        return shared
    }

    fileprivate func areEqual(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        left.count == right.count && sharedByteCount(left, right) == left.count
    }

    fileprivate func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        let shared = sharedByteCount(left, right)
        guard shared < left.count, shared < right.count else { return left.count < right.count }
        return self[left.lowerBound + shared] < self[right.lowerBound + shared]
    }
}
