// SPDX-License-Identifier: Apache-2.0

/// A whole statement as it was written.
struct StatementSyntax: Hashable, Sendable {
    enum Mode: Hashable, Sendable { case run, explain, profile }
    var mode: Mode
    var body: Query.Body
}

extension Query {
    /// Queries joined by UNION; one alone without.
    struct Body: Hashable, Sendable {
        var parts: [[Clause]]
        /// Between the parts: whether equal rows stay.
        var unions: [Union]
    }

    struct Union: Hashable, Sendable {
        let isAll: Bool
        let offset: Int
        static func == (lhs: Self, rhs: Self) -> Bool { lhs.isAll == rhs.isAll }
        func hash(into hasher: inout Hasher) { hasher.combine(isAll) }
    }
}

struct Clause: Hashable, Sendable {
    let kind: Kind
    let offset: Int

    static func == (lhs: Self, rhs: Self) -> Bool { lhs.kind == rhs.kind }
    func hash(into hasher: inout Hasher) { hasher.combine(kind) }

    enum Kind: Hashable, Sendable {
        case match(Match)
        case unwind(Expression, variable: String)
        case with(Projection)
        case `return`(Projection)
        case create([PatternPart])
        case merge(Merge)
        case set([SetItem])
        case remove([RemoveItem])
        case delete([Expression], detach: Bool)
        case call(ProcedureCall)
        case schema(SchemaCommand)
    }

    /// Whether it changes the graph.
    var isWriting: Bool {
        switch kind {
        case .create, .merge, .set, .remove, .delete: true
        case .schema(let command): command.isWriting
        case .match, .unwind, .with, .return, .call: false
        }
    }
}

struct Match: Hashable, Sendable {
    var isOptional: Bool
    var pattern: [PatternPart]
    var condition: Expression?
}

struct Projection: Hashable, Sendable {
    var isDistinct: Bool
    /// Whether `*` stands before the items.
    var includesAll: Bool
    var items: [Item]
    var order: [SortItem]
    var skip: Expression?
    var limit: Expression?
    /// Only of WITH.
    var condition: Expression?

    struct Item: Hashable, Sendable {
        let expression: Expression
        let alias: String?
        /// The expression as it was written.
        let text: String

        /// The name of the column.
        var name: String {
            if let alias { return alias }
            if case .variable(let name) = expression.kind { return name }
            return text
        }
    }

    struct SortItem: Hashable, Sendable {
        let expression: Expression
        let isDescending: Bool
    }
}

struct Merge: Hashable, Sendable {
    let pattern: PatternPart
    let onCreate: [SetItem]
    let onMatch: [SetItem]
}

enum SetItem: Hashable, Sendable {
    /// `n.key = value`
    case property(Expression, key: String, value: Expression)
    /// `n = value`
    case replace(variable: Expression, value: Expression)
    /// `n += value`
    case merge(variable: Expression, value: Expression)
    case labels(variable: Expression, [String])
}

enum RemoveItem: Hashable, Sendable {
    case property(Expression, key: String)
    case labels(variable: Expression, [String])
}

struct ProcedureCall: Hashable, Sendable {
    let name: String
    /// Nil where there are no parentheses.
    let arguments: [Expression]?
    let yield: Yield
    let condition: Expression?
    /// Whether the statement consists of this call alone.
    var isStandalone: Bool

    enum Yield: Hashable, Sendable {
        case nothing
        case all
        case items([YieldItem])
    }

    struct YieldItem: Hashable, Sendable {
        let name: String
        let variable: String
        let offset: Int
    }
}

/// A change of the rules of the graph.
enum SchemaCommand: Hashable, Sendable {
    case createIndex(RuleTarget, keys: [String], ifNotExists: Bool)
    case dropIndex(RuleTarget, keys: [String], ifExists: Bool)
    case createConstraint(ConstraintPattern, ifNotExists: Bool)
    case dropConstraint(ConstraintPattern, ifExists: Bool)
    case showIndexes
    case showConstraints

    var isWriting: Bool { self != .showIndexes && self != .showConstraints }
}

/// The subject of a rule: the nodes with a label, or the relationships of a type.
enum RuleTarget: Hashable, Sendable {
    case label(String)
    case type(String)
}

struct ConstraintPattern: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case unique, exists, key }
    let kind: Kind
    let target: RuleTarget
    let keys: [String]
}
