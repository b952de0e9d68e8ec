// SPDX-License-Identifier: Apache-2.0

import CAllocationMeter
import Testing

@testable import CairnGraph

/// What a mutation allocates behind a view is what it copies. It must not grow with the graph: a list of
/// anything that is as long as the graph has parts would show here.
@Suite(.enabled(if: meter_works()))
struct ViewCostTests {
    /// The mutations that are measured, each on a node or a relationship with this number.
    private static let mutations: [(name: String, byteCountMax: Int64, perform: Mutation)] = [
        (
            "create a node", 16_000,
            { store, number in
                try store.createNode(labels: ["P"], properties: properties(10_000_000 + number))
            }
        ),
        (
            "set a property", 16_000,
            { store, number in
                try store.setProperty("size", to: .int(-1), of: NodeID(rawValue: UInt64(number)))
            }
        ),
        (
            "add a label", 16_000,
            { store, number in
                try store.addLabel("Q", to: NodeID(rawValue: UInt64(number)))
            }
        ),
        (
            "create a relationship", 28_000,
            { store, number in
                let id = NodeID(rawValue: UInt64(number))
                try store.createRelationship("R", from: id, to: NodeID(rawValue: 1))
            }
        ),
        (
            "delete a relationship", 32_000,
            { store, number in
                try store.deleteRelationship(RelationshipID(rawValue: UInt64(number)))
            }
        ),
        (
            "delete a node", 48_000,
            { store, number in
                try store.deleteNode(NodeID(rawValue: UInt64(number)), detach: true)
            }
        ),
    ]

    private typealias Mutation = @Sendable (inout GraphStore, Int) throws -> Void

    @Test func whatAMutationCopiesDoesNotGrowWithTheGraph() throws {
        let small = try Self.store(nodeCount: 1000)
        let large = try Self.store(nodeCount: 100_000)
        for mutation in Self.mutations {
            let few = try Self.copiedByteCount(small, 1000, mutation.perform)
            let many = try Self.copiedByteCount(large, 100_000, mutation.perform)
            print(mutation.name, few, many)
            #expect(few > 100, "\(mutation.name): nothing was measured")
            // Two more levels of each tree, and fuller nodes.
            #expect(many < 2 * few, "\(mutation.name): \(few), then \(many) bytes")
            #expect(many < mutation.byteCountMax, "\(mutation.name): \(many) bytes")
        }
    }

    /// The most bytes that one mutation allocates right after a view was taken.
    private static func copiedByteCount(
        _ base: GraphStore, _ nodeCount: Int, _ perform: Mutation
    ) throws -> Int64 {
        // What exists once for the whole program: the runtime makes types when they are met first.
        var first = base.view()
        try perform(&first, nodeCount / 20)
        var most: Int64 = 0
        for place in 1..<20 {
            var store = base.view()
            // What exists once for the whole store, whatever comes.
            try store.setProperty("size", to: .int(-2), of: NodeID(rawValue: 0))
            let view = store.view()
            meter_begin()
            try perform(&store, nodeCount / 20 * place)
            most = max(most, meter_end())
            #expect(view.nodeCount == nodeCount)
        }
        return most
    }

    private static func store(nodeCount: Int) throws -> GraphStore {
        var store = GraphStore()
        try store.createUniqueConstraint(label: "P", key: "name")
        try store.create(.index(label: "P", keys: ["size"]))
        for number in 0..<nodeCount {
            try store.createNode(labels: ["P"], properties: properties(number))
        }
        try store.addLabel("Q", to: NodeID(rawValue: 0))
        // Each node has one relationship to another one, far away, and one from another.
        for number in 0..<nodeCount {
            try store.createRelationship(
                "R", from: NodeID(rawValue: UInt64(number)),
                to: NodeID(rawValue: UInt64((number * 7919 + 13) % nodeCount)))
        }
        return store
    }

    private static func properties(_ number: Int) -> Properties {
        // In no order, so that leaves of the index are as full as they usually are.
        let size = Int64(truncatingIfNeeded: number &* 7919 % 1_000_003)
        return ["name": .string("name \(number)"), "size": .int(size)]
    }
}
