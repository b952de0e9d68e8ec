// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnGraph
import CairnTesting
import Testing

/// Graphs that are loaded by two threads.
struct LargeSnapshotTests {
    @Test(arguments: [1 << 10, 1 << 14])
    func whatIsLoadedIsTheGraph(nodeCount: Int) throws {
        var random = SplitMix64(seed: 5)
        var graph = GraphStore()
        for number in 0..<nodeCount {
            try graph.createNode(
                labels: number % 3 == 0 ? ["A"] : ["B"],
                properties: ["number": .int(Int64(number))])
        }
        func end() -> NodeID { NodeID(rawValue: random.next() % UInt64(nodeCount)) }
        for number in 0..<nodeCount + nodeCount / 4 {
            let from = end()
            try graph.createRelationship(
                number % 2 == 0 ? "R" : "S", from: from, to: number % 50 == 0 ? from : end())
        }
        for _ in 0..<nodeCount / 8 {
            _ = try? graph.deleteRelationship(
                RelationshipID(rawValue: random.next() % UInt64(nodeCount)))
        }
        let loaded = try GraphStore(graph.image, recordCountMax: 100)
        #expect(loaded.image == graph.image)
        for id in graph.nodeIDs {
            for direction in [Direction.outgoing, .incoming, .both] {
                #expect(
                    Array(loaded.relationships(of: id, direction: direction).map(\.id))
                        == Array(graph.relationships(of: id, direction: direction).map(\.id)))
            }
        }
    }
}
