// SPDX-License-Identifier: Apache-2.0

/// A random statement that reads, with everything that it names known where it is named, and no error while it runs.
struct RandomQuery {
    private(set) var clauses: [NaiveClause] = []
    private var draw: Draw
    private(set) var nodeNames: [String] = []
    private(set) var relationshipNames: [String] = []
    private var valueNames: [String] = []
    private var nameCount = 0

    init(using draw: inout Draw) {
        self.draw = draw
        makeClauses()
        draw = self.draw
    }

    /// One or two clauses that find something, at least a node, and no more.
    init(matchingWith draw: inout Draw) {
        self.draw = draw
        for _ in 0..<self.draw.below(2) + 1 { addMatch(isOptional: false) }
        if nodeNames.isEmpty { addMatch(isOptional: false) }
        draw = self.draw
    }

    var text: String { clauses.map(\.text).joined(separator: " ") }

    /// Whether the order of the rows follows from the statement.
    var isOrdered: Bool {
        if case .project(let projection)? = clauses.last {
            !projection.order.isEmpty
        } else {
            false
        }
    }

    func rows(_ graph: NaiveGraph) -> [NaiveRow] {
        clauses.reduce([[:]]) { $1.apply($0, graph) }
    }

    private mutating func makeClauses() {
        if draw.chance(1, 6) { addUnwind() }
        addMatch(isOptional: false)
        for _ in 0..<draw.below(3) {
            switch draw.below(5) {
            case 0: addMatch(isOptional: false)
            case 1, 2: addMatch(isOptional: true)
            case 3: addUnwind()
            default: addProjection(isReturn: false)
            }
        }
        addProjection(isReturn: true)
    }

    private mutating func name(_ prefix: String) -> String {
        nameCount += 1
        return "\(prefix)\(nameCount)"
    }

    private mutating func addUnwind() {
        let list = (0..<draw.below(3) + 1).map { _ in draw.chance(1, 6) ? .null : draw.value() }
        let name = name("v")
        clauses.append(.unwind(list, name))
        valueNames.append(name)
    }

    // MARK: Patterns

    private mutating func addMatch(isOptional: Bool) {
        let paths = paths(bindsNames: true)
        let all = (nodeNames, relationshipNames)
        // A condition of an optional match reads what it finds.
        let condition = draw.chance(1, 2) ? condition(2) : nil
        (nodeNames, relationshipNames) = all
        clauses.append(.match(paths, condition, isOptional: isOptional))
    }

    private mutating func paths(bindsNames: Bool) -> [NaivePath] {
        (0..<(draw.chance(1, 5) ? 2 : 1)).map { _ in path(bindsNames: bindsNames) }
    }

    private mutating func path(bindsNames: Bool) -> NaivePath {
        let start = node(bindsNames: bindsNames)
        var steps: [NaivePath.Step] = []
        for _ in 0..<draw.one(of: [0, 1, 1, 1, 2, 2]) {
            let length = draw.chance(1, 5) ? draw.below(2)...(draw.below(2) + 1) : nil
            var name: String?
            if bindsNames, length == nil, draw.chance(1, 2) { name = self.name("r") }
            let step = NaivePath.Step(
                name: name, types: draw.one(of: [[], [], ["R"], ["S"], ["R", "S"]]),
                arrow: draw.one(of: NaivePath.Step.Arrow.allCases), length: length,
                property: draw.chance(1, 5) ? relationshipProperty() : nil,
                node: node(bindsNames: bindsNames))
            if let name { relationshipNames.append(name) }
            steps.append(step)
        }
        return NaivePath(start: start, steps: steps)
    }

    private mutating func relationshipProperty() -> (key: String, value: Plain) {
        switch draw.below(4) {
        case 0: ("k", .int(draw.below(10)))
        case 1: ("x", draw.value())
        default: ("i", .int(draw.below(3)))
        }
    }

    private mutating func node(bindsNames: Bool) -> NaivePath.Node {
        var node = NaivePath.Node()
        node.label = draw.chance(1, 3) ? draw.one(of: ["A", "B", "C"]) : nil
        if draw.chance(1, 5) {
            let key = draw.one(of: ["k", "i", "x", "t"])
            var value: Plain = key == "x" ? draw.value() : .int(draw.below(4))
            if key == "t" { value = .text("t\(draw.below(7))") }
            node.property = (key, .literal(value))
        }
        if !nodeNames.isEmpty, draw.chance(1, 3) {
            node.name = draw.one(of: nodeNames)
        } else if bindsNames {
            let name = name("n")
            node.name = name
            nodeNames.append(name)
        }
        return node
    }

    // MARK: Expressions

