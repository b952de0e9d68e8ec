// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// The number of nodes in the store.
    public var nodeCount: Int { nodeTable.count }

    /// The number of relationships in the store.
    public var relationshipCount: Int { relationshipTable.count }

    /// The number of nodes that bear each label, for the labels that any node bears.
    ///
    /// - Complexity: O(*n*) in the labels ever used.
    public var labelCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for (label, index) in zip(labels.names, labelIndexes) where index.members.count > 0 {
            counts[label] = index.members.count
        }
        return counts
    }

    /// The number of relationships of each type, for the types that any relationship has.
    ///
    /// - Complexity: O(*n*) in the types ever used.
    public var relationshipTypeCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for (type, members) in zip(types.names, typeIndexes) where members.count > 0 {
            counts[type] = members.count
        }
        return counts
    }

    /// The node with this id; nil when there is none.
    public func node(_ id: NodeID) -> Node? {
        guard let slot = liveSlot(of: id) else { return nil }
        return node(slot)
    }

    /// The relationship with this id; nil when there is none.
    public func relationship(_ id: RelationshipID) -> Relationship? {
        guard let slot = liveSlot(of: id) else { return nil }
        return relationship(slot)
    }

    /// The node with this label whose property has this value; the one with the lowest id when there
    /// are several.
    ///
    /// - Complexity: O(1) where a unique constraint, or a key, of this label and property alone exists, O(log *n* + *k*) for *k* nodes
    ///   with this value where an index does, else O(*n*) in the nodes with the label.
    public func node(labeled label: String, _ key: String, equals value: Value) -> NodeID? {
        guard let label = labels.number(of: label), let key = keys.number(of: key), !value.isNull
        else { return nil }
        let index = labelIndexes[Int(label)]
        return index.rules.first(keys, key, value, among: index.members, nodeTable)
            .map(NodeID.init(slot:))
    }

    /// The relationships of a node, ascending by id, one by one; a loop once. None when there is no such
    /// node.
    ///
    /// - Parameters:
    ///   - id: The node.
    ///   - direction: Which of its relationships are meant, seen from it.
    ///   - types: Which types are meant; nil means all.
    /// - Complexity: O(1), and O(1) for each relationship gone through and each of its properties;
    ///   O(*d* log *d*) at first where ids were given out again since.
    public func relationships(
        of id: NodeID, direction: Direction, types: Set<String>? = nil
    ) -> RelationshipSequence {
        RelationshipSequence(
            adjacency: adjacency(of: id, direction, types: types), typeNames: self.types.names,
            keyNames: keys.names)
    }

    /// The number of relationships that a node has; none when there is no such node.
    public func degree(of id: NodeID, direction: Direction) -> Int {
        guard let slot = liveSlot(of: id) else { return 0 }
        let record = nodeTable[slot]
        return switch direction {
        case .outgoing: Int(record.outgoing.count)
        case .incoming: Int(record.incoming.count)
        case .both:
            Int(record.outgoing.count) + Int(record.incoming.count) - Int(record.outgoing.loopCount)
        }
    }

    /// The unique constraints, ascending.
    ///
    /// - Complexity: O(*n*) in the labels ever used.
    public var uniqueConstraints: [UniqueConstraint] {
        guard uniqueCount > 0 else { return [] }
        var constraints: [UniqueConstraint] = []
        for (label, index) in zip(labels.names, labelIndexes) {
            for unique in index.rules.uniques where !unique.isKey {
                constraints.append(UniqueConstraint(label: label, key: keys[unique.keys[0]]))
            }
        }
        return constraints.sorted()
    }

    // MARK: By slot

    /// The number of the set of labels of a node.
    func labelSet(of slot: UInt32) -> UInt32 { nodeTable[slot, NodeRecord.labelSetField] }

    /// The slot of a node that exists.
    func liveSlot(of id: NodeID) -> UInt32? {
        guard id.rawValue < UInt64(nodeTable.slotCount), !nodeTable.isHole(Int(id.rawValue)) else {
            return nil
        }
        return UInt32(id.rawValue)
    }

    /// The slot of a relationship that exists.
    func liveSlot(of id: RelationshipID) -> UInt32? {
        guard id.rawValue < UInt64(relationshipTable.slotCount),
            !relationshipTable.isHole(Int(id.rawValue))
        else { return nil }
        return UInt32(id.rawValue)
    }

    /// The node in a slot that is no hole.
    func node(_ slot: UInt32) -> Node {
        let content = nodeTable.content(of: slot, NodeRecord.labelSetField)
        return Node(
            id: NodeID(slot: slot), labels: labelSets[content.number].names,
            list: content.properties, keys: keys.names)
    }

    /// The relationship in a slot that is no hole.
    func relationship(_ slot: UInt32) -> Relationship {
        let (record, properties) = relationshipTable.content(of: slot)
        return Relationship(
            id: RelationshipID(slot: slot), type: types[record.type],
            from: NodeID(slot: record.from), to: NodeID(slot: record.to), list: properties,
            keys: keys.names)
    }

    /// The relationships of a node by slot, ascending.
    func relationshipSlots(
        of slot: UInt32, _ direction: Direction, types: [UInt32]? = nil
    ) -> [UInt32] {
        let record = nodeTable[slot]
        var slots: [UInt32] = []
        if direction != .incoming {
            var next = record.outgoing.first
            while next != noSlot {
                let relationship = relationshipTable[next]
                if types?.contains(relationship.type) ?? true { slots.append(next) }
                next = relationship.nextOutgoing
            }
        }
        if direction != .outgoing {
            var next = record.incoming.first
            while next != noSlot {
                let relationship = relationshipTable[next]
                // A loop was met among the outgoing ones.
                let isCounted = direction == .both && relationship.from == slot
                if !isCounted, types?.contains(relationship.type) ?? true { slots.append(next) }
                next = relationship.nextIncoming
            }
        }
        if !zip(slots, slots.dropFirst()).allSatisfy({ $0 < $1 }) { slots.sort() }
        return slots
    }
}
