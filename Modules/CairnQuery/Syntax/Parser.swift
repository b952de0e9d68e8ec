// SPDX-License-Identifier: Apache-2.0
//
// A parser by recursive descent: a function for each rule, operators by precedence.
//
// - Linear in the tokens, but for what may be a pattern or an expression: the pattern is tried first, once for each
//   place and only where what follows the closing parenthesis allows it.
// - Nesting is bounded by ``depthMax``, chains of operators by ``chainMax``, and both together by ``heightMax``, so neither the parser nor anything that walks the
//   tree runs out of stack.

/// Makes a syntax tree of a statement.
struct Parser {
    let text: String
    let tokens: [Token]
    var index = 0
    /// How deep the rule that is being read lies within others.
    var depth = 0
    /// Where a pattern begins no expression, though it could.
    var failedAttempts: Set<Int> = []
    /// For each opening parenthesis the place of the one that closes it.
    let closings: [Int: Int]

    /// In how many conditions that `|` ends the place is.
    var barEnds = 0

    /// How deep expressions can lie within one another.
    static let depthMax = 100
    /// How many operators of one precedence can follow one another, where each takes the result of the one before.
    static let chainMax = 200
    /// How many expressions can lie within one another, chains and subqueries included.
    static let heightMax = 400
    /// The height of the highest expression read so far.
    var heightReached = 0

    init(_ text: String) throws(QueryError) {
        self.text = text
        tokens = try Lexer.tokens(of: text)
        closings = Self.closings(of: tokens)
    }

    /// The syntax tree of a statement.
    static func parse(_ text: String) throws(QueryError) -> StatementSyntax {
        do throws(QueryError) {
            var parser = try Parser(text)
            return try parser.statement()
        } catch {
            throw error.located(in: text)
        }
    }

    // MARK: Tokens

    var current: Token { tokens[index] }
    var offset: Int { current.start }

    func kind(after distance: Int = 0) -> Token.Kind {
        tokens[min(index + distance, tokens.count - 1)].kind
    }

    mutating func advance() { index = min(index + 1, tokens.count - 1) }

    func isAt(_ symbol: Symbol) -> Bool { kind() == .symbol(symbol) }

    mutating func take(_ symbol: Symbol) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: Symbol) throws(QueryError) {
        guard take(symbol) else { throw unexpected(symbol.rawValue) }
    }

    /// Whether keywords follow, given in upper case.
    func isAt(_ keywords: String...) -> Bool {
        for (distance, keyword) in keywords.enumerated() {
            guard case .word(let word) = kind(after: distance), word.isKeyword(keyword) else {
                return false
            }
        }
        return true
    }

    mutating func take(_ keyword: String) -> Bool {
        guard isAt(keyword) else { return false }
        advance()
        return true
    }

    /// Takes two keywords or none.
    mutating func take(_ first: String, _ second: String) -> Bool {
        guard isAt(first, second) else { return false }
        advance()
        advance()
        return true
    }

    mutating func expect(_ keyword: String) throws(QueryError) {
        guard take(keyword) else { throw unexpected(keyword) }
    }

    func unexpected(_ expected: String...) -> QueryError {
        .syntax(.unexpectedSyntax, at: offset, name: kind().text, expected: expected)
    }

    // MARK: Names

    /// Any word, keywords too, or a name between backticks.
    mutating func name(_ what: String) throws(QueryError) -> String {
        switch kind() {
        case .word(let name), .quotedName(let name):
            advance()
            return name
        default: throw unexpected(what)
        }
    }

    /// A name that stands for a value: no word that a clause or an operator begins with.
    mutating func variable() throws(QueryError) -> String {
        guard let name = optionalVariable() else { throw unexpected("a variable") }
        return name
    }

    mutating func optionalVariable() -> String? {
        switch kind() {
        case .word(let word) where !word.isReserved:
            advance()
            return word
        case .quotedName(let name):
            advance()
            return name
        default: return nil
        }
    }

    // MARK: Nesting

    mutating func nested<Result>(
        _ rule: (inout Parser) throws(QueryError) -> Result
    ) throws(QueryError) -> Result {
        guard depth < Self.depthMax else { throw .syntax(.nestingTooDeep, at: offset) }
        depth += 1
        defer { depth -= 1 }
        return try rule(&self)
    }

    /// Items that commas separate; at least one.
    mutating func items<Item>(
        _ rule: (inout Parser) throws(QueryError) -> Item
    ) throws(QueryError) -> [Item] {
        var items = [try rule(&self)]
        while take(.comma) { items.append(try rule(&self)) }
        return items
    }
}

extension String {
    /// Whether it is a keyword, which is given in upper case, in any case.
    func isKeyword(_ keyword: String) -> Bool {
        utf8.count == keyword.utf8.count
            && zip(utf8, keyword.utf8).allSatisfy { byte, expected in
                byte == expected || byte >= 0x61 && byte <= 0x7A && byte & 0xDF == expected
            }
    }

    /// Words that cannot be the name of a variable without backticks.
    private static let reserved: Set<String> = [
        "AND", "AS", "ASC", "ASCENDING", "BY", "CASE", "CONTAINS", "CREATE", "DELETE",
        "DESC", "DESCENDING", "DETACH", "DISTINCT", "ELSE", "END", "ENDS", "FALSE", "IN", "IS",
        "LIMIT", "MATCH", "MERGE", "NOT", "NULL", "ON", "OPTIONAL", "OR", "ORDER", "REMOVE",
        "RETURN", "SET", "SKIP", "STARTS", "THEN", "TRUE", "UNION", "UNWIND", "WHEN", "WHERE",
        "WITH", "XOR", "YIELD",
    ]

    var isReserved: Bool { Self.reserved.contains(uppercased()) }
}
