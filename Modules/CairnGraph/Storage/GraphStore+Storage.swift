// SPDX-License-Identifier: Apache-2.0
//
// The primitive changes below checks, events and undo. Each keeps the indexes in step with the
// content; none can fail. Mutations call them once everything was checked, rollback calls them too.

extension GraphStore {
    // MARK: Nodes

    /// The slot of the next node.
    func nextNodeSlot() throws(GraphError) -> UInt32 {
        let slot = nodeTable.nextSlot
        guard slot < slotCountMax else { throw GraphError(code: .idsExhausted) }
        return slot
    }

    /// Puts a node into a hole, or behind the last slot.
    mutating func insertNode(_ slot: UInt32, labelSet: UInt32, properties: PropertyList) {
        nodeTable.claim(slot)
        fillNode(slot, labelSet: labelSet, properties: properties)
    }

    /// Puts a node whose labels have neither constraints nor indexes into a hole, or behind the last slot.
    mutating func insertNode(
        _ slot: UInt32, labelSet: UInt32, like pattern: PropertyPattern,
        packed: UnsafeRawBufferPointer
    ) {
        labelSets.retain(labelSet)
        nodeTable.insert(slot, NodeRecord.numbers(labelSet: labelSet), packed)
        for label in pattern.labels { labelIndexes[Int(label)].members.insert(slot) }
    }

    /// Puts a node into a slot that is empty but not free.
    private mutating func fillNode(_ slot: UInt32, labelSet: UInt32, properties: PropertyList) {
        labelSets.retain(labelSet)
        nodeTable[slot, NodeRecord.labelSetField] = labelSet
        nodeTable.setProperties(properties, of: slot)
        index(slot, properties)
    }

    /// Makes a node that has no relationships a hole.
    mutating func removeNode(_ slot: UInt32) {
        unindex(slot)
        labelSets.release(labelSet(of: slot))
        nodeTable.vacate(slot)
    }

    mutating func replaceLabels(of slot: UInt32, with labelSet: UInt32) {
        labelSets.retain(labelSet)
        unindex(slot)
        labelSets.release(self.labelSet(of: slot))
        nodeTable[slot, NodeRecord.labelSetField] = labelSet
        index(slot, nodeTable.properties(of: slot))
    }

    /// The number of a set of labels that was there when a mutation that is taken back had not happened.
    mutating func restoredLabelSet(_ labels: [UInt32]) -> UInt32 {
        do throws(GraphError) {
            return try labelSets.intern(labels, names: self.labels)
        } catch {
            // There are as many numbers as there were then.
            preconditionFailure("a set of labels cannot be made again: \(error)")
        }
    }

    mutating func replaceProperties(ofNode slot: UInt32, with properties: PropertyList) {
        if uniqueCount + ruleCount > 0 {
            let before = nodeTable.properties(of: slot)
            for label in labelSets[labelSet(of: slot)].labels {
                labelIndexes[Int(label)].rules.note(slot, from: before, to: properties, nodeTable)
            }
        }
        nodeTable.setProperties(properties, of: slot)
    }

    // MARK: Relationships

    /// The slot of the next relationship.
    func nextRelationshipSlot() throws(GraphError) -> UInt32 {
        let slot = relationshipTable.nextSlot
        guard slot < slotCountMax else { throw GraphError(code: .idsExhausted) }
        return slot
    }

    /// Puts a relationship into a hole, or behind the last slot, and links it to its ends.
    mutating func insertRelationship(
        _ slot: UInt32, type: UInt32, from: UInt32, to: UInt32, properties: PropertyList
    ) {
        insertRelationship(
            slot, type: type, from: from, to: to,
            packed: UnsafeRawBufferPointer(start: nil, count: 0))
        guard !properties.isEmpty else { return }
        relationshipTable.setProperties(properties, of: slot)
        if hasRules(forType: type) {
            typeRules[Int(type)].note(
                slot, from: PropertyList(), to: properties, relationshipTable)
        }
    }

