// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The graph of a run, for what is read for each row.
///
/// A value that cannot be copied. A graph behind a pointer or in a class would be copied, with all its references
/// counted, for each call of one of its methods: nothing tells the compiler that nobody changes it meanwhile.
struct GraphHolder: ~Copyable {
    var store: GraphStore

    var nodeSlotCount: UInt32 { @inline(__always) get { store.nodeSlotCount } }

    @inline(__always)
    func hasNode(_ number: UInt32) -> Bool { store.hasNode(number) }

    @inline(__always)
    func hasRelationship(_ number: UInt32) -> Bool { store.hasRelationship(number) }

    @inline(__always)
    func hasLabel(_ label: UInt32, node: UInt32) -> Bool { store.hasLabel(label, node: node) }

    @inline(__always)
    func property(_ key: UInt32, ofNode node: UInt32) -> Value? {
        store.property(key, ofNode: node)
    }

    @inline(__always)
    func property(_ key: UInt32, ofRelationship relationship: UInt32) -> Value? {
        store.property(key, ofRelationship: relationship)
    }

    @inline(__always)
    func type(ofRelationship relationship: UInt32) -> UInt32 {
        store.type(ofRelationship: relationship)
    }

    @inline(__always)
    func start(ofRelationship relationship: UInt32) -> UInt32 {
        store.start(ofRelationship: relationship)
    }

    @inline(__always)
    func end(ofRelationship relationship: UInt32) -> UInt32 {
        store.end(ofRelationship: relationship)
    }

    @inline(__always)
    func degree(ofNode node: UInt32, _ direction: Direction) -> Int {
        store.degree(ofNode: node, direction)
    }

    /// How many relationships of some types a node has in a direction.
    @inline(__always)
    func degree(ofNode node: UInt32, _ direction: Direction, types: RelationshipTypes) -> Int {
        store.degree(ofNode: node, direction, types: types)
    }

    @inline(__always)
    func incidence(ofNode node: UInt32, _ direction: Direction) -> IncidenceCursor {
        store.incidence(ofNode: node, direction)
    }

    @inline(__always)
    func next(_ cursor: inout IncidenceCursor, types: RelationshipTypes) -> IncidenceStep? {
        store.next(&cursor, types: types)
    }

    /// Goes on over some relationships.
    @inline(__always)
    func next(
        _ cursor: inout IncidenceCursor, types: RelationshipTypes, upTo count: Int,
        _ steps: inout [IncidenceStep]
    ) {
        store.next(&cursor, types: types, upTo: count, &steps)
    }

    @inline(__always)
    func members(ofLabel label: UInt32) -> NodeNumbers { store.members(ofLabel: label) }

    @inline(__always)
    func uniqueNode(labeled label: String, _ key: String, equals value: Value) -> NodeID?? {
        store.uniqueNode(labeled: label, key, equals: value)
    }
}
