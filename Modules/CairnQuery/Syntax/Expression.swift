// SPDX-License-Identifier: Apache-2.0

/// An expression as it was written. Two are equal when they say the same, wherever they stand.
final class Expression: Sendable {
    let kind: Kind
    /// Where it begins in the UTF-8 of the statement.
    let offset: Int
    /// How many expressions lie within one another here, itself included.
    let height: Int

    init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
        height = 1 + (kind.children.map(\.height).max() ?? kind.subqueryHeight)
    }

    enum Kind: Hashable, Sendable {
        case literal(Literal)
        case parameter(String)
        case variable(String)
        case property(Expression, key: String)
        case element(Expression, index: Expression)
        case slice(Expression, from: Expression?, to: Expression?)
        case list([Expression])
        case map([MapEntry])
        case negated(Expression)
        case arithmetic(ArithmeticOperator, Expression, Expression)
        /// `a < b <= c`: each neighbouring pair.
        case comparison(Expression, [Comparison])
        case and([Expression])
        case or([Expression])
        case exclusiveOr([Expression])
        case not(Expression)
        case isNull(Expression)
        case membership(Expression, in: Expression)
        case text(TextOperator, Expression, Expression)
        case hasLabels(Expression, [String])
        case call(FunctionCall)
        case countOfRows
        case conditional(Conditional)
        case listComprehension(ListComprehension)
        case patternComprehension(PatternComprehension)
        case quantifier(Quantifier)
        case reduction(Reduction)
        case pattern(PatternPart)
        case exists(Subquery)
        case count(Subquery)
    }
}

extension Expression: Hashable {
    static func == (lhs: Expression, rhs: Expression) -> Bool {
        lhs === rhs || lhs.kind == rhs.kind
    }
    func hash(into hasher: inout Hasher) { kind.hash(into: &hasher) }
}

enum Literal: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)

    var value: QueryValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        }
    }
}

struct MapEntry: Hashable, Sendable {
    let key: String
    let value: Expression
}

enum ArithmeticOperator: String, Hashable, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case power = "^"
}

enum TextOperator: String, Hashable, Sendable {
    case startsWith = "STARTS WITH"
    case endsWith = "ENDS WITH"
    case contains = "CONTAINS"
}

struct Comparison: Hashable, Sendable {
    enum Operator: String, Hashable, Sendable {
        case equal = "="
        case notEqual = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }
    let `operator`: Operator
    let right: Expression
}

struct FunctionCall: Hashable, Sendable {
    /// The name in lower case.
    let name: String
    let isDistinct: Bool
    let arguments: [Expression]
}

struct Conditional: Hashable, Sendable {
    /// The value that is compared with each branch; nil where branches are conditions.
    let subject: Expression?
    let branches: [Branch]
    let otherwise: Expression?

    struct Branch: Hashable, Sendable {
        let condition: Expression
        let result: Expression
    }
}

struct ListComprehension: Hashable, Sendable {
    let variable: String
    let list: Expression
    let condition: Expression?
    let result: Expression?
}

struct PatternComprehension: Hashable, Sendable {
    let pattern: PatternPart
    let condition: Expression?
    let result: Expression
}

struct Quantifier: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable { case all, any, none, single }
    let kind: Kind
    let variable: String
    let list: Expression
    let condition: Expression
}

struct Reduction: Hashable, Sendable {
    let accumulator: String
    let start: Expression
    let variable: String
    let list: Expression
    let step: Expression
}

/// The query between the braces of EXISTS and COUNT.
final class Subquery: Sendable {
    let query: Query.Body
    /// That of the highest expression in it.
    let height: Int

    init(_ query: Query.Body, height: Int) {
        self.query = query
        self.height = height
    }
}

extension Subquery: Hashable {
    static func == (lhs: Subquery, rhs: Subquery) -> Bool { lhs.query == rhs.query }
    func hash(into hasher: inout Hasher) { query.hash(into: &hasher) }
}
