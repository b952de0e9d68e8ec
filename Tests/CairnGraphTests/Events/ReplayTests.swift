// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

struct ReplayTests {
    /// Nodes 0 (A, k: 1) and 1, relationship 0 (R, k: 1) between them, a constraint on A and k.
    var store = GraphStore()

    init() throws {
        let node = try store.createNode(labels: ["A"], properties: ["k": 1])
        let other = try store.createNode()
        try store.createRelationship("R", from: node, to: other, properties: ["k": 1])
        try store.createUniqueConstraint(label: "A", key: "k")
    }

    private static let node = NodeID(rawValue: 0)
    private static let other = NodeID(rawValue: 1)
    private static let next = NodeID(rawValue: 2)
    private static let relationship = RelationshipID(rawValue: 0)
    private static let nextRelationship = RelationshipID(rawValue: 1)

    /// Events that no store in this state could have recorded.
    @Test(
        arguments: [
            (.nodeCreated(other, labels: [], properties: [:]), .inconsistentEvent),
            (.nodeCreated(NodeID(rawValue: 3), labels: [], properties: [:]), .inconsistentEvent),
            (.nodeCreated(NodeID(rawValue: .max), labels: [], properties: [:]), .inconsistentEvent),
            (.nodeCreated(next, labels: ["B", "A"], properties: [:]), .inconsistentEvent),
            (.nodeCreated(next, labels: ["A", "A"], properties: [:]), .inconsistentEvent),
            (.nodeCreated(next, labels: [], properties: ["k": nil]), .inconsistentEvent),
            (.nodeCreated(next, labels: ["A"], properties: ["k": 1]), .uniqueViolation),
            (.nodeCreated(next, labels: [""], properties: [:]), .invalidName),
            (.nodeDeleted(next), .nodeNotFound),
            (.nodeDeleted(node), .nodeHasRelationships),
            (.labelAdded(node, label: "A"), .inconsistentEvent),
            (.labelAdded(next, label: "A"), .nodeNotFound),
            (.labelRemoved(node, label: "B"), .inconsistentEvent),
            (.nodePropertySet(node, key: "k", value: 1), .inconsistentEvent),
            (.nodePropertySet(node, key: "l", value: nil), .inconsistentEvent),
            (.nodePropertySet(node, key: "l", value: nestedList(65)), .nestingTooDeep),
            (.nodePropertiesReplaced(node, properties: ["k": 1]), .inconsistentEvent),
            (.nodePropertiesReplaced(node, properties: ["l": nil]), .inconsistentEvent),
            (
                .relationshipCreated(
                    relationship, type: "R", from: node, to: node, properties: [:]),
                .inconsistentEvent
            ),
            (
                .relationshipCreated(
                    nextRelationship, type: "R", from: node, to: node, properties: ["k": nil]),
                .inconsistentEvent
            ),
            (
                .relationshipCreated(
                    nextRelationship, type: "R", from: node, to: next, properties: [:]),
                .nodeNotFound
            ),
            (.relationshipDeleted(nextRelationship), .relationshipNotFound),
            (.relationshipPropertySet(relationship, key: "k", value: 1), .inconsistentEvent),
            (
                .relationshipPropertiesReplaced(relationship, properties: ["k": 1]),
                .inconsistentEvent
            ),
            (
                .relationshipPropertiesReplaced(relationship, properties: ["l": nil]),
                .inconsistentEvent
            ),
            (.uniqueConstraintCreated(label: "A", key: "k"), .inconsistentEvent),
            (.uniqueConstraintDropped(label: "A", key: "l"), .inconsistentEvent),
        ] as [(MutationEvent, GraphError.Code)])
    mutating func eventsThatDoNotFollowAreRefused(event: MutationEvent, code: GraphError.Code) {
        let image = store.image
        #expect(failure { () throws(GraphError) in try store.apply(event) }?.code == code)
        #expect(store.image == image)
    }

    /// What each kind of event does, recorded and applied.
    @Test mutating func everyKindOfEventReplays() throws {
        let copy = store
        let list = EventList()
        store.recorder = list
        try store.addLabel("B", to: Self.other)
        try store.removeLabel("A", from: Self.node)
        try store.setProperty("k", to: 2, of: Self.node)
        try store.setProperties(["l": [1, nil]], of: Self.other)
        try store.setProperty("k", to: nil, of: Self.relationship)
        try store.setProperties(["m": 1], of: Self.relationship)
        try store.deleteNode(Self.node, detach: true)
        try store.createNode(labels: ["C", "A"], properties: ["k": "text"])
        try store.createRelationship("S", from: Self.other, to: Self.node)
        try store.dropUniqueConstraint(label: "A", key: "k")
        try store.createUniqueConstraint(label: "C", key: "k")
        #expect(list.events.count == 12)

        var replayed = copy
        let silent = EventList()
        replayed.recorder = silent
        for event in list.events {
            #expect(replayed.image != store.image)
            try replayed.apply(event)
        }
        #expect(replayed.image == store.image)
        #expect(silent.events.isEmpty)
        #expect(replayed.recorder === silent)
    }
}
