// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Goes over the relationships of a node, some of them at a time: few at first, because often the first decides.
struct IncidenceWalk {
    private var cursor: IncidenceCursor?
    private var types = RelationshipTypes.all
    private var steps: [IncidenceStep] = []
    private var index = 0
    private var count = 0
    /// The labels that the other end has to bear.
    let labels: [Int]

    private static let countMax = 64

    init(labels: [Int] = []) { self.labels = labels }

    /// Begins with a node. Its relationships must not change until the walk is over.
    mutating func begin(
        _ node: UInt32, _ direction: Direction, _ types: RelationshipTypes, _ execution: Execution
    ) {
        self.types = types
        cursor = execution.graph.incidence(ofNode: node, direction)
        steps.removeAll(keepingCapacity: true)
        index = 0
        count = 2
    }

    /// Ends the walk before its end.
    mutating func stop() {
        cursor = nil
        steps.removeAll(keepingCapacity: true)
        index = 0
    }

    /// The next step; nil behind the last.
    mutating func next(_ execution: Execution) throws(QueryError) -> IncidenceStep? {
        while index == steps.count {
            guard try advance(execution) else { return nil }
        }
        defer { index += 1 }
        return steps[index]
    }

    /// Takes the next steps, of which the labels may leave none.
    ///
    /// - Returns: False behind the last.
    private mutating func advance(_ execution: Execution) throws(QueryError) -> Bool {
        guard var cursor else { return false }
        count = min(count * 4, Self.countMax)
        execution.graph.next(&cursor, types: types, upTo: count, &steps)
        // Fewer than wanted means that there are no more.
        self.cursor = steps.count < count ? nil : cursor
        index = 0
        try execution.tick(steps.count)
        for label in labels { keepLabeled(label, execution) }
        return true
    }

    /// The labels of all are read together: each lies elsewhere in memory, and so none waits for the one before.
    private mutating func keepLabeled(_ label: Int, _ execution: Execution) {
        guard let number = execution.label(label) else {
            return steps.removeAll(keepingCapacity: true)
        }
        var kept = 0
        for index in steps.indices
        where execution.graph.hasLabel(number, node: steps[index].other) {
            steps[kept] = steps[index]
            kept += 1
        }
        steps.removeSubrange(kept...)
    }
}
