// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Which relationships a pattern goes over, as an operator needs it.
struct ExpandStep: Sendable {
    /// The place of the node that it starts from.
    let from: Int
    /// The place of the node at the other end.
    let to: Int
    /// Whether the node at the other end is known already.
    let isInto: Bool
    /// The place of the relationship, or of the list of them.
    let relationship: Int
    let direction: Direction
    let types: [Int]
    /// The places of relationships, and of lists of them, of the same pattern: none is met twice.
    let others: [Int]
}

extension Execution {
    /// Whether a relationship is in one of some places.
    func contains(_ id: RelationshipID, in slots: [Int]) -> Bool {
        for slot in slots {
            switch row[slot] {
            case .relationship(let other): if other == id { return true }
            case .list(let list):
                for case .relationship(let other) in list where other == id { return true }
            default: break
            }
        }
        return false
    }
}

/// The nodes at the other ends of the relationships of a node that several rows in a row have.
///
/// They are gathered for a second row where they are few; otherwise once it has taken more work to look for others among
/// them one by one.
private struct Neighbours {
    private var node = UInt32.max
    private var work = 0
    private var isGathered = false
    private var others = NumberSet()

    private static let fewCountMax = 16

    mutating func forget() {
        node = .max
        isGathered = false
    }

    /// Whether another node is known not to be among those of `node`.
    func excludes(_ other: UInt32, of node: UInt32) -> Bool {
        isGathered && node == self.node && !others.contains(other)
    }

    /// Notes a row whose search takes so many steps, and gathers the nodes where that pays.
    mutating func note(
        _ node: UInt32, degree: Int, cost: Int, _ direction: Direction,
        _ types: RelationshipTypes, _ execution: Execution
    ) throws(QueryError) {
        guard node == self.node else {
            self.node = node
            work = cost
            isGathered = false
            return
        }
        work += cost
        guard !isGathered, degree <= Self.fewCountMax || work > degree + 8 else { return }
        others.removeAll()
        var cursor = execution.graph.incidence(ofNode: node, direction)
        while let step = execution.graph.next(&cursor, types: types) {
            try execution.tick()
            _ = others.insert(step.other)
        }
        isGathered = true
    }
}

/// For each row of the input the relationships of a node.
final class ExpandOperator: InputOperator {
    private let step: ExpandStep
    @exclusivity(unchecked) private var walk: IncidenceWalk
    @exclusivity(unchecked) private var target: UInt32 = 0
    @exclusivity(unchecked) private var starts = Neighbours()
    @exclusivity(unchecked) private var ends = Neighbours()

    /// - Parameter labels: The labels that the node at the other end has to bear, where it is not known.
    init(_ input: Operator, _ step: ExpandStep, labels: [Int] = []) {
        self.step = step
        walk = IncidenceWalk(labels: labels)
        super.init(input)
    }

    /// The same with the labels of a test of the nodes at the other end; nil when it is no such test.
    func with(_ test: NodeTest) -> ExpandOperator? {
        guard !step.isInto, test.slot == step.to, case .labels(let labels) = test.kind else {
            return nil
        }
        return ExpandOperator(input, step, labels: walk.labels + labels)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        walk.stop()
        starts.forget()
        ends.forget()
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            while let found = try walk.next(execution) {
                if step.isInto, found.other != target { continue }
                let id = RelationshipID(found.relationship)
                if !step.others.isEmpty, execution.contains(id, in: step.others) { continue }
                execution.row[step.relationship] = .relationship(id)
                if !step.isInto { execution.row[step.to] = .node(number: found.other) }
                return true
            }
            guard try input.next(execution) else { return false }
            try begin(execution)
        }
    }

    private func begin(_ execution: Execution) throws(QueryError) {
        guard let start = try execution.node(in: step.from) else { return }
        // Types that the graph did not know when the plan was opened may have been made since.
        let types = execution.types(step.types)
        guard step.isInto else { return walk.begin(start, step.direction, types, execution) }
        guard let end = try execution.node(in: step.to) else { return }
        let back = step.direction.reversed
        if starts.excludes(end, of: start) || ends.excludes(start, of: end) { return }
        // The end is often that of the row before, and read already.
        let endDegree = execution.graph.degree(ofNode: end, back)
        guard endDegree > 0 else { return }
        let costs = (execution.graph.degree(ofNode: start, step.direction), endDegree)
        // The rarer side has fewer relationships to look at.
        let cost = min(costs.0, costs.1)
        guard cost > 0 else { return }
        try starts.note(start, degree: costs.0, cost: cost, step.direction, types, execution)
        try ends.note(end, degree: costs.1, cost: cost, back, types, execution)
        if starts.excludes(end, of: start) || ends.excludes(start, of: end) { return }
        target = costs.1 < costs.0 ? start : end
        if costs.1 < costs.0 {
            walk.begin(end, back, types, execution)
        } else {
            walk.begin(start, step.direction, types, execution)
        }
    }
}

extension Direction {
    var reversed: Direction {
        switch self {
        case .outgoing: .incoming
        case .incoming: .outgoing
        case .both: .both
        }
    }
}

/// For each row of the input the ends of a relationship that is known already; both ways where a pattern has no
/// direction.
final class EndsOperator: InputOperator {
    private let step: ExpandStep
    private let isFromKnown: Bool
    @exclusivity(unchecked) private var pending: [(UInt32, UInt32)] = []

    init(_ input: Operator, _ step: ExpandStep, isFromKnown: Bool) {
        self.step = step
        self.isFromKnown = isFromKnown
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        pending = []
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            while let (from, to) = pending.popLast() {
                if isFromKnown {
                    guard try execution.node(in: step.from) == from else { continue }
                }
                if step.isInto {
                    guard try execution.node(in: step.to) == to else { continue }
                }
                // Both ends are one node of the pattern.
                if step.from == step.to, from != to { continue }
                execution.row[step.from] = .node(number: from)
                execution.row[step.to] = .node(number: to)
                return true
            }
            guard try input.next(execution) else { return false }
            try begin(execution)
        }
    }

    private func begin(_ execution: Execution) throws(QueryError) {
        guard case .relationship(let id) = execution.row[step.relationship] else {
            if case .null = execution.row[step.relationship] { return }
            throw .runtime(.type, .invalidArgumentType)
        }
        let number = try execution.number(of: id)
        guard execution.types(step.types).contains(execution.graph.type(ofRelationship: number))
        else { return }
        if execution.contains(id, in: step.others) { return }
        let ends = (
            execution.graph.start(ofRelationship: number),
            execution.graph.end(ofRelationship: number)
        )
        if step.direction != .outgoing, ends.0 != ends.1 || step.direction == .incoming {
            pending.append((ends.1, ends.0))
        }
        if step.direction != .incoming { pending.append(ends) }
    }
}
