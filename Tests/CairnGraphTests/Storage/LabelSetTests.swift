// SPDX-License-Identifier: Apache-2.0

import CairnFormat
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
            try store.rollBackTransaction()
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
        try store.rollBackTransaction()
        #expect(store.image == image)
        #expect(store.node(nodes[33])?.labels == ["A33", "B"])
    }

    /// A replay keeps what it knows of a batch; numbers of sets that ended meanwhile may not be among it.
    @Test(arguments: 0..<20) mutating func aBatchInWhichSetsComeAndGoReplaysRight(seed: UInt64)
        throws
    {
        var random = SplitMix64(seed: seed)
        let list = EventList()
        store.recorder = list
        let labels = ["A", "B", "C", "D"]
        for _ in 0..<300 {
            let id = NodeID(rawValue: UInt64(random.below(store.nodeCount + 1)))
            switch random.below(8) {
            case 0...3:
                let count = random.below(4)
                try store.createNode(
                    labels: (0..<count).map { _ in random.pick(labels) }, properties: ["k": 1])
            case 4: _ = try? store.addLabel(random.pick(labels), to: id)
            case 5: _ = try? store.removeLabel(random.pick(labels), from: id)
            default: try? store.deleteNode(id)
            }
        }
        var encoder = EventEncoder()
        var ends = [0]
        for event in list.events {
            event.encode(into: &encoder)
            ends.append(encoder.bytes.count)
        }
        let bytes = encoder.bytes.array()
        let symbols = SymbolTable(encoder.symbols.symbols)
        var replayed = GraphStore()
        for (start, end) in zip(ends, ends.dropFirst()) {
            try replayed.replay(Array(bytes[start..<end]), symbols)
        }
        #expect(replayed.image == store.image)
        #expect(Array(replayed.nodes) == Array(store.nodes))
        // Counts that went wrong would leave sets behind, or end the process.
        for id in Array(replayed.nodeIDs) { try replayed.deleteNode(id) }
        #expect(replayed.labelSets.labelCount <= labels.count)
    }
}
