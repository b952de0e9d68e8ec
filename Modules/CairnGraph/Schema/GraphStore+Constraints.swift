// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// Requires that no two nodes with this label have equal values of this property.
    ///
    /// - Returns: False when the constraint is there already; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.invalidName`, or `.constraintViolatedByData` with the
    ///   value that is there twice and the two nodes: of the nodes by ascending id, `otherNodeID` is
    ///   the first with a value that a node before, `nodeID`, has already.
    /// - Complexity: O(*n*) in the nodes with the label.
    @discardableResult
    public mutating func createUniqueConstraint(
        label: String, key: String
    ) throws(GraphError) -> Bool {
        let labelNumber = try intern(label: label)
        let keyNumber = try keys.intern(key)
        guard labelIndexes[Int(labelNumber)].unique(of: [keyNumber]) == nil else { return false }
        var unique = UniqueIndex(keys: [keyNumber])
        for slot in labelIndexes[Int(labelNumber)].members {
            guard let tuple = tuple(of: slot, unique.keys) else { continue }
            if let other = unique.node(with: tuple, in: nodeTable) {
                throw GraphError(
                    code: .constraintViolatedByData, nodeID: NodeID(slot: other),
                    otherNodeID: NodeID(slot: slot), label: label, key: key,
                    value: nodeTable.property(keyNumber, of: slot),
                    violatingNodeIDs: [NodeID(slot: other), NodeID(slot: slot)])
            }
            unique.insert(tuple, slot)
        }
        insertUnique(unique, label: labelNumber)
        remember(.uniqueCreated(label: labelNumber, keys: [keyNumber]))
        record(.uniqueConstraintCreated(label: label, key: key))
        return true
    }

    /// Removes a constraint that ``createUniqueConstraint(label:key:)`` made.
    ///
    /// - Returns: False when there is no such constraint; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.invalidName`.
    @discardableResult
    public mutating func dropUniqueConstraint(
        label: String, key: String
    ) throws(GraphError) -> Bool {
        let labelNumber = try intern(label: label)
        let keyNumber = try keys.intern(key)
        guard let unique = removeUnique(label: labelNumber, keys: [keyNumber]) else { return false }
        remember(.uniqueDropped(label: labelNumber, unique))
        record(.uniqueConstraintDropped(label: label, key: key))
        return true
    }

    // MARK: Primitives

    /// The values of these keys of a node; nil when one is missing.
    func tuple(of slot: UInt32, _ keys: [UInt32]) -> PropertyTuple? {
        nodeTable.withProperties(of: slot) { PropertyTuple(keys, in: $0) }
    }

    mutating func insertUnique(_ unique: UniqueIndex, label: UInt32) {
        labelIndexes[Int(label)].uniques.append(unique)
        uniqueCount += 1
    }

    @discardableResult
    mutating func removeUnique(label: UInt32, keys: [UInt32]) -> UniqueIndex? {
        guard let offset = labelIndexes[Int(label)].uniqueOffset(of: keys) else { return nil }
        uniqueCount -= 1
        return labelIndexes[Int(label)].uniques.remove(at: offset)
    }

    /// Refuses properties that a constraint on one of the labels forbids.
    ///
    /// - Parameter slot: The node that is to have them; nil for one that does not exist yet.
    func checkUnique(
        _ properties: PropertyList, labels numbers: [UInt32], slot: UInt32?
    ) throws(GraphError) {
        guard uniqueCount + ruleCount > 0 else { return }
        for label in numbers {
            for unique in labelIndexes[Int(label)].uniques {
                guard let tuple = PropertyTuple(unique.keys, in: properties.bytes.span.bytes),
                    let node = unique.node(with: tuple, in: nodeTable), node != slot
                else { continue }
                throw GraphError(
                    code: .uniqueViolation, nodeID: NodeID(slot: node), label: labels[label],
                    key: keys[unique.keys[0]], value: properties[unique.keys[0]])
            }
        }
    }
}
