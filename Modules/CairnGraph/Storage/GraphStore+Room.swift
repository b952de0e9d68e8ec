// SPDX-License-Identifier: Apache-2.0
//
// Properties of a chunk of entities lie together and are found by offsets of 32 bits. Whether new ones fit is
// checked with everything else, before anything changes.

extension GraphStore {
    /// The number of bytes that the properties of a chunk can take; lowered by tests.
    package var propertyByteCountMax: Int {
        get { nodeTable.propertyByteCountMax }
        set {
            (nodeTable.propertyByteCountMax, relationshipTable.propertyByteCountMax) = (
                newValue, newValue
            )
        }
    }

    /// Refuses properties of a node that do not fit.
    ///
    /// - Parameter slot: That of a node that is there, or of the next one.
    func checkRoom(for properties: PropertyList, ofNode slot: UInt32) throws(GraphError) {
        guard nodeTable.hasRoom(for: properties, of: slot) else {
            let id = liveSlot(of: NodeID(slot: slot)).map(NodeID.init(slot:))
            throw GraphError(code: .propertiesTooLarge, nodeID: id)
        }
    }

    /// Refuses properties of a relationship that do not fit.
    ///
    /// - Parameter slot: That of a relationship that is there, or of the next one.
    func checkRoom(for properties: PropertyList, ofRelationship slot: UInt32) throws(GraphError) {
        guard relationshipTable.hasRoom(for: properties, of: slot) else {
            let id = liveSlot(of: RelationshipID(slot: slot)).map(RelationshipID.init(slot:))
            throw GraphError(code: .propertiesTooLarge, relationshipID: id)
        }
    }
}
