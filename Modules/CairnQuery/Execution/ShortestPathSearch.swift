// SPDX-License-Identifier: Apache-2.0
//
// Breadth first from both ends, always a whole level of the side whose frontier has fewer relationships. A node remembers
// over which relationships it was reached on the shortest ways, so that all of them can be put together afterwards.
//
// - When a level meets the other side, every shortest path goes over one of the meetings that this level finds: a node
//   of the other side that is nearer to its end was met when it was reached itself.
// - Ways are never enumerated while searching: the work is bounded by the relationships of the nodes reached.

internal import CairnGraph

/// Searches shortest paths between two nodes.
struct ShortestPathSearch {
    /// A step of one side that leads to a node: the relationship, and the node nearer to the end of the side.
    struct Arrival {
        let relationship: UInt32
        let previous: UInt32
    }

    private struct Side {
        var arrivals: [UInt32: [Arrival]] = [:]
        var depths: [UInt32: Int] = [:]
        var frontier: [UInt32]
        var depth = 0
        /// How many relationships of any type the nodes of the frontier have in the direction.
        var relationshipCount = 0
        let direction: Direction

        init(_ node: UInt32, _ direction: Direction) {
            frontier = [node]
            depths[node] = 0
            self.direction = direction
        }
    }

    /// Where both sides met: a way of the first side to `near`, the relationship, and a way of the second to `far`.
    private struct Meeting {
        let near: UInt32
        let relationship: UInt32
        let far: UInt32
    }

    private var first: Side
    private var second: Side
    private var meetings: [Meeting] = []
    private let kind: Kind
    private let lengthMax: Int

    private struct Kind {
        let types: RelationshipTypes
        /// Whether every shortest path is wanted.
        let findsAll: Bool
    }

    /// Whether a relationship may be used.
    typealias Condition = (RelationshipID) throws(QueryError) -> Bool

    init(
        from start: UInt32, to end: UInt32, _ direction: Direction, types: RelationshipTypes,
        lengthMax: Int, findsAll: Bool
    ) {
        first = Side(start, direction)
        second = Side(end, direction.reversed)
        kind = Kind(types: types, findsAll: findsAll)
        self.lengthMax = lengthMax
    }

    /// The shortest paths as lists of relationships; none when there is no path.
    mutating func run(
        _ execution: Execution, allows condition: Condition
    ) throws(QueryError) -> [[UInt32]] {
        for node in first.frontier {
            first.relationshipCount = execution.graph.degree(ofNode: node, first.direction)
        }
        for node in second.frontier {
            second.relationshipCount = execution.graph.degree(ofNode: node, second.direction)
        }
        while meetings.isEmpty, first.depth + second.depth < lengthMax {
            guard !first.frontier.isEmpty, !second.frontier.isEmpty else { break }
            if first.relationshipCount <= second.relationshipCount {
                try Self.grow(
                    &first, against: second, isFirst: true, &meetings, kind, execution, condition)
            } else {
                try Self.grow(
                    &second, against: first, isFirst: false, &meetings, kind, execution, condition)
            }
        }
        // All but the two nodes that the search began with were held.
        defer { execution.letGo(first.depths.count + second.depths.count - 2) }
        return try paths(execution)
    }

    private static func grow(
        _ side: inout Side, against other: Side, isFirst: Bool, _ meetings: inout [Meeting],
        _ kind: Kind, _ execution: Execution, _ condition: Condition
    ) throws(QueryError) {
        var next: [UInt32] = []
        var relationshipCount = 0
        var shortest = Int.max
        var walk = IncidenceWalk()
        for node in side.frontier {
            walk.begin(node, side.direction, kind.types, execution)
            while let step = try walk.next(execution) {
                guard try condition(RelationshipID(step.relationship)) else { continue }
                if let distance = other.depths[step.other], distance <= shortest {
                    if distance < shortest { meetings = [] }
                    shortest = distance
                    meetings.append(
                        isFirst
                            ? Meeting(
                                near: node, relationship: step.relationship, far: step.other)
                            : Meeting(
                                near: step.other, relationship: step.relationship, far: node))
                    if !kind.findsAll, distance == other.depth { return }
                }
                let known = side.depths[step.other]
                guard known == nil || kind.findsAll && known == side.depth + 1 else { continue }
                side.arrivals[step.other, default: []].append(
                    Arrival(relationship: step.relationship, previous: node))
                if known == nil {
                    side.depths[step.other] = side.depth + 1
                    try execution.hold(1)
                    next.append(step.other)
                    relationshipCount += execution.graph.degree(
                        ofNode: step.other, side.direction)
                }
            }
        }
        side.frontier = next
        side.relationshipCount = relationshipCount
        side.depth += 1
    }

    // MARK: Paths

    private func paths(_ execution: Execution) throws(QueryError) -> [[UInt32]] {
        var paths: [[UInt32]] = []
        for meeting in meetings {
            let beginnings = try ways(to: meeting.near, first, execution)
            let ends = try ways(to: meeting.far, second, execution)
            for beginning in beginnings {
                for end in ends {
                    try execution.hold(beginning.count + end.count + 1)
                    execution.letGo(beginning.count + end.count + 1)
                    paths.append(beginning.reversed() + [meeting.relationship] + end)
                    if !kind.findsAll { return paths }
                }
            }
        }
        return paths
    }

    /// The shortest ways from a node back to the end of a side.
    private func ways(
        to node: UInt32, _ side: Side, _ execution: Execution
    ) throws(QueryError) -> [[UInt32]] {
        var complete: [[UInt32]] = []
        var open: [(node: UInt32, way: [UInt32])] = [(node, [])]
        while let (node, way) = open.popLast() {
            try execution.tick()
            guard let arrivals = side.arrivals[node], side.depths[node] != 0 else {
                complete.append(way)
                if !kind.findsAll { return complete }
                continue
            }
            try execution.reserve(open.count + complete.count)
            for arrival in arrivals {
                open.append((arrival.previous, way + [arrival.relationship]))
            }
        }
        return complete
    }
}

/// For each row of the input, which has both ends, the shortest paths between them.
final class ShortestPathOperator: InputOperator {
    private let step: ExpandStep
    private let lower: Int
    private let upper: Int
    private let findsAll: Bool
    private let isReversed: Bool
    private let condition: VariableExpandOperator.Condition?
    private var found: [[UInt32]] = []

    init(
        _ input: Operator, _ step: ExpandStep, lower: Int, upper: Int, findsAll: Bool,
        isReversed: Bool, condition: VariableExpandOperator.Condition?
    ) {
        self.step = step
        self.lower = lower
        self.upper = upper
        self.findsAll = findsAll
        self.isReversed = isReversed
        self.condition = condition
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        found = []
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if let path = found.popLast() {
                let list = path.map { QueryValue.relationship(number: $0) }
                execution.row[step.relationship] = .list(isReversed ? list.reversed() : list)
                return true
            }
            guard try input.next(execution) else { return false }
            guard let start = try execution.node(in: step.from),
                let end = try execution.node(in: step.to)
            else { continue }
            if start == end, lower == 0 {
                found = [[]]
                continue
            }
            var search = ShortestPathSearch(
                from: start, to: end, step.direction, types: execution.types(step.types),
                lengthMax: upper, findsAll: findsAll)
            found = try search.run(execution) { (id) throws(QueryError) in
                if !step.others.isEmpty, execution.contains(id, in: step.others) { return false }
                guard let condition else { return true }
                execution.row[condition.slot] = .relationship(id)
                return try execution.truth(condition.evaluate(execution)) ?? false
            }
        }
    }
}
