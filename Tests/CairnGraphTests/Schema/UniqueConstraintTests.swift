// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

struct UniqueConstraintTests {
    var store = GraphStore()
    let list = EventList()
    let first: NodeID
    let second: NodeID

    /// Two nodes; the first has the label and the value 1, the second has neither.
    init() throws {
        first = try store.createNode(labels: ["L"], properties: ["k": 1])
        second = try store.createNode(properties: ["k": 2])
        try store.createUniqueConstraint(label: "L", key: "k")
        store.recorder = list
    }

    private var violation: GraphError {
        GraphError(code: .uniqueViolation, nodeID: first, label: "L", key: "k", value: 1)
    }

    @Test mutating func everyWayToViolateItIsRefused() throws {
        try store.addLabel("L", to: second)
        let other = try store.createNode(properties: ["k": 1])
        let count = list.events.count
        let image = store.image
        let steps: [GraphStep] = [
            .createNode(labels: ["A", "L"], ["k": 1]), .setNodeProperty(1, "k", 1),
            .setNodeProperties(1, ["k": 1, "l": 1]), .addLabel(other.rawValue, "L"),
        ]
        for step in steps {
            #expect(store.refusal(of: step) == violation)
        }
        #expect(store.image == image && list.events.count == count)
        #expect(store.node(labeled: "L", "k", equals: 1) == first)
        #expect(store.node(labeled: "L", "k", equals: 2) == second)
    }

    @Test mutating func aFreedValueCanBeTakenAgain() throws {
        try store.addLabel("L", to: second)
        try store.setProperty("k", to: 3, of: first)
        try store.setProperty("k", to: 1, of: second)
        #expect(store.node(labeled: "L", "k", equals: 1) == second)
        #expect(store.node(labeled: "L", "k", equals: 2) == nil)
        try store.removeLabel("L", from: second)
        #expect(store.node(labeled: "L", "k", equals: 1) == nil)
        try store.setProperties(["k": 1], of: first)
        try store.deleteNode(first)
        #expect(store.node(labeled: "L", "k", equals: 1) == nil)
        #expect(try store.addLabel("L", to: second))
    }

    @Test mutating func otherLabelsOtherKeysAndOtherKindsAreNotConcerned() throws {
        try store.createNode(labels: ["M"], properties: ["k": 1])
        try store.createNode(labels: ["L"], properties: ["l": 1])
        try store.createNode(labels: ["L"], properties: ["l": 1])
        try store.createNode(labels: ["L"], properties: ["k": 1.0])
        #expect(try store.setProperty("l", to: 5, of: first))
        #expect(try !store.setProperty("k", to: 1, of: first))
    }

    @Test mutating func rollbackGivesValuesBack() throws {
        try store.beginTransaction()
        try store.setProperty("k", to: 9, of: first)
        try store.createNode(labels: ["L"], properties: ["k": 1])
        let savepoint = try store.savepoint()
        try store.dropUniqueConstraint(label: "L", key: "k")
        try store.createNode(labels: ["L"], properties: ["k": 1])
        try store.rollBack(to: savepoint)
        #expect(store.uniqueConstraints == [UniqueConstraint(label: "L", key: "k")])
        #expect(store.node(labeled: "L", "k", equals: 1)?.rawValue == 2)
        #expect(store.node(labeled: "L", "k", equals: 9) == first)
        try store.rollBackTransaction()
        #expect(store.node(labeled: "L", "k", equals: 9) == nil)
        let error = failure { () throws(GraphError) in
            try store.createNode(labels: ["L"], properties: ["k": 1])
        }
        #expect(error == violation)
    }

    @Test mutating func aConstraintOverViolatingDataNamesTheFirstPair() throws {
        try store.createNode(labels: ["M"], properties: ["k": "x"])
        try store.createNode(labels: ["M"], properties: ["k": "y"])
        try store.createNode(labels: ["M"])
        try store.createNode(labels: ["M"], properties: ["k": "y"])
        try store.createNode(labels: ["M"], properties: ["k": "x"])
        let count = list.events.count
        let image = store.image
        let error = failure { () throws(GraphError) in
            try store.createUniqueConstraint(label: "M", key: "k")
        }
        #expect(
            error
                == GraphError(
                    code: .constraintViolatedByData, nodeID: NodeID(rawValue: 3),
                    otherNodeID: NodeID(rawValue: 5), label: "M", key: "k", value: "y",
                    violatingNodeIDs: [NodeID(rawValue: 3), NodeID(rawValue: 5)]))
        #expect(error?.description.contains("nodes 3 and 5") == true)
        #expect(store.image == image && list.events.count == count)
    }

    @Test mutating func creatingAndDroppingTwiceIsOneEventEach() throws {
        #expect(try !store.createUniqueConstraint(label: "L", key: "k"))
        #expect(try store.createUniqueConstraint(label: "L", key: "a"))
        #expect(try store.createUniqueConstraint(label: "A", key: "z"))
        #expect(
            store.uniqueConstraints == [
                UniqueConstraint(label: "A", key: "z"), UniqueConstraint(label: "L", key: "a"),
                UniqueConstraint(label: "L", key: "k"),
            ])
        #expect(try store.dropUniqueConstraint(label: "L", key: "k"))
        #expect(try !store.dropUniqueConstraint(label: "L", key: "k"))
        #expect(
            list.events == [
                .uniqueConstraintCreated(label: "L", key: "a"),
                .uniqueConstraintCreated(label: "A", key: "z"),
                .uniqueConstraintDropped(label: "L", key: "k"),
            ])
        #expect(try store.createNode(labels: ["L"], properties: ["k": 1]).rawValue == 2)
        #expect(store.node(labeled: "L", "k", equals: 1) == first)
    }

    @Test mutating func manyConstraintsOnOneLabelAreAllKept() throws {
        for key in 0..<20 { try store.createUniqueConstraint(label: "L", key: "key \(key)") }
        try store.createNode(labels: ["L"], properties: ["key 7": 1, "key 19": 1, "other": 1])
        for key in ["key 7", "key 19"] {
            let error = failure { () throws(GraphError) in
                try store.createNode(labels: ["L"], properties: [key: 1, "other": 1])
            }
            #expect(error?.code == .uniqueViolation && error?.key == key)
        }
        #expect(try store.createNode(labels: ["L"], properties: ["key 8": 1]).rawValue == 3)
    }
}
