// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// Sets of labels are there as long as a node bears them.
struct LabelSetTests {
    var store = GraphStore()

    private static let names = (0..<300).map { "L\($0)" }

    @Test(arguments: [false, true])
    mutating func labelsOneByOneLeaveOneSetBehind(inTransaction: Bool) throws {
        let node = try store.createNode(labels: ["L7"])
        if inTransaction { try store.beginTransaction() }
        for name in Self.names { try store.addLabel(name, to: node) }
        #expect(store.node(node)?.labels.count == 300)
        // Each label alone stays, one set of all of them, and none in between.
        #expect(store.labelSets.labelCount <= 300 + 300)
        for name in Self.names.dropFirst(10) { try store.removeLabel(name, from: node) }
        #expect(store.labelSets.labelCount <= 300 + 10)
        if inTransaction {
            try store.rollbackTransaction()
            #expect(store.node(node)?.labels == ["L7"])
            #expect(store.labelSets.labelCount <= 300)
        }
        try store.deleteNode(node)
        #expect(store.labelSets.labelCount <= 300)
    }

    @Test mutating func aSetStaysWhileAnyNodeBearsIt() throws {
        let first = try store.createNode(labels: ["A", "B"])
        let second = try store.createNode(labels: ["B", "A"])
        #expect(store.labelSets.count == 2)
        try store.addLabel("C", to: first)
        #expect(store.node(second)?.labels == ["A", "B"] && store.labelSets.count == 3)
        let view = store.view()
        try store.deleteNode(second)
        #expect(store.labelSets.count == 2)
        // The number of what is gone is taken by another set; the view keeps the old meaning.
        let third = try store.createNode(labels: ["B", "C"])
        #expect(store.node(third)?.labels == ["B", "C"] && store.labelSets.count == 3)
        #expect(view.node(second)?.labels == ["A", "B"])
    }

    @Test mutating func refusedMutationsLeaveNoSetBehind() throws {
        try store.createUniqueConstraint(label: "L0", key: "k")
        try store.createNode(labels: ["L0"], properties: ["k": 1])
        let other = try store.createNode(labels: ["X"], properties: ["k": 1])
        for count in 2..<100 {
            let labels = Array(Self.names.prefix(count))
            #expect(throws: GraphError.self) {
                try store.createNode(labels: labels, properties: ["k": 1])
            }
            #expect(throws: GraphError.self) { try store.addLabel("L0", to: other) }
            try store.createNodes(labels: labels, keys: [], rows: [])
        }
        // The last one that was asked for may still be there.
        #expect(store.labelSets.labelCount <= 102 + 99)
        #expect(store.node(other)?.labels == ["X"])
    }

    @Test mutating func deletedNodesComeBackWithTheirLabels() throws {
        let nodes = try (0..<50).map { try store.createNode(labels: ["A\($0)", "B"]) }
        let image = store.image
        try store.beginTransaction()
        for node in nodes { try store.deleteNode(node) }
        for number in 0..<50 { try store.createNode(labels: ["C\(number)", "B"]) }
        try store.rollbackTransaction()
        #expect(store.image == image)
        #expect(store.node(nodes[33])?.labels == ["A33", "B"])
    }
}
