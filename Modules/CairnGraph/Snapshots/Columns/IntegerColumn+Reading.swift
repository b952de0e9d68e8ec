// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension IntegerColumn {
    /// Reads as many integers as there is room for.
    ///
    /// - Throws: `FormatError` with code `.unknownTag` (another form), `.invalidValue` (a width, or an integer, of more
    ///   than 64 bits), `.nonCanonical` (bits behind the last one), or what `ByteReader` throws.
    static func read(
        into integers: UnsafeMutableBufferPointer<Int64>, from reader: inout ByteReader
    ) throws(FormatError) {
        let offset = reader.offset
        guard let form = IntegerForm(rawValue: try reader.integer()) else {
            throw FormatError(code: .unknownTag, offset: offset)
        }
        guard !integers.isEmpty else { return }
        switch form {
        case .values: try read(runs: integers, from: &reader)
        case .differences:
            integers[0] = try reader.zigzag()
            let rest = UnsafeMutableBufferPointer(rebasing: integers[1...])
            try read(sums: rest, after: integers[0], from: &reader)
        }
    }

    private static func read(
        runs integers: UnsafeMutableBufferPointer<Int64>, from reader: inout ByteReader
    ) throws(FormatError) {
        var start = 0
        while start < integers.count {
            let end = min(start + ColumnLimits.runCountMax, integers.count)
            try readRun(
                into: UnsafeMutableBufferPointer(rebasing: integers[start..<end]), from: &reader)
            start = end
        }
    }

    /// Reads differences, and leaves their sums.
    private static func read(
        sums integers: UnsafeMutableBufferPointer<Int64>, after first: Int64,
        from reader: inout ByteReader
    ) throws(FormatError) {
        var start = 0
        var last = first
        while start < integers.count {
            let end = min(start + ColumnLimits.runCountMax, integers.count)
            let offset = reader.offset
            try readRun(
                into: UnsafeMutableBufferPointer(rebasing: integers[start..<end]), from: &reader)
            var hasOverflow = false
            for index in start..<end {
                let (sum, overflow) = last.addingReportingOverflow(integers[index])
                hasOverflow = hasOverflow || overflow
                integers[index] = sum
                last = sum
            }
            guard !hasOverflow else { throw FormatError(code: .invalidValue, offset: offset) }
            start = end
        }
    }

    /// Reads one run.
    private static func readRun(
        into integers: UnsafeMutableBufferPointer<Int64>, from reader: inout ByteReader
    ) throws(FormatError) {
        let start = reader.offset
        let base = try reader.zigzag()
        let width = Int(try reader.integer(UInt8.self))
        guard width <= 64 else { throw FormatError(code: .invalidValue, offset: start) }
        try unpack(into: integers, width, from: &reader)
        var hasOverflow = false
        for index in integers.indices {
            let sum = base &+ integers[index]
            // An offset is never below zero, so a sum below the base went around.
            hasOverflow = hasOverflow || sum < base
            integers[index] = sum
        }
        guard !hasOverflow else { throw FormatError(code: .invalidValue, offset: start) }
    }

    /// Reads numbers of so many bits, at most 64, as bit patterns.
    ///
    /// - Throws: `FormatError` with code `.truncated`, or `.nonCanonical` when the bits behind the last are not zero.
    static func unpack(
        into integers: UnsafeMutableBufferPointer<Int64>, _ width: Int,
        from reader: inout ByteReader
    ) throws(FormatError) {
        let start = reader.offset
        let bitCount = width * integers.count
        let packed = try reader.take((bitCount + 7) / 8)
        let rest = bitCount & 7
        let isFilledWithZeros = packed.withUnsafeBytes { bytes in
            unpack(bytes, width, into: integers)
            return rest == 0 || bytes[bytes.count - 1] >> UInt8(rest) == 0
        }
        guard isFilledWithZeros else { throw FormatError(code: .nonCanonical, offset: start) }
    }

    private static func unpack(
        _ bytes: UnsafeRawBufferPointer, _ width: Int,
        into integers: UnsafeMutableBufferPointer<Int64>
    ) {
        guard width > 0 else { return integers.update(repeating: 0) }
        let mask = UInt64.max >> UInt64(64 - width)
        var bit = 0
        for index in integers.indices {
            let (byte, shift) = (bit >> 3, UInt64(bit & 7))
            var word: UInt64
            if byte + 8 <= bytes.count {
                word = UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: byte, as: UInt64.self))
                word &>>= shift
                if Int(shift) + width > 64 {
                    word |= UInt64(bytes[byte + 8]) << (64 - shift)
                }
            } else {
                word = 0
                for place in byte..<bytes.count {
                    word |= UInt64(bytes[place]) << UInt64(8 * (place - byte))
                }
                word &>>= shift
            }
            integers[index] = Int64(bitPattern: word & mask)
            bit += width
        }
    }
}
