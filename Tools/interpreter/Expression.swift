// SPDX-License-Identifier: Apache-2.0
//
// Formulas as trees. The grammar, loosest first:
//
//     a ? b : c    a || b    a && b    == != < <= > >=    | ^    &    << >>    + -    * / %    ! -
//     a.name    a[index]    f(a, b)    table::name    [a, b]    name    12    0xff    'text'

package import CairnFormats

/// A formula, parsed.
package indirect enum Expression: Hashable, Sendable {
    case number(Int128)
    case text(String)
    case name(String)
    /// The number of a tag by its table and name.
    case tag(String, String)
    /// An operator or a function.
    case call(Operator, [Expression])
    /// A name that is always known.
    case builtin(Builtin)
    /// A member of an object.
    case member(Expression, String)

    /// Parses a formula.
    package init(_ formula: Formula) throws {
        var parser = ExpressionParser(formula.text)
        self = try parser.whole()
    }

    /// All names in it that are not members.
    package var names: Set<String> {
        switch self {
        case .number, .text, .tag, .builtin: []
        case .name(let name): [name]
        case .call(_, let arguments): arguments.reduce(into: []) { $0.formUnion($1.names) }
        case .member(let object, _): object.names
        }
    }
}

/// A formula that does not follow the grammar.
package struct FormulaError: Error, CustomStringConvertible {
    let formula: String
    let sentence: String
    package var description: String { "\(sentence) in the formula: \(formula)" }
}

struct ExpressionParser {
    private let text: String
    private let characters: [UInt8]
    private var position = 0

    init(_ text: String) {
        self.text = text
        characters = Array(text.utf8)
    }

    private static let levels: [[String]] = [
        ["||"], ["&&"], ["==", "!=", "<=", ">=", "<", ">"], ["|", "^"], ["&"], ["<<", ">>"],
        ["+", "-"], ["*", "/", "%"],
    ]

    mutating func whole() throws -> Expression {
        let expression = try ternary()
        skipSpace()
        guard position == characters.count else { throw error("something is left over") }
        return expression
    }

    private func error(_ sentence: String) -> FormulaError {
        FormulaError(formula: text, sentence: "\(sentence) at \(position)")
    }

    private mutating func ternary() throws -> Expression {
        let condition = try binary(0)
        guard take("?") else { return condition }
        let first = try ternary()
        guard take(":") else { throw error("a colon is missing") }
        return .call(.choose, [condition, first, try ternary()])
    }

    private mutating func binary(_ level: Int) throws -> Expression {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while let op = Self.levels[level].first(where: { isOperator($0) }) {
            position += op.utf8.count
            guard let known = Operator(rawValue: op) else { throw error("\(op) is no operator") }
            left = .call(known, [left, try binary(level + 1)])
        }
        return left
    }

    /// Whether exactly this operator comes next, and not a longer one that begins with it.
    private mutating func isOperator(_ op: String) -> Bool {
        skipSpace()
        let bytes = Array(op.utf8)
        guard position + bytes.count <= characters.count,
            Array(characters[position..<position + bytes.count]) == bytes
        else { return false }
        let next =
            position + bytes.count < characters.count ? characters[position + bytes.count] : 0
        switch op {
        case "<", ">": return next != UInt8(ascii: "=") && next != bytes[0]
        case "|", "&": return next != bytes[0]
        default: return true
        }
    }

    private mutating func unary() throws -> Expression {
        if take("!") { return .call(.not, [try unary()]) }
        if take("-") { return .call(.minus, [.number(0), try unary()]) }
        return try postfix()
    }

    private mutating func postfix() throws -> Expression {
        var value = try primary()
        while true {
            if take(".") {
                value = .member(value, try identifier())
            } else if take("[") {
                value = .call(.at, [value, try ternary()])
                guard take("]") else { throw error("a bracket is missing") }
            } else {
                return value
            }
        }
    }

    private mutating func primary() throws -> Expression {
        skipSpace()
        guard position < characters.count else { throw error("something is missing") }
        if take("(") {
            let value = try ternary()
            guard take(")") else { throw error("a parenthesis is missing") }
            return value
        }
        if take("[") { return .call(.list, try arguments("]")) }
        let character = characters[position]
        if character == UInt8(ascii: "'") { return try literal() }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) { return try number() }
        let name = try identifier()
        if take("::") { return .tag(name, try identifier()) }
        if take("(") {
            guard let function = Operator(rawValue: name) else {
                throw error("\(name) is no function")
            }
            return .call(function, try arguments(")"))
        }
        return Builtin(rawValue: name).map(Expression.builtin) ?? .name(name)
    }

    private mutating func arguments(_ end: String) throws -> [Expression] {
        var values: [Expression] = []
        if take(end) { return values }
        repeat { values.append(try ternary()) } while take(",")
        guard take(end) else { throw error("\(end) is missing") }
        return values
    }

    private mutating func literal() throws -> Expression {
        position += 1
        let start = position
        while position < characters.count, characters[position] != UInt8(ascii: "'") {
            position += 1
        }
        guard position < characters.count else { throw error("a text does not end") }
        defer { position += 1 }
        return .text(String(decoding: characters[start..<position], as: UTF8.self))
    }

    private mutating func number() throws -> Expression {
        let word = self.word()
        let value =
            word.hasPrefix("0x") ? Int128(word.dropFirst(2), radix: 16) : Int128(word)
        guard let value else { throw error("\(word) is no number") }
        return .number(value)
    }

    private mutating func identifier() throws -> String {
        skipSpace()
        let word = self.word()
        guard !word.isEmpty else { throw error("a name is missing") }
        return word
    }

    private mutating func word() -> String {
        let start = position
        while position < characters.count, Self.isWord(characters[position]) { position += 1 }
        return String(decoding: characters[start..<position], as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private mutating func skipSpace() {
        while position < characters.count,
            characters[position] == UInt8(ascii: " ") || characters[position] == UInt8(ascii: "\n")
        {
            position += 1
        }
    }

    private mutating func take(_ token: String) -> Bool {
        skipSpace()
        let bytes = Array(token.utf8)
        guard position + bytes.count <= characters.count,
            Array(characters[position..<position + bytes.count]) == bytes
        else { return false }
        // `!` must not swallow the first half of `!=`, nor `:` that of `::`.
        let next =
            position + bytes.count < characters.count ? characters[position + bytes.count] : 0
        if token == "!" && next == UInt8(ascii: "=") { return false }
        if token == ":" && next == UInt8(ascii: ":") { return false }
        position += bytes.count
        return true
    }
}

/// Operators and functions of formulas, by the name that descriptions have for them.
package enum Operator: String, Hashable, Sendable, CaseIterable {
    case choose = "?:"
    case and = "&&"
    case or = "||"
    case not = "!"
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divided = "/"
    case remainder = "%"
    case bitAnd = "&"
    case bitOr = "|"
    case bitXor = "^"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case minimum = "min"
    case maximum = "max"
    case list
    case object
    case at
    case count
    case last
    case sum
    case contains
    case isSet
    case append
    case pluck
    case ones
    case rank
    case occurrences
    case first
    case known
    case attribute
    case bytes
    case isZero
    case joined
    case le
    case crc32c
    case utf8
    case nfd
    case isNFC
    case isUTF8
    case digits
}

/// What is always known in a formula.
package enum Builtin: String, Hashable, Sendable, CaseIterable {
    case here, end, size, start, none
}
