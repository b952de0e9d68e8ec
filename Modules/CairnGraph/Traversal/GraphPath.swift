// SPDX-License-Identifier: Apache-2.0

/// A way through a graph: nodes, and the relationship that leads from each to the next.
public struct GraphPath: Hashable, Sendable {
    /// The nodes, from the start to the end; one more than there are relationships.
    public let nodes: [NodeID]
    /// The relationships, in order.
    public let relationships: [RelationshipID]

    /// A path along relationships, each of which joins two nodes that follow one another.
    ///
    /// - Precondition: There is exactly one node more than there are relationships.
    public init(nodes: [NodeID], relationships: [RelationshipID]) {
        precondition(nodes.count == relationships.count + 1, "a path has one node more than steps")
        self.nodes = nodes
        self.relationships = relationships
    }

    /// The first node.
    public var start: NodeID { nodes[0] }
    /// The last node.
    public var end: NodeID { nodes[nodes.count - 1] }
    /// The number of relationships that it has.
    public var length: Int { relationships.count }
    /// Whether it has a relationship and ends where it begins.
    public var isCycle: Bool { length > 0 && start == end }
}

extension GraphPath: CustomStringConvertible {
    /// The ids of nodes and, in brackets, of relationships: `4 -[7]- 9`.
    public var description: String {
        zip(relationships, nodes.dropFirst()).reduce("\(start)") { "\($0) -[\($1.0)]- \($1.1)" }
    }
}

/// How a node was reached from another one.
struct Arrival {
    let from: NodeID
    let relationship: RelationshipID
}

extension GraphPath {
    /// The path to `end` from the node that was reached from nowhere.
    init(to end: NodeID, arrivals: [NodeID: Arrival]) {
        var nodes = [end]
        var relationships: [RelationshipID] = []
        var node = end
        while let arrival = arrivals[node] {
            relationships.append(arrival.relationship)
            nodes.append(arrival.from)
            node = arrival.from
        }
        self.init(nodes: nodes.reversed(), relationships: relationships.reversed())
    }
}
