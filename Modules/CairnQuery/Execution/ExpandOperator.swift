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

/// For each row of the input the relationships of a node.
final class ExpandOperator: InputOperator {
    private let step: ExpandStep
    private var walk = IncidenceWalk()
    private var target: UInt32 = 0

    init(_ input: Operator, _ step: ExpandStep) {
        self.step = step
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        walk.stop()
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            while let found = walk.next(execution) {
                try execution.tick()
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
        var from = start
        var direction = step.direction
        if step.isInto {
            guard let end = try execution.node(in: step.to) else { return }
            target = end
            // The rarer side has fewer relationships to look at.
            if execution.graph.degree(ofNode: end, direction.reversed)
                < execution.graph.degree(ofNode: start, direction)
            {
                (from, target) = (end, start)
                direction = direction.reversed
            }
        }
        // Types that the graph did not know when the plan was opened may have been made since.
        walk.begin(from, direction, execution.types(step.types), execution)
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
    private var pending: [(UInt32, UInt32)] = []

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
