// SPDX-License-Identifier: Apache-2.0
//
// The primitive changes below checks, events and undo. Each keeps the indexes in step with the
// content; none can fail. Mutations call them once everything was checked, rollback calls them too.

extension GraphStore {
    // MARK: Nodes

    /// The slot of the next node.
    func nextNodeSlot() throws(GraphError) -> UInt32 {
        if let slot = freeNodes.first { return slot }
        guard nodeRecords.count < Int(slotCountMax) else { throw GraphError(code: .idsExhausted) }
        return UInt32(nodeRecords.count)
    }

    /// Puts a node into a hole, or behind the last slot.
    mutating func insertNode(_ slot: UInt32, labelSet: UInt32, properties: PropertyList) {
        if Int(slot) == nodeRecords.count {
            nodeRecords.append(.emptyHole)
        } else {
            freeNodes.remove(slot)
        }
        fillNode(slot, labelSet: labelSet, properties: properties)
    }

    /// Puts a node into a slot that is empty but not free.
    mutating func fillNode(_ slot: UInt32, labelSet: UInt32, properties: PropertyList) {
        nodeRecords[Int(slot)] = NodeRecord(labelSet: labelSet, properties: properties)
        index(slot)
    }

    /// Makes a node that has no relationships a hole.
    mutating func removeNode(_ slot: UInt32) {
        unindex(slot)
        nodeRecords[Int(slot)] = .emptyHole
        freeNodes.insert(slot)
    }

    mutating func replaceLabels(of slot: UInt32, with labelSet: UInt32) {
        unindex(slot)
        nodeRecords[Int(slot)].labelSet = labelSet
        index(slot)
    }

    mutating func replaceProperties(ofNode slot: UInt32, with properties: PropertyList) {
        unindexValues(slot)
        nodeRecords[Int(slot)].properties = properties
        indexValues(slot)
    }

    mutating func replaceProperty(_ key: UInt32, ofNode slot: UInt32, with value: Value?) {
        if uniqueCount > 0 {
            let before = nodeRecords[Int(slot)].properties[key]
            note(PropertyList(key, before), labelsOf: slot, slot: nil)
            note(PropertyList(key, value), labelsOf: slot, slot: slot)
        }
        nodeRecords[Int(slot)].properties[key] = value
    }

    // MARK: Relationships

    /// The slot of the next relationship.
    func nextRelationshipSlot() throws(GraphError) -> UInt32 {
        if let slot = freeRelationships.first { return slot }
        guard relationshipRecords.count < Int(slotCountMax) else {
            throw GraphError(code: .idsExhausted)
        }
        return UInt32(relationshipRecords.count)
    }

    /// Puts a relationship into a hole, or behind the last slot, and links it to its ends.
    mutating func insertRelationship(
        _ slot: UInt32, type: UInt32, from: UInt32, to: UInt32, properties: PropertyList
    ) {
        if Int(slot) == relationshipRecords.count {
            relationshipRecords.append(.emptyHole)
        } else {
            freeRelationships.remove(slot)
        }
        fillRelationship(slot, type: type, from: from, to: to, properties: properties)
    }

    /// Puts a relationship into a slot that is empty but not free, and links it to its ends.
    mutating func fillRelationship(
        _ slot: UInt32, type: UInt32, from: UInt32, to: UInt32, properties: PropertyList
    ) {
        relationshipRecords[Int(slot)] = RelationshipRecord(
            type: type, from: from, to: to, properties: properties)
        link(slot, from: from, to: to)
        typeCounts[Int(type)] += 1
    }

    /// Unlinks a relationship and makes it a hole.
    mutating func removeRelationship(_ slot: UInt32) {
        unlink(slot)
        typeCounts[Int(relationshipRecords[Int(slot)].type)] -= 1
        relationshipRecords[Int(slot)] = .emptyHole
        freeRelationships.insert(slot)
    }

    private mutating func link(_ slot: UInt32, from: UInt32, to: UInt32) {
        let lastOutgoing = nodeRecords[Int(from)].lastOutgoing
        relationshipRecords[Int(slot)].previousOutgoing = lastOutgoing
        if lastOutgoing == noSlot {
            nodeRecords[Int(from)].firstOutgoing = slot
        } else {
            relationshipRecords[Int(lastOutgoing)].nextOutgoing = slot
        }
        nodeRecords[Int(from)].lastOutgoing = slot
        nodeRecords[Int(from)].outgoingCount += 1

        let lastIncoming = nodeRecords[Int(to)].lastIncoming
        relationshipRecords[Int(slot)].previousIncoming = lastIncoming
        if lastIncoming == noSlot {
            nodeRecords[Int(to)].firstIncoming = slot
        } else {
            relationshipRecords[Int(lastIncoming)].nextIncoming = slot
        }
        nodeRecords[Int(to)].lastIncoming = slot
        nodeRecords[Int(to)].incomingCount += 1
        if from == to { nodeRecords[Int(from)].loopCount += 1 }
    }

    private mutating func unlink(_ slot: UInt32) {
        let record = relationshipRecords[Int(slot)]
        let from = Int(record.from)
        let to = Int(record.to)
        if record.previousOutgoing == noSlot {
            nodeRecords[from].firstOutgoing = record.nextOutgoing
        } else {
            relationshipRecords[Int(record.previousOutgoing)].nextOutgoing = record.nextOutgoing
        }
        if record.nextOutgoing == noSlot {
            nodeRecords[from].lastOutgoing = record.previousOutgoing
        } else {
            relationshipRecords[Int(record.nextOutgoing)].previousOutgoing = record.previousOutgoing
        }
        nodeRecords[from].outgoingCount -= 1

        if record.previousIncoming == noSlot {
            nodeRecords[to].firstIncoming = record.nextIncoming
        } else {
            relationshipRecords[Int(record.previousIncoming)].nextIncoming = record.nextIncoming
        }
        if record.nextIncoming == noSlot {
            nodeRecords[to].lastIncoming = record.previousIncoming
        } else {
            relationshipRecords[Int(record.nextIncoming)].previousIncoming = record.previousIncoming
        }
        nodeRecords[to].incomingCount -= 1
        if from == to { nodeRecords[from].loopCount -= 1 }
    }

    // MARK: Indexes

    private mutating func index(_ slot: UInt32) {
        for label in labelSets[nodeRecords[Int(slot)].labelSet].labels {
            labelIndexes[Int(label)].members.insert(slot)
        }
        indexValues(slot)
    }

    private mutating func unindex(_ slot: UInt32) {
        for label in labelSets[nodeRecords[Int(slot)].labelSet].labels {
            labelIndexes[Int(label)].members.remove(slot)
        }
        unindexValues(slot)
    }

    private mutating func indexValues(_ slot: UInt32) {
        note(nodeRecords[Int(slot)].properties, labelsOf: slot, slot: slot)
    }

    private mutating func unindexValues(_ slot: UInt32) {
        note(nodeRecords[Int(slot)].properties, labelsOf: slot, slot: nil)
    }

    /// Tells the constraints on the labels of a node whose these values are: the node's, or nobody's.
    private mutating func note(
        _ properties: PropertyList, labelsOf node: UInt32, slot: UInt32?
    ) {
        guard uniqueCount > 0 else { return }
        for label in labelSets[nodeRecords[Int(node)].labelSet].labels {
            labelIndexes[Int(label)].note(properties, of: slot)
        }
    }
}
