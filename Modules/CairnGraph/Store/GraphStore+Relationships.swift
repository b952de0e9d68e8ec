// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// Makes a relationship.
    ///
    /// - Parameters:
    ///   - type: Its type, for good.
    ///   - from: The node it starts from.
    ///   - to: The node it ends at, which may be the same.
    ///   - properties: Null ones are left out.
    /// - Returns: Its id, the lowest that is not in use.
    /// - Throws: ``GraphError`` with code `.nodeNotFound`, `.invalidName`, `.nestingTooDeep`,
    ///   `.propertiesTooLarge`, `.idsExhausted`, or with `.uniqueViolation`, `.missingProperty` or `.wrongType` for
    ///   a constraint.
    /// - Complexity: O(*n*) in the properties, however many relationships the nodes have.
    @discardableResult
    public mutating func createRelationship(
        _ type: String, from: NodeID, to: NodeID, properties: Properties = [:]
    ) throws(GraphError) -> RelationshipID {
        // Of several things that are wrong, a node that is missing is named first.
        _ = (try slot(of: from), try slot(of: to))
        let typeNumber = try intern(type: type)
        let list = try intern(properties: properties)
        let id = try addRelationship(typeNumber, from: from, to: to, list)
        record(
            .relationshipCreated(
                id, type: type, from: from, to: to, properties: properties.withoutNulls))
        return id
    }

    /// Deletes a relationship. Its id is free then.
    ///
    /// - Throws: ``GraphError`` with code `.relationshipNotFound`.
    public mutating func deleteRelationship(_ id: RelationshipID) throws(GraphError) {
        delete(relationship: try slot(of: id))
    }

    /// Deletes the relationship in a slot that is no hole.
    mutating func delete(relationship slot: UInt32) {
        let record = relationshipTable[slot]
        let properties = relationshipTable.properties(of: slot)
        removeRelationship(slot)
        remember(.relationshipDeleted(slot, record, properties: properties))
        self.record(.relationshipDeleted(RelationshipID(slot: slot)))
    }

    /// Gives a property of a relationship a value; null removes the property.
    ///
    /// - Returns: False when the property has that value already; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.relationshipNotFound`, `.invalidName`, `.nestingTooDeep`,
    ///   `.propertiesTooLarge`, or with `.uniqueViolation`, `.missingProperty` or `.wrongType` for a constraint.
    /// - Complexity: O(*n*) in the properties of the relationship.
    @discardableResult
    public mutating func setProperty(
        _ key: String, to value: Value, of id: RelationshipID
    ) throws(GraphError) -> Bool {
        let slot = try slot(of: id)
        let number = try keys.intern(key)
        try Self.checkNesting(value, key: key)
        let before = relationshipTable.properties(of: slot)
        let after = before.setting(number, to: value.isNull ? Value?.none : value)
        guard before != after else { return false }
        try check(
            after, type: relationshipTable[slot, RelationshipRecord.typeField], slot: slot)
        try checkSize(of: after, insteadOfRelationship: slot)
        try checkRoom(for: after, ofRelationship: slot)
        replaceProperties(ofRelationship: slot, with: after)
        remember(.relationshipProperties(slot, before))
        record(.relationshipPropertySet(id, key: key, value: value))
        return true
    }

    /// Replaces all properties of a relationship; null ones are left out.
    ///
    /// - Returns: False when it has exactly these already; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.relationshipNotFound`, `.invalidName`, `.nestingTooDeep`,
    ///   `.propertiesTooLarge`, or with `.uniqueViolation`, `.missingProperty` or `.wrongType` for a constraint.
    /// - Complexity: O(*n*) in the properties before and after.
    @discardableResult
    public mutating func setProperties(
        _ properties: Properties, of id: RelationshipID
    ) throws(GraphError) -> Bool {
        let slot = try slot(of: id)
        let after = try intern(properties: properties)
        let before = relationshipTable.properties(of: slot)
        guard before != after else { return false }
        try check(
            after, type: relationshipTable[slot, RelationshipRecord.typeField], slot: slot)
        try checkSize(of: after, insteadOfRelationship: slot)
        try checkRoom(for: after, ofRelationship: slot)
        replaceProperties(ofRelationship: slot, with: after)
        remember(.relationshipProperties(slot, before))
        record(.relationshipPropertiesReplaced(id, properties: properties.withoutNulls))
        return true
    }

    /// The slot of a relationship that must exist.
    func slot(of id: RelationshipID) throws(GraphError) -> UInt32 {
        guard let slot = liveSlot(of: id) else {
            throw GraphError(code: .relationshipNotFound, relationshipID: id)
        }
        return slot
    }
}
