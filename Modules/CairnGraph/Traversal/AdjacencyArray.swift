// SPDX-License-Identifier: Apache-2.0

/// All relationships of a graph that lead on, by the node they lead from: what an algorithm on the whole
/// graph walks over.
///
/// Two arrays instead of a look-up for each step. Per node the steps are in the order of the ids of the
/// relationships.
struct AdjacencyArray {
    struct Step {
        let to: Int
        let relationship: RelationshipID
    }

    /// The nodes that exist, ascending.
    let nodes: [NodeID]
    /// One more than the highest id.
    let slotCount: Int
    /// By slot, where the steps of a node begin; one entry more than there are slots.
    private let starts: [Int]
    private let steps: [Step]

    /// O(*n* + *m*) in time and memory.
    init(_ graph: some GraphReader, _ direction: Direction, types: Set<String>?) {
        nodes = Array(graph.nodeIDs)
        slotCount = nodes.last.map { Int($0.rawValue) + 1 } ?? 0
        var ends: [(from: Int, to: Int, id: RelationshipID)] = []
        for relationship in graph.relationships {
            guard types?.contains(relationship.type) ?? true else { continue }
            let from = Int(relationship.from.rawValue)
            let to = Int(relationship.to.rawValue)
            if direction != .incoming { ends.append((from, to, relationship.id)) }
            if direction != .outgoing, direction == .incoming || from != to {
                ends.append((to, from, relationship.id))
            }
        }
        var starts = [Int](repeating: 0, count: slotCount + 1)
        for end in ends { starts[end.from + 1] += 1 }
        for slot in 0..<slotCount { starts[slot + 1] += starts[slot] }
        var places = starts
        let none = Step(to: 0, relationship: RelationshipID(rawValue: 0))
        var steps = [Step](repeating: none, count: ends.count)
        for end in ends {
            steps[places[end.from]] = Step(to: end.to, relationship: end.id)
            places[end.from] += 1
        }
        self.starts = starts
        self.steps = steps
    }

    /// Where the steps from a node lie.
    func range(of slot: Int) -> Range<Int> { starts[slot]..<starts[slot + 1] }

    subscript(index: Int) -> Step { steps[index] }
}
