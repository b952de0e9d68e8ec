// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnGraph
import Synchronization
import Testing

struct ComfortTests {
    var store = GraphStore()
    let list = EventList()

    init() { store.recorder = list }

    @Test mutating func mergingFindsOrMakes() throws {
        try store.createUniqueConstraint(label: "P", key: "name")
        let first = try store.mergeNode(
            label: "P", key: "name", value: "a", properties: ["size": 1, "old": true])
        #expect(first.isNew)
        let again = try store.mergeNode(
            label: "P", key: "name", value: "a", properties: ["size": 2, "old": nil, "new": 3])
        #expect(again.id == first.id && !again.isNew)
        #expect(store.node(first.id)?.properties == ["name": "a", "size": 2, "new": 3])
        #expect(store.node(first.id)?.labels == ["P"])
        let count = list.events.count
        try store.mergeNode(label: "P", key: "name", value: "a", properties: ["size": 2])
        try store.mergeNode(label: "P", key: "name", value: "a")
        #expect(list.events.count == count)
        #expect(try store.mergeNode(label: "P", key: "name", value: "b").isNew)
        // What names the node stays, whatever the properties say.
        try store.mergeNode(label: "P", key: "name", value: "b", properties: ["name": "a"])
        #expect(store.node(labeled: "P", "name", equals: "b")?.rawValue == 1)
    }