    private mutating func condition(_ depth: Int) -> NaiveExpression {
        switch depth > 0 ? draw.below(12) : draw.below(6) {
        case 0, 1:
            return .comparison(draw.one(of: ["=", "<>", "<", ">", "<=", ">="]), scalar(), scalar())
        case 2: return .isNull(scalar(), draw.chance(1, 2))
        case 3: return .isIn(scalar(), (0..<draw.below(3) + 1).map { _ in draw.value() })
        case 4: return .startsWith(scalar(), draw.one(of: ["a", "t", "t1"]))
        case 5:
            guard !nodeNames.isEmpty else { return .isNull(scalar(), false) }
            return .hasLabel(draw.one(of: nodeNames), draw.one(of: ["A", "B"]))
        case 6, 7: return .and(condition(depth - 1), condition(depth - 1))
        case 8: return .or(condition(depth - 1), condition(depth - 1))
        case 9:
            return draw.chance(1, 3) ? .xor(condition(0), condition(0)) : .not(condition(depth - 1))
        default: return subquery(isCount: false)
        }
    }

    private mutating func subquery(isCount: Bool) -> NaiveExpression {
        let saved = (nodeNames, relationshipNames)
        let paths = [path(bindsNames: draw.chance(1, 2))]
        let condition = draw.chance(1, 2) ? condition(0) : nil
        (nodeNames, relationshipNames) = saved
        return isCount ? .countOf(paths, condition) : .exists(paths, condition)
    }

    private mutating func scalar() -> NaiveExpression {
        let entities = nodeNames + relationshipNames
        switch draw.below(8) {
        case 0: return .literal(draw.value())
        case 1 where !valueNames.isEmpty: return .variable(draw.one(of: valueNames))
        case 2 where !nodeNames.isEmpty: return .id(draw.one(of: nodeNames))
        case 3 where !entities.isEmpty:
            return .sum(.property(draw.one(of: entities), "i"), .literal(.int(draw.below(3))))
        case _ where entities.isEmpty: return .literal(draw.value())
        default: return .property(draw.one(of: entities), draw.one(of: ["k", "i", "x", "x", "t"]))
        }
    }

    private mutating func column() -> NaiveExpression {
        switch draw.below(10) {
        case 0: condition(1)
        case 1: subquery(isCount: true)
        case 2: .coalesce(scalar(), draw.value())
        case 3: .conditional(condition(0), scalar(), scalar())
        default: scalar()
        }
    }

    // MARK: Projections

    private mutating func addProjection(isReturn: Bool) {
        var projection = NaiveProjection(isReturn: isReturn, items: [])
        let aggregates = draw.chance(1, 3)
        var kept: [String] = []
        for _ in 0..<draw.below(3) + 1 {
            if !isReturn, !nodeNames.isEmpty, draw.chance(1, 2) {
                let name = draw.one(of: nodeNames)
                if !kept.contains(name) {
                    kept.append(name)
                    projection.items.append((.plain(.variable(name)), name))
                }
            } else if aggregates, draw.chance(2, 3) {
                projection.items.append((aggregate(), name("c")))
            } else {
                projection.items.append((.plain(column()), name("c")))
            }
        }
        if projection.items.isEmpty { projection.items.append((.plain(column()), name("c"))) }
        projection.isDistinct = draw.chance(1, 4)
        if draw.chance(1, 3) { order(&projection, kept) }
        (nodeNames, relationshipNames) = (kept, [])
        valueNames = projection.items.map(\.name).filter { !kept.contains($0) }
        if !isReturn, draw.chance(1, 3) { projection.condition = condition(1) }
        clauses.append(.project(projection))
    }

    /// By all columns, so that only equal rows may change places and a limit leaves no choice.
    private mutating func order(_ projection: inout NaiveProjection, _ kept: [String]) {
        // Nodes have an order that the language leaves open.
        guard kept.isEmpty else { return }
        projection.order = projection.items.map { ($0.name, draw.chance(1, 3)) }
        if draw.chance(1, 3) { projection.skip = draw.below(3) }
        if draw.chance(1, 2) { projection.limit = draw.below(4) }
    }

    private mutating func aggregate() -> NaiveProjection.Item {
        let entities = nodeNames + relationshipNames
        switch draw.below(5) {
        case 0: return .aggregate("count", nil, isDistinct: false)
        case 1 where !entities.isEmpty:
            return .aggregate(
                "count", .variable(draw.one(of: entities)), isDistinct: draw.chance(1, 2))
        case 2 where !entities.isEmpty:
            return .aggregate(
                "sum", .property(draw.one(of: entities), "i"), isDistinct: draw.chance(1, 4))
        case 3: return .aggregate(draw.one(of: ["min", "max"]), scalar(), isDistinct: false)
        default: return .aggregate("count", scalar(), isDistinct: draw.chance(1, 2))
        }
    }
}
