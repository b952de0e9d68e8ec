// SPDX-License-Identifier: Apache-2.0
//
// Everything that can be said of a statement before it runs: which variables there are, what they stand for, where
// aggregating functions may be. What passes here can be planned.

/// Checks a statement.
struct SemanticChecker {
    let procedures: [String: QueryProcedure]

    /// The columns of the result; none when the statement gives no rows.
    func check(_ statement: StatementSyntax) throws(QueryError) -> [String] {
        try check(statement.body, Scope(), isSubquery: false)
    }

    /// Checks queries that UNION joins.
    func check(
        _ body: Query.Body, _ scope: Scope, isSubquery: Bool
    ) throws(QueryError) -> [String] {
        var columns: [String]?
        for (index, part) in body.parts.enumerated() {
            let found = try check(part, scope, isSubquery: isSubquery)
            if let columns, columns != found {
                throw .syntax(
                    .differentColumnsInUnion, at: body.unions[index - 1].offset)
            }
            columns = found
        }
        return columns ?? []
    }

    private func check(
        _ clauses: [Clause], _ outer: Scope, isSubquery: Bool
    ) throws(QueryError) -> [String] {
        var scope = outer
        for clause in clauses {
            if isSubquery, clause.isWriting {
                throw .syntax(.invalidClauseComposition, at: clause.offset)
            }
            if case .return(let projection) = clause.kind {
                return try check(projection, &scope, isReturn: true, at: clause.offset)
            }
            if case .call(let call) = clause.kind, call.isStandalone {
                return try check(call, &scope, at: clause.offset)
            }
            try check(clause, &scope)
        }
        return []
    }

    private func check(_ clause: Clause, _ scope: inout Scope) throws(QueryError) {
        switch clause.kind {
        case .match(let match): try check(match, &scope)
        case .unwind(let list, let variable):
            let kind = try value(list, scope)
            guard !scope.has(variable) else {
                throw .syntax(.variableAlreadyBound, at: clause.offset, name: variable)
            }
            scope[variable] = kind.element
        case .with(let projection):
            _ = try check(projection, &scope, isReturn: false, at: clause.offset)
        case .create(let parts): for part in parts { try checkCreation(part, &scope) }
        case .merge(let merge):
            try checkMerge(merge.pattern, &scope)
            for item in merge.onCreate + merge.onMatch { try check(item, scope) }
        case .set(let items): for item in items { try check(item, scope) }
        case .remove(let items): for item in items { try check(item, scope) }
        case .delete(let items, _): for item in items { try checkDeletion(item, scope) }
        case .call(let call): _ = try check(call, &scope, at: clause.offset)
        case .schema, .return: break
        }
    }

    // MARK: Reading

    private func check(_ match: Match, _ scope: inout Scope) throws(QueryError) {
        try declare(match.pattern, &scope)
        if let condition = match.condition { try predicate(condition, scope) }
    }

    private func check(
        _ call: ProcedureCall, _ scope: inout Scope, at offset: Int
    ) throws(QueryError) -> [String] {
        guard let procedure = procedures[call.name] else {
            throw QueryError(
                .procedure, .procedureNotFound, .compileTime, at: offset, name: call.name)
        }
        try checkArguments(of: call, procedure, scope, at: offset)
        var columns: [String] = []
        switch call.yield {
        case .nothing: if call.isStandalone { columns = procedure.results.map(\.name) }
        case .all: columns = procedure.results.map(\.name)
        case .items(let items):
            for item in items {
                guard let result = procedure.results.first(where: { $0.name == item.name }) else {
                    throw .syntax(.undefinedVariable, at: item.offset, name: item.name)
                }
                guard !scope.has(item.variable) else {
                    throw .syntax(.variableAlreadyBound, at: item.offset, name: item.variable)
                }
                scope[item.variable] = result.kind.staticKind
                columns.append(item.variable)
            }
        }
        if let condition = call.condition { try predicate(condition, scope) }
        return columns
    }

    private func checkArguments(
        of call: ProcedureCall, _ procedure: QueryProcedure, _ scope: Scope, at offset: Int
    ) throws(QueryError) {
        guard let arguments = call.arguments else {
            guard call.isStandalone || procedure.parameters.isEmpty else {
                throw .syntax(.invalidArgumentPassingMode, at: offset, name: call.name)
            }
            return
        }
        guard arguments.count == procedure.parameters.count else {
            throw .syntax(.invalidNumberOfArguments, at: offset, name: call.name)
        }
        for (argument, parameter) in zip(arguments, procedure.parameters) {
            if argument.containsAggregate {
                throw .syntax(.invalidAggregation, at: argument.offset)
            }
            guard try value(argument, scope).mayBe(parameter.kind.accepted) else {
                throw .syntax(
                    .invalidArgumentType, at: argument.offset, name: parameter.name)
            }
        }
    }

    // MARK: Changing

    private func check(_ item: SetItem, _ scope: Scope) throws(QueryError) {
        switch item {
        case .property(let entity, _, let value):
            try requireEntity(entity, scope)
            _ = try self.value(value, scope)
        case .replace(let variable, let value), .merge(let variable, let value):
            try requireEntity(variable, scope)
            _ = try self.value(value, scope)
        case .labels(let variable, _): try requireEntity(variable, scope)
        }
    }

    private func check(_ item: RemoveItem, _ scope: Scope) throws(QueryError) {
        switch item {
        case .property(let entity, _): try requireEntity(entity, scope)
        case .labels(let variable, _): try requireEntity(variable, scope)
        }
    }

    private func requireEntity(_ expression: Expression, _ scope: Scope) throws(QueryError) {
        guard try value(expression, scope).mayBe([.node, .relationship, .map]) else {
            throw .syntax(.invalidArgumentType, at: expression.offset)
        }
    }

    private func checkDeletion(_ item: Expression, _ scope: Scope) throws(QueryError) {
        if case .hasLabels = item.kind { throw .syntax(.invalidDelete, at: item.offset) }
        guard try value(item, scope).mayBe([.node, .relationship, .path]) else {
            throw .syntax(.invalidArgumentType, at: item.offset)
        }
    }
}
