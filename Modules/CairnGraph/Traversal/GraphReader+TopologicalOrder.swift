// SPDX-License-Identifier: Apache-2.0

/// The order in which every relationship points forward, or the reason why there is none.
public enum TopologicalOrder: Hashable, Sendable {
    /// All nodes in such an order.
    case ordered([NodeID])
    /// There is none, because of this cycle (and perhaps others). It begins and ends at the lowest of its
    /// nodes.
    case cyclic(GraphPath)
}

extension GraphReader {
    /// Puts all nodes in an order in which each relationship leads from an earlier node to a later one, or
    /// finds a cycle. Of several orders it is the one in which lower ids come as early as possible.
    ///
    /// - Parameters:
    ///   - direction: `.outgoing` puts the start of a relationship before its end, `.incoming` the end
    ///     before the start (for "depends on": what is depended on first).
    ///   - types: Which types of relationships count; nil means all.
    /// - Complexity: O(*m* + *n* log *n*) in the nodes and relationships of the graph; O(*n* + *m*) in memory.
    public func topologicalOrder(
        direction: Direction = .outgoing, types: Set<String>? = nil
    ) -> TopologicalOrder {
        let adjacency = AdjacencyArray(self, direction, types: types)
        var waiting = [Int](repeating: 0, count: adjacency.slotCount)
        for node in adjacency.nodes {
            for index in adjacency.range(of: Int(node.rawValue)) {
                waiting[adjacency[index].to] += 1
            }
        }
        var ready = MinHeap<NodeID>()
        for node in adjacency.nodes where waiting[Int(node.rawValue)] == 0 { ready.push(node) }
        var order: [NodeID] = []
        order.reserveCapacity(adjacency.nodes.count)
        while let node = ready.pop() {
            order.append(node)
            for index in adjacency.range(of: Int(node.rawValue)) {
                let target = adjacency[index].to
                waiting[target] -= 1
                if waiting[target] == 0 { ready.push(NodeID(rawValue: UInt64(target))) }
            }
        }
        if order.count == adjacency.nodes.count { return .ordered(order) }
        return .cyclic(cycle(among: waiting, direction.reversed, types: types))
    }

    /// A cycle among the nodes that still wait: each of them waits for another such node, so going back
    /// from one to the next must come to a node a second time.
    private func cycle(
        among waiting: [Int], _ back: Direction, types: Set<String>?
    ) -> GraphPath {
        var node = NodeID(rawValue: UInt64(waiting.firstIndex { $0 > 0 } ?? 0))
        var places: [NodeID: Int] = [:]
        var nodes: [NodeID] = []
        var relationships: [RelationshipID] = []
        while places[node] == nil {
            places[node] = nodes.count
            nodes.append(node)
            for relationship in self.relationships(of: node, direction: back, types: types) {
                let other = relationship.other(than: node)
                guard waiting[Int(other.rawValue)] > 0 else { continue }
                relationships.append(relationship.id)
                node = other
                break
            }
        }
        // Walked backwards: turn round, then begin at the lowest node.
        let first = places[node] ?? 0
        let forward = Array(nodes[first...].reversed())
        let steps = Array(relationships[first...].reversed())
        // `steps[i]` leads to `forward[i]` from the node before it, in a circle.
        let lowest = forward.indices.min { forward[$0] < forward[$1] } ?? 0
        let turned = forward[lowest...] + forward[..<lowest] + [forward[lowest]]
        let turnedSteps = steps[(lowest + 1)...] + steps[...lowest]
        return GraphPath(nodes: Array(turned), relationships: Array(turnedSteps))
    }
}

extension Direction {
    /// The same relationships seen from their other ends.
    var reversed: Direction {
        switch self {
        case .outgoing: .incoming
        case .incoming: .outgoing
        case .both: .both
        }
    }
}
