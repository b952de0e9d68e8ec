// SPDX-License-Identifier: Apache-2.0

import CairnGraph

/// A small random graph with loops, parallel relationships, several types, and holes among the ids; and
/// the answers of the dullest algorithms there are.
struct RandomGraph {
    let store: GraphStore
    let nodes: [NodeID]
    let edges: [Relationship]
    let direction: Direction
    let types: Set<String>?

    init(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var store = GraphStore()
        let count = random.below(12)
        for _ in 0..<count { try store.createNode() }
        if count > 0 {
            for _ in 0..<random.below(30) {
                try store.createRelationship(
                    random.pick(["a", "b", "c"]),
                    from: NodeID(rawValue: UInt64(random.below(count))),
                    to: NodeID(rawValue: UInt64(random.below(count))),
                    properties: ["weight": .int(Int64(random.below(5)))])
            }
            for _ in 0..<random.below(3) {
                let id = NodeID(rawValue: UInt64(random.below(count)))
                if store.node(id) != nil { try store.deleteNode(id, detach: true) }
            }
        }
        self.store = store
        nodes = Array(store.nodeIDs)
        direction = random.pick([.outgoing, .incoming, .both])
        types = random.pick([nil, ["a"], ["a", "c"], []])
        let types = types
        edges = store.relationships.filter { types?.contains($0.type) ?? true }
    }

    /// The steps from a node.
    func steps(
        from node: NodeID, _ direction: Direction
    ) -> [(to: NodeID, relationship: Relationship)] {
        edges.compactMap { edge in
            if direction != .incoming, edge.from == node { return (edge.to, edge) }
            if direction != .outgoing, edge.to == node { return (edge.from, edge) }
            return nil
        }
    }

    /// The least sum of weights from one node to each that can be reached, by relaxing until nothing
    /// changes.
    func distances(
        from start: NodeID, _ direction: Direction, _ weight: (Relationship) -> Int
    ) -> [NodeID: Int] {
        var distances = [start: 0]
        var isChanged = true
        while isChanged {
            isChanged = false
            for node in nodes {
                guard let distance = distances[node] else { continue }
                for step in steps(from: node, direction) {
                    let sum = distance + weight(step.relationship)
                    if sum < distances[step.to] ?? .max {
                        distances[step.to] = sum
                        isChanged = true
                    }
                }
            }
        }
        return distances
    }

    /// Whether a path is one of this graph, in the direction given.
    func holds(_ path: GraphPath, _ direction: Direction) -> Bool {
        zip(path.relationships, zip(path.nodes, path.nodes.dropFirst())).allSatisfy { id, ends in
            steps(from: ends.0, direction).contains { $0.relationship.id == id && $0.to == ends.1 }
        }
    }
}

extension Relationship {
    /// The weight that random graphs give.
    var weight: Int {
        if case .int(let weight)? = self["weight"] { Int(weight) } else { 0 }
    }
}
