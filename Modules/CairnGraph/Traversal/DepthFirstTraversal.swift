// SPDX-License-Identifier: Apache-2.0

/// The nodes that can be reached from one, each once, each before what was reached through it.
///
/// Of the relationships of a node the one with the lowest id is followed first, to its very end. With a
/// limit of depth the traversal still reaches every node that some way within the limit leads to: a node
/// that is met again by a shorter way is followed on again, but not handed out again.
///
/// - Complexity: O(*n* + *m*) in the nodes and relationships reached, in time, and at most times the limit
///   of depth where there is one; O(*n*) in memory. It does not recurse.
public struct DepthFirstTraversal<Graph: GraphReader>: Sequence, IteratorProtocol {
    private let graph: Graph
    private let direction: Direction
    private let types: Set<String>?
    private let depthMax: Int
    /// The least depth at which each node was met.
    private var depths: [NodeID: Int] = [:]
    private var stack: [Level] = []
    private var start: NodeID?

    private struct Level {
        let node: NodeID
        let depth: Int
        var relationships: Graph.IncidentRelationships.Iterator
    }

    init(
        _ graph: Graph, from start: NodeID, _ direction: Direction, _ types: Set<String>?,
        _ depthMax: Int
    ) {
        self.graph = graph
        self.direction = direction
        self.types = types
        self.depthMax = depthMax
        if depthMax >= 0, graph.node(start) != nil { self.start = start }
    }

    /// The next node; nil when there is no more.
    public mutating func next() -> TraversalVisit? {
        if let first = start.take() {
            enter(first, depth: 0)
            return TraversalVisit(node: first, depth: 0, relationship: nil)
        }
        while let top = stack.last {
            guard let relationship = stack[stack.count - 1].relationships.next() else {
                stack.removeLast()
                continue
            }
            let node = relationship.other(than: top.node)
            let depth = top.depth + 1
            if let known = depths[node] {
                // A shorter way to a node matters only where the limit cuts.
                if depthMax != .max, depth < known { enter(node, depth: depth) }
            } else {
                enter(node, depth: depth)
                return TraversalVisit(node: node, depth: depth, relationship: relationship.id)
            }
        }
        return nil
    }

    private mutating func enter(_ node: NodeID, depth: Int) {
        depths[node] = depth
        guard depth < depthMax else { return }
        let relationships = graph.relationships(of: node, direction: direction, types: types)
        stack.append(Level(node: node, depth: depth, relationships: relationships.makeIterator()))
    }
}

extension GraphReader {
    /// The nodes that can be reached from `start`, itself included, each before what was reached through
    /// it; none when there is no such node.
    ///
    /// - Parameters:
    ///   - start: Where it begins.
    ///   - direction: Which relationships lead on, seen from the node that is reached.
    ///   - types: Which types of relationships lead on; nil means all.
    ///   - depthMax: How many relationships may lie between the start and a node.
    public func depthFirst(
        from start: NodeID, direction: Direction = .outgoing, types: Set<String>? = nil,
        depthMax: Int = .max
    ) -> DepthFirstTraversal<Self> {
        DepthFirstTraversal(self, from: start, direction, types, depthMax)
    }
}
