// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// For each row of the input the nodes that can be reached within a number of relationships, each once: where only
/// distinct ends are asked for, ways need not be told apart.
///
/// Breadth first, level by level. Right only along directed relationships from at most one step on: there the shortest
/// way to a node never uses a relationship twice.
final class ReachOperator: InputOperator {
    private let step: ExpandStep
    private let lower: Int
    private let upper: Int
    @exclusivity(unchecked) private var types = RelationshipTypes.all
    @exclusivity(unchecked) private var level: [UInt32] = []
    @exclusivity(unchecked) private var following: [UInt32] = []
    @exclusivity(unchecked) private var depth = 0
    @exclusivity(unchecked) private var seen = NumberSet()
    @exclusivity(unchecked) private var walk = IncidenceWalk()
    @exclusivity(unchecked) private var pendingStart: UInt32?

    init(_ input: Operator, _ step: ExpandStep, lower: Int, upper: Int) {
        self.step = step
        self.lower = lower
        self.upper = upper
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        leave(execution)
        try input.open(execution)
    }

    private func leave(_ execution: Execution) {
        execution.letGo(seen.count)
        level = []
        following = []
        seen.removeAll()
        walk.stop()
        pendingStart = nil
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if let start = pendingStart {
                pendingStart = nil
                execution.row[step.to] = .node(number: start)
                return true
            }
            if let found = try advance(execution) {
                execution.row[step.to] = .node(number: found)
                return true
            }
            leave(execution)
            guard try input.next(execution) else { return false }
            types = execution.types(step.types)
            guard let start = try execution.node(in: step.from) else { continue }
            depth = 0
            level = upper > 0 ? [start] : []
            if lower == 0 {
                pendingStart = start
                _ = seen.insert(start)
                try execution.hold(1)
            }
        }
    }

    /// The next node that was not met before; nil when there is none.
    private func advance(_ execution: Execution) throws(QueryError) -> UInt32? {
        while true {
            while let found = try walk.next(execution) {
                guard seen.insert(found.other) else { continue }
                try execution.hold(1)
                if depth + 1 < upper { following.append(found.other) }
                return found.other
            }
            if let node = level.popLast() {
                walk.begin(node, step.direction, types, execution)
            } else {
                guard !following.isEmpty else { return nil }
                swap(&level, &following)
                depth += 1
            }
        }
    }
}
