// SPDX-License-Identifier: Apache-2.0

extension Parser {
    mutating func merge() throws(QueryError) -> Merge {
        let pattern = try patternPart()
        var onCreate: [SetItem] = []
        var onMatch: [SetItem] = []
        while take("ON") {
            if take("CREATE") {
                try expect("SET")
                onCreate += try setItems()
            } else if take("MATCH") {
                try expect("SET")
                onMatch += try setItems()
            } else {
                throw unexpected("CREATE", "MATCH")
            }
        }
        return Merge(pattern: pattern, onCreate: onCreate, onMatch: onMatch)
    }

    mutating func setItems() throws(QueryError) -> [SetItem] {
        try items { (parser) throws(QueryError) in try parser.setItem() }
    }

    private mutating func setItem() throws(QueryError) -> SetItem {
        let target = try atomWithKeys()
        if take(.plusEquals) { return .merge(variable: target, value: try expression()) }
        if isAt(.colon) { return .labels(variable: target, try labels()) }
        try expect(.equals)
        let value = try expression()
        if case .property(let entity, let key) = target.kind {
            return .property(entity, key: key, value: value)
        }
        return .replace(variable: target, value: value)
    }

    mutating func removeItems() throws(QueryError) -> [RemoveItem] {
        try items { (parser) throws(QueryError) in
            let target = try parser.atomWithKeys()
            if parser.isAt(.colon) { return .labels(variable: target, try parser.labels()) }
            guard case .property(let entity, let key) = target.kind else {
                throw parser.unexpected(".", ":")
            }
            return .property(entity, key: key)
        }
    }

    private mutating func labels() throws(QueryError) -> [String] {
        var labels: [String] = []
        while take(.colon) { labels.append(try name("a label")) }
        return labels
    }

    /// An atom and the keys behind it, but no labels.
    private mutating func atomWithKeys() throws(QueryError) -> Expression {
        let start = offset
        var result = try nested { (parser) throws(QueryError) in try parser.atom() }
        var count = 0
        while take(.dot) {
            count += 1
            guard count < Self.chainMax else { throw .syntax(.nestingTooDeep, at: offset) }
            result = Expression(.property(result, key: try name("a key")), at: start)
        }
        return result
    }

    // MARK: Procedures

    mutating func procedureCall() throws(QueryError) -> ProcedureCall {
        var name = try name("a procedure")
        while take(.dot) { name += "." + (try self.name("a procedure")) }
        var arguments: [Expression]?
        if take(.leftParenthesis) {
            arguments =
                isAt(.rightParenthesis)
                ? [] : try items { (parser) throws(QueryError) in try parser.expression() }
            try expect(.rightParenthesis)
        }
        var yield = ProcedureCall.Yield.nothing
        var condition: Expression?
        if take("YIELD") {
            if take(.star) {
                yield = .all
                guard kind() == .end || isAt(.semicolon) else { throw unexpected("the end") }
            } else {
                yield = .items(
                    try items { (parser) throws(QueryError) in try parser.yieldItem() })
            }
            condition = take("WHERE") ? try expression() : nil
        }
        return ProcedureCall(
            name: name, arguments: arguments, yield: yield, condition: condition,
            isStandalone: false)
    }

    private mutating func yieldItem() throws(QueryError) -> ProcedureCall.YieldItem {
        if take(.minus) {
            throw unexpected("a result of the procedure")
        }
        let start = offset
        let name = try name("a result of the procedure")
        let variable = take("AS") ? try variable() : name
        return ProcedureCall.YieldItem(name: name, variable: variable, offset: start)
    }
}
