// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// The ids of all nodes, ascending.
    public var nodeIDs: some Sequence<NodeID> {
        let table = nodeTable
        return (0..<table.slotCount).lazy.filter { !table.isHole($0) }
            .map { NodeID(slot: UInt32($0)) }
    }

    /// All nodes, ascending by id.
    public var nodes: some Sequence<Node> {
        let store = self
        return (0..<nodeTable.slotCount).lazy.filter { !store.nodeTable.isHole($0) }
            .map { store.node(UInt32($0)) }
    }

    /// The ids of all relationships, ascending.
    public var relationshipIDs: some Sequence<RelationshipID> {
        let table = relationshipTable
        return (0..<table.slotCount).lazy.filter { !table.isHole($0) }
            .map { RelationshipID(slot: UInt32($0)) }
    }

    /// All relationships, ascending by id.
    public var relationships: some Sequence<Relationship> {
        let store = self
        return (0..<relationshipTable.slotCount).lazy
            .filter { !store.relationshipTable.isHole($0) }
            .map { store.relationship(UInt32($0)) }
    }

    /// The ids of the nodes with this label, ascending.
    public func nodes(labeled label: String) -> some Sequence<NodeID> {
        let members = labels.number(of: label).map { labelIndexes[Int($0)].members } ?? SlotSet()
        return members.lazy.map(NodeID.init(slot:))
    }

    /// The ids of the relationships of this type, ascending.
    public func relationships(typed type: String) -> some Sequence<RelationshipID> {
        let members = types.number(of: type).map { typeIndexes[Int($0)] } ?? SlotSet()
        return members.lazy.map(RelationshipID.init(slot:))
    }
}
