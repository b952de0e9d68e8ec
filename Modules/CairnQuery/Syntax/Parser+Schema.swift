// SPDX-License-Identifier: Apache-2.0
//
// Rules of the graph have no names of their own: what a rule is about says which it is. A name that is given to a
// new rule is read and left out.

extension Parser {
    /// A command on rules; nil when none begins here.
    mutating func schemaCommand() throws(QueryError) -> SchemaCommand? {
        if take("SHOW", "INDEXES") || take("SHOW", "INDEX") { return .showIndexes }
        if take("SHOW", "CONSTRAINTS") || take("SHOW", "CONSTRAINT") { return .showConstraints }
        if take("CREATE", "INDEX") {
            let ifNotExists = try ruleName(negated: true)
            let (target, keys) = try indexTarget()
            return .createIndex(target, keys: keys, ifNotExists: ifNotExists)
        }
        if take("DROP", "INDEX") {
            let (target, keys) = try indexTarget()
            return .dropIndex(target, keys: keys, ifExists: try ifExists(negated: false))
        }
        if take("CREATE", "CONSTRAINT") {
            let ifNotExists = try ruleName(negated: true)
            return .createConstraint(try constraint(), ifNotExists: ifNotExists)
        }
        if take("DROP", "CONSTRAINT") {
            return .dropConstraint(try constraint(), ifExists: try ifExists(negated: false))
        }
        return nil
    }

    /// An optional name and `IF NOT EXISTS`, which may stand on either side of it.
    private mutating func ruleName(negated: Bool) throws(QueryError) -> Bool {
        if try ifExists(negated: negated) { return true }
        if !isAt("FOR") { _ = try name("FOR") }
        return try ifExists(negated: negated)
    }

    private mutating func ifExists(negated: Bool) throws(QueryError) -> Bool {
        guard take("IF") else { return false }
        if negated { try expect("NOT") }
        try expect("EXISTS")
        return true
    }

    /// `FOR (n:Label)` or `FOR ()-[r:TYPE]-()`; an arrow says nothing.
    private mutating func target() throws(QueryError) -> (variable: String, RuleTarget) {
        try expect("FOR")
        try expect(.leftParenthesis)
        guard isAt(.rightParenthesis) else {
            let variable = try variable()
            try expect(.colon)
            let label = try name("a label")
            try expect(.rightParenthesis)
            return (variable, .label(label))
        }
        try expect(.rightParenthesis)
        let pointsLeft = take(.less)
        try expect(.minus)
        try expect(.leftBracket)
        let variable = try variable()
        try expect(.colon)
        let type = try name("a type")
        try expect(.rightBracket)
        try expect(.minus)
        if !pointsLeft { _ = take(.greater) }
        try expect(.leftParenthesis)
        try expect(.rightParenthesis)
        return (variable, .type(type))
    }

    private mutating func indexTarget() throws(QueryError) -> (RuleTarget, [String]) {
        let (variable, target) = try target()
        try expect("ON")
        return (target, try keys(of: variable))
    }

    /// `n.key` or `(n.key, n.other)`
    private mutating func keys(of variable: String) throws(QueryError) -> [String] {
        guard take(.leftParenthesis) else { return [try key(of: variable)] }
        let keys = try items { (parser) throws(QueryError) in try parser.key(of: variable) }
        try expect(.rightParenthesis)
        return keys
    }

    private mutating func key(of variable: String) throws(QueryError) -> String {
        let start = offset
        guard try self.variable() == variable else {
            throw .syntax(.undefinedVariable, at: start)
        }
        try expect(.dot)
        return try name("a key")
    }

    private mutating func constraint() throws(QueryError) -> ConstraintPattern {
        let (variable, target) = try target()
        try expect("REQUIRE")
        let keys = try keys(of: variable)
        try expect("IS")
        var isOfRelationships = false
        if case .type = target { isOfRelationships = true }
        let kind: ConstraintPattern.Kind
        if take("UNIQUE") {
            kind = .unique
        } else if take("NOT", "NULL") {
            kind = .exists
        } else if isOfRelationships ? takeRelationshipKey() : take("NODE", "KEY") {
            kind = .key
        } else {
            throw unexpected(
                "UNIQUE", "NOT NULL", isOfRelationships ? "RELATIONSHIP KEY" : "NODE KEY")
        }
        let mayHaveSeveral = kind == .key || isOfRelationships && kind == .unique
        guard mayHaveSeveral || keys.count == 1 else { throw unexpected("one key") }
        return ConstraintPattern(kind: kind, target: target, keys: keys)
    }

    private mutating func takeRelationshipKey() -> Bool {
        take("RELATIONSHIP", "KEY") || take("REL", "KEY")
    }
}
