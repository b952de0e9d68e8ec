// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// Integers of a column, there and back, and what is refused.
struct IntegerColumnTests {
    private static func encode(_ integers: [Int64]) -> [UInt8] {
        var buffer = BinaryBuffer()
        IntegerColumn.append(integers, to: &buffer)
        return buffer.array()
    }

    private static func decode(_ bytes: [UInt8], _ count: Int) throws(FormatError) -> [Int64] {
        var reader = ByteReader(bytes.span.bytes)
        let integers = try IntegerColumn.integers(count, from: &reader)
        try reader.expectEnd()
        return integers
    }

    @Test(
        arguments: [
            ([], [0]),
            // One alone is its own difference from nothing, which is a byte less.
            ([0], [1, 0]),
            ([-3], [1, 5]),
            ([-3, -3], [0, 5, 0]),
            // Offsets of two bits from 5: 0, 1, 3, the lowest bits first.
            ([5, 6, 8], [0, 10, 2, 0b11_01_00]),
            // The first, then differences of 1 from the one before.
            ([100, 101, 102, 103, 104, 105, 106, 107, 108], [1, 200, 1, 2, 0]),
            (
                [.max, .min],
                [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 64]
                    + [UInt8](repeating: 255, count: 8) + [UInt8](repeating: 0, count: 8)
            ),
        ] as [([Int64], [UInt8])])
    func bytesAreTheDocumentedOnes(integers: [Int64], bytes: [UInt8]) throws {
        #expect(Self.encode(integers) == bytes)
        #expect(try Self.decode(bytes, integers.count) == integers)
    }

    @Test(arguments: 0...64) func integersOfEveryWidthRoundTrip(width: Int) throws {
        var random = SplitMix64(seed: UInt64(width) + 1)
        for count in [1, 2, 3, 63, 64, 127, 128, 129, 300] {
            let base = Int64(bitPattern: random.next())
            let integers = (0..<count).map { _ in
                base &+ Int64(bitPattern: width == 0 ? 0 : random.next() >> UInt64(64 - width))
            }
            let bytes = Self.encode(integers)
            #expect(try Self.decode(bytes, count) == integers, "width \(width), \(count)")
            #expect(IntegerColumn.byteCount(integers) == bytes.count)
        }
    }

    @Test func whatAscendsTakesHardlyAnyRoom() throws {
        let integers = (0..<4096).map { Int64($0) * 7 - 9 }
        #expect(Self.encode(integers).count < 80)
        #expect(try Self.decode(Self.encode(integers), 4096) == integers)
    }

    @Test func oneThatIsFarAwayCostsItsRunOnly() {
        var integers = (0..<4096).map(Int64.init)
        integers[1000] = .max / 2
        #expect(Self.encode(integers).count < 80 + 2 * 1100)
    }

    @Test(
        arguments: [
            ([2, 0, 0], 1, .unknownTag, 0),
            ([0, 0, 65], 1, .invalidValue, 1),
            ([0, 0, 3, 0b1000], 1, .nonCanonical, 3),
            ([0, 0, 3], 1, .truncated, 3),
            ([0, 0], 1, .truncated, 2),
            // The largest integer, and an offset of 1 from it.
            ([0, 254, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1, 1], 1, .invalidValue, 1),
            // A difference of 1 from the largest.
            ([1, 254, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 0], 2, .invalidValue, 11),
            ([1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 1, 0], 2, .invalidValue, 11),
        ] as [([UInt8], Int, FormatError.Code, Int)])
    func isRefused(bytes: [UInt8], count: Int, code: FormatError.Code, offset: Int) {
        let error = failure { () throws(FormatError) in _ = try Self.decode(bytes, count) }
        #expect(error == FormatError(code: code, offset: offset))
    }
}
