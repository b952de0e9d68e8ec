// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

extension GraphStore {
    /// Makes room for this many more nodes and relationships, so that the lists of chunks need not grow.
    ///
    /// - Complexity: O(*n*) in the chunks.
    public mutating func reserveCapacity(nodes: Int = 0, relationships: Int = 0) {
        nodeTable.reserve(max(0, nodes))
        relationshipTable.reserve(max(0, relationships))
    }

    /// Finds the node with this label that has this value of a property, or makes one; and gives it
    /// properties.
    ///
    /// Meant for a property that a unique constraint or a key makes unique; otherwise the node with the
    /// lowest id counts.
    ///
    /// - Parameters:
    ///   - value: Not null.
    ///   - properties: Those of a node that is there are replaced one by one, null ones are removed, others
    ///     stay.
    /// - Returns: The node, and whether it was made.
    /// - Throws: ``GraphError`` as ``createNode(labels:properties:)`` and ``setProperties(_:of:)``.
    ///   Nothing changed then.
    /// - Complexity: That of ``node(labeled:_:equals:)``, and O(*n*) in the properties.
    @discardableResult
    public mutating func mergeNode(
        label: String, key: String, value: Value, properties: Properties = [:]
    ) throws(GraphError) -> (id: NodeID, isNew: Bool) {
        precondition(!value.isNull, "a node cannot be found by null")
        guard let id = node(labeled: label, key, equals: value), let found = node(id) else {
            var all = properties
            all[key] = value
            return (try createNode(labels: [label], properties: all), true)
        }
        guard !properties.isEmpty else { return (id, false) }
        var all = found.properties
        for (key, value) in properties { all[key] = value }
        all[key] = value
        try setProperties(all, of: id)
        return (id, false)
    }

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
        labels: [String], keys names: [String], rows: some Sequence<[Value]>
    ) throws(GraphError) -> [NodeID] {
        let labelSet = try intern(labels: labels)
        var numbers: [UInt32] = []
        for name in names { numbers.append(try keys.intern(name)) }
        precondition(Set(numbers).count == numbers.count, "a key is there twice")
        let columns = NodeCreation.Columns(names: names, numbers: numbers)
        var ids: [NodeID] = []
        ids.reserveCapacity(rows.underestimatedCount)
        var bytes = ByteBuffer(capacity: 64 + names.count * 24)
        for row in rows {
            precondition(row.count == numbers.count, "a row does not have a value for each key")
            bytes.removeAll()
            for place in columns.byNumber where !row[place].isNull {
                try Self.checkNesting(row[place], key: names[place])
                bytes.append(varint: UInt64(numbers[place]))
                row[place].encode(into: &bytes)
            }
            let id = try addNode(labelSet: labelSet, PropertyList(bytes: bytes.array()))
            recorder?.record(
                NodeCreation(id: id, labels: labelSets[labelSet].names, columns: columns, row: row))
            ids.append(id)
        }
        return ids
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
        try check(list, labels: labelSets[labelSet].labels, slot: nil)
        insertNode(slot, labelSet: labelSet, properties: list)
        remember(.nodeCreated(slot))
        return NodeID(slot: slot)
    }
}
