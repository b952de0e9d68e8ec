// SPDX-License-Identifier: Apache-2.0

/// A source that a graph can be read from: the operations that algorithms on graphs need, and no more.
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
    /// - Parameters:
    ///   - id: The node.
    ///   - direction: Which of its relationships are meant, seen from it.
    ///   - types: Which types are meant; nil means all.
    func relationships(
        of id: NodeID, direction: Direction, types: Set<String>?
    ) -> IncidentRelationships

    /// The number of relationships that a node has, a loop once; none when there is no such node.
    func degree(of id: NodeID, direction: Direction) -> Int

    /// The unique constraints, ascending. The default has none.
    var uniqueConstraints: [UniqueConstraint] { get }

    /// The other constraints and the indexes of nodes. The default has none.
    var rules: [SchemaRule] { get }

    /// The constraints and the indexes of relationships. The default has none.
    var relationshipRules: [RelationshipRule] { get }
}

extension GraphReader {
    /// No constraint: the default for readers that know of none.
    public var uniqueConstraints: [UniqueConstraint] { [] }

    /// No rule: the default for readers that know of none.
    public var rules: [SchemaRule] { [] }

    /// None.
    public var relationshipRules: [RelationshipRule] { [] }
}

extension GraphStore: GraphReader {}

extension GraphReader {
    /// The nodes at the other ends of a node's relationships, each once, in the order of the first
    /// relationship that leads there, one by one; none when there is no such node. A node with a loop is its
    /// own neighbour.
    ///
    /// - Parameters:
    ///   - id: The node.
    ///   - direction: Which of its relationships count, seen from it.
    ///   - types: Which types of relationships count; nil means all.
    /// - Complexity: O(1), and O(1) for each relationship gone through.
    public func neighbors(
        of id: NodeID, direction: Direction = .outgoing, types: Set<String>? = nil
    ) -> NeighborSequence<IncidentRelationships> {
        NeighborSequence(
            relationships: relationships(of: id, direction: direction, types: types), node: id)
    }

    /// The number of relationships of some types that a node has, a loop once; none when there is no such node.
    ///
    /// - Parameters:
    ///   - id: The node.
    ///   - direction: Which of its relationships count, seen from it.
    ///   - types: Which types of relationships count; nil means all.
    /// - Complexity: O(1) for all types, else O(*d*) in the relationships of the node.
    public func degree(of id: NodeID, direction: Direction, types: Set<String>?) -> Int {
        guard types != nil else { return degree(of: id, direction: direction) }
        return relationships(of: id, direction: direction, types: types).reduce(0) { count, _ in
            count + 1
        }
    }
}
