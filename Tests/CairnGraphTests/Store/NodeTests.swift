// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

struct NodeTests {
    var store = GraphStore()
    let list = EventList()

    init() { store.recorder = list }

    @Test mutating func creationGivesTheLowestFreeID() throws {
        for expected in 0..<4 { #expect(try store.createNode().rawValue == expected) }
        try store.deleteNode(NodeID(rawValue: 2))
        try store.deleteNode(NodeID(rawValue: 0))
        #expect(store.nodeIDs.map(\.rawValue) == [1, 3])
        #expect(try store.createNode().rawValue == 0)
        #expect(try store.createNode().rawValue == 2)
        #expect(try store.createNode().rawValue == 4)
        #expect(store.nodeCount == 5)
    }

    @Test mutating func creationSortsLabelsAndLeavesNullsOut() throws {
        let id = try store.createNode(
            labels: ["b", "a", "b"], properties: ["x": nil, "y": [nil, 1]])
        let node = try #require(store.node(id))
        #expect(node.labels == ["a", "b"])
        #expect(node.properties == ["y": [nil, 1]])
        #expect(node["y"] == [nil, 1])
        #expect(node["x"] == Value?.none)
        #expect(node.hasLabel("a") && !node.hasLabel("c"))
        #expect(
            list.events == [.nodeCreated(id, labels: ["a", "b"], properties: ["y": [nil, 1]])])
    }

    @Test mutating func invalidNamesAreRefused() throws {
        let longest = String(repeating: "n", count: 255)
        let id = try store.createNode(labels: [longest], properties: [longest: 1])
        try store.createRelationship(longest, from: id, to: id)
        let image = store.image
        for name in ["", longest + "n", "e\u{301}", String(repeating: "é", count: 128)] {
            let expected = GraphError(code: .invalidName, name: name)
            let steps: [GraphStep] = [
                .createNode(labels: [name], [:]), .createNode(labels: ["ok", name], [:]),
                .createNode(labels: [], [name: 1]), .addLabel(0, name), .removeLabel(0, name),
                .setNodeProperty(0, name, 1), .setNodeProperties(0, [name: 1]),
                .createRelationship(name, 0, 0, [:]), .createRelationship("R", 0, 0, [name: 1]),
                .setRelationshipProperty(0, name, 1), .setRelationshipProperties(0, [name: 1]),
                .createConstraint(UniqueConstraint(label: name, key: "k")),
                .createConstraint(UniqueConstraint(label: "L", key: name)),
                .dropConstraint(UniqueConstraint(label: name, key: "k")),
            ]
            for step in steps { #expect(store.refusal(of: step) == expected, "\(step)") }
        }
        #expect(store.image == image)
        #expect(list.events.count == 2)
    }

    /// The Kelvin sign equals the letter K, and is another byte sequence.
    @Test(arguments: [("é", "e\u{301}"), ("K", "\u{212a}"), ("q\u{323}\u{307}", "q\u{307}\u{323}")])
    mutating func anotherSpellingOfANameIsRefusedAlsoWhenTheFirstIsThere(
        name: String, other: String
    ) throws {
        #expect(name == other)
        try store.createNode(labels: [name])
        #expect(
            store.refusal(of: .createNode(labels: [other], [:]))
                == GraphError(code: .invalidName, name: other))
        #expect(store.refusal(of: .createNode(labels: [name], [:])) == nil)
    }

    @Test mutating func valuesNestedTooDeepAreRefused() throws {
        let id = try store.createNode(properties: ["k": nestedList(64)])
        try store.createRelationship("R", from: id, to: id)
        let count = list.events.count
        let image = store.image
        let deep = nestedList(65)
        let map = Value.map(["a": nestedList(64)])
        let steps: [GraphStep] = [
            .createNode(labels: [], ["k": deep]), .setNodeProperty(0, "k", map),
            .setNodeProperties(0, ["k": deep]), .createRelationship("R", 0, 0, ["k": map]),
            .setRelationshipProperty(0, "k", deep), .setRelationshipProperties(0, ["k": deep]),
        ]
        for step in steps {
            let error = store.refusal(of: step)
            #expect(error == GraphError(code: .nestingTooDeep, key: "k"))
        }
        #expect(store.image == image)
        #expect(list.events.count == count)
    }

    @Test mutating func whatDoesNotExistIsRefused() throws {
        let id = NodeID(rawValue: .max)
        let expected = GraphError(code: .nodeNotFound, nodeID: id)
        let steps: [GraphStep] = [
            .deleteNode(.max, detach: true), .addLabel(.max, "A"), .removeLabel(.max, "A"),
            .setNodeProperty(.max, "k", 1), .setNodeProperties(.max, [:]),
            .createRelationship("R", .max, .max, [:]),
        ]
        for step in steps {
            #expect(store.refusal(of: step) == expected)
        }
        #expect(store.node(id) == nil)
        #expect(Array(store.relationships(of: id, direction: .both)).isEmpty)
        #expect(store.degree(of: id, direction: .both) == 0)
        #expect(list.events.isEmpty)
    }

