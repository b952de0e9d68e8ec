// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

struct RelationshipTests {
    var store = GraphStore()
    let list = EventList()
    let a: NodeID
    let b: NodeID

    init() throws {
        a = try store.createNode()
        b = try store.createNode()
        store.recorder = list
    }

    private func ids(
        _ node: NodeID, _ direction: Direction, _ types: Set<String>? = nil
    ) -> [UInt64] {
        store.relationships(of: node, direction: direction, types: types).map(\.id.rawValue)
    }

    @Test mutating func creationLinksBothEnds() throws {
        let id = try store.createRelationship("R", from: a, to: b, properties: ["k": 1, "n": nil])
        let relationship = try #require(store.relationship(id))
        #expect(relationship.type == "R" && relationship.from == a && relationship.to == b)
        #expect(relationship.properties == ["k": 1] && relationship["k"] == 1)
        #expect(relationship.other(than: a) == b && relationship.other(than: b) == a)
        #expect(ids(a, .outgoing) == [0] && ids(a, .incoming) == [] && ids(a, .both) == [0])
        #expect(ids(b, .outgoing) == [] && ids(b, .incoming) == [0] && ids(b, .both) == [0])
        #expect(
            list.events == [
                .relationshipCreated(id, type: "R", from: a, to: b, properties: ["k": 1])
            ])
        #expect(store.relationshipTypeCounts == ["R": 1])
    }

    @Test mutating func aLoopCountsOnceInBothDirections() throws {
        try store.createRelationship("R", from: a, to: a)
        try store.createRelationship("R", from: b, to: a)
        try store.createRelationship("R", from: a, to: a)
        #expect(ids(a, .outgoing) == [0, 2] && ids(a, .incoming) == [0, 1, 2])
        #expect(ids(a, .both) == [0, 1, 2])
        #expect(store.degree(of: a, direction: .outgoing) == 2)
        #expect(store.degree(of: a, direction: .incoming) == 3)
        #expect(store.degree(of: a, direction: .both) == 3)
        try store.deleteRelationship(RelationshipID(rawValue: 0))
        #expect(ids(a, .both) == [1, 2] && store.degree(of: a, direction: .both) == 2)
        try store.deleteNode(a, detach: true)
        #expect(store.relationshipCount == 0 && store.degree(of: b, direction: .both) == 0)
    }

    @Test mutating func parallelRelationshipsAreDistinct() throws {
        for type in ["R", "S", "R", "T"] { try store.createRelationship(type, from: a, to: b) }
        #expect(ids(a, .outgoing) == [0, 1, 2, 3])
        #expect(ids(a, .outgoing, ["R"]) == [0, 2])
        #expect(ids(b, .both, ["S", "T", "unknown"]) == [1, 3])
        #expect(ids(b, .both, []) == [] && ids(b, .both, ["unknown"]) == [])
        try store.deleteRelationship(RelationshipID(rawValue: 2))
        #expect(ids(b, .incoming) == [0, 1, 3])
    }

    @Test mutating func everyOrderOfDeletionKeepsTheRest() throws {
        for _ in 0..<4 { try store.createRelationship("R", from: a, to: b) }
        let full = store
        let all = Set<UInt64>(0..<4)
        for first in all {
            for second in all where second != first {
                store = full
                try store.deleteRelationship(RelationshipID(rawValue: first))
                try store.deleteRelationship(RelationshipID(rawValue: second))
                let rest = all.subtracting([first, second]).sorted()
                #expect(ids(a, .outgoing) == rest && ids(b, .incoming) == rest)
                // The ids come back, the lowest first, and are read in their order.
                let again = try store.createRelationship("R", from: a, to: b)
                #expect(again.rawValue == min(first, second))
                #expect(ids(a, .outgoing) == (rest + [again.rawValue]).sorted())
            }
        }
    }

    @Test mutating func refusalsChangeNothing() throws {
        let id = try store.createRelationship("R", from: a, to: b)
        let image = store.image
        let missing = NodeID(rawValue: 2)
        for (from, to) in [(a, missing), (missing, a)] {
            let error = failure { () throws(GraphError) in
                try store.createRelationship("R", from: from, to: to)
            }
            #expect(error == GraphError(code: .nodeNotFound, nodeID: missing))
        }
        let unknown = RelationshipID(rawValue: 1)
        let expected = GraphError(code: .relationshipNotFound, relationshipID: unknown)
        let steps: [GraphStep] = [
            .deleteRelationship(1), .setRelationshipProperty(1, "k", 1),
            .setRelationshipProperties(1, [:]),
        ]
        for step in steps {
            #expect(store.refusal(of: step) == expected)
        }
        #expect(store.image == image && list.events.count == 1)
        try store.deleteRelationship(id)
        #expect(store.relationship(id) == nil)
    }

    @Test mutating func propertiesAreSetRemovedAndReplaced() throws {
        let id = try store.createRelationship("R", from: a, to: b, properties: ["k": 1])
        #expect(try !store.setProperty("k", to: 1, of: id))
        #expect(try !store.setProperties(["k": 1, "n": nil], of: id))
        #expect(try store.setProperty("l", to: 2, of: id))
        #expect(try store.setProperty("k", to: nil, of: id))
        #expect(store.relationship(id)?.properties == ["l": 2])
        #expect(try store.setProperties(["m": 3, "n": nil], of: id))
        #expect(store.relationship(id)?.properties == ["m": 3])
        #expect(
            Array(list.events.dropFirst()) == [
                .relationshipPropertySet(id, key: "l", value: 2),
                .relationshipPropertySet(id, key: "k", value: nil),
                .relationshipPropertiesReplaced(id, properties: ["m": 3]),
            ])
    }
}
