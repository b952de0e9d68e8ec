// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

/// Each algorithm against the dullest one that gives the same answer, on many small graphs.
struct RandomGraphTests {
    private static let seeds: ClosedRange<UInt64> = 1...400

    private func forEachGraph(_ body: (RandomGraph, Comment) throws -> Void) throws {
        for seed in Self.seeds { try body(try RandomGraph(seed: seed), "seed \(seed)") }
    }

    @Test func neighborsAndDegrees() throws {
        try forEachGraph { graph, seed in
            for node in graph.nodes {
                let steps = graph.steps(from: node, graph.direction)
                let neighbors = graph.store.neighbors(
                    of: node, direction: graph.direction, types: graph.types)
                #expect(neighbors.sorted() == Set(steps.map(\.to)).sorted(), seed)
                let degree = graph.store.degree(
                    of: node, direction: graph.direction, types: graph.types)
                #expect(degree == steps.count, seed)
            }
        }
    }

    @Test func breadthFirstReachesEveryNodeAtItsLeastDepth() throws {
        try forEachGraph { graph, seed in
            for start in graph.nodes {
                let distances = graph.distances(from: start, graph.direction) { _ in 1 }
                for limit in [0, 1, 2, Int.max] {
                    let visits = Array(
                        graph.store.breadthFirst(
                            from: start, direction: graph.direction, types: graph.types,
                            depthMax: limit))
                    let found = visits.map { ($0.node, $0.depth) }
                    let expected = distances.filter { $0.value <= limit }
                    #expect(Dictionary(found, uniquingKeysWith: { _, _ in -1 }) == expected, seed)
                    #expect(visits.map(\.depth) == visits.map(\.depth).sorted(), seed)
                }
            }
        }
    }

    @Test func depthFirstReachesTheSameNodesThroughThoseBefore() throws {
        try forEachGraph { graph, seed in
            for start in graph.nodes {
                let distances = graph.distances(from: start, graph.direction) { _ in 1 }
                for limit in [0, 1, 2, 3, Int.max] {
                    let visits = Array(
                        graph.store.depthFirst(
                            from: start, direction: graph.direction, types: graph.types,
                            depthMax: limit))
                    #expect(Set(visits.map(\.node)).count == visits.count, seed)
                    let expected = distances.filter { $0.value <= limit }.keys
                    #expect(Set(visits.map(\.node)) == Set(expected), seed)
                    var seen: Set<NodeID> = [start]
                    for visit in visits.dropFirst() {
                        let id = try #require(visit.relationship)
                        let relationship = try #require(graph.store.relationship(id))
                        #expect(seen.contains(relationship.other(than: visit.node)), seed)
                        seen.insert(visit.node)
                    }
                }
            }
        }
    }

    @Test func shortestPaths() throws {
        try forEachGraph { graph, seed in
            for start in graph.nodes {
                let hops = graph.distances(from: start, graph.direction) { _ in 1 }
                let weights = graph.distances(from: start, graph.direction, \.weight)
                for end in graph.nodes {
                    let path = graph.store.shortestPath(
                        from: start, to: end, direction: graph.direction, types: graph.types)
                    #expect(path?.length == hops[end], seed)
                    let weighted = try graph.store.shortestPath(
                        from: start, to: end, weightedBy: "weight", direction: graph.direction,
                        types: graph.types)
                    #expect(weighted?.weight == weights[end].map(Double.init), seed)
                    for path in [path, weighted?.path].compactMap(\.self) {
                        #expect(path.start == start && path.end == end, seed)
                        #expect(graph.holds(path, graph.direction), seed)
                    }
                    let sum = weighted?.path.relationships.reduce(0) {
                        $0 + (graph.store.relationship($1)?.weight ?? 0)
                    }
                    #expect(sum == weights[end], seed)
                }
            }
        }
    }

    @Test func components() throws {
        try forEachGraph { graph, seed in
            let both = graph.nodes.map { Set(graph.distances(from: $0, .both) { _ in 1 }.keys) }
            let weak = graph.store.connectedComponents(types: graph.types)
            #expect(weak == gather(graph.nodes) { both[$0].contains(graph.nodes[$1]) }, seed)
            let along = graph.nodes.map {
                Set(graph.distances(from: $0, .outgoing) { _ in 1 }.keys)
            }
            let strong = graph.store.stronglyConnectedComponents(types: graph.types)
            let expected = gather(graph.nodes) {
                along[$0].contains(graph.nodes[$1]) && along[$1].contains(graph.nodes[$0])
            }
            #expect(strong == expected, seed)
        }
    }

    /// The classes of an equivalence between nodes, given by their places.
    private func gather(_ nodes: [NodeID], _ areTogether: (Int, Int) -> Bool) -> [[NodeID]] {
        var classes: [[Int]] = []
        for place in nodes.indices {
            if let index = classes.firstIndex(where: { areTogether($0[0], place) }) {
                classes[index].append(place)
            } else {
                classes.append([place])
            }
        }
        return classes.map { $0.map { nodes[$0] } }
    }

    @Test func topologicalOrderIsTheLeastOneOrThereIsACycle() throws {
        var counts = (ordered: 0, cyclic: 0)
        try forEachGraph { graph, seed in
            let result = graph.store.topologicalOrder(
                direction: graph.direction, types: graph.types)
            switch result {
            case .ordered(let order):
                counts.ordered += 1
                #expect(order == leastOrder(graph), seed)
            case .cyclic(let cycle):
                counts.cyclic += 1
                #expect(leastOrder(graph) == nil, seed)
                #expect(cycle.isCycle && graph.holds(cycle, graph.direction), seed)
                #expect(cycle.nodes.min() == cycle.start, seed)
                #expect(Set(cycle.nodes).count == cycle.length, seed)
            }
        }
        #expect(counts.ordered > 60 && counts.cyclic > 60)
    }

    /// Takes again and again the lowest node that no remaining one leads to.
    private func leastOrder(_ graph: RandomGraph) -> [NodeID]? {
        var remaining = graph.nodes
        var order: [NodeID] = []
        while !remaining.isEmpty {
            let blocked = Set(
                remaining.flatMap { graph.steps(from: $0, graph.direction).map(\.to) })
            guard let next = remaining.first(where: { !blocked.contains($0) }) else { return nil }
            order.append(next)
            remaining.removeAll { $0 == next }
        }
        return order
    }
}
