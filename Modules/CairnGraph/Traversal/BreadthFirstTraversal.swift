// SPDX-License-Identifier: Apache-2.0

/// One node that a traversal reached.
public struct TraversalVisit: Hashable, Sendable {
    /// The node that was reached.
    public let node: NodeID
    /// The number of relationships that lie between the start and the node on the way it was reached.
    public let depth: Int
    /// The relationship it was reached by; nil for the start.
    public let relationship: RelationshipID?
}

/// The nodes that can be reached from one, nearest first, each once.
///
/// Nodes of one distance come in the order in which the nodes before them came, then by the ids of the
/// relationships. A node is expanded only when the visits before it were taken, so a caller who stops
/// early pays only for what it saw.
///
/// - Complexity: O(*n* + *m*) in the nodes and relationships reached, in time; O(*n*) in memory.
public struct BreadthFirstTraversal<Graph: GraphReader>: Sequence, IteratorProtocol {
    private let graph: Graph
    private let direction: Direction
    private let types: Set<String>?
    private let depthMax: Int
    private var seen: Set<NodeID> = []
    /// Reached and not yet handed out, from `head` on.
    private var queue: [TraversalVisit] = []
    private var head = 0

    init(
        _ graph: Graph, from start: NodeID, _ direction: Direction, _ types: Set<String>?,
        _ depthMax: Int
    ) {
        self.graph = graph
        self.direction = direction
        self.types = types
        self.depthMax = depthMax
        guard graph.node(start) != nil, depthMax >= 0 else { return }
        seen.insert(start)
        queue.append(TraversalVisit(node: start, depth: 0, relationship: nil))
    }

    /// The next node; nil when there is no more.
    public mutating func next() -> TraversalVisit? {
        guard head < queue.count else { return nil }
        let visit = queue[head]
        head += 1
        if head > 1024, head > queue.count / 2 {
            queue.removeSubrange(..<head)
            head = 0
        }
        guard visit.depth < depthMax else { return visit }
        for relationship in graph.relationships(of: visit.node, direction: direction, types: types)
        {
            let other = relationship.other(than: visit.node)
            guard seen.insert(other).inserted else { continue }
            queue.append(
                TraversalVisit(node: other, depth: visit.depth + 1, relationship: relationship.id))
        }
        return visit
    }
}

extension BreadthFirstTraversal: Sendable where Graph: Sendable {}

extension GraphReader {
    /// The nodes that can be reached from `start`, itself included, nearest first; none when there is
    /// no such node.
    ///
    /// - Parameters:
    ///   - start: Where it begins.
    ///   - direction: Which relationships lead on, seen from the node that is reached.
    ///   - types: Which types of relationships lead on; nil means all.
    ///   - depthMax: How many relationships may lie between the start and a node.
    public func breadthFirst(
        from start: NodeID, direction: Direction = .outgoing, types: Set<String>? = nil,
        depthMax: Int = .max
    ) -> BreadthFirstTraversal<Self> {
        BreadthFirstTraversal(self, from: start, direction, types, depthMax)
    }
}
