// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// Makes a node with labels and properties.
    ///
    /// - Parameters:
    ///   - labels: In any order; one that is there twice counts once.
    ///   - properties: Null ones are left out.
    /// - Returns: Its id, the lowest that is not in use.
    /// - Throws: ``GraphError`` with code `.invalidName`, `.nestingTooDeep`, `.propertiesTooLarge`,
    ///   `.idsExhausted`, or with `.uniqueViolation`, `.missingProperty` or `.wrongType` for a constraint.
    /// - Complexity: O(*n*) in labels and properties, times the constraints on those labels.
    @discardableResult
    public mutating func createNode(
        labels: [String] = [], properties: Properties = [:]
    ) throws(GraphError) -> NodeID {
        let labelSet = try intern(labels: labels)
        let list = try intern(properties: properties)
        return try createNode(labelSet: labelSet, list) { properties.withoutNulls }
    }

    /// Deletes a node. Its id is free then.
    ///
    /// - Parameters:
    ///   - id: The node.
    ///   - detach: Whether to delete its relationships first, ascending by id, each with an event of its
    ///     own.
    /// - Throws: ``GraphError`` with code `.nodeNotFound`, or `.nodeHasRelationships` unless
    ///   `detach` is true.
    /// - Complexity: O(*n*) in labels, properties and relationships of the node.
    public mutating func deleteNode(_ id: NodeID, detach: Bool = false) throws(GraphError) {
        let slot = try slot(of: id)
        if nodeTable[slot].hasRelationships {
            guard detach else { throw GraphError(code: .nodeHasRelationships, nodeID: id) }
            for relationship in relationshipSlots(of: slot, .both) {
                delete(relationship: relationship)
            }
        }
        let labels = labelSets[labelSet(of: slot)].labels
        let properties = nodeTable.properties(of: slot)
        removeNode(slot)
        remember(.nodeDeleted(slot, labels: labels, properties: properties))
        self.record(.nodeDeleted(id))
    }

    /// Gives a node a label.
    ///
    /// - Returns: False when it has the label already; then nothing changes and no event is recorded.
    /// - Throws: ``GraphError`` with code `.nodeNotFound`, `.invalidName`, `.propertiesTooLarge`, or with
    ///   `.uniqueViolation`, `.missingProperty` or `.wrongType` for a constraint.
    /// - Complexity: O(*n*) in the labels of the node.
    @discardableResult
    public mutating func addLabel(_ label: String, to id: NodeID) throws(GraphError) -> Bool {
        let slot = try slot(of: id)
        let number = try intern(label: label)
        let numbers = labelSets[labelSet(of: slot)].labels
        guard !numbers.contains(number) else { return false }
        let after = try intern(labelNumbers: numbers + [number])
        let properties = nodeTable.properties(of: slot)
        try check(properties, labels: [number], slot: slot)
        try checkSize(of: properties, labelCount: numbers.count + 1, insteadOf: slot)
        replaceLabels(of: slot, with: after)
        remember(.labelAdded(slot, label: number))
        record(.labelAdded(id, label: label))
        return true
    }

    /// Takes a label from a node.
    ///
    /// - Returns: False when it does not have the label; then nothing changes and no event is recorded.
    /// - Throws: ``GraphError`` with code `.nodeNotFound` or `.invalidName`.
    /// - Complexity: O(*n*) in the labels of the node.
    @discardableResult
    public mutating func removeLabel(_ label: String, from id: NodeID) throws(GraphError) -> Bool {
        let slot = try slot(of: id)
        let number = try intern(label: label)
        let numbers = labelSets[labelSet(of: slot)].labels
        guard numbers.contains(number) else { return false }
        let after = try intern(labelNumbers: numbers.filter { $0 != number })
        replaceLabels(of: slot, with: after)
        remember(.labelRemoved(slot, label: number))
        record(.labelRemoved(id, label: label))
        return true
    }

    /// Gives a property of a node a value; null removes the property.
    ///
    /// - Returns: False when the property has that value already; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.nodeNotFound`, `.invalidName`, `.nestingTooDeep`,
    ///   `.propertiesTooLarge`, or with `.uniqueViolation`, `.missingProperty` or `.wrongType` for a
    ///   constraint.
    /// - Complexity: O(*n*) in the properties of the node.
    @discardableResult
    public mutating func setProperty(
        _ key: String, to value: Value, of id: NodeID
    ) throws(GraphError) -> Bool {
        let slot = try changingSlot(of: id)
        let number = try keys.intern(key)
        try Self.checkNesting(value, key: key)
        let (labelSet, before) = nodeTable.content(of: slot, NodeRecord.labelSetField)
        let after = before.setting(number, to: value.isNull ? Value?.none : value)
        guard before != after else { return false }
        try check(after, labels: labelSets[labelSet].labels, slot: slot)
        try checkSize(
            of: after, labelCount: labelSets[labelSet].labels.count, insteadOf: slot)
        try checkRoom(for: after, ofNode: slot)
        replaceProperties(ofNode: slot, with: after)
        remember(.nodeProperties(slot, before))
        record(.nodePropertySet(id, key: key, value: value))
        return true
    }

    /// Replaces all properties of a node; null ones are left out.
    ///
    /// - Returns: False when the node has exactly these already; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.nodeNotFound`, `.invalidName`, `.nestingTooDeep`,
    ///   `.propertiesTooLarge`, or with `.uniqueViolation`, `.missingProperty` or `.wrongType` for a
    ///   constraint.
    /// - Complexity: O(*n*) in the properties before and after.
    @discardableResult
    public mutating func setProperties(
        _ properties: Properties, of id: NodeID
    ) throws(GraphError) -> Bool {
        let slot = try changingSlot(of: id)
        let after = try intern(properties: properties)
        let (labelSet, before) = nodeTable.content(of: slot, NodeRecord.labelSetField)
        guard before != after else { return false }
        try check(after, labels: labelSets[labelSet].labels, slot: slot)
        try checkSize(
            of: after, labelCount: labelSets[labelSet].labels.count, insteadOf: slot)
        try checkRoom(for: after, ofNode: slot)
        replaceProperties(ofNode: slot, with: after)
        remember(.nodeProperties(slot, before))
        record(.nodePropertiesReplaced(id, properties: properties.withoutNulls))
        return true
    }

    /// The slot of a node that must exist.
    private func changingSlot(of id: NodeID) throws(GraphError) -> UInt32 {
        if id.rawValue < UInt64(nodeTable.slotCount) { nodeTable.willChange(UInt32(id.rawValue)) }
        return try slot(of: id)
    }

    func slot(of id: NodeID) throws(GraphError) -> UInt32 {
        guard let slot = liveSlot(of: id) else {
            throw GraphError(code: .nodeNotFound, nodeID: id)
        }
        return slot
    }
}

extension Properties {
    /// These properties as a store holds them.
    var withoutNulls: Properties {
        values.contains(where: \.isNull) ? filter { !$0.value.isNull } : self
    }
}
