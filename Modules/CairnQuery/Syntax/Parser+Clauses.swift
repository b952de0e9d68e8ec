// SPDX-License-Identifier: Apache-2.0

extension Parser {
    mutating func statement() throws(QueryError) -> StatementSyntax {
        var mode = StatementSyntax.Mode.run
        if take("EXPLAIN") { mode = .explain } else if take("PROFILE") { mode = .profile }
        let body: Query.Body
        if let command = try schemaCommand() {
            body = Query.Body(
                parts: [[Clause(kind: .schema(command), offset: offset)]], unions: [])
        } else {
            body = try self.body(isSubquery: false)
        }
        _ = take(.semicolon)
        guard kind() == .end else { throw unexpected("a clause", "the end") }
        return StatementSyntax(mode: mode, body: body)
    }

    mutating func body(isSubquery: Bool) throws(QueryError) -> Query.Body {
        var parts = [try singleQuery(isSubquery: isSubquery)]
        var unions: [Query.Union] = []
        while isAt("UNION") {
            let start = offset
            advance()
            let isAll = take("ALL")
            if !isAll { _ = take("DISTINCT") }
            unions.append(Query.Union(isAll: isAll, offset: start))
            parts.append(try singleQuery(isSubquery: isSubquery))
        }
        if let other = unions.first(where: { $0.isAll != unions[0].isAll }) {
            throw .syntax(.invalidClauseComposition, at: other.offset, name: "UNION")
        }
        return Query.Body(parts: parts, unions: unions)
    }

    private mutating func singleQuery(isSubquery: Bool) throws(QueryError) -> [Clause] {
        var clauses: [Clause] = []
        while let clause = try clause() {
            clauses.append(clause)
            if case .return = clause.kind { break }
        }
        guard let last = clauses.last else { throw unexpected("a clause") }
        switch last.kind {
        case .match, .unwind, .with:
            guard isSubquery, case .match = last.kind else { throw unexpected("RETURN") }
        case .call(var call):
            if clauses.count == 1, !isSubquery {
                call.isStandalone = true
                clauses = [Clause(kind: .call(call), offset: last.offset)]
            }
        default: break
        }
        return clauses
    }

    private mutating func clause() throws(QueryError) -> Clause? {
        let start = offset
        guard let kind = try clauseKind() else { return nil }
        return Clause(kind: kind, offset: start)
    }

    private mutating func clauseKind() throws(QueryError) -> Clause.Kind? {
        if take("OPTIONAL") {
            try expect("MATCH")
            return .match(try matchBody(isOptional: true))
        }
        if take("MATCH") { return .match(try matchBody(isOptional: false)) }
        if take("UNWIND") {
            let list = try expression()
            try expect("AS")
            return .unwind(list, variable: try variable())
        }
        if take("WITH") { return .with(try projection(isWith: true)) }
        if take("RETURN") { return .return(try projection(isWith: false)) }
        if take("CREATE") || take("INSERT") { return .create(try pattern()) }
        if take("MERGE") { return .merge(try merge()) }
        if take("SET") { return .set(try setItems()) }
        if take("REMOVE") { return .remove(try removeItems()) }
        if take("DETACH") {
            try expect("DELETE")
            return .delete(try deleteItems(), detach: true)
        }
        if take("DELETE") { return .delete(try deleteItems(), detach: false) }
        if take("CALL") { return .call(try procedureCall()) }
        return nil
    }

    mutating func matchBody(isOptional: Bool) throws(QueryError) -> Match {
        let pattern = try pattern()
        let condition = take("WHERE") ? try expression() : nil
        return Match(isOptional: isOptional, pattern: pattern, condition: condition)
    }

    private mutating func deleteItems() throws(QueryError) -> [Expression] {
        try items { (parser) throws(QueryError) in try parser.expression() }
    }

    // MARK: Projections

    private mutating func projection(isWith: Bool) throws(QueryError) -> Projection {
        var projection = Projection(
            isDistinct: take("DISTINCT"), includesAll: false, items: [], order: [], skip: nil,
            limit: nil, condition: nil)
        if take(.star) {
            projection.includesAll = true
            if take(.comma) { projection.items = try projectionItems() }
        } else {
            projection.items = try projectionItems()
        }
        if take("ORDER") {
            try expect("BY")
            projection.order = try items { (parser) throws(QueryError) in try parser.sortItem() }
        }
        if take("SKIP") || take("OFFSET") { projection.skip = try expression() }
        if take("LIMIT") { projection.limit = try expression() }
        if isWith, take("WHERE") { projection.condition = try expression() }
        return projection
    }

    private mutating func projectionItems() throws(QueryError) -> [Projection.Item] {
        try items { (parser) throws(QueryError) in
            let start = parser.offset
            let expression = try parser.expression()
            let end = parser.tokens[parser.index - 1].end
            let alias = parser.take("AS") ? try parser.variable() : nil
            let utf8 = parser.text.utf8
            let range =
                utf8.index(
                    utf8.startIndex, offsetBy: start)..<utf8.index(
                    utf8.startIndex, offsetBy: end)
            return Projection.Item(
                expression: expression, alias: alias, text: String(parser.text[range]))
        }
    }

    private mutating func sortItem() throws(QueryError) -> Projection.SortItem {
        let expression = try expression()
        if take("DESC") || take("DESCENDING") {
            return Projection.SortItem(expression: expression, isDescending: true)
        }
        _ = take("ASC") || take("ASCENDING")
        return Projection.SortItem(expression: expression, isDescending: false)
    }
}
