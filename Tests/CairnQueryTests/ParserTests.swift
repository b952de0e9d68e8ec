// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

struct ParserTests {
    /// A text that is no statement, and where that shows.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let text: String
        let code: QueryError.Code
        let line: Int
        let column: Int
        var expected: [String] = []
        var testDescription: String { text }
    }

    @Test(arguments: [
        Refusal(
            text: "MATCH (n) RETRUN n", code: .unexpectedSyntax, line: 1, column: 11,
            expected: ["RETURN"]),
        Refusal(
            text: "MATCH (n\nRETURN n", code: .unexpectedSyntax, line: 2, column: 1,
            expected: [")"]),
        Refusal(
            text: "RETURN [1, ] AS x", code: .unexpectedSyntax, line: 1, column: 12,
            expected: ["an expression"]),
        Refusal(
            text: "RETURN 1 AS x 2", code: .unexpectedSyntax, line: 1, column: 15,
            expected: ["a clause", "the end"]),
        Refusal(text: "RETURN 'ü' + 0x", code: .invalidNumberLiteral, line: 1, column: 14),
        Refusal(text: "RETURN 9223372036854775808", code: .integerOverflow, line: 1, column: 8),
        Refusal(
            text: "MATCH (a)-[:T*-2]->(b) RETURN a", code: .invalidRelationshipPattern, line: 1,
            column: 15),
        Refusal(text: "RETURN 42 — 41", code: .invalidUnicodeCharacter, line: 1, column: 11),
        Refusal(
            text: "RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a",
            code: .invalidClauseComposition, line: 1, column: 35),
    ])
    func errorsSayWhereAndWhat(_ refusal: Refusal) throws {
        let error = #expect(throws: QueryError.self) { try Parser.parse(refusal.text) }
        #expect(error?.code == refusal.code)
        #expect(error?.position?.line == refusal.line)
        #expect(error?.position?.column == refusal.column)
        #expect(error?.expected == refusal.expected)
        #expect(error?.phase == .compileTime)
    }

    private func expression(_ text: String) throws -> Expression {
        let statement = try Parser.parse("RETURN \(text) AS x")
        guard case .return(let projection) = statement.body.parts[0][0].kind else {
            throw QueryError(.syntax, .unexpectedSyntax, .compileTime)
        }
        return projection.items[0].expression
    }

    @Test(arguments: [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("2 ^ 3 ^ 2", "((2 ^ 3) ^ 2)"),
        ("a OR b XOR c AND NOT d", "(a OR (b XOR c AND NOT d))"),
        ("1 < 2 = true", "1 < 2 = true"),
        ("a.b[1].c", "a.b[1].c"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("x IN [1] IS NULL", "x IN [1] IS NULL"),
        ("(a) - (b)", "(a - b)"),
        ("(a)-[b]", "(a - [b])"),
        ("[x]", "[x]"),
    ])
    func operatorsBindAsInTheLanguage(_ text: String, _ shown: String) throws {
        #expect(try expression(text).description == shown)
    }

    @Test func parenthesesThatMayBePatterns() throws {
        guard case .pattern = try expression("(a)-[:T]->(b)").kind else {
            Issue.record("no pattern")
            return
        }
        guard case .patternComprehension = try expression("[p = (a)-->() | p]").kind else {
            Issue.record("no comprehension")
            return
        }
    }

    @Test func nestingIsBounded() throws {
        for (open, close) in [
            ("(", ")"), ("[", "]"), ("{a: ", "}"), ("-(", ")"), ("({a: ", "})-[b]"),
        ] {
            let deep =
                String(repeating: open, count: 5000) + "1" + String(repeating: close, count: 5000)
            let error = #expect(throws: QueryError.self) { try expression(deep) }
            #expect(error?.code == .nestingTooDeep)
        }
        let chain = Array(repeating: "1", count: 5000).joined(separator: " + ")
        #expect(throws: QueryError.self) { try expression(chain) }
        // Chains within chains are as deep as they are long together.
        var nested = "1"
        for _ in 0..<10 { nested = "(\(nested))" + String(repeating: " + 1", count: 100) }
        let error = #expect(throws: QueryError.self) { try expression(nested) }
        #expect(error?.code == .nestingTooDeep)
        let long = Array(repeating: "a", count: 5000).joined(separator: " AND ")
        #expect(try expression(long).children.count == 5000)
    }
}
