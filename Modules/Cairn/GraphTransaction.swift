// SPDX-License-Identifier: Apache-2.0

public import CairnGraph
internal import CairnQuery
internal import CairnRecorder

/// The argument of the body of `write(level:_:)`: all mutations of a graph store, without
/// the ways to end the transaction.
///
/// Reads through ``graph`` see what the transaction has done so far. All errors leave the graph as it was
/// before the call.
public struct GraphTransaction: ~Copyable {
    // The graph of the database, for as long as the body runs: a transaction is not copied, and no body can keep
    // one.
    private let pointer: UnsafeMutablePointer<GraphStore>
    private let recorder: WalRecorder
    let queryEngine: QueryEngine

    init(
        _ graph: UnsafeMutablePointer<GraphStore>, _ recorder: WalRecorder,
        _ queryEngine: QueryEngine
    ) {
        pointer = graph
        self.recorder = recorder
        self.queryEngine = queryEngine
    }

    /// The graph as the transaction sees it.
    public internal(set) var graph: GraphStore {
        _read { yield pointer.pointee }
        _modify { yield &pointer.pointee }
    }

    // MARK: Nodes

    /// Creates a node.
    ///
    /// - Throws: `GraphError`; see `GraphStore.createNode(labels:properties:)`.
    @discardableResult
    public mutating func createNode(
        labels: [String] = [], properties: Properties = [:]
    ) throws(GraphError) -> NodeID {
        try graph.createNode(labels: labels, properties: properties)
    }

    /// Deletes a node; one with relationships only when they are to be deleted, too.
    public mutating func deleteNode(_ id: NodeID, detach: Bool = false) throws(GraphError) {
        try graph.deleteNode(id, detach: detach)
    }

    /// Adds a label; false when the node had it.
    @discardableResult
    public mutating func addLabel(_ label: String, to id: NodeID) throws(GraphError) -> Bool {
        try graph.addLabel(label, to: id)
    }

    /// Removes a label; false when the node did not have it.
    @discardableResult
    public mutating func removeLabel(_ label: String, from id: NodeID) throws(GraphError) -> Bool {
        try graph.removeLabel(label, from: id)
    }

    /// Sets a property of a node; `.null` removes it. False when nothing changed.
    @discardableResult
    public mutating func setProperty(
        _ key: String, to value: Value, of id: NodeID
    ) throws(GraphError) -> Bool {
        try graph.setProperty(key, to: value, of: id)
    }

    /// Replaces all properties of a node. False when nothing changed.
    @discardableResult
    public mutating func setProperties(
        _ properties: Properties, of id: NodeID
    ) throws(GraphError) -> Bool {
        try graph.setProperties(properties, of: id)
    }

    /// Finds the node with this value of a property, or makes one; and gives it properties.
    ///
    /// - Throws: `GraphError`; see `GraphStore.mergeNode(label:key:value:properties:)`.
    @discardableResult
    public mutating func mergeNode(
        label: String, key: String, value: Value, properties: Properties = [:]
    ) throws(GraphError) -> (id: NodeID, isNew: Bool) {
        try graph.mergeNode(label: label, key: key, value: value, properties: properties)
    }

    /// Finds the node with these values of some properties, or makes one; and gives it properties.
    ///
    /// - Throws: `GraphError`; see `GraphStore.mergeNode(label:matching:properties:)`.
    @discardableResult
    public mutating func mergeNode(
        label: String, matching values: Properties, properties: Properties = [:]
    ) throws(GraphError) -> (id: NodeID, isNew: Bool) {
        try graph.mergeNode(label: label, matching: values, properties: properties)
    }

    /// Makes many nodes with the same labels and the same keys.
    ///
    /// - Throws: `GraphError`; the nodes of the rows before stay, unless the body throws it on. See
    ///   `GraphStore.createNodes(labels:keys:rows:)`.
    @discardableResult
    public mutating func createNodes(
        labels: [String], keys: [String], rows: some Sequence<[Value]>
    ) throws(GraphError) -> [NodeID] {
        try graph.createNodes(labels: labels, keys: keys, rows: rows)
    }

    // MARK: Relationships

