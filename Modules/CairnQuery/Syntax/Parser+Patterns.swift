// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// Reads what a rule reads; where it cannot, nothing is read. A place where a pattern could not be read once
    /// is not tried again.
    mutating func attempt<Result>(
        _ rule: (inout Parser) throws(QueryError) -> Result
    ) -> Result? {
        guard !failedAttempts.contains(index) else { return nil }
        let start = index
        let startDepth = depth
        do throws(QueryError) {
            return try rule(&self)
        } catch {
            index = start
            depth = startDepth
            failedAttempts.insert(start)
            return nil
        }
    }

    /// Whether what follows the parenthesis that begins here can be a relationship.
    var isChainAhead: Bool {
        guard let end = closings[index] else { return false }
        func at(_ place: Int) -> Token.Kind { tokens[min(place, tokens.count - 1)].kind }
        switch at(end + 1) {
        case .symbol(.minus):
            return at(end + 2) == .symbol(.minus) || at(end + 2) == .symbol(.leftBracket)
        case .symbol(.less): return at(end + 2) == .symbol(.minus)
        default: return false
        }
    }

    /// For each opening parenthesis the place of the one that closes it.
    static func closings(of tokens: [Token]) -> [Int: Int] {
        var open: [Int] = []
        var closings: [Int: Int] = [:]
        for (index, token) in tokens.enumerated() {
            if token.kind == .symbol(.leftParenthesis) { open.append(index) }
            if token.kind == .symbol(.rightParenthesis), let start = open.popLast() {
                closings[start] = index
            }
        }
        return closings
    }

    // MARK: Patterns

    mutating func pattern() throws(QueryError) -> [PatternPart] {
        try items { (parser) throws(QueryError) in try parser.patternPart() }
    }

    mutating func patternPart() throws(QueryError) -> PatternPart {
        var name: String?
        if kind(after: 1) == .symbol(.equals) {
            name = try variable()
            try expect(.equals)
        }
        for (keyword, selection) in [
            ("SHORTESTPATH", PatternPart.Selection.shortestPath),
            ("ALLSHORTESTPATHS", .allShortestPaths),
        ] where isAt(keyword) && kind(after: 1) == .symbol(.leftParenthesis) {
            advance()
            advance()
            var part = try patternElement(variable: name)
            part.selection = selection
            guard part.steps.count == 1 else { throw unexpected("one relationship") }
            try expect(.rightParenthesis)
            return part
        }
        return try patternElement(variable: name)
    }

    mutating func patternElement(variable: String?) throws(QueryError) -> PatternPart {
        let start = offset
        var part = PatternPart(
            variable: variable, selection: nil,
            start: isQuantifiedAhead ? Self.anyNode(start) : try node(), steps: [], offset: start)
        while true {
            if isAt(.minus) || isAt(.less) && kind(after: 1) == .symbol(.minus) {
                let relationship = try relationship()
                part.steps.append(PatternStep(relationship: relationship, node: try node()))
            } else if isQuantifiedAhead {
                let relationship = try quantifiedStep()
                let hasNode = isAt(.leftParenthesis) && !isQuantifiedAhead
                let end = hasNode ? try node() : Self.anyNode(offset)
                part.steps.append(PatternStep(relationship: relationship, node: end))
            } else {
                return part
            }
        }
    }

    private static func anyNode(_ offset: Int) -> NodePattern {
        NodePattern(variable: nil, labels: [], properties: nil, offset: offset)
    }

    private mutating func node() throws(QueryError) -> NodePattern {
        let start = offset
        try expect(.leftParenthesis)
        var pattern = Self.anyNode(start)
        pattern.variable = optionalVariable()
        if isAt(.colon) || isAt("IS") {
            let labels =
                take("IS")
                ? try labelExpression(allowsBar: true) : try labels(allowsBar: true)
            if let conjunction = labels.conjunction {
                pattern.labels = conjunction
            } else {
                let variable = pattern.variable ?? Self.hiddenName("node", start)
                pattern.variable = variable
                pattern.condition = labels.condition(
                    on: Expression(.variable(variable), at: start))
            }
        }
        pattern.properties = try properties()
        try expect(.rightParenthesis)
        return pattern
    }

    private mutating func properties() throws(QueryError) -> Expression? {
        if isAt(.leftBrace) {
            return try nested { (parser) throws(QueryError) in try parser.map() }
        }
        if case .parameter(let name) = kind() {
            let start = offset
            advance()
            return Expression(.parameter(name), at: start)
        }
        return nil
    }

    private mutating func relationship() throws(QueryError) -> RelationshipPattern {
        let start = offset
        let pointsLeft = take(.less)
        try expect(.minus)
        var pattern = RelationshipPattern(
            variable: nil, types: [], length: nil, arrow: .none, properties: nil, offset: start)
        if take(.leftBracket) {
            pattern.variable = optionalVariable()
            if take(.colon) {
                pattern.types.append(try name("a type"))
                while take(.bar) {
                    _ = take(.colon)
                    pattern.types.append(try name("a type"))
                }
            }
            pattern.length = try length()
            pattern.properties = try properties()
            try expect(.rightBracket)
        }
        try expect(.minus)
        let pointsRight = take(.greater)
        pattern.arrow =
            pointsLeft ? (pointsRight ? .both : .left) : (pointsRight ? .right : .none)
        if pattern.length == nil { pattern.length = try quantifier() }
        return pattern
    }

    private mutating func length() throws(QueryError) -> RelationshipPattern.Length? {
        if isAt(.dots) { throw .syntax(.invalidRelationshipPattern, at: offset) }
        guard take(.star) else { return nil }
        if isAt(.minus) { throw .syntax(.invalidRelationshipPattern, at: offset) }
        let lower = bound()
        guard take(.dots) else {
            return RelationshipPattern.Length(lower: lower, upper: lower)
        }
        if isAt(.minus) { throw .syntax(.invalidRelationshipPattern, at: offset) }
        return RelationshipPattern.Length(lower: lower, upper: bound())
    }

    mutating func bound() -> Int64? {
        guard case .integer(let value) = kind() else { return nil }
        advance()
        return value
    }
}
