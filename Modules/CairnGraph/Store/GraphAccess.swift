// SPDX-License-Identifier: Apache-2.0
//
// - A method of ``GraphStore`` that is called through a pointer, or on a property of a class, gets a copy of the value
//   for each call: 704 bytes for a number of four. Here only the numbers that are wanted are loaded.
// - All of it is inlined down to the arrays, for the same reason: each part of a store is a large value, too.

/// A graph behind a pointer, for those who read it step by step; valid while the pointer is.
package struct GraphAccess {
    private let graph: UnsafePointer<GraphStore>
    let nodes: UnsafePointer<EntityTable<NodeRecord>>
    private let relationships: UnsafePointer<EntityTable<RelationshipRecord>>

    /// A graph that stays where it is.
    package init(_ graph: UnsafePointer<GraphStore>) {
        self.graph = graph
        let start = UnsafeRawPointer(graph)
        nodes = (start + Self.nodeOffset).assumingMemoryBound(to: EntityTable<NodeRecord>.self)
        relationships = (start + Self.relationshipOffset)
            .assumingMemoryBound(to: EntityTable<RelationshipRecord>.self)
    }

    private static let nodeOffset = offset(of: \GraphStore.nodeTable)
    private static let relationshipOffset = offset(of: \GraphStore.relationshipTable)

    private static func offset<Part>(of part: KeyPath<GraphStore, Part>) -> Int {
        guard let offset = MemoryLayout<GraphStore>.offset(of: part) else {
            preconditionFailure("a part of a store is not stored in it")
        }
        return offset
    }

    // MARK: Names

    /// The number of a label; nil when none was ever made with it.
    package func labelNumber(of name: String) -> UInt32? {
        graph.pointee.labels.number(of: name)
    }

    /// The number of a relationship type; nil when none was ever made with it.
    package func typeNumber(of name: String) -> UInt32? { graph.pointee.types.number(of: name) }

    /// The number of a property key; nil when none was ever made with it.
    package func keyNumber(of name: String) -> UInt32? { graph.pointee.keys.number(of: name) }

    // MARK: Nodes

    /// The node that a unique constraint, or a key of one property, finds for a value: nil within when there is
    /// none, nil when there is no such rule.
    package func uniqueNode(
        labeled label: UInt32, _ key: UInt32, equals value: Value
    ) -> UInt32?? {
        let index = graph.pointee.labelIndexes.place(of: Int(label))
        for number in index.pointee.rules.uniques.indices
        where index.pointee.rules.uniques[number].keys.count == 1
            && index.pointee.rules.uniques[number].keys[0] == key
        {
            return .some(index.pointee.rules.uniques[number].slot(with: value, in: nodes))
        }
        return nil
    }

    /// No node has a number that is as large.
    package var nodeSlotCount: UInt32 { UInt32(nodes.pointee.slotCount) }

    /// Whether there is a node with this number.
    package func hasNode(_ number: UInt32) -> Bool {
        number < nodes.pointee.slotCount
            && !nodes.pointee.isHole(Int(number))
    }

    /// The number of the set of labels that a node bears.
    package func labelSet(ofNode node: UInt32) -> UInt32 {
        nodes.pointee[node, NodeRecord.labelSetField]
    }

    /// Whether a node bears a label.
    package func hasLabel(_ label: UInt32, node: UInt32) -> Bool {
        graph.pointee.labelSets.contains(label, in: labelSet(ofNode: node))
    }

    /// The nodes with a label, ascending.
    package func members(ofLabel number: UInt32) -> NodeNumbers {
        NodeNumbers(slots: graph.pointee.labelIndexes[Int(number)].members.makeIterator())
    }

    /// A property of a node.
    package func property(_ key: UInt32, ofNode node: UInt32) -> PackedValue {
        EntityTable.packedValue(of: key, at: node, in: nodes)
    }

    /// How many relationships a node has in a direction, a loop once.
    package func degree(ofNode node: UInt32, _ direction: Direction) -> Int {
        let table = nodes.pointee.place(of: node)
        let index = Int(node) & (RecordChunk.countMax - 1)
        if direction == .incoming {
            return table.pointee.listCount(index, NodeRecord.incomingField)
        }
        let outgoing = table.pointee.listCount(index, NodeRecord.outgoingField)
        guard direction == .both else { return outgoing }
        return outgoing + table.pointee.listCount(index, NodeRecord.incomingField)
            - table.pointee.loopCount(index, NodeRecord.outgoingField)
    }

    // MARK: Relationships

    /// The relationship that a unique constraint, or a key, of one property finds for a value: nil within when
    /// there is none, nil when there is no such rule.
    package func uniqueRelationship(
        typed type: UInt32, _ key: UInt32, equals value: Value
    ) -> UInt32?? {
        let rules = graph.pointee.typeRules.place(of: Int(type))
        for number in rules.pointee.uniques.indices
        where rules.pointee.uniques[number].keys.count == 1
            && rules.pointee.uniques[number].keys[0] == key
        {
            return .some(rules.pointee.uniques[number].slot(with: value, in: relationships))
        }
        return nil
    }

    /// The relationships of a type, ascending.
    package func members(ofType number: UInt32) -> NodeNumbers {
        NodeNumbers(slots: graph.pointee.typeIndexes[Int(number)].makeIterator())
    }

    /// Whether there is a relationship with this number.
    package func hasRelationship(_ number: UInt32) -> Bool {
        number < relationships.pointee.slotCount
            && !relationships.pointee.isHole(Int(number))
    }

    /// The type of a relationship.
    package func type(ofRelationship relationship: UInt32) -> UInt32 {
        relationships.pointee[relationship, RelationshipRecord.typeField]
    }

    /// The node that a relationship starts from.
    package func start(ofRelationship relationship: UInt32) -> UInt32 {
        relationships.pointee[relationship, RelationshipRecord.fromField]
    }

    /// The node that a relationship ends at.
    package func end(ofRelationship relationship: UInt32) -> UInt32 {
        relationships.pointee[relationship, RelationshipRecord.toField]
    }

    /// A property of a relationship.
    package func property(_ key: UInt32, ofRelationship relationship: UInt32) -> PackedValue {
        EntityTable.packedValue(of: key, at: relationship, in: relationships)
    }

    /// How many relationships are of a type.
    package func relationshipCount(ofType type: UInt32) -> Int {
        graph.pointee.typeIndexes[Int(type)].count
    }

    /// Counts the relationships of a type at each of their ends in a direction, a loop once.
    ///
    /// - Parameter counts: As many as ``nodeSlotCount``; what is counted is added.
    /// - Complexity: O(*n*) in the relationships of the type, in the order in which they lie in memory.
    package func countEnds(
        ofType type: UInt32, _ direction: Direction, _ counts: inout [UInt32]
    ) {
        counts.withUnsafeMutableBufferPointer { counts in
            var slots = graph.pointee.typeIndexes[Int(type)].makeIterator()
            while let slot = slots.next() {
                let chunk = relationships.pointee.place(of: slot)
                let index = Int(slot) & (RecordChunk.countMax - 1)
                let from = chunk.pointee.slot(index, RelationshipRecord.fromField)
                let to = chunk.pointee.slot(index, RelationshipRecord.toField)
                if direction != .incoming { counts[Int(from)] += 1 }
                if direction == .incoming || direction == .both && from != to {
                    counts[Int(to)] += 1
                }
            }
        }
    }

    // MARK: Incidence

    /// A place before the first relationship of a node. Those that start there come first; a loop comes once.
    package func incidence(ofNode node: UInt32, _ direction: Direction) -> IncidenceCursor {
        let isOutgoing = direction != .incoming
        return IncidenceCursor(
            node: node, direction: direction, following: first(of: node, isOutgoing: isOutgoing),
            isOutgoing: isOutgoing)
    }

    @inline(__always)
    private func first(of node: UInt32, isOutgoing: Bool) -> UInt32 {
        nodes.pointee.place(of: node).pointee.listFirst(
            Int(node) & (RecordChunk.countMax - 1),
            isOutgoing ? NodeRecord.outgoingField : NodeRecord.incomingField)
    }

    /// Goes on over some relationships of one of some types, at most `count`; none behind the last.
    package func next(
        _ cursor: inout IncidenceCursor, types: RelationshipTypes, upTo count: Int,
        _ steps: inout [IncidenceStep]
    ) {
        steps.removeAll(keepingCapacity: true)
        while steps.count < count, let step = step(&cursor, types) { steps.append(step) }
    }

    /// Goes on to the next relationship of one of some types; nil behind the last.
    package func next(
        _ cursor: inout IncidenceCursor, types: RelationshipTypes
    ) -> IncidenceStep? {
        step(&cursor, types)
    }

    /// How many relationships of some types a node has in a direction, a loop once.
    package func degree(
        ofNode node: UInt32, _ direction: Direction, types: RelationshipTypes
    ) -> Int {
        var cursor = incidence(ofNode: node, direction)
        var count = 0
        while step(&cursor, types) != nil { count += 1 }
        return count
    }

    @inline(__always)
    private func step(
        _ cursor: inout IncidenceCursor, _ types: RelationshipTypes
    ) -> IncidenceStep? {
        while true {
            let slot = cursor.following
            guard slot != noSlot else {
                guard cursor.isOutgoing, cursor.direction == .both else { return nil }
                cursor.isOutgoing = false
                cursor.following = first(of: cursor.node, isOutgoing: false)
                continue
            }
            let isOutgoing = cursor.isOutgoing
            let chunk = relationships.pointee.place(of: slot)
            let index = Int(slot) & (RecordChunk.countMax - 1)
            cursor.following = chunk.pointee.slot(
                index,
                isOutgoing
                    ? RelationshipRecord.nextOutgoingField : RelationshipRecord.nextIncomingField)
            let type = chunk.pointee.slot(index, RelationshipRecord.typeField)
            guard types.contains(type) else { continue }
            let other = chunk.pointee.slot(
                index, isOutgoing ? RelationshipRecord.toField : RelationshipRecord.fromField)
            // A loop was met among those that start there.
            if !isOutgoing, other == cursor.node, cursor.direction == .both { continue }
            return IncidenceStep(relationship: slot, type: type, other: other)
        }
    }
}