    /// Creates a relationship between two nodes, which must exist.
    @discardableResult
    public mutating func createRelationship(
        _ type: String, from: NodeID, to: NodeID, properties: Properties = [:]
    ) throws(GraphError) -> RelationshipID {
        try graph.createRelationship(type, from: from, to: to, properties: properties)
    }

    /// Makes many relationships of one type with the same keys.
    ///
    /// - Throws: `GraphError`; the relationships of the rows before stay, unless the body throws it on. See
    ///   `GraphStore.createRelationships(_:keys:rows:)`.
    @discardableResult
    public mutating func createRelationships(
        _ type: String, keys: [String],
        rows: some Sequence<(from: NodeID, to: NodeID, values: [Value])>
    ) throws(GraphError) -> [RelationshipID] {
        try graph.createRelationships(type, keys: keys, rows: rows)
    }

    /// Makes many relationships of one type without properties; see the other method.
    @discardableResult
    public mutating func createRelationships(
        _ type: String, between ends: some Sequence<(from: NodeID, to: NodeID)>
    ) throws(GraphError) -> [RelationshipID] {
        try graph.createRelationships(type, between: ends)
    }

    /// Deletes a relationship, which must exist.
    public mutating func deleteRelationship(_ id: RelationshipID) throws(GraphError) {
        try graph.deleteRelationship(id)
    }

    /// Sets a property of a relationship; `.null` removes it. False when nothing changed.
    @discardableResult
    public mutating func setProperty(
        _ key: String, to value: Value, of id: RelationshipID
    ) throws(GraphError) -> Bool {
        try graph.setProperty(key, to: value, of: id)
    }

    /// Replaces all properties of a relationship. False when nothing changed.
    @discardableResult
    public mutating func setProperties(
        _ properties: Properties, of id: RelationshipID
    ) throws(GraphError) -> Bool {
        try graph.setProperties(properties, of: id)
    }

    // MARK: Constraints

    /// Demands that no two nodes with the label have the same value of the key. False when it was so.
    @discardableResult
    public mutating func createUniqueConstraint(
        label: String, key: String
    ) throws(GraphError) -> Bool {
        try graph.createUniqueConstraint(label: label, key: key)
    }

    /// Gives up a demand. False when there was none.
    @discardableResult
    public mutating func dropUniqueConstraint(
        label: String, key: String
    ) throws(GraphError) -> Bool {
        try graph.dropUniqueConstraint(label: label, key: key)
    }

    /// Makes a rule for nodes: an existence, type or key constraint, or an index. False when it was there.
    ///
    /// - Throws: `GraphError`; see `GraphStore.create(_:)`.
    @discardableResult
    public mutating func create(_ rule: SchemaRule) throws(GraphError) -> Bool {
        try graph.create(rule)
    }

    /// Gives a rule up. False when there was none.
    @discardableResult
    public mutating func drop(_ rule: SchemaRule) throws(GraphError) -> Bool {
        try graph.drop(rule)
    }

    /// Makes a rule for relationships: a constraint or an index. False when it was there.
    ///
    /// - Throws: `GraphError`; see `GraphStore.create(_:)`.
    @discardableResult
    public mutating func create(_ rule: RelationshipRule) throws(GraphError) -> Bool {
        try graph.create(rule)
    }

    /// Gives a rule for relationships up. False when there was none.
    @discardableResult
    public mutating func drop(_ rule: RelationshipRule) throws(GraphError) -> Bool {
        try graph.drop(rule)
    }
}

extension GraphTransaction: SavepointScope {
    /// A place in the transaction to roll back to.
    public struct Savepoint: Sendable {
        let graph: GraphSavepoint
        let recorder: WalRecorder.Savepoint
    }

    /// Marks this place in the transaction.
    public mutating func savepoint() throws -> Savepoint {
        Savepoint(graph: try graph.savepoint(), recorder: try recorder.savepoint())
    }

    /// Takes back what was done since the savepoint, which stays valid.
    public mutating func rollBack(to savepoint: Savepoint) throws {
        try graph.rollBack(to: savepoint.graph)
        try recorder.rollBack(to: savepoint.recorder)
    }

    /// Gives the savepoint up; what was done stays.
    public mutating func release(_ savepoint: Savepoint) throws {
        try graph.release(savepoint.graph)
        try recorder.release(savepoint.recorder)
    }
}
