// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// Goes over the relationships of a node, some of them at a time: few at first, because often the first decides.
struct IncidenceWalk {
    private var cursor: IncidenceCursor?
    private var types = RelationshipTypes.all
    private var steps: [IncidenceStep] = []
    private var index = 0
    private var count = 0

    private static let countMax = 64

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
    mutating func next(_ execution: Execution) -> IncidenceStep? {
        if index == steps.count {
            guard var cursor else { return nil }
            count = min(count * 4, Self.countMax)
            execution.graph.next(&cursor, types: types, upTo: count, &steps)
            // Fewer than wanted means that there are no more.
            self.cursor = steps.count < count ? nil : cursor
            index = 0
            guard !steps.isEmpty else { return nil }
        }
        defer { index += 1 }
        return steps[index]
    }
}
