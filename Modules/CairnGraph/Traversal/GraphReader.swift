// SPDX-License-Identifier: Apache-2.0

/// Whatever a graph can be read from: what the algorithms on graphs need, and no more.
///
/// The content must not change while an algorithm runs, which holds by itself for a value such as
/// ``GraphStore``. All sequences ascend by id, so that every algorithm gives the same result for the
/// same content.
public protocol GraphReader {
    /// The ids of all nodes.
    associatedtype NodeIDs: Sequence<NodeID>
    /// All relationships.
    associatedtype Relationships: Sequence<Relationship>
    /// The relationships of one node.
    associatedtype IncidentRelationships: Sequence<Relationship>

    /// The ids of all nodes, ascending.
    var nodeIDs: NodeIDs { get }

    /// All relationships, ascending by id.
    var relationships: Relationships { get }

    /// The node with this id; nil when there is none.
    func node(_ id: NodeID) -> Node?

    /// The relationships of a node, ascending by id, a loop once; none when there is no such node.
    ///
    /// - Parameter types: Which types are meant; nil means all.
    func relationships(
        of id: NodeID, _ direction: Direction, types: Set<String>?
    ) -> IncidentRelationships

    /// How many relationships a node has, a loop once; none when there is no such node.
    func degree(of id: NodeID, _ direction: Direction) -> Int
}

extension GraphStore: GraphReader {}

extension GraphReader {
    /// The nodes at the other ends of a node's relationships, ascending, each once; none when there is
    /// no such node. A node with a loop is its own neighbour.
    ///
    /// - Parameter types: Which types of relationships count; nil means all.
    /// - Complexity: O(*d* log *d*) in the relationships of the node in that direction.
    public func neighbors(
        of id: NodeID, _ direction: Direction = .outgoing, types: Set<String>? = nil
    ) -> [NodeID] {
        var neighbors = relationships(of: id, direction, types: types).map { $0.other(than: id) }
        neighbors.sort()
        var count = 0
        for index in neighbors.indices where index == 0 || neighbors[index] != neighbors[count - 1]
        {
            neighbors[count] = neighbors[index]
            count += 1
        }
        neighbors.removeSubrange(count...)
        return neighbors
    }

    /// How many relationships of some types a node has, a loop once; none when there is no such node.
    ///
    /// - Parameter types: Which types of relationships count; nil means all.
    /// - Complexity: O(1) for all types, else O(*d*) in the relationships of the node.
    public func degree(of id: NodeID, _ direction: Direction, types: Set<String>?) -> Int {
        guard types != nil else { return degree(of: id, direction) }
        return relationships(of: id, direction, types: types).reduce(0) { count, _ in count + 1 }
    }
}
