// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// Texts of a column, there and back, and what is refused.
struct TextColumnTests {
    private static func encode(_ texts: [[UInt8]]) -> [UInt8] {
        let list = TextList()
        for text in texts { text.withUnsafeBytes { list.append($0) } }
        var buffer = BinaryBuffer()
        TextColumn.append(list, to: &buffer)
        return buffer.array()
    }

    private static func decode(
        _ bytes: [UInt8], _ count: Int, isText: Bool = true
    ) throws(FormatError) -> [[UInt8]] {
        var reader = ByteReader(bytes.span.bytes)
        let texts = try TextColumn.read(count, isText: isText, from: &reader)
        try reader.expectEnd()
        return (0..<count).map { [UInt8](texts[$0]) }
    }

    private static func texts(_ strings: String...) -> [[UInt8]] { strings.map { Array($0.utf8) } }

    @Test func bytesAreTheDocumentedOnes() throws {
        let texts = Self.texts("ab", "abc", "b")
        // Shared 0, 2, 0; added 2, 1, 1.
        let bytes: [UInt8] = [0] + [0, 0, 2, 0b00_10_00] + [0, 2, 1, 0b001] + Array("abcb".utf8)
        #expect(Self.encode(texts) == bytes)
        #expect(try Self.decode(bytes, 3) == texts)
    }

    @Test func fewDifferentTextsAreADictionary() throws {
        let texts = (0..<1000).map { Array(["red", "green", "blue"][$0 * $0 % 3].utf8) }
        let bytes = Self.encode(texts)
        #expect(bytes[..<2] == [1, 2])
        #expect(bytes.count < 200)
        #expect(try Self.decode(bytes, 1000) == texts)
    }

    @Test func textsOfEveryKindRoundTrip() throws {
        for seed in 0..<60 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let letters = seed % 3 == 0 ? ["a", "b"] : ["a", "\u{e9}", "\u{1F600}", ""]
            let count = 1 + random.below(seed % 2 == 0 ? 10 : 400)
            let lengthMax = [1, 3, 40][Int(seed % 3)]
            let texts = (0..<count).map { _ in
                Array(
                    (0..<random.below(lengthMax + 1)).map { _ in random.pick(letters) }.joined()
                        .utf8)
            }
            #expect(try Self.decode(Self.encode(texts), count) == texts, "seed \(seed)")
            let bytes = texts.map { $0.map { $0 ^ 0x80 } }
            #expect(
                try Self.decode(Self.encode(bytes), count, isText: false) == bytes, "seed \(seed)")
        }
    }

    @Test func numberedNamesTakeFewBytes() {
        let texts = (0..<4096).map { Array("person-\($0)-\($0 * 7919 % 1000)".utf8) }
        #expect(Self.encode(texts).count < texts.joined().count / 2)
    }

    /// What a column needs to be refused, and where.
    @Test(
        arguments: [
            ([2, 0, 0, 0, 0, 0, 0], 1, .unknownTag, 0),
            // A length below zero, of what is shared and of what is added.
            ([0, 0, 1, 0, 0, 2, 0, 97], 1, .invalidValue, 1),
            ([0, 0, 0, 0, 0, 1, 0], 1, .invalidValue, 1),
            // More shared than there is.
            ([0, 0, 2, 0, 0, 2, 0, 97], 1, .invalidReference, 1),
            ([0, 0, 0, 2, 0b1000, 0, 2, 0, 97, 97], 2, .invalidReference, 1),
            // Bytes that are missing, and lengths that no number holds.
            ([0, 0, 0, 0, 0, 4, 0, 97], 1, .truncated, 7),
            (
                [0, 0, 0, 0, 0, 254, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0], 2,
                .limitExceeded, 1
            ),
            ([0, 0, 0, 0, 0, 2, 0, 0xff], 1, .invalidUTF8, 1),
            // Half of a character that the text before begins with.
            ([0, 0, 0, 1, 0b10, 0, 0, 2, 0b0010, 0xc3, 0xa9], 2, .invalidUTF8, 1),
            // Dictionaries: of no text, of more than there are values, descending, a number without a text.
            ([1, 0], 1, .invalidValue, 1),
            ([1, 2], 1, .invalidValue, 1),
            ([1, 2, 0, 0, 0, 0, 2, 0, 98, 97, 0, 0, 0], 2, .nonCanonical, 2),
            ([1, 2, 0, 0, 0, 0, 2, 0, 97, 97, 0, 0, 0], 2, .nonCanonical, 2),
            ([1, 1, 0, 0, 0, 0, 2, 0, 97, 0, 2, 0], 1, .invalidReference, 9),
            ([1, 1, 0, 0, 0, 0, 2, 0, 97, 0, 1, 0], 1, .invalidReference, 9),
        ] as [([UInt8], Int, FormatError.Code, Int)])
    func isRefused(bytes: [UInt8], count: Int, code: FormatError.Code, offset: Int) {
        let error = failure { () throws(FormatError) in _ = try Self.decode(bytes, count) }
        #expect(error == FormatError(code: code, offset: offset))
    }

    @Test func bytesNeedNotBeText() throws {
        #expect(try Self.decode([0, 0, 0, 0, 0, 2, 0, 0xff], 1, isText: false) == [[0xff]])
    }

    /// A long text and values that all are the same, in either form.
    private static func repeated(_ byteCount: Int, _ count: Int, asDictionary: Bool) -> [UInt8] {
        let text = [UInt8](repeating: 97, count: byteCount)
        var buffer = BinaryBuffer()
        buffer.append(asDictionary ? [1, 1] as [UInt8] : [0])
        let rest = asDictionary ? 0 : count - 1
        IntegerColumn.append(
            [0] + [Int64](repeating: Int64(byteCount), count: rest), to: &buffer)
        IntegerColumn.append([Int64(byteCount)] + [Int64](repeating: 0, count: rest), to: &buffer)
        buffer.append(text)
        if asDictionary { IntegerColumn.append([Int64](repeating: 0, count: count), to: &buffer) }
        return buffer.array()
    }

    @Test(arguments: [false, true]) func whatRepeatsItselfIsBounded(asDictionary: Bool) throws {
        let limit = ColumnLimits.columnByteCountMax
        for (byteCount, count) in [(limit, 1), (limit - 1, 2), (limit / 64, 64), (1, 4096)] {
            let bytes = Self.repeated(byteCount, count, asDictionary: asDictionary)
            #expect(try Self.decode(bytes, count).allSatisfy { $0.count == byteCount })
        }
        for (byteCount, count) in [(limit, 2), (limit / 64, 65)] {
            let bytes = Self.repeated(byteCount, count, asDictionary: asDictionary)
            let error = failure { () throws(FormatError) in _ = try Self.decode(bytes, count) }
            #expect(error?.code == .limitExceeded, "\(byteCount) bytes, \(count) times")
        }
    }
}
