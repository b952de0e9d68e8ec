// SPDX-License-Identifier: Apache-2.0
//
// Integers of a column, in as few bits as each run of them needs.
//
//     form 0: run, run, …                  integer = base + offset
//     form 1: first, run, run, …           integer = the one before + base + offset
//
//     run: base (zigzag varint) │ width (1 byte) │ offsets (`width` bits each, the first one lowest; zeros fill up)
//
// - A run has ``ColumnLimits/runCountMax`` integers, the last one what is left.
// - The base is the least of the run, the width what the largest offset needs: the bytes follow from the integers.
// - The form is the one that takes fewer bytes; of two alike, the first.

internal import CairnFormat

/// The encoding of integers.
enum IntegerColumn {
    /// Appends integers, of which there may be none.
    static func append(_ integers: [Int64], to buffer: inout BinaryBuffer) {
        integers.withUnsafeBufferPointer { append($0, to: &buffer) }
    }

    /// Appends integers, of which there may be none.
    static func append(_ integers: UnsafeBufferPointer<Int64>, to buffer: inout BinaryBuffer) {
        guard let first = integers.first else {
            buffer.append(IntegerForm.values.rawValue)
            return
        }
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: integers.count) { room in
            guard let differences = differences(of: integers, room),
                Varint.byteCount(Varint.zigzag(first)) + byteCount(ofRuns: differences)
                    < byteCount(ofRuns: integers)
            else {
                buffer.append(IntegerForm.values.rawValue)
                return append(runs: integers, to: &buffer)
            }
            buffer.append(IntegerForm.differences.rawValue)
            buffer.append(zigzag: first)
            append(runs: differences, to: &buffer)
        }
    }

    /// The number of bytes that ``append(_:to:)`` takes.
    static func byteCount(_ integers: [Int64]) -> Int {
        integers.withUnsafeBufferPointer { integers in
            guard let first = integers.first else { return 1 }
            let plain = byteCount(ofRuns: integers)
            return withUnsafeTemporaryAllocation(of: Int64.self, capacity: integers.count) { room in
                guard let differences = differences(of: integers, room) else { return 1 + plain }
                let other =
                    Varint.byteCount(Varint.zigzag(first)) + byteCount(ofRuns: differences)
                return 1 + min(plain, other)
            }
        }
    }

    /// The difference of each integer to the one before; nil when one of them has more than 64 bits.
    private static func differences(
        of integers: UnsafeBufferPointer<Int64>, _ room: UnsafeMutableBufferPointer<Int64>
    ) -> UnsafeBufferPointer<Int64>? {
        var last = integers[0]
        var hasOverflow = false
        for index in 1..<max(1, integers.count) {
            let (difference, overflow) = integers[index].subtractingReportingOverflow(last)
            room[index - 1] = difference
            hasOverflow = hasOverflow || overflow
            last = integers[index]
        }
        guard !hasOverflow else { return nil }
        return UnsafeBufferPointer(rebasing: room[..<(integers.count - 1)])
    }

    // MARK: Runs

    /// The least integer of a run, and the number of bits of the largest offset from it.
    @inline(__always)
    private static func layout(
        _ integers: UnsafeBufferPointer<Int64>, _ start: Int, _ end: Int
    ) -> (base: Int64, width: Int) {
        var (least, most) = (integers[start], integers[start])
        for index in start..<end {
            least = min(least, integers[index])
            most = max(most, integers[index])
        }
        let span = UInt64(bitPattern: most) &- UInt64(bitPattern: least)
        return (least, 64 - span.leadingZeroBitCount)
    }

    private static func byteCount(ofRuns integers: UnsafeBufferPointer<Int64>) -> Int {
        var total = 0
        for start in stride(from: 0, to: integers.count, by: ColumnLimits.runCountMax) {
            let end = min(start + ColumnLimits.runCountMax, integers.count)
            let (base, width) = layout(integers, start, end)
            total += Varint.byteCount(Varint.zigzag(base)) + 1 + (width * (end - start) + 7) / 8
        }
        return total
    }

    private static func append(
        runs integers: UnsafeBufferPointer<Int64>, to buffer: inout BinaryBuffer
    ) {
        for start in stride(from: 0, to: integers.count, by: ColumnLimits.runCountMax) {
            let end = min(start + ColumnLimits.runCountMax, integers.count)
            let (base, width) = layout(integers, start, end)
            buffer.append(zigzag: base)
            buffer.append(UInt8(width))
            append(
                packed: UnsafeBufferPointer(rebasing: integers[start..<end]), base, width,
                to: &buffer)
        }
    }

    /// Appends the low bits of what integers are more than a base.
    static func append(
        packed integers: UnsafeBufferPointer<Int64>, _ base: Int64, _ width: Int,
        to buffer: inout BinaryBuffer
    ) {
        guard width > 0 else { return }
        var (word, filled) = (UInt64(0), 0)
        for integer in integers {
            let offset = UInt64(bitPattern: integer) &- UInt64(bitPattern: base)
            word |= offset << UInt64(filled)
            filled += width
            guard filled >= 64 else { continue }
            buffer.append(word)
            filled -= 64
            // A shift by all bits gives zero.
            word = offset >> UInt64(width - filled)
        }
        while filled > 0 {
            buffer.append(UInt8(truncatingIfNeeded: word))
            word >>= 8
            filled -= 8
        }
    }
}
