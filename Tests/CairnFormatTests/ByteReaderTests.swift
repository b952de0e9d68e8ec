// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

struct ByteReaderTests {
    /// One value of every kind.
    private func write() -> [UInt8] {
        var buffer = BinaryBuffer()
        buffer.append(UInt8(1))
        buffer.append(UInt16(0x0203))
        buffer.append(UInt32(0x0405_0607))
        buffer.append(UInt64(0x0809_0a0b_0c0d_0e0f))
        buffer.append(Int32(-2))
        buffer.append(varint: 300)
        buffer.append(string: "žluťoučký")
        buffer.append(varint: 2)
        buffer.append([7, 8])
        return buffer.array()
    }

    private func readAll(_ bytes: [UInt8], baseOffset: Int = 0) throws(FormatError) {
        var reader = ByteReader(bytes.span.bytes, baseOffset: baseOffset)
        expectEqual(try reader.integer(UInt8.self), 1)
        expectEqual(try reader.integer(UInt16.self), 0x0203)
        expectEqual(try reader.integer(UInt32.self), 0x0405_0607)
        expectEqual(try reader.integer(UInt64.self), 0x0809_0a0b_0c0d_0e0f)
        expectEqual(try reader.integer(Int32.self), -2)
        expectEqual(try reader.varint(), 300)
        expectEqual(try reader.string(), "žluťoučký")
        let rest = try reader.lengthPrefixed()
        expectEqual(rest.array(), [7, 8])
        try reader.expectEnd()
    }

    @Test func valuesGoBothWays() throws {
        try readAll(write())
    }

    @Test func everyTruncationThrowsWithAnOffsetInside() {
        let bytes = write()
        for count in 0..<bytes.count {
            do throws(FormatError) {
                try readAll(Array(bytes.prefix(count)), baseOffset: 1000)
                Issue.record("no error after \(count) bytes")
            } catch {
                #expect(error.code == .truncated || error.code == .countTooLarge)
                #expect((1000...1000 + count).contains(error.offset))
            }
        }
    }

    @Test func leftoverBytesAreRefused() {
        let bytes = write()
        #expect(throws: FormatError(code: .trailingBytes, offset: bytes.count)) {
            try readAll(bytes + [0])
        }
    }

    @Test func integersAreLittleEndian() throws {
        let bytes: [UInt8] = [1, 2, 3, 4]
        var reader = ByteReader(bytes.span.bytes)
        expectEqual(try reader.integer(UInt32.self), 0x0403_0201)
    }

    @Test func takingBackwardsOrTooMuchThrows() {
        let bytes: [UInt8] = [1, 2, 3]
        for count in [-1, Int.min, 4, Int.max] {
            #expect(throws: FormatError(code: .truncated, offset: 0)) {
                var reader = ByteReader(bytes.span.bytes)
                _ = try reader.take(count)
            }
        }
    }

    @Test(
        arguments: [
            [0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff], [0xc3],
            [0x61, 0xe2, 0x82],
        ] as [[UInt8]])
    func invalidUTF8IsRefused(bytes: [UInt8]) {
        #expect(throws: FormatError(code: .invalidUTF8, offset: 1)) {
            let input = [UInt8(bytes.count)] + bytes
            var reader = ByteReader(input.span.bytes)
            return try reader.string()
        }
    }

    @Test func zeroCheckSeesEveryByte() {
        for count in 0...40 {
            var bytes = [UInt8](repeating: 0, count: count)
            expectEqual(bytes.span.bytes.isAllZero, true)
            for index in 0..<count {
                bytes[index] = 1
                expectEqual(bytes.span.bytes.isAllZero, false, "byte \(index) of \(count)")
                bytes[index] = 0
            }
        }
    }
}
