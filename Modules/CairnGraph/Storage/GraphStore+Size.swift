// SPDX-License-Identifier: Apache-2.0
//
// The size of one node or relationship when it is written. An event is written in one piece, so what is larger than the
// payload of a frame must be refused where it is made. A checkpoint takes any size.
//
// - The measure does not depend on the numbers that names have. Those depend on the history of the store and are
//   others in a snapshot; a change that was accepted once must be accepted wherever it is made again.
// - What a log or a snapshot has was accepted, perhaps by a release without this limit. Replay and loading do not
//   check it.

internal import CairnFormat

extension GraphStore {
    /// Refuses properties that make a node too large.
    ///
    /// - Parameters:
    ///   - labelCount: How many labels it is to have.
    ///   - slot: The node as it is; nil for one that does not exist yet.
    func checkSize(
        of properties: PropertyList, labelCount: Int, insteadOf slot: UInt32?
    ) throws(GraphError) {
        guard !properties.certainlyFits(labelCount: labelCount, entityByteCountMax) else { return }
        let byteCount = properties.writtenByteCount(labelCount: labelCount)
        guard byteCount > entityByteCountMax else { return }
        if let slot {
            let labelCount = labelSets[labelSet(of: slot)].labels.count
            let before = nodeTable.properties(of: slot).writtenByteCount(labelCount: labelCount)
            if byteCount < before { return }
        }
        throw GraphError(
            code: .propertiesTooLarge, nodeID: slot.map(NodeID.init(slot:)),
            limit: UInt64(entityByteCountMax))
    }

    /// Refuses properties that make a relationship too large.
    ///
    /// - Parameter slot: The relationship as it is; nil for one that does not exist yet.
    func checkSize(
        of properties: PropertyList, insteadOfRelationship slot: UInt32?
    ) throws(GraphError) {
        guard !properties.certainlyFits(labelCount: 0, entityByteCountMax) else { return }
        let byteCount = properties.writtenByteCount(labelCount: 0)
        guard byteCount > entityByteCountMax else { return }
        if let slot {
            let before = relationshipTable.properties(of: slot).writtenByteCount(labelCount: 0)
            if byteCount < before { return }
        }
        throw GraphError(
            code: .propertiesTooLarge, relationshipID: slot.map(RelationshipID.init(slot:)),
            limit: UInt64(entityByteCountMax))
    }
}

extension PropertyList {
    /// The most bytes of a label, or of the key of a property: a number of 32 bits.
    private static var nameByteCountMax: Int { 5 }

    /// True when ``writtenByteCount(labelCount:)`` is no more than `limit`, without looking at the properties: each
    /// has at least two bytes here, and at most four more there.
    fileprivate func certainlyFits(labelCount: Int, _ limit: Int) -> Bool {
        labelCount * Self.nameByteCountMax + 3 * bytes.count <= limit
    }

    /// The bytes that these properties and so many labels take when they are written, or a few more.
    ///
    /// - Complexity: O(*n*) in the properties.
    fileprivate func writtenByteCount(labelCount: Int) -> Int {
        var byteCount = labelCount * Self.nameByteCountMax
        var cursor = PropertyCursor(bytes.span.bytes)
        while cursor.nextKey() != nil {
            let start = cursor.offset
            cursor.skip()
            byteCount += Self.nameByteCountMax + cursor.offset - start
        }
        return byteCount
    }
}
