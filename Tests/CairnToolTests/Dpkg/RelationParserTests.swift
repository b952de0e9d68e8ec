// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnTool

struct RelationParserTests {
    private func parse(_ text: String) throws(RelationParser.Failure) -> [Relation] {
        var relations: [Relation] = []
        try RelationParser.parse(Array(text.utf8).span) { relations.append($0) }
        return relations
    }

    static let wellFormed: [(String, [Relation])] = [
        ("", []),
        (" \n ", []),
        ("a", [Relation(group: 0, name: "a")]),
        ("a,b", [Relation(group: 0, name: "a"), Relation(group: 1, name: "b")]),
        ("a, b ,\n c", ["a", "b", "c"].enumerated().map { Relation(group: $0, name: $1) }),
        ("a|b | c", ["a", "b", "c"].map { Relation(group: 0, name: $0) }),
        (
            "a (>= 1.2) | b:any, c [amd64] <!nocheck>",
            [
                Relation(group: 0, name: "a", constraint: ">= 1.2"),
                Relation(group: 0, name: "b", qualifier: "any"),
                Relation(group: 1, name: "c", restriction: "[amd64] <!nocheck>"),
            ]
        ),
        ("a(=1:2.0~rc1-3+b1)", [Relation(group: 0, name: "a", constraint: "= 1:2.0~rc1-3+b1")]),
        ("a ( << 1 )", [Relation(group: 0, name: "a", constraint: "<< 1")]),
        ("a (< 1)", [Relation(group: 0, name: "a", constraint: "< 1")]),
        ("a (>1)", [Relation(group: 0, name: "a", constraint: "> 1")]),
        ("a (<=1)", [Relation(group: 0, name: "a", constraint: "<= 1")]),
        ("a (>>\n 1)", [Relation(group: 0, name: "a", constraint: ">> 1")]),
        ("a (1.0)", [Relation(group: 0, name: "a", constraint: "= 1.0")]),
        (
            "perl:any(>= 5) [!i386  amd64]<a !b>  <c>",
            [
                Relation(
                    group: 0, name: "perl", constraint: ">= 5", qualifier: "any",
                    restriction: "[!i386 amd64] <a !b> <c>")
            ]
        ),
        (
            "libstdc++6, 0ad.x_y",
            [
                Relation(group: 0, name: "libstdc++6"), Relation(group: 1, name: "0ad.x_y"),
            ]
        ),
        ("a,", [Relation(group: 0, name: "a")]),
        ("a , , ,\n", [Relation(group: 0, name: "a")]),
        (",", []),
        (" ,\n , ", []),
        (", a", [Relation(group: 0, name: "a")]),
        ("a,,b", [Relation(group: 0, name: "a"), Relation(group: 1, name: "b")]),
        ("a, , b", [Relation(group: 0, name: "a"), Relation(group: 1, name: "b")]),
    ]

    @Test(arguments: wellFormed)
    func readsRelations(text: String, expected: [Relation]) throws {
        #expect(try parse(text) == expected)
    }

    static let malformed: [(String, RelationParser.Problem, Int)] = [
        ("|a", .missingName, 0),
        ("a|", .missingName, 2),
        ("a | , b", .missingName, 4),
        ("a ||b", .missingName, 3),
        ("(>= 1)", .missingName, 0),
        ("[amd64]", .missingName, 0),
        ("ä", .invalidName, 0),
        ("a, -b", .invalidName, 3),
        ("${misc:Depends}", .invalidName, 0),
        ("a:", .missingQualifier, 2),
        ("a: any", .missingQualifier, 2),
        ("a:,b", .missingQualifier, 2),
        ("a (=> 1)", .invalidOperator, 3),
        ("a (>>> 1)", .invalidOperator, 3),
        ("a (<> 1)", .invalidOperator, 3),
        ("a ()", .missingVersion, 3),
        ("a (>=)", .missingVersion, 5),
        ("a (>= )", .missingVersion, 6),
        ("a (>= 1", .unclosedVersion, 7),
        ("a (>= 1, b", .unclosedVersion, 9),
        ("a (>= 1 2)", .unclosedVersion, 8),
        ("a (>= (1))", .unclosedVersion, 6),
        ("a [", .unclosedRestriction, 2),
        ("a [amd64, b", .unclosedRestriction, 2),
        ("a <x", .unclosedRestriction, 2),
        ("a []", .emptyRestriction, 3),
        ("a < >", .emptyRestriction, 4),
        ("a b", .unexpectedText, 2),
        ("a (>= 1) b", .unexpectedText, 9),
        ("a (>= 1) (<< 2)", .unexpectedText, 9),
        ("a [x] (>= 1)", .unexpectedText, 6),
    ]

    @Test(arguments: malformed)
    func refusesMalformedRelationsWithTheirPlace(
        text: String, problem: RelationParser.Problem, offset: Int
    ) {
        #expect(throws: RelationParser.Failure(problem: problem, offset: offset)) {
            try parse(text)
        }
    }

    @Test func endsOnEveryPrefixOfAText() {
        let text = "a (>= 1.2) | b:any, c [amd64 i386] <!nocheck>, d (<< 3)"
        var good = 0
        for count in 0...text.count where (try? parse(String(text.prefix(count)))) != nil {
            good += 1
        }
        #expect(good > 5 && good < text.count)
    }
}
