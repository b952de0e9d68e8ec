// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

/// Single facts are those that a whole node or relationship has, in graphs of many chunks.
struct FactTests {
    private static let keys = ["a", "b", "c", "d", "e"]

    /// Values of all kinds, in several combinations of keys.
    private func graph(_ count: Int) throws -> GraphStore {
        let values: [Value] = [
            1, 2.5, 0.1, "text", true, false, ["a", nil], .bytes([1, 2]), ["k": 1], "", .int(.max),
        ]
        var graph = GraphStore()
        var ids: [NodeID] = []
        for number in 0..<count {
            var properties: Properties = [:]
            for (place, key) in Self.keys.enumerated() where (number >> place) & 1 == 0 {
                properties[key] = values[(number + place) % values.count]
            }
            ids.append(
                try graph.createNode(
                    labels: number.isMultiple(of: 3) ? ["A"] : ["A", "B"], properties: properties))
        }
        for number in ids.indices {
            try graph.createRelationship(
                number.isMultiple(of: 2) ? "R" : "S", from: ids[number], to: ids[number / 2],
                properties: ["a": .int(Int64(number))])
        }
        return graph
    }

    @Test func propertiesAreThoseOfTheWhole() throws {
        var graph = try graph(3000)
        for round in 0..<2 {
            for node in graph.nodes {
                for key in Self.keys + ["none"] {
                    #expect(graph.property(key, of: node.id) == node[key], "\(node.id) \(key)")
                }
                #expect(graph.hasLabel("B", node.id) == node.labels.contains("B"))
            }
            for relationship in graph.relationships {
                #expect(graph.property("a", of: relationship.id) == relationship["a"])
            }
            guard round == 0 else { break }
            for number in stride(from: 0, to: 3000, by: 7) {
                let id = NodeID(rawValue: UInt64(number))
                try graph.setProperty("c", to: .string("other \(number)"), of: id)
            }
        }
        #expect(graph.property("a", of: NodeID(rawValue: 3000)) == nil)
        #expect(!graph.hasLabel("A", NodeID(rawValue: 3000)))
    }

    @Test func degreesByTypeAreCounted() throws {
        let graph = try graph(500)
        for node in graph.nodeIDs {
            for direction in [Direction.outgoing, .incoming, .both] {
                for types in [["R"], ["R", "S"], ["none"], []] as [Set<String>] {
                    let found = Array(
                        graph.relationships(of: node, direction: direction, types: types))
                    #expect(
                        graph.degree(of: node, direction: direction, types: types) == found.count)
                }
            }
        }
    }
}
