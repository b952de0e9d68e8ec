// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

struct SemanticTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let text: String
        let code: QueryError.Code
        var category = QueryError.Category.syntax
        var testDescription: String { text }
    }

    @Test(arguments: [
        Refusal(text: "RETURN x", code: .undefinedVariable),
        Refusal(text: "MATCH (a) WITH 1 AS b RETURN a", code: .undefinedVariable),
        Refusal(text: "MATCH (a) CREATE (a)", code: .variableAlreadyBound),
        Refusal(text: "MATCH (a) UNWIND [1] AS a RETURN a", code: .variableAlreadyBound),
        Refusal(text: "MATCH p = (p)-->() RETURN p", code: .variableAlreadyBound),
        Refusal(text: "MATCH ()-[r]->(r) RETURN r", code: .variableTypeConflict),
        Refusal(text: "WITH 1 AS n MATCH (n) RETURN n", code: .variableTypeConflict),
        Refusal(
            text: "MATCH (a)-[r]->(b)-[r]->(c) RETURN r", code: .relationshipUniquenessViolation),
        Refusal(text: "MATCH (n) WHERE n RETURN n", code: .invalidArgumentType),
        Refusal(text: "RETURN 1 AND true", code: .invalidArgumentType),
        Refusal(text: "RETURN [x IN ['a'] WHERE x % 2 = 0]", code: .invalidArgumentType),
        Refusal(text: "WITH 1 AS x RETURN x.y", code: .invalidArgumentType, category: .type),
        Refusal(text: "RETURN no(1)", code: .unknownFunction),
        Refusal(text: "RETURN size()", code: .invalidNumberOfArguments),
        Refusal(text: "CALL no.such()", code: .procedureNotFound, category: .procedure),
        Refusal(text: "MATCH (n) WHERE count(n) > 1 RETURN n", code: .invalidAggregation),
        Refusal(text: "RETURN count(count(*))", code: .nestedAggregation),
        Refusal(text: "MATCH (n) RETURN n.x + count(*)", code: .ambiguousAggregationExpression),
        Refusal(text: "MATCH (n) WITH n.x RETURN 1", code: .noExpressionAlias),
        Refusal(text: "RETURN 1 AS a, 2 AS a", code: .columnNameConflict),
        Refusal(text: "RETURN *", code: .noVariablesInScope),
        Refusal(text: "RETURN 1 AS a UNION RETURN 2 AS b", code: .differentColumnsInUnion),
        Refusal(text: "MATCH (n) RETURN n LIMIT n.x", code: .nonConstantExpression),
        Refusal(text: "MATCH (n) RETURN n SKIP -1", code: .negativeIntegerArgument),
        Refusal(text: "CREATE (a)-[:T]-(b)", code: .requiresDirectedRelationship),
        Refusal(text: "CREATE (a)-->(b)", code: .noSingleRelationshipType),
        Refusal(text: "MERGE (a)-[:T*2]->(b)", code: .creatingVarLength),
        Refusal(text: "MATCH (n $all) RETURN n", code: .invalidParameterUse),
        Refusal(text: "MATCH (n) DELETE n:A", code: .invalidDelete),
        Refusal(text: "MATCH (n) RETURN (n)-->()", code: .unexpectedSyntax),
        Refusal(
            text: "MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 } RETURN n",
            code: .invalidClauseComposition),
    ])
    func isRefusedBeforeItRuns(_ refusal: Refusal) throws {
        var graph = GraphStore()
        let error = #expect(throws: QueryError.self) { try graph.execute(Query(refusal.text)) }
        #expect(error?.code == refusal.code)
        #expect(error?.category == refusal.category)
        #expect(error?.phase == .compileTime)
        #expect(error?.position != nil)
    }

    @Test(arguments: [
        "MATCH (n) RETURN n.x, n.x + count(*)",
        "MATCH (n) WITH n ORDER BY n.x RETURN n",
        "MATCH (n) WITH n.x AS x WHERE n.y = 1 RETURN x",
        "MATCH (n) RETURN n.x AS x, count(*) AS c ORDER BY n.x, c + count(*)",
        "MATCH (a) MATCH (a)-->(b) RETURN b",
        "MATCH (n) WHERE (n)-->() AND NOT (n)<--() RETURN n",
        "MATCH (n) RETURN [(n)-->(m) WHERE m.x > 1 | m.y] AS ys",
        "CREATE (a)-[:T]->(b) WITH * MATCH (c) RETURN c",
    ])
    func isAccepted(_ text: String) throws {
        var graph = GraphStore()
        try graph.execute(Query(text))
    }
}
