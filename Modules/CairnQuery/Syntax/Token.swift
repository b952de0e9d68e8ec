// SPDX-License-Identifier: Apache-2.0

/// The smallest part of a statement that has a meaning.
struct Token: Sendable {
    enum Kind: Hashable, Sendable {
        /// A name or a keyword as it was written; which it is depends on the place.
        case word(String)
        /// A name between backticks, which is never a keyword.
        case quotedName(String)
        case string(String)
        case integer(Int64)
        /// 9223372036854775808, which only a minus sign before it makes an integer.
        case minimumMagnitude
        case double(Double)
        /// Digits that are no number, and why.
        case malformedNumber(QueryError.Code)
        /// The name of a parameter.
        case parameter(String)
        /// An operator or a bracket.
        case symbol(Symbol)
        case end
    }

    let kind: Kind
    /// Where it begins and ends in the UTF-8 of the statement.
    let start: Int
    let end: Int
}

/// Operators and brackets.
enum Symbol: String, Sendable, CaseIterable {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case comma = ","
    case semicolon = ";"
    case colon = ":"
    case dot = "."
    case dots = ".."
    case bar = "|"
    case plus = "+"
    case plusEquals = "+="
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case caret = "^"
    case equals = "="
    case notEquals = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case matches = "=~"
    case ampersand = "&"
    case exclamation = "!"
}

extension Token.Kind {
    /// The token as an error names it.
    var text: String {
        switch self {
        case .word(let word): word
        case .quotedName(let name): "`\(name)`"
        case .string: "a text"
        case .integer(let value): "\(value)"
        case .minimumMagnitude: "9223372036854775808"
        case .double(let value): "\(value)"
        case .malformedNumber: "a malformed number"
        case .parameter(let name): "$\(name)"
        case .symbol(let symbol): symbol.rawValue
        case .end: "the end"
        }
    }
}
