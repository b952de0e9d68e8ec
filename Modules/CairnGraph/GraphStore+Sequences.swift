// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// The ids of all nodes, ascending.
    public var nodeIDs: some Sequence<NodeID> {
        let records = nodeTable.records
        return records.indices.lazy.filter { !records[$0].isHole }
            .map { NodeID(slot: UInt32($0)) }
    }

    /// All nodes, ascending by id.
    public var nodes: some Sequence<Node> {
        let store = self
        return nodeTable.records.indices.lazy.filter { !store.nodeTable.records[$0].isHole }
            .map { store.node(UInt32($0)) }
    }

    /// The ids of all relationships, ascending.
    public var relationshipIDs: some Sequence<RelationshipID> {
        let records = relationshipTable.records
        return records.indices.lazy.filter { !records[$0].isHole }
            .map { RelationshipID(slot: UInt32($0)) }
    }

    /// All relationships, ascending by id.
    public var relationships: some Sequence<Relationship> {
        let store = self
        return relationshipTable.records.indices.lazy.filter {
            !store.relationshipTable.records[$0].isHole
        }
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
