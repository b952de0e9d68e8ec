// SPDX-License-Identifier: Apache-2.0
//
// Quantified path patterns as ISO 39075 has them: `((a)-[r:R]->(b) WHERE a.x < b.x){1,5}`, of one relationship each, and
// quantified relationships: `(a)-[:R]->{1,5}(b)`. Within the parentheses a name stands for one node or relationship, outside
// for the list of all.

/// The condition on each relationship of a variable length, and on its ends.
struct QuantifiedPath: Hashable, Sendable {
    let start: NodePattern
    /// The name of the relationship within.
    let relationship: String
    let end: NodePattern
    let condition: Expression?

    /// The names of its nodes that a statement gave.
    var groupNames: [String] {
        [start.variable, end.variable].compactMap { $0 }.filter { !$0.isHiddenName }
    }

    /// All that each step must meet; nil for nothing.
    var allConditions: Expression? {
        var all: [Expression] = []
        for node in [start, end] {
            let variable = Expression(.variable(node.variable ?? ""), at: node.offset)
            if !node.labels.isEmpty {
                all.append(Expression(.hasLabels(variable, node.labels), at: node.offset))
            }
            if let condition = node.condition { all.append(condition) }
            guard case .map(let entries)? = node.properties?.kind else { continue }
            for entry in entries {
                let property = Expression(.property(variable, key: entry.key), at: node.offset)
                let comparison = Comparison(operator: .equal, right: entry.value)
                all.append(Expression(.comparison(property, [comparison]), at: node.offset))
            }
        }
        if let condition { all.append(condition) }
        return all.isEmpty ? nil : Expression(.and(all), at: start.offset)
    }
}

extension Parser {
    /// Whether a quantified path pattern begins here.
    var isQuantifiedAhead: Bool {
        isAt(.leftParenthesis) && kind(after: 1) == .symbol(.leftParenthesis)
    }

    mutating func quantifiedStep() throws(QueryError) -> RelationshipPattern {
        let offset = offset
        try expect(.leftParenthesis)
        let part = try nested { (parser) throws(QueryError) in
            try parser.patternElement(variable: nil)
        }
        let condition = take("WHERE") ? try expression() : nil
        try expect(.rightParenthesis)
        guard part.steps.count == 1, part.steps[0].relationship.length == nil else {
            throw .syntax(
                .unexpectedSyntax, at: offset, name: "(",
                expected: ["a quantified path pattern of one relationship"])
        }
        var (start, end) = (part.start, part.steps[0].node)
        if start.variable == nil { start.variable = Self.hiddenName("start", offset) }
        if end.variable == nil { end.variable = Self.hiddenName("end", offset) }
        var pattern = part.steps[0].relationship
        guard let length = try quantifier() else { throw unexpected("{", "+", "*") }
        pattern.length = length
        pattern.quantified = QuantifiedPath(
            start: start, relationship: pattern.variable ?? Self.hiddenName("one", offset),
            end: end, condition: condition)
        return pattern
    }

    /// How often a pattern is repeated: `{1,5}`, `{3}`, `{,5}`, `{2,}`, `+`, `*`; nil when nothing of that follows.
    mutating func quantifier() throws(QueryError) -> RelationshipPattern.Length? {
        if take(.plus) { return RelationshipPattern.Length(lower: 1, upper: nil) }
        if take(.star) { return RelationshipPattern.Length(lower: 0, upper: nil) }
        guard take(.leftBrace) else { return nil }
        let lower = bound()
        guard take(.comma) else {
            guard let lower else { throw unexpected("a number") }
            try expect(.rightBrace)
            return RelationshipPattern.Length(lower: lower, upper: lower)
        }
        let upper = bound()
        try expect(.rightBrace)
        return RelationshipPattern.Length(lower: lower ?? 0, upper: upper)
    }

    /// A name that no statement can contain.
    static func hiddenName(_ what: String, _ offset: Int) -> String { "\u{0}\(what)\(offset)" }
}

extension String {
    /// Whether it is a name that a parser or a planner gave.
    var isHiddenName: Bool { utf8.first == 0 }
}
