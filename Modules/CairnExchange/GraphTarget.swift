// SPDX-License-Identifier: Apache-2.0

public import CairnGraph

/// A target that a graph can be imported into: a store, or a transaction of a database.
///
/// Ids are given out as ``/CairnGraph/GraphStore`` does it: always the lowest that is not in use.
public protocol GraphTarget: ~Copyable {
    /// Makes a node and returns its id.
    mutating func createNode(
        labels: [String], properties: Properties
    ) throws(GraphError) -> NodeID

    /// Makes a relationship and returns its id.
    mutating func createRelationship(
        _ type: String, from: NodeID, to: NodeID, properties: Properties
    ) throws(GraphError) -> RelationshipID

    /// Deletes a node, which has no relationships unless `detach` is true.
    mutating func deleteNode(_ id: NodeID, detach: Bool) throws(GraphError)

    /// Deletes a relationship, which must exist.
    mutating func deleteRelationship(_ id: RelationshipID) throws(GraphError)

    /// Adds a label; false when the node had it.
    @discardableResult
    mutating func addLabel(_ label: String, to id: NodeID) throws(GraphError) -> Bool

    /// Sets a property of a node; false when nothing changed.
    @discardableResult
    mutating func setProperty(
        _ key: String, to value: Value, of id: NodeID
    ) throws(GraphError) -> Bool

    /// Sets a property of a relationship; false when nothing changed.
    @discardableResult
    mutating func setProperty(
        _ key: String, to value: Value, of id: RelationshipID
    ) throws(GraphError) -> Bool

    /// Makes a unique constraint; false when it was there.
    @discardableResult
    mutating func createUniqueConstraint(label: String, key: String) throws(GraphError) -> Bool

    /// Makes another constraint or an index of nodes; false when it was there.
    @discardableResult
    mutating func create(_ rule: SchemaRule) throws(GraphError) -> Bool

    /// Makes a constraint or an index of relationships; false when it was there.
    @discardableResult
    mutating func create(_ rule: RelationshipRule) throws(GraphError) -> Bool
}

extension GraphStore: GraphTarget {}
