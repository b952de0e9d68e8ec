// SPDX-License-Identifier: Apache-2.0

/// One chain of nodes and relationships of a pattern: `p = (a)-[r]->(b)`.
struct PatternPart: Hashable, Sendable {
    enum Selection: Hashable, Sendable {
        case shortestPath
        case allShortestPaths
    }

    /// The name of the path.
    var variable: String?
    var selection: Selection?
    var start: NodePattern
    var steps: [PatternStep]
    let offset: Int

    static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.variable == rhs.variable && lhs.selection == rhs.selection && lhs.start == rhs.start
            && lhs.steps == rhs.steps
    }
    func hash(into hasher: inout Hasher) {
        hasher.combine(variable)
        hasher.combine(start)
        hasher.combine(steps)
    }

    var nodes: [NodePattern] { [start] + steps.map(\.node) }
}

struct PatternStep: Hashable, Sendable {
    var relationship: RelationshipPattern
    var node: NodePattern
}

struct NodePattern: Hashable, Sendable {
    var variable: String?
    var labels: [String]
    /// A map or a parameter.
    var properties: Expression?
    /// The condition of a label expression that is more than a conjunction of labels; it reads the variable.
    var condition: Expression?
    let offset: Int

    static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.variable == rhs.variable && lhs.labels == rhs.labels && lhs.properties == rhs.properties
            && lhs.condition == rhs.condition
    }
    func hash(into hasher: inout Hasher) {
        hasher.combine(variable)
        hasher.combine(labels)
    }
}

struct RelationshipPattern: Hashable, Sendable {
    enum Arrow: Hashable, Sendable {
        case left, right
        /// `--`
        case none
        /// `<-->`, which means the same when it is matched and cannot be created.
        case both
    }

    var variable: String?
    var types: [String]
    /// How many relationships; nil for exactly one that is not a list.
    var length: Length?
    /// The condition on each relationship of a quantified path pattern; nil for another pattern.
    var quantified: QuantifiedPath?
    var arrow: Arrow
    /// A map or a parameter.
    var properties: Expression?
    let offset: Int

    struct Length: Hashable, Sendable {
        let lower: Int64?
        let upper: Int64?
    }

    static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.variable == rhs.variable && lhs.types == rhs.types && lhs.length == rhs.length
            && lhs.arrow == rhs.arrow && lhs.properties == rhs.properties
            && lhs.quantified == rhs.quantified
    }
    func hash(into hasher: inout Hasher) {
        hasher.combine(variable)
        hasher.combine(types)
        hasher.combine(length)
    }
}
