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
        guard labelIndexes[Int(labelNumber)].rules.unique(of: [keyNumber]) == nil else {
            return false
        }
        var unique = UniqueIndex(keys: [keyNumber])
        for slot in labelIndexes[Int(labelNumber)].members {
            guard let tuple = nodeTable.tuple(of: slot, unique.keys) else { continue }
            if let other = unique.slot(with: tuple, in: nodeTable) {
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

    mutating func insertUnique(_ unique: UniqueIndex, label: UInt32) {
        labelIndexes[Int(label)].rules.uniques.append(unique)
        uniqueCount += 1
    }

    @discardableResult
    mutating func removeUnique(label: UInt32, keys: [UInt32]) -> UniqueIndex? {
        guard let offset = labelIndexes[Int(label)].rules.uniqueOffset(of: keys) else { return nil }
        uniqueCount -= 1
        return labelIndexes[Int(label)].rules.uniques.remove(at: offset)
    }
}
