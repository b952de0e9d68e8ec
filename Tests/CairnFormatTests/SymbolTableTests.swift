// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

struct SymbolTableTests {
    private func decode(_ bytes: [UInt8]) throws(FormatError) -> [String] {
        var reader = ByteReader(bytes.span.bytes)
        let table = try SymbolTable(from: &reader)
        try reader.expectEnd()
        return table.symbols
    }

    private func encode(_ builder: SymbolTableBuilder) -> [UInt8] {
        var buffer = BinaryBuffer()
        builder.encode(into: &buffer)
        return buffer.array()
    }

    @Test func symbolsAreNumberedInTheOrderOfFirstUse() throws {
        var builder = SymbolTableBuilder()
        #expect(["b", "a", "b", "", "a"].map { builder.intern($0) } == [0, 1, 0, 2, 1])
        #expect(builder.symbols == ["b", "a", ""])
        #expect(try decode(encode(builder)) == ["b", "a", ""])
    }

    @Test func truncationForgetsTheLast() {
        var builder = SymbolTableBuilder()
        for symbol in ["a", "b", "c"] { _ = builder.intern(symbol) }
        builder.truncate(to: 1)
        #expect(builder.symbols == ["a"])
        #expect(["c", "a", "b"].map { builder.intern($0) } == [1, 0, 2])
        builder.removeAll()
        #expect(builder.count == 0)
        #expect(builder.intern("b") == 0)
    }

    // One letter with an accent as one scalar and as two, and two marks in both orders: Swift holds
    // each pair for equal.
    @Test(arguments: [("\u{e9}", "e\u{301}"), ("a\u{323}\u{307}", "a\u{307}\u{323}")])
    func stringsOfDifferentBytesStayApart(pair: (String, String)) throws {
        #expect(pair.0 == pair.1)
        var builder = SymbolTableBuilder()
        #expect(builder.intern(pair.0) == 0)
        #expect(builder.intern(pair.1) == 1)
        #expect(builder.intern(pair.0) == 0)
        let symbols = try decode(encode(builder))
        #expect(symbols.map { Array($0.utf8) } == [pair.0, pair.1].map { Array($0.utf8) })
        builder.truncate(to: 1)
        #expect(builder.intern(pair.1) == 1)
        builder.truncate(to: 0)
        #expect(builder.intern(pair.1) == 0)
        #expect(builder.intern(pair.0) == 1)
        builder.removeAll()
        #expect(builder.intern(pair.0) == 0)
        #expect(builder.intern(pair.1) == 1)
    }

    @Test func manyStringsOfDifferentBytesStayApart() {
        var builder = SymbolTableBuilder()
        for number in 0..<1000 {
            #expect(builder.intern("\(number)\u{e9}") == 2 * number)
            #expect(builder.intern("\(number)e\u{301}") == 2 * number + 1)
        }
    }

    @Test func damagedTablesAreRefused() {
        #expect(throws: FormatError(code: .duplicate, offset: 3)) { try decode([2, 1, 97, 1, 97]) }
        #expect(throws: FormatError(code: .countTooLarge, offset: 0)) { try decode([5, 1, 97]) }
        #expect(throws: FormatError(code: .countTooLarge, offset: 1)) { try decode([1, 9, 97]) }
        #expect(throws: FormatError(code: .truncated, offset: 0)) { try decode([]) }
        #expect(throws: FormatError(code: .invalidUTF8, offset: 2)) { try decode([1, 1, 0xff]) }
    }

    @Test func eventsReferToSymbolsByNumber() throws {
        var encoder = EventEncoder()
        for symbol in ["x", "y", "x"] { encoder.append(symbol: symbol) }
        expectEqual(encoder.bytes.array(), [0, 1, 0])
        let table = SymbolTable(encoder.symbols.symbols)
        var decoder = EventDecoder(encoder.bytes.bytes, symbols: table, baseOffset: 9)
        expectEqual(try decoder.symbol(), "x")
        expectEqual(try decoder.symbol(), "y")
        #expect(throws: FormatError(code: .invalidReference, offset: 9)) {
            let bytes: [UInt8] = [2]
            var other = EventDecoder(bytes.span.bytes, symbols: table, baseOffset: 9)
            return try other.symbol()
        }
    }
}
