// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

struct VarintTests {
    static let borders: [UInt64] =
        (0..<64).flatMap { bit -> [UInt64] in
            [(1 << bit) - 1, 1 << bit, (1 << bit) + 1]
        } + [.max]

    private func read(_ bytes: [UInt8]) throws(FormatError) -> (value: UInt64, rest: Int) {
        var reader = ByteReader(bytes.span.bytes)
        let value = try reader.varint()
        return (value, reader.remaining)
    }

    @Test func everyPowerOfTwoAndItsNeighboursGoBothWays() throws {
        for value in Self.borders {
            var buffer = BinaryBuffer()
            buffer.append(varint: value)
            expectEqual(buffer.count, Varint.byteCount(value), "\(value)")
            expectEqual(buffer.count <= Varint.byteCountMax, true)
            let result = try read(buffer.array() + [0x55])
            #expect(result == (value, 1), "\(value)")
        }
    }

    @Test func everyTruncationIsRefused() {
        for value in Self.borders {
            var buffer = BinaryBuffer()
            buffer.append(varint: value)
            for count in 0..<buffer.count {
                let part = Array(buffer.array().prefix(count))
                #expect(throws: FormatError(code: .truncated, offset: count)) { try read(part) }
            }
        }
    }

    @Test func longerFormsThanNeededAreRefused() {
        for value in Self.borders {
            var buffer = BinaryBuffer()
            buffer.append(varint: value)
            var bytes = buffer.array()
            while bytes.count < Varint.byteCountMax {
                bytes[bytes.count - 1] |= 0x80
                bytes.append(0)
                #expect(throws: FormatError(code: .nonCanonical, offset: 0)) { try read(bytes) }
            }
        }
    }

    @Test func moreThan64BitsAreRefused() {
        let nines = [UInt8](repeating: 0xff, count: 9)
        for last in UInt8(2)...0xff {
            #expect(throws: FormatError(code: .numberTooLarge, offset: 0)) {
                try read(nines + [last, 0])
            }
        }
        #expect(throws: FormatError(code: .numberTooLarge, offset: 0)) {
            try read([UInt8](repeating: 0x80, count: 11))
        }
    }

    @Test func signedNumbersGoBothWays() throws {
        let values = Self.borders.flatMap { [Int64(bitPattern: $0), Int64(bitPattern: ~$0)] }
        for value in values + [.min, .max, 0, -1] {
            #expect(Varint.unzigzag(Varint.zigzag(value)) == value)
            var buffer = BinaryBuffer()
            buffer.append(zigzag: value)
            var reader = ByteReader(buffer.bytes)
            expectEqual(try reader.zigzag(), value)
        }
        #expect([0, -1, 1, -2, 2].map(Varint.zigzag) == [0, 1, 2, 3, 4])
        #expect(Varint.zigzag(.min) == .max)
    }

    @Test func countsAreBoundedByWhatIsLeft() throws {
        let bytes: [UInt8] = [3, 0, 0, 0]
        var one = ByteReader(bytes.span.bytes)
        expectEqual(try one.count(), 3)
        #expect(throws: FormatError(code: .countTooLarge, offset: 0)) {
            var two = ByteReader(bytes.span.bytes)
            return try two.count(byteCountEach: 2)
        }
        #expect(throws: FormatError(code: .countTooLarge, offset: 5)) {
            let huge: [UInt8] = [UInt8](repeating: 0xff, count: 9) + [1]
            var reader = ByteReader(huge.span.bytes, baseOffset: 5)
            return try reader.count()
        }
    }
}
