// SPDX-License-Identifier: Apache-2.0
//
// Reading by number instead of by name and by record, for those who read so much that a ``Node`` for each step would be
// too dear: queries. Nodes and relationships are named by their ids as numbers of 32 bits; names by the numbers that
// they have in this store, which never leave it.

extension GraphStore {
    // MARK: Names

    /// The number of a label; nil when none was ever made with it.
    package func labelNumber(of name: String) -> UInt32? { labels.number(of: name) }
    /// The number of a relationship type; nil when none was ever made with it.
    package func typeNumber(of name: String) -> UInt32? { types.number(of: name) }
    /// The number of a property key; nil when none was ever made with it.
    package func keyNumber(of name: String) -> UInt32? { keys.number(of: name) }
    /// The keys of properties that were ever used, in the order of their first use.
    package var keyNames: [String] { keys.names }
    /// The name of a relationship type.
    package func typeName(of number: UInt32) -> String { types[number] }

    // MARK: Counts

    /// The number of nodes that bear a label.
    package func nodeCount(withLabel number: UInt32) -> Int {
        labelIndexes[Int(number)].members.count
    }
    /// The number of relationships of a type.
    package func relationshipCount(ofType number: UInt32) -> Int { typeIndexes[Int(number)].count }
    /// The number of rules; it differs when one was made or dropped, or is the same by chance.
    package var ruleCountInAll: Int { uniqueCount + ruleCount + relationshipRuleCount }
    /// No node has a number that is as large.
    package var nodeSlotCount: UInt32 { UInt32(nodeTable.slotCount) }
    /// No relationship has a number that is as large.
    package var relationshipSlotCount: UInt32 { UInt32(relationshipTable.slotCount) }

    // MARK: Nodes

    /// Whether there is a node with this number.
    package func hasNode(_ number: UInt32) -> Bool {
        number < nodeTable.slotCount && !nodeTable.isHole(Int(number))
    }

    /// Whether there is a relationship with this number.
    package func hasRelationship(_ number: UInt32) -> Bool {
        number < relationshipTable.slotCount && !relationshipTable.isHole(Int(number))
    }

    /// Whether a node bears a label.
    package func hasLabel(_ label: UInt32, node: UInt32) -> Bool {
        labelSets[labelSet(of: node)].labels.contains(label)
    }

    /// The names of the labels of a node, ascending.
    package func labelNames(ofNode node: UInt32) -> [String] {
        labelSets[labelSet(of: node)].names
    }

    /// The value of a property of a node; nil when it has none.
    package func property(_ key: UInt32, ofNode node: UInt32) -> Value? {
        nodeTable.value(of: key, at: node)
    }

    /// All properties of a node.
    package func properties(ofNode node: UInt32) -> Properties {
        nodeTable.properties(of: node).properties(keys: keys.names)
    }

    /// The nodes with a label, ascending.
    package func members(ofLabel number: UInt32) -> NodeNumbers {
        NodeNumbers(slots: labelIndexes[Int(number)].members.makeIterator())
    }

    // MARK: Relationships

    /// The type of a relationship.
    package func type(ofRelationship relationship: UInt32) -> UInt32 {
        relationshipTable[relationship, RelationshipRecord.typeField]
    }

    /// The node that a relationship starts from.
    package func start(ofRelationship relationship: UInt32) -> UInt32 {
        relationshipTable[relationship, RelationshipRecord.fromField]
    }

    /// The node that a relationship ends at.
    package func end(ofRelationship relationship: UInt32) -> UInt32 {
        relationshipTable[relationship, RelationshipRecord.toField]
    }

    /// The value of a property of a relationship; nil when it has none.
    package func property(_ key: UInt32, ofRelationship relationship: UInt32) -> Value? {
        relationshipTable.value(of: key, at: relationship)
    }

    /// All properties of a relationship.
    package func properties(ofRelationship relationship: UInt32) -> Properties {
        relationshipTable.properties(of: relationship).properties(keys: keys.names)
    }

    /// The number of relationships that a node has in a direction, a loop once.
    package func degree(ofNode node: UInt32, _ direction: Direction) -> Int {
        degree(of: NodeID(slot: node), direction: direction)
    }
}

/// The nodes with a label, or the relationships of a type, by number, ascending.
package struct NodeNumbers: IteratorProtocol, Sendable {
    var slots: SlotSet.Iterator

    /// The next one; nil behind the last.
    package mutating func next() -> UInt32? { slots.next() }

    /// Some of the next ones, fewer than `count` only at the end, instead of what is in the array.
    package mutating func next(upTo count: Int, _ numbers: inout [UInt32]) {
        numbers.removeAll(keepingCapacity: true)
        while numbers.count < count, let slot = slots.next() { numbers.append(slot) }
    }
}
