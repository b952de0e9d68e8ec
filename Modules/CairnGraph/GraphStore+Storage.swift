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

    /// Puts a node into a slot that is empty but not free.
    mutating func fillNode(_ slot: UInt32, labelSet: UInt32, properties: PropertyList) {
        nodeTable[slot] = NodeRecord(labelSet: labelSet)
        nodeTable.setProperties(properties, of: slot)
        index(slot, properties)
    }

    /// Makes a node that has no relationships a hole.
    mutating func removeNode(_ slot: UInt32) {
        unindex(slot)
        nodeTable.vacate(slot)
    }

    mutating func replaceLabels(of slot: UInt32, with labelSet: UInt32) {
        unindex(slot)
        nodeTable[slot].labelSet = labelSet
        index(slot, nodeTable.properties(of: slot))
    }

    mutating func replaceProperties(ofNode slot: UInt32, with properties: PropertyList) {
        if uniqueCount + ruleCount > 0 {
            let before = nodeTable.properties(of: slot)
            for label in labelSets[nodeTable[slot].labelSet].labels {
                labelIndexes[Int(label)].note(slot, from: before, to: properties, nodeTable)
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
        relationshipTable.claim(slot)
        fillRelationship(slot, type: type, from: from, to: to, properties: properties)
    }

    /// Puts a relationship into a slot that is empty but not free, and links it to its ends.
    mutating func fillRelationship(
        _ slot: UInt32, type: UInt32, from: UInt32, to: UInt32, properties: PropertyList
    ) {
        relationshipTable[slot] = RelationshipRecord(type: type, from: from, to: to)
        relationshipTable.setProperties(properties, of: slot)
        link(slot, from: from, to: to)
        typeIndexes[Int(type)].insert(slot)
    }

    /// Unlinks a relationship and makes it a hole.
    mutating func removeRelationship(_ slot: UInt32) {
        unlink(slot)
        typeIndexes[Int(relationshipTable[slot].type)].remove(slot)
        relationshipTable.vacate(slot)
    }

    private mutating func link(_ slot: UInt32, from: UInt32, to: UInt32) {
        let lastOutgoing = nodeTable[from].lastOutgoing
        relationshipTable[slot].previousOutgoing = lastOutgoing
        nodeTable[from].appendOutgoing(slot, isLoop: from == to)
        if lastOutgoing != noSlot { relationshipTable[lastOutgoing].nextOutgoing = slot }

        let lastIncoming = nodeTable[to].lastIncoming
        relationshipTable[slot].previousIncoming = lastIncoming
        nodeTable[to].appendIncoming(slot)
        if lastIncoming != noSlot { relationshipTable[lastIncoming].nextIncoming = slot }
    }

    private mutating func unlink(_ slot: UInt32) {
        let record = relationshipTable[slot]
        nodeTable[record.from].removeOutgoing(record)
        if record.previousOutgoing != noSlot {
            relationshipTable[record.previousOutgoing].nextOutgoing = record.nextOutgoing
        }
        if record.nextOutgoing != noSlot {
            relationshipTable[record.nextOutgoing].previousOutgoing = record.previousOutgoing
        }
        nodeTable[record.to].removeIncoming(record)
        if record.previousIncoming != noSlot {
            relationshipTable[record.previousIncoming].nextIncoming = record.nextIncoming
        }
        if record.nextIncoming != noSlot {
            relationshipTable[record.nextIncoming].previousIncoming = record.previousIncoming
        }
    }

    // MARK: Indexes

    private mutating func index(_ slot: UInt32, _ properties: PropertyList) {
        for label in labelSets[nodeTable[slot].labelSet].labels {
            labelIndexes[Int(label)].members.insert(slot)
            if !labelIndexes[Int(label)].isPlain {
                labelIndexes[Int(label)].note(
                    slot, from: PropertyList(), to: properties, nodeTable)
            }
        }
    }

    private mutating func unindex(_ slot: UInt32) {
        for label in labelSets[nodeTable[slot].labelSet].labels {
            labelIndexes[Int(label)].members.remove(slot)
            if !labelIndexes[Int(label)].isPlain {
                labelIndexes[Int(label)].note(
                    slot, from: nodeTable.properties(of: slot), to: PropertyList(), nodeTable)
            }
        }
    }
}
