// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

struct LexerTests {
    private func kinds(_ text: String) throws -> [Token.Kind] {
        try Lexer.tokens(of: text).map(\.kind).dropLast()
    }

    @Test func wordsSymbolsAndSpace() throws {
        #expect(
            try kinds("MATCH (a:`b c`) // all\n/* none */ <= $p1")
                == [
                    .word("MATCH"), .symbol(.leftParenthesis), .word("a"), .symbol(.colon),
                    .quotedName("b c"), .symbol(.rightParenthesis), .symbol(.lessOrEqual),
                    .parameter("p1"),
                ])
    }

    @Test func boundsAreNoDouble() throws {
        #expect(try kinds("1..2") == [.integer(1), .symbol(.dots), .integer(2)])
        #expect(try kinds("1.5e-3 .5") == [.double(1.5e-3), .double(0.5)])
    }

    @Test func integersUpToTheirBounds() throws {
        #expect(
            try kinds("9223372036854775807 0x1F 0o17") == [
                .integer(.max), .integer(31), .integer(15),
            ])
        #expect(try kinds("9223372036854775808") == [.minimumMagnitude])
        #expect(try kinds("9223372036854775809") == [.malformedNumber(.integerOverflow)])
        #expect(try kinds("1e999") == [.malformedNumber(.floatingPointOverflow)])
        #expect(
            try kinds("0x 12ab") == [
                .malformedNumber(.invalidNumberLiteral), .malformedNumber(.invalidNumberLiteral),
            ])
    }

    @Test func escapesInTexts() throws {
        #expect(try kinds(#"'a\'\n\u0041\uD83E\uDDD0'"#) == [.string("a'\nA🧐")])
        #expect(throws: QueryError.self) { try Lexer.tokens(of: #"'\uH'"#) }
        #expect(throws: QueryError.self) { try Lexer.tokens(of: "'open") }
    }
}
