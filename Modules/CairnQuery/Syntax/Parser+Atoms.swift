// SPDX-License-Identifier: Apache-2.0

extension Parser {
    mutating func atom() throws(QueryError) -> Expression {
        let start = offset
        switch kind() {
        case .integer(let value): return literal(.int(value))
        case .double(let value): return literal(.double(value))
        case .string(let text): return literal(.string(text))
        case .minimumMagnitude: throw .syntax(.integerOverflow, at: start)
        case .malformedNumber(let code): throw .syntax(code, at: start)
        case .parameter(let name):
            advance()
            return Expression(.parameter(name), at: start)
        case .symbol(.leftParenthesis): return try parenthesized()
        case .symbol(.leftBracket): return try bracketed()
        case .symbol(.leftBrace): return try map()
        case .quotedName: return Expression(.variable(try variable()), at: start)
        case .word(let word): return try wordAtom(word)
        case .symbol, .end: throw unexpected("an expression")
        }
    }

    private mutating func literal(_ literal: Literal) -> Expression {
        let start = offset
        advance()
        return Expression(.literal(literal), at: start)
    }

    private mutating func wordAtom(_ word: String) throws(QueryError) -> Expression {
        let start = offset
        switch word.uppercased() {
        case "NULL": return literal(.null)
        case "TRUE": return literal(.bool(true))
        case "FALSE": return literal(.bool(false))
        case "CASE": return try conditional()
        case "EXISTS" where kind(after: 1) == .symbol(.leftBrace):
            return Expression(.exists(try subquery()), at: start)
        case "COUNT" where kind(after: 1) == .symbol(.leftBrace):
            return Expression(.count(try subquery()), at: start)
        case "COUNT"
        where kind(after: 1) == .symbol(.leftParenthesis) && kind(after: 2) == .symbol(.star):
            for _ in 0..<3 { advance() }
            try expect(.rightParenthesis)
            return Expression(.countOfRows, at: start)
        case let upper where kind(after: 1) == .symbol(.leftParenthesis) && isIteration:
            if let quantified = Quantifier.Kind(rawValue: upper.lowercased()) {
                return try quantifier(quantified)
            }
        case "REDUCE" where kind(after: 1) == .symbol(.leftParenthesis):
            return try reduction()
        default: break
        }
        if isCall { return try call() }
        return Expression(.variable(try variable()), at: start)
    }

    /// Whether `name(variable IN` follows.
    private var isIteration: Bool {
        switch kind(after: 2) {
        case .word(let word) where !word.isReserved: break
        case .quotedName: break
        default: return false
        }
        if case .word(let word) = kind(after: 3) { return word.isKeyword("IN") }
        return false
    }

    /// Whether a name, parts of which points separate, and a parenthesis follow.
    private var isCall: Bool {
        var distance = 1
        while kind(after: distance) == .symbol(.dot), case .word = kind(after: distance + 1) {
            distance += 2
        }
        return kind(after: distance) == .symbol(.leftParenthesis)
    }

    private mutating func call() throws(QueryError) -> Expression {
        let start = offset
        var name = try name("a function")
        while take(.dot) { name += "." + (try self.name("a function")) }
        try expect(.leftParenthesis)
        let isDistinct = take("DISTINCT")
        var arguments: [Expression] = []
        if !isAt(.rightParenthesis) {
            arguments = try items { (parser) throws(QueryError) in try parser.expression() }
        }
        try expect(.rightParenthesis)
        return Expression(
            .call(
                FunctionCall(
                    name: name.lowercased(), isDistinct: isDistinct, arguments: arguments)),
            at: start)
    }

    // MARK: Brackets

    private mutating func parenthesized() throws(QueryError) -> Expression {
        let start = offset
        if isChainAhead,
            let pattern = attempt({ (parser) throws(QueryError) in
                let part = try parser.patternElement(variable: nil)
                guard !part.steps.isEmpty else { throw parser.unexpected("a relationship") }
                return part
            })
        {
            return Expression(.pattern(pattern), at: start)
        }
        try expect(.leftParenthesis)
        let inner = try expression()
        try expect(.rightParenthesis)
        return inner
    }

    private mutating func bracketed() throws(QueryError) -> Expression {
        let start = offset
        if isComprehensionAhead { return try listComprehension() }
        if let comprehension = attempt({ (parser) throws(QueryError) in
            try parser.patternComprehension()
        }) {
            return Expression(.patternComprehension(comprehension), at: start)
        }
        try expect(.leftBracket)
        var elements: [Expression] = []
        if !isAt(.rightBracket) {
            elements = try items { (parser) throws(QueryError) in try parser.expression() }
        }
        try expect(.rightBracket)
        return Expression(.list(elements), at: start)
    }

    private var isComprehensionAhead: Bool {
        switch kind(after: 1) {
        case .word(let word) where !word.isReserved: break
        case .quotedName: break
        default: return false
        }
        if case .word(let word) = kind(after: 2) { return word.isKeyword("IN") }
        return false
    }

    mutating func map() throws(QueryError) -> Expression {
        let start = offset
        try expect(.leftBrace)
        var entries: [MapEntry] = []
        if !isAt(.rightBrace) {
            entries = try items { (parser) throws(QueryError) in
                let key = try parser.name("a key")
                try parser.expect(.colon)
                return MapEntry(key: key, value: try parser.expression())
            }
        }
        try expect(.rightBrace)
        return Expression(.map(entries), at: start)
    }

    // MARK: Words that begin an expression

    private mutating func conditional() throws(QueryError) -> Expression {
        let start = offset
        try expect("CASE")
        let subject = isAt("WHEN") ? nil : try expression()
        var branches: [Conditional.Branch] = []
        while take("WHEN") {
            let condition = try expression()
            try expect("THEN")
            branches.append(Conditional.Branch(condition: condition, result: try expression()))
        }
        guard !branches.isEmpty else { throw unexpected("WHEN") }
        let otherwise = take("ELSE") ? try expression() : nil
        try expect("END")
        return Expression(
            .conditional(Conditional(subject: subject, branches: branches, otherwise: otherwise)),
            at: start)
    }

    private mutating func subquery() throws(QueryError) -> Subquery {
        let before = heightReached
        heightReached = 0
        defer { heightReached = max(before, heightReached) }
        advance()
        try expect(.leftBrace)
        let body: Query.Body
        if isAt("MATCH") || isAt("OPTIONAL") || isAt("UNWIND") || isAt("WITH") || isAt("CALL")
            || isAt("RETURN")
        {
            body = try nested { (parser) throws(QueryError) in try parser.body(isSubquery: true) }
        } else {
            let start = offset
            let match = try matchBody(isOptional: false)
            body = Query.Body(parts: [[Clause(kind: .match(match), offset: start)]], unions: [])
        }
        try expect(.rightBrace)
        return Subquery(body, height: heightReached)
    }
}