    @Test mutating func labelsAreAddedAndRemovedOnce() throws {
        let id = try store.createNode(labels: ["b"])
        #expect(try store.addLabel("a", to: id))
        #expect(try !store.addLabel("a", to: id))
        #expect(store.node(id)?.labels == ["a", "b"])
        #expect(try store.removeLabel("b", from: id))
        #expect(try !store.removeLabel("b", from: id))
        #expect(try !store.removeLabel("never seen", from: id))
        #expect(store.node(id)?.labels == ["a"])
        #expect(
            Array(list.events.dropFirst()) == [
                .labelAdded(id, label: "a"), .labelRemoved(id, label: "b"),
            ])
        #expect(store.labelCounts == ["a": 1])
    }

    @Test mutating func settingWhatIsThereIsNoEvent() throws {
        let id = try store.createNode(properties: ["a": .double(.nan), "b": 0])
        #expect(try !store.setProperty("a", to: .double(.nan), of: id))
        #expect(try !store.setProperty("c", to: nil, of: id))
        #expect(try !store.setProperties(["b": 0, "a": .double(.nan), "c": nil], of: id))
        #expect(list.events.count == 1)
        #expect(try store.setProperty("b", to: .double(0), of: id))
        #expect(try store.setProperty("b", to: .double(-0.0), of: id))
        #expect(try store.setProperty("a", to: nil, of: id))
        #expect(try store.setProperties(["z": 1, "y": nil], of: id))
        #expect(store.node(id)?.properties == ["z": 1])
        #expect(
            Array(list.events.dropFirst()) == [
                .nodePropertySet(id, key: "b", value: .double(0)),
                .nodePropertySet(id, key: "b", value: .double(-0.0)),
                .nodePropertySet(id, key: "a", value: nil),
                .nodePropertiesReplaced(id, properties: ["z": 1]),
            ])
    }

    @Test mutating func deletionWithRelationshipsNeedsDetach() throws {
        let hub = try store.createNode()
        let other = try store.createNode()
        try store.createRelationship("R", from: other, to: hub)
        try store.createRelationship("R", from: hub, to: hub)
        try store.createRelationship("R", from: hub, to: other)
        try store.createRelationship("R", from: other, to: other)
        // Id 0 is given out again, and comes last in the lists of the hub.
        try store.deleteRelationship(RelationshipID(rawValue: 0))
        try store.createRelationship("R", from: other, to: hub)
        let count = list.events.count
        let image = store.image
        #expect(
            store.refusal(of: .deleteNode(hub.rawValue, detach: false))
                == GraphError(code: .nodeHasRelationships, nodeID: hub))
        #expect(store.image == image)
        try store.deleteNode(hub, detach: true)
        #expect(
            Array(list.events.dropFirst(count)) == [
                .relationshipDeleted(RelationshipID(rawValue: 0)),
                .relationshipDeleted(RelationshipID(rawValue: 1)),
                .relationshipDeleted(RelationshipID(rawValue: 2)),
                .nodeDeleted(hub),
            ])
        #expect(store.relationshipIDs.map(\.rawValue) == [3])
        #expect(store.degree(of: other, direction: .both) == 1)
    }

    @Test mutating func idsCanBeExhausted() throws {
        store.slotCountMax = 2
        try store.createNode()
        let id = try store.createNode()
        try store.createRelationship("R", from: id, to: id)
        try store.createRelationship("R", from: id, to: id)
        #expect(
            failure { () throws(GraphError) in try store.createNode() }?.code == .idsExhausted)
        #expect(
            failure { () throws(GraphError) in
                try store.createRelationship("R", from: id, to: id)
            }?.code == .idsExhausted)
        try store.deleteNode(NodeID(rawValue: 0))
        #expect(try store.createNode().rawValue == 0)
    }

    @Test mutating func whatWasReadDoesNotChange() throws {
        let id = try store.createNode(labels: ["A"], properties: ["k": 1])
        let before = try #require(store.node(id))
        try store.setProperty("k", to: 2, of: id)
        try store.setProperty("new", to: 2, of: id)
        try store.removeLabel("A", from: id)
        #expect(before.properties == ["k": 1] && before.labels == ["A"])
        #expect(before != store.node(id))
    }

    @Test func manyLabelsCountOnceEach() throws {
        let names = (0..<40).map { "L\($0 % 30)" }
        var store = GraphStore()
        let id = try store.createNode(labels: names, properties: [:])
        #expect(store.node(id)?.labels == Set(names).sorted())
    }
}