    /// Puts a relationship whose type has no rules, or that has no properties, into a hole, or behind the last slot, and
    /// links it to its ends.
    mutating func insertRelationship(
        _ slot: UInt32, type: UInt32, from: UInt32, to: UInt32, packed: UnsafeRawBufferPointer
    ) {
        let record = link(slot, type: type, from: from, to: to)
        relationshipTable.insert(slot, record.numbers, packed)
        complete(slot, record)
    }

    /// Unlinks a relationship and makes it a hole.
    mutating func removeRelationship(_ slot: UInt32) {
        unlink(slot)
        let type = relationshipTable[slot, RelationshipRecord.typeField]
        typeIndexes[Int(type)].remove(slot)
        if hasRules(forType: type) {
            typeRules[Int(type)].note(
                slot, from: relationshipTable.properties(of: slot), to: PropertyList(),
                relationshipTable)
        }
        relationshipTable.vacate(slot)
    }

    mutating func replaceProperties(
        ofRelationship slot: UInt32, with properties: PropertyList
    ) {
        if relationshipRuleCount > 0 {
            let type = relationshipTable[slot, RelationshipRecord.typeField]
            typeRules[Int(type)].note(
                slot, from: relationshipTable.properties(of: slot), to: properties,
                relationshipTable)
        }
        relationshipTable.setProperties(properties, of: slot)
    }

    /// Puts a relationship at the end of the lists of both nodes.
    ///
    /// - Returns: Its record, which is to be written.
    private mutating func link(
        _ slot: UInt32, type: UInt32, from: UInt32, to: UInt32
    ) -> RelationshipRecord {
        var record = RelationshipRecord(type: type, from: from, to: to)
        record.previousOutgoing = nodeTable.append(
            toList: NodeRecord.outgoingField, of: from, slot, isLoop: from == to)
        record.previousIncoming = nodeTable.append(
            toList: NodeRecord.incomingField, of: to, slot, isLoop: false)
        return record
    }

    /// Tells the relationships before it, and the index, of a relationship whose record is written.
    private mutating func complete(_ slot: UInt32, _ record: RelationshipRecord) {
        set(RelationshipRecord.nextOutgoingField, of: record.previousOutgoing, slot)
        set(RelationshipRecord.nextIncomingField, of: record.previousIncoming, slot)
        typeIndexes[Int(record.type)].insert(slot)
    }

    private mutating func unlink(_ slot: UInt32) {
        let record = relationshipTable[slot]
        nodeTable.update(list: record.from, NodeRecord.outgoingField) { list in
            list.remove(between: record.previousOutgoing, and: record.nextOutgoing)
            if record.from == record.to { list.loopCount -= 1 }
        }
        nodeTable.update(list: record.to, NodeRecord.incomingField) { list in
            list.remove(between: record.previousIncoming, and: record.nextIncoming)
        }

        set(RelationshipRecord.nextOutgoingField, of: record.previousOutgoing, record.nextOutgoing)
        set(
            RelationshipRecord.previousOutgoingField, of: record.nextOutgoing,
            record.previousOutgoing)
        set(RelationshipRecord.nextIncomingField, of: record.previousIncoming, record.nextIncoming)
        set(
            RelationshipRecord.previousIncomingField, of: record.nextIncoming,
            record.previousIncoming)
    }

    /// Writes a link of a relationship, if there is that relationship.
    private mutating func set(_ field: Int, of slot: UInt32, _ link: UInt32) {
        if slot != noSlot { relationshipTable[slot, field] = link }
    }

    // MARK: Indexes

    private mutating func index(_ slot: UInt32, _ properties: PropertyList) {
        for label in labelSets[labelSet(of: slot)].labels {
            labelIndexes[Int(label)].members.insert(slot)
            if !labelIndexes[Int(label)].rules.isPlain {
                labelIndexes[Int(label)].rules.note(
                    slot, from: PropertyList(), to: properties, nodeTable)
            }
        }
    }

    private mutating func unindex(_ slot: UInt32) {
        for label in labelSets[labelSet(of: slot)].labels {
            labelIndexes[Int(label)].members.remove(slot)
            if !labelIndexes[Int(label)].rules.isPlain {
                labelIndexes[Int(label)].rules.note(
                    slot, from: nodeTable.properties(of: slot), to: PropertyList(), nodeTable)
            }
        }
    }
}
