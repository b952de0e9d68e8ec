// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// For each row of the input all ways over a number of relationships within bounds, none of them twice in one way.
///
/// Depth first, with a stack of its own: the memory is bounded by the length of one way.
final class VariableExpandOperator: InputOperator {
    /// A condition on each relationship by itself; it reads the relationship, and its ends in the direction of the
    /// pattern where it reads those, from places of the row.
    struct Condition: Sendable {
        let slot: Int
        let ends: (start: Int, end: Int)?
        let evaluate: Evaluator
    }

    private let step: ExpandStep
    private let lower: Int
    private let upper: Int
    /// Whether the list of relationships is wanted from the other end.
    private let isReversed: Bool
    private let keepsList: Bool
    private let condition: Condition?

    @exclusivity(unchecked) private var cursors: [IncidenceCursor?] = []
    @exclusivity(unchecked) private var way: [UInt32] = []
    @exclusivity(unchecked) private var types = RelationshipTypes.all
    @exclusivity(unchecked) private var target: UInt32?
    @exclusivity(unchecked) private var pendingStart: UInt32?

    init(
        _ input: Operator, _ step: ExpandStep, lower: Int, upper: Int, isReversed: Bool,
        keepsList: Bool, condition: Condition?
    ) {
        self.step = step
        self.lower = lower
        self.upper = upper
        self.isReversed = isReversed
        self.keepsList = keepsList
        self.condition = condition
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        cursors = []
        way = []
        pendingStart = nil
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if let start = pendingStart {
                pendingStart = nil
                if lower == 0, emit(start, execution) { return true }
            }
            while !cursors.isEmpty {
                if try advance(execution) { return true }
            }
            guard try input.next(execution) else { return false }
            try begin(execution)
        }
    }

    private func begin(_ execution: Execution) throws(QueryError) {
        types = execution.types(step.types)
        guard let start = try execution.node(in: step.from) else { return }
        if step.isInto {
            guard let end = try execution.node(in: step.to) else { return }
            target = end
        }
        way = []
        pendingStart = start
        cursors = upper > 0 ? [execution.graph.incidence(ofNode: start, step.direction)] : []
    }

    /// One step on or back; true when a row was filled.
    private func advance(_ execution: Execution) throws(QueryError) -> Bool {
        try execution.tick()
        let last = cursors.count - 1
        guard cursors[last] != nil, let found = execution.graph.next(&cursors[last]!, types: types)
        else {
            cursors.removeLast()
            if !way.isEmpty { way.removeLast() }
            return false
        }
        guard !way.contains(found.relationship) else { return false }
        let id = RelationshipID(found.relationship)
        if !step.others.isEmpty, execution.contains(id, in: step.others) { return false }
        if let condition {
            execution.row[condition.slot] = .relationship(id)
            if let ends = condition.ends, let from = cursors[last]?.node {
                let (near, far) = isReversed ? (ends.end, ends.start) : (ends.start, ends.end)
                execution.row[near] = .node(number: from)
                execution.row[far] = .node(number: found.other)
            }
            guard try execution.truth(condition.evaluate(execution)) ?? false else {
                return false
            }
        }
        try execution.reserve(way.count + 1)
        way.append(found.relationship)
        cursors.append(
            way.count < upper
                ? execution.graph.incidence(ofNode: found.other, step.direction) : nil)
        return way.count >= lower && emit(found.other, execution)
    }

    private func emit(_ end: UInt32, _ execution: Execution) -> Bool {
        if step.isInto {
            guard end == target else { return false }
        } else {
            execution.row[step.to] = .node(number: end)
        }
        if keepsList {
            let list = way.map { QueryValue.relationship(number: $0) }
            execution.row[step.relationship] = .list(isReversed ? list.reversed() : list)
        }
        return true
    }
}
