// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension GraphStore {
    /// Makes many nodes with the same labels and the same keys, which is faster than one by one.
    ///
    /// - Parameters:
    ///   - labels: In any order; one that is there twice counts once.
    ///   - keys: Different ones.
    ///   - rows: For each node a value for each key; null ones are left out.
    /// - Returns: Their ids, in the order of the rows.
    /// - Throws: ``GraphError`` as ``createNode(labels:properties:)``, at the first row that it refuses.
    ///   The nodes of the rows before stay: roll back the transaction to be rid of them.
    /// - Precondition: Every row has as many values as there are keys, and the keys are different.
    /// - Complexity: O(*n*) in the values.
    @discardableResult
    public mutating func createNodes(
        labels: [String], keys: [String], rows: some Sequence<[Value]>
    ) throws(GraphError) -> [NodeID] {
        let labelSet = try intern(labels: labels)
        let columns = try PropertyColumns(keys, &self.keys)
        var ids: [NodeID] = []
        ids.reserveCapacity(rows.underestimatedCount)
        var bytes = BinaryBuffer(capacity: 64 + keys.count * 24)
        for row in rows {
            let id = try addNode(labelSet: labelSet, try columns.list(row, &bytes))
            recorder?.record(
                NodeCreation(id: id, labels: labelSets[labelSet].names, columns: columns, row: row))
            ids.append(id)
        }
        return ids
    }

    /// Makes many relationships of one type with the same keys, which is faster than one by one.
    ///
    /// - Parameters:
    ///   - type: Their type, for good.
    ///   - keys: Different ones.
    ///   - rows: For each relationship the node it starts from, the one it ends at, and a value for each
    ///     key; null ones are left out.
    /// - Returns: Their ids, in the order of the rows.
    /// - Throws: ``GraphError`` as ``createRelationship(_:from:to:properties:)``, at the first row that it
    ///   refuses. The relationships of the rows before stay: roll back the transaction to be rid of them.
    /// - Precondition: Every row has as many values as there are keys, and the keys are different.
    /// - Complexity: O(*n*) in the values.
    @discardableResult
    public mutating func createRelationships(
        _ type: String, keys: [String],
        rows: some Sequence<(from: NodeID, to: NodeID, values: [Value])>
    ) throws(GraphError) -> [RelationshipID] {
        let typeNumber = try intern(type: type)
        let columns = try PropertyColumns(keys, &self.keys)
        var ids: [RelationshipID] = []
        ids.reserveCapacity(rows.underestimatedCount)
        var bytes = BinaryBuffer(capacity: 64 + keys.count * 24)
        for row in rows {
            let list = try columns.list(row.values, &bytes)
            let id = try addRelationship(typeNumber, from: row.from, to: row.to, list)
            recorder?.record(
                RelationshipCreation(
                    id: id, type: type, from: row.from, to: row.to, columns: columns,
                    row: row.values))
            ids.append(id)
        }
        return ids
    }

    /// Makes many relationships of one type without properties; see the other method.
    @discardableResult
    public mutating func createRelationships(
        _ type: String, between ends: some Sequence<(from: NodeID, to: NodeID)>
    ) throws(GraphError) -> [RelationshipID] {
        try createRelationships(
            type, keys: [], rows: ends.lazy.map { (from: $0.from, to: $0.to, values: []) })
    }

    /// Makes a node of what was checked, but not against constraints.
    mutating func createNode(
        labelSet: UInt32, _ list: PropertyList, properties: () -> Properties
    ) throws(GraphError) -> NodeID {
        let id = try addNode(labelSet: labelSet, list)
        record(.nodeCreated(id, labels: labelSets[labelSet].names, properties: properties()))
        return id
    }

    /// Makes a node and does not tell the recorder.
    private mutating func addNode(
        labelSet: UInt32, _ list: PropertyList
    ) throws(GraphError) -> NodeID {
        let slot = try nextNodeSlot()
        let labels = labelSets[labelSet].labels
        try check(list, labels: labels, slot: nil)
        try checkSize(of: list, labelCount: labels.count, insteadOf: nil)
        try checkRoom(for: list, ofNode: slot)
        insertNode(slot, labelSet: labelSet, properties: list)
        remember(.nodeCreated(slot))
        return NodeID(slot: slot)
    }

    /// Makes a relationship and does not tell the recorder.
    mutating func addRelationship(
        _ type: UInt32, from: NodeID, to: NodeID, _ list: PropertyList
    ) throws(GraphError) -> RelationshipID {
        let from = try slot(of: from)
        let to = try slot(of: to)
        let slot = try nextRelationshipSlot()
        try check(list, type: type, slot: nil)
        try checkSize(of: list, insteadOfRelationship: nil)
        try checkRoom(for: list, ofRelationship: slot)
        insertRelationship(slot, type: type, from: from, to: to, properties: list)
        remember(.relationshipCreated(slot))
        return RelationshipID(slot: slot)
    }
}
