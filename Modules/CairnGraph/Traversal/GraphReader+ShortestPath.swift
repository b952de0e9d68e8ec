// SPDX-License-Identifier: Apache-2.0

/// A shortest path by weight.
public struct WeightedPath: Hashable, Sendable {
    /// The nodes and relationships.
    public let path: GraphPath
    /// The sum of the weights, added up from the start to the end.
    public let weight: Double
}

extension GraphReader {
    /// A path from `start` to `end` with the fewest relationships; nil when there is none. Of several the
    /// same one every time: the one that ``breadthFirst(from:direction:types:depthMax:)`` finds.
    ///
    /// - Parameters:
    ///   - start: Where it begins.
    ///   - end: Where it ends.
    ///   - direction: Which relationships lead on, seen from the node that is reached.
    ///   - types: Which types of relationships lead on; nil means all.
    /// - Complexity: O(*n* + *m*) in the nodes and relationships that are as near as `end`.
    public func shortestPath(
        from start: NodeID, to end: NodeID, direction: Direction = .outgoing,
        types: Set<String>? = nil
    ) -> GraphPath? {
        guard node(start) != nil, node(end) != nil else { return nil }
        var arrivals: [NodeID: Arrival] = [:]
        guard start != end else { return GraphPath(to: end, arrivals: arrivals) }
        var level = [start]
        while !level.isEmpty {
            var next: [NodeID] = []
            for node in level {
                for relationship in relationships(of: node, direction: direction, types: types) {
                    let other = relationship.other(than: node)
                    guard other != start, arrivals[other] == nil else { continue }
                    arrivals[other] = Arrival(from: node, relationship: relationship.id)
                    if other == end { return GraphPath(to: end, arrivals: arrivals) }
                    next.append(other)
                }
            }
            level = next
        }
        return nil
    }

    /// A path from `start` to `end` with the least sum of weights; nil when there is none. Of several the
    /// same one every time.
    ///
    /// Weights are integers or doubles; an integer beyond 2⁵³ is rounded. A relationship of infinite weight
    /// leads nowhere.
    ///
    /// - Parameters:
    ///   - start: Where it begins.
    ///   - end: Where it ends.
    ///   - key: The property of the relationships that is the weight.
    ///   - missing: What a relationship without the property weighs, at least 0; nil makes that an error.
    ///   - direction: Which relationships lead on, seen from the node that is reached.
    ///   - types: Which types of relationships lead on; nil means all.
    /// - Throws: ``TraversalError`` with code `.weightMissing`, `.weightNotNumeric` or `.weightNegative` for
    ///   a relationship that had to be looked at.
    /// - Complexity: O((*n* + *m*) log *m*) in the nodes and relationships that are as near as `end`.
    public func shortestPath(
        from start: NodeID, to end: NodeID, weightedBy key: String, missing: Double? = nil,
        direction: Direction = .outgoing, types: Set<String>? = nil
    ) throws(TraversalError) -> WeightedPath? {
        if let missing { precondition(missing >= 0, "a weight is at least 0") }
        guard node(start) != nil, node(end) != nil else { return nil }
        var arrivals: [NodeID: Arrival] = [:]
        var distances = [start: 0.0]
        var settled: Set<NodeID> = []
        var queue = MinHeap<Reached>()
        queue.push(Reached(distance: 0, node: start))
        while let reached = queue.pop() {
            guard settled.insert(reached.node).inserted else { continue }
            if reached.node == end {
                let path = GraphPath(to: end, arrivals: arrivals)
                return WeightedPath(path: path, weight: reached.distance)
            }
            for relationship in relationships(of: reached.node, direction: direction, types: types)
            {
                let weight = try relationship.weight(key, missing: missing)
                let other = relationship.other(than: reached.node)
                let distance = reached.distance + weight
                guard distance < distances[other] ?? .infinity else { continue }
                distances[other] = distance
                arrivals[other] = Arrival(from: reached.node, relationship: relationship.id)
                queue.push(Reached(distance: distance, node: other))
            }
        }
        return nil
    }
}

/// A node and how far it is; nearer ones first, then by id.
private struct Reached: Comparable {
    let distance: Double
    let node: NodeID

    static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.distance != rhs.distance ? lhs.distance < rhs.distance : lhs.node < rhs.node
    }
}

extension Relationship {
    /// The weight that a property gives.
    func weight(_ key: String, missing: Double?) throws(TraversalError) -> Double {
        func error(_ code: TraversalError.Code, _ value: Value?) -> TraversalError {
            TraversalError(code: code, relationshipID: id, key: key, value: value)
        }
        guard let value = self[key] else {
            guard let missing else { throw error(.weightMissing, nil) }
            return missing
        }
        let weight: Double
        switch value {
        case .int(let integer): weight = Double(integer)
        case .double(let double) where !double.isNaN: weight = double
        default: throw error(.weightNotNumeric, value)
        }
        guard weight >= 0 else { throw error(.weightNegative, value) }
        return weight
    }
}
