// SPDX-License-Identifier: Apache-2.0

import CairnGraph
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
        store.reserveCapacity(nodes: 4, relationships: 0)
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

    @Test mutating func propertiesAreReadAsSwiftTypes() throws {
        let day = CalendarDate(year: 2026, month: 1, day: 2)!
        let id = try store.createNode(properties: [
            "size": 3, "ratio": 0.5, "name": "x", "day": .date(day), "on": true,
        ])
        let node = try #require(store.node(id))
        #expect(node["size", as: Int64.self] == 3 && node["size", as: Int.self] == 3)
        #expect(node["ratio", as: Double.self] == 0.5 && node["name", as: String.self] == "x")
        #expect(node["on", as: Bool.self] == true && node["day", as: CalendarDate.self] == day)
        #expect(node["size", as: Double.self] == nil && node["ratio", as: Int64.self] == nil)
        #expect(node["missing", as: String.self] == nil)
        let relationship = try store.createRelationship("R", from: id, to: id, properties: ["w": 2])
        #expect(store.relationship(relationship)?["w", as: Int.self] == 2)
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
}