    @Test mutating func batchesGiveWhatSingleNodesGive() throws {
        let rows: [[Value]] = [[1, "x"], [2, nil], [nil, nil], [[1, nil], 2.5]]
        let ids = try store.createNodes(labels: ["B", "A", "B"], keys: ["n", "m"], rows: rows)
        #expect(ids.map(\.rawValue) == [0, 1, 2, 3])
        var other = GraphStore()
        let single = EventList()
        other.recorder = single
        for row in rows {
            try other.createNode(labels: ["A", "B"], properties: ["n": row[0], "m": row[1]])
        }
        #expect(list.events == single.events)
        #expect(store.image == other.image)
        try store.createUniqueConstraint(label: "C", key: "n")
        #expect(throws: GraphError.self) {
            try store.createNodes(labels: ["C"], keys: ["n"], rows: [[7], [8], [7], [9]])
        }
        #expect(store.nodes(labeled: "C").map(\.rawValue) == [4, 5])
    }

    /// Compares what it receives of many nodes with the event that stands for it.
    private final class Encoding: MutationRecorder {
        let creations = Mutex<[NodeCreation]>([])
        let relationships = Mutex<[RelationshipCreation]>([])

        func record(_ event: MutationEvent) {}
        func record(_ creation: RelationshipCreation) {
            relationships.withLock { $0.append(creation) }
        }
        func record(_ creation: NodeCreation) { creations.withLock { $0.append(creation) } }
    }

    @Test mutating func manyNodesAreRecordedLikeSingleOnes() throws {
        // Numbers of keys that ascend neither with their names nor with their places.
        try store.createNode(properties: ["z": 1])
        let encoding = Encoding()
        store.recorder = encoding
        let rows: [[Value]] = [[1, "x", nil, ["l"]], [nil, nil, nil, nil], [2, nil, 0.5, [:]]]
        let ids = try store.createNodes(
            labels: ["B", "A"], keys: ["é", "z", "a", "m"], rows: rows)
        let creations = encoding.creations.withLock { $0 }
        #expect(creations.map(\.id) == ids)
        for (creation, row) in zip(creations, rows) {
            let properties = Properties(uniqueKeysWithValues: zip(["é", "z", "a", "m"], row))
                .filter { !$0.value.isNull }
            let event = MutationEvent.nodeCreated(
                creation.id, labels: ["A", "B"], properties: properties)
            #expect(creation.event == event)
            #expect(store.node(creation.id)?.properties == properties)
            var found = EventEncoder()
            creation.encode(into: &found)
            var expected = EventEncoder()
            event.encode(into: &expected)
            let isEqual = found.bytes.array() == expected.bytes.array()
            #expect(isEqual)
        }
    }

    @Test mutating func sequencesAreLazyAndHoldAView() throws {
        let hub = try store.createNode()
        for _ in 0..<5 {
            let node = try store.createNode()
            try store.createRelationship("R", from: hub, to: node, properties: ["n": 1])
            try store.createRelationship("S", from: node, to: hub)
        }
        let neighbors = store.neighbors(of: hub, direction: .both)
        let relationships = store.relationships(of: hub, direction: .outgoing)
        try store.deleteNode(hub, detach: true)
        #expect(neighbors.map(\.rawValue) == [1, 2, 3, 4, 5])
        #expect(relationships.map(\.id.rawValue) == [0, 2, 4, 6, 8])
        #expect(relationships.allSatisfy { $0["n"] == 1 && $0.from == hub && $0.type == "R" })
        #expect(Array(store.neighbors(of: hub, direction: .both)).isEmpty)
        #expect(Array(store.relationships(of: hub, direction: .both)).isEmpty)
    }

    @Test mutating func batchesOfRelationshipsGiveWhatSingleOnesGive() throws {
        let nodes = try store.createNodes(labels: ["N"], keys: [], rows: [[], [], []])
        // Numbers of keys that ascend neither with their names nor with their places.
        try store.setProperty("z", to: 1, of: nodes[0])
        let rows: [(from: NodeID, to: NodeID, values: [Value])] = [
            (nodes[0], nodes[1], ["x", 1]), (nodes[1], nodes[1], [nil, nil]),
            (nodes[2], nodes[0], [2.5, [1, nil]]),
        ]
        let ids = try store.createRelationships("R", keys: ["é", "z"], rows: rows)
        #expect(ids.map(\.rawValue) == [0, 1, 2])
        try store.createRelationships("S", between: [(from: nodes[0], to: nodes[2])])
        var other = GraphStore()
        let single = EventList()
        other.recorder = single
        for _ in nodes { try other.createNode(labels: ["N"]) }
        try other.setProperty("z", to: 1, of: nodes[0])
        for row in rows {
            try other.createRelationship(
                "R", from: row.from, to: row.to,
                properties: ["é": row.values[0], "z": row.values[1]])
        }
        try other.createRelationship("S", from: nodes[0], to: nodes[2])
        #expect(list.events == single.events)
        #expect(store.image == other.image)

        // The first row that is refused ends it; a transaction takes the others back.
        let image = store.image
        let gone = NodeID(rawValue: 9)
        let error = #expect(throws: GraphError.self) {
            try store.withTransaction { store in
                try store.createRelationships(
                    "R", between: [(from: nodes[0], to: nodes[1]), (from: gone, to: nodes[0])])
            }
        }
        #expect(error?.code == .nodeNotFound && error?.nodeID == gone)
        #expect(store.image == image && store.relationshipCount == 4)
    }

    @Test mutating func manyRelationshipsAreRecordedLikeSingleOnes() throws {
        let nodes = try (0..<4).map { _ in try store.createNode(properties: ["z": 1]) }
        let (from, to) = (nodes[3], nodes[2])
        let encoding = Encoding()
        store.recorder = encoding
        let values: [[Value]] = [[1, "x", nil], [nil, nil, nil], [2, nil, 0.5]]
        try store.createRelationships(
            "R", keys: ["é", "z", "a"], rows: values.map { (from: from, to: to, values: $0) })
        let creations = encoding.relationships.withLock { $0 }
        #expect(creations.count == 3)
        for (creation, values) in zip(creations, values) {
            let properties = Properties(uniqueKeysWithValues: zip(["é", "z", "a"], values))
                .filter { !$0.value.isNull }
            let event = MutationEvent.relationshipCreated(
                creation.id, type: "R", from: from, to: to, properties: properties)
            #expect(creation.event == event)
            #expect(store.relationship(creation.id)?.properties == properties)
            var found = EventEncoder()
            creation.encode(into: &found)
            var expected = EventEncoder()
            event.encode(into: &expected)
            let isEqual = found.bytes.array() == expected.bytes.array()
            #expect(isEqual)
        }
    }

    @Test mutating func mergingByAKeyOfSeveralPropertiesFindsOrMakes() throws {
        try store.create(.key(label: "P", keys: ["name", "arch"]))
        let amd = try store.mergeNode(label: "P", matching: ["name": "a", "arch": "amd64"])
        let arm = try store.mergeNode(
            label: "P", matching: ["arch": "arm64", "name": "a"], properties: ["size": 1])
        #expect(amd.isNew && arm.isNew && amd.id != arm.id)
        let again = try store.mergeNode(
            label: "P", matching: ["name": "a", "arch": "arm64"],
            properties: ["size": 2, "arch": "amd64"])
        #expect(again.id == arm.id && !again.isNew)
        #expect(store.node(arm.id)?.properties == ["name": "a", "arch": "arm64", "size": 2])
    }

    @Test mutating func bodiesThatThrowAreTakenBack() throws {
        struct Stop: Error {}
        let kept = try store.withTransaction { store in
            let outer = try store.createNode(labels: ["A"])
            #expect(throws: Stop.self) {
                try store.withSavepoint { store in
                    try store.createNode(labels: ["B"])
                    try store.withSavepoint { _ = try $0.createNode(labels: ["C"]) }
                    throw Stop()
                }
            }
            try store.withSavepoint { _ = try $0.createNode(labels: ["D"]) }
            #expect(throws: GraphError.self) { try store.withTransaction { _ in } }
            return outer
        }
        #expect(!store.isInTransaction && store.node(kept)?.labels == ["A"])
        #expect(store.labelCounts == ["A": 1, "D": 1])
        #expect(throws: Stop.self) {
            try store.withTransaction { store in
                try store.deleteNode(kept)
                throw Stop()
            }
        }
        #expect(!store.isInTransaction && store.labelCounts == ["A": 1, "D": 1])
        #expect(throws: GraphError.self) { try store.withSavepoint { _ in } }
    }
}
