// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// One thread changes a store and takes a view after each transaction, others read and drop older views.
struct ConcurrentViewTests {
    @Test func viewsStayWhatTheyWereWhileTheStoreGoesOn() async throws {
        let nodeCount = 700
        var store = try Self.store(nodeCount: nodeCount)
        var random = SplitMix64(seed: 11)
        let wrong = try await withThrowingTaskGroup(of: String?.self) { group in
            var wrong: [String] = []
            for version in 1...600 {
                let pair = (random.below(nodeCount), random.below(nodeCount))
                try Self.change(&store, version: version, pair)
                let view = store.view()
                group.addTask { Self.defect(of: view, version: version, pair) }
                // As many views live at once as a database has commits under way.
                if version > 64, let found = try await group.next(), let found {
                    wrong.append(found)
                }
            }
            for try await found in group { if let found { wrong.append(found) } }
            return wrong
        }
        #expect(wrong == [])
        #expect(try GraphStore(store.image).image == store.image)
    }

    private static func store(nodeCount: Int) throws -> GraphStore {
        var store = GraphStore()
        try store.createUniqueConstraint(label: "P", key: "name")
        try store.create(.index(label: "P", keys: ["version"]))
        for number in 0..<nodeCount {
            try store.createNode(
                labels: ["P"], properties: ["name": .int(Int64(number)), "version": 0])
        }
        return store
    }

    /// Gives two nodes the version, joins them, and replaces the node that the version before made.
    private static func change(
        _ store: inout GraphStore, version: Int, _ pair: (Int, Int)
    ) throws {
        try store.beginTransaction()
        for number in [pair.0, pair.1] {
            let id = NodeID(rawValue: UInt64(number))
            try store.setProperty("version", to: .int(Int64(version)), of: id)
        }
        try store.createRelationship(
            "R", from: NodeID(rawValue: UInt64(pair.0)), to: NodeID(rawValue: UInt64(pair.1)))
        let last = store.node(labeled: "P", "name", equals: .int(Int64(-version + 1)))
        if let last, version > 1 { try store.deleteNode(last) }
        try store.createNode(
            labels: ["P"], properties: ["name": .int(Int64(-version)), "version": -1])
        try store.commitTransaction()
    }

    /// What is not as it was when the view was taken.
    private static func defect(
        of view: GraphStore, version: Int, _ pair: (Int, Int)
    ) -> String? {
        let expected = pair.0 == pair.1 ? 1 : 2
        let bearers = view.nodes(labeled: "P", where: .equals(["version": .int(Int64(version))]))
        if Array(bearers).count != expected { return "\(version): the index" }
        if view.node(NodeID(rawValue: UInt64(pair.0)))?["version"] != .int(Int64(version)) {
            return "\(version): the property"
        }
        if view.node(labeled: "P", "name", equals: .int(Int64(-version))) == nil
            || view.node(labeled: "P", "name", equals: .int(Int64(-version + 1))) != nil
                && version > 1
        {
            return "\(version): the constraint"
        }
        let last = view.relationships(of: NodeID(rawValue: UInt64(pair.0)), direction: .outgoing)
            .max { $0.id < $1.id }
        if last?.to != NodeID(rawValue: UInt64(pair.1)) { return "\(version): the relationships" }
        if view.relationshipCount != version || Array(view.nodes(labeled: "P")).count != 701 {
            return "\(version): the counts"
        }
        return nil
    }
}
