// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

struct TraversalTests {
    /// A graph of nodes 0 to `count` - 1 with relationships of type "to", numbered in their order.
    private func graph(_ count: Int, _ ends: [(UInt64, UInt64)]) throws -> GraphStore {
        var store = GraphStore()
        for _ in 0..<count { try store.createNode() }
        for (from, to) in ends {
            try store.createRelationship(
                "to", from: NodeID(rawValue: from), to: NodeID(rawValue: to))
        }
        return store
    }

    private func ids(_ numbers: UInt64...) -> [NodeID] { numbers.map(NodeID.init(rawValue:)) }

    private let zero = NodeID(rawValue: 0)
    private let absent = NodeID(rawValue: 99)

    @Test func breadthFirstGoesLevelByLevel() throws {
        let graph = try graph(6, [(0, 3), (0, 1), (1, 2), (3, 4), (4, 0), (2, 5)])
        let visits = Array(graph.breadthFirst(from: zero))
        #expect(visits.map(\.node) == ids(0, 3, 1, 4, 2, 5))
        #expect(visits.map(\.depth) == [0, 1, 1, 2, 2, 3])
        #expect(visits.map { $0.relationship?.rawValue } == [nil, 0, 1, 3, 2, 5])
    }

    @Test func depthFirstGoesToTheEndOfEachWay() throws {
        let graph = try graph(6, [(0, 3), (0, 1), (1, 2), (3, 4), (4, 0), (2, 5)])
        let visits = Array(graph.depthFirst(from: zero))
        #expect(visits.map(\.node) == ids(0, 3, 4, 1, 2, 5))
        #expect(visits.map(\.depth) == [0, 1, 2, 1, 2, 3])
    }

    @Test func depthFirstWithinALimitFindsTheShorterWay() throws {
        // The way through 1 and 2 comes first and meets 3 at the limit; the direct one leads on to 4.
        let graph = try graph(5, [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4)])
        let visits = Array(graph.depthFirst(from: zero, depthMax: 3))
        #expect(visits.map(\.node) == ids(0, 1, 2, 3, 4))
        #expect(visits.map(\.depth) == [0, 1, 2, 3, 2])
    }

    @Test func anAbsentNodeLeadsNowhere() throws {
        let graph = try graph(2, [(0, 1)])
        #expect(Array(graph.breadthFirst(from: absent)).isEmpty)
        #expect(Array(graph.depthFirst(from: absent)).isEmpty)
        #expect(graph.shortestPath(from: absent, to: zero) == nil)
        #expect(graph.shortestPath(from: zero, to: absent) == nil)
        #expect(try graph.shortestPath(from: zero, to: absent, weightedBy: "w") == nil)
        #expect(Array(graph.neighbors(of: absent)) == [])
        #expect(graph.degree(of: absent, direction: .both, types: ["to"]) == 0)
    }

    @Test func theEmptyGraphHasNothing() {
        let graph = GraphStore()
        #expect(graph.connectedComponents() == [])
        #expect(graph.stronglyConnectedComponents() == [])
        #expect(graph.topologicalOrder() == .ordered([]))
    }

    @Test func aPathFromANodeToItselfIsEmpty() throws {
        let graph = try graph(2, [(0, 0), (0, 1)])
        let path = try #require(graph.shortestPath(from: zero, to: zero))
        #expect(path == GraphPath(nodes: [zero], relationships: []))
        #expect(!path.isCycle)
        #expect("\(path)" == "0")
        let step = try #require(graph.shortestPath(from: zero, to: NodeID(rawValue: 1)))
        #expect("\(step)" == "0 -[1]- 1")
    }

    @Test func aLoopIsACycleOfOne() throws {
        let graph = try graph(3, [(0, 1), (2, 2)])
        let two = NodeID(rawValue: 2)
        let loop = GraphPath(nodes: [two, two], relationships: [RelationshipID(rawValue: 1)])
        #expect(graph.topologicalOrder() == .cyclic(loop))
    }

    @Test func aCycleIsReportedFromItsLowestNode() throws {
        let graph = try graph(5, [(0, 3), (3, 4), (4, 1), (1, 3), (4, 2)])
        let cycle = GraphPath(
            nodes: ids(1, 3, 4, 1), relationships: [3, 1, 2].map(RelationshipID.init(rawValue:)))
        #expect(graph.topologicalOrder() == .cyclic(cycle))
        #expect(graph.stronglyConnectedComponents() == [ids(0), ids(1, 3, 4), ids(2)])
    }

    @Test func theOrderFollowsTheDirection() throws {
        let graph = try graph(3, [(0, 2), (2, 1)])
        #expect(graph.topologicalOrder() == .ordered(ids(0, 2, 1)))
        #expect(graph.topologicalOrder(direction: .incoming) == .ordered(ids(1, 2, 0)))
    }

    @Test func weightsDecide() throws {
        var graph = try graph(3, [(0, 2), (0, 1), (1, 2)])
        let weights: [Value] = [5, 1.5, 2]
        for (id, weight) in weights.enumerated() {
            try graph.setProperty(
                "km", to: weight, of: RelationshipID(rawValue: UInt64(id)))
        }
        let two = NodeID(rawValue: 2)
        let found = try graph.shortestPath(from: zero, to: two, weightedBy: "km")
        #expect(found?.path.nodes == ids(0, 1, 2))
        #expect(found?.weight == 3.5)
        #expect(graph.shortestPath(from: zero, to: two)?.nodes == ids(0, 2))
    }

    @Test(
        arguments: [
            (nil, TraversalError.Code.weightMissing), ("heavy", .weightNotNumeric),
            (.double(.nan), .weightNotNumeric), (-1, .weightNegative), (-0.5, .weightNegative),
        ] as [(Value?, TraversalError.Code)])
    func aPropertyThatIsNoWeightIsAnError(value: Value?, code: TraversalError.Code) throws {
        var graph = try graph(2, [(0, 1)])
        let step = RelationshipID(rawValue: 0)
        if let value { try graph.setProperty("km", to: value, of: step) }
        let error = #expect(throws: TraversalError.self) {
            try graph.shortestPath(from: zero, to: NodeID(rawValue: 1), weightedBy: "km")
        }
        #expect(
            error == TraversalError(code: code, relationshipID: step, key: "km", value: value))
        #expect(error?.description.contains("relationship 0") == true)
    }

    @Test func aMissingWeightCanHaveADefault() throws {
        let graph = try graph(3, [(0, 1), (1, 2)])
        let found = try graph.shortestPath(
            from: zero, to: NodeID(rawValue: 2), weightedBy: "km", missing: 2)
        #expect(found?.weight == 4)
    }

    @Test func minusZeroIsAWeightAndInfinityLeadsNowhere() throws {
        var graph = try graph(3, [(0, 1), (1, 2)])
        try graph.setProperty("km", to: -0.0, of: RelationshipID(rawValue: 0))
        try graph.setProperty("km", to: .double(.infinity), of: RelationshipID(rawValue: 1))
        let one = NodeID(rawValue: 1)
        #expect(try graph.shortestPath(from: zero, to: one, weightedBy: "km")?.weight == 0)
        #expect(
            try graph.shortestPath(from: zero, to: NodeID(rawValue: 2), weightedBy: "km") == nil)
    }

    @Test func aChainOf100_000NodesNeedsNoStack() throws {
        let count = 100_000
        var graph = try graph(count, [])
        for from in 0..<count {
            try graph.createRelationship(
                "to", from: NodeID(rawValue: UInt64(from)),
                to: NodeID(rawValue: UInt64((from + 1) % count)))
        }
        #expect(graph.stronglyConnectedComponents().map(\.count) == [count])
        #expect(graph.connectedComponents().map(\.count) == [count])
        #expect(graph.depthFirst(from: zero).reduce(0) { max($0, $1.depth) } == count - 1)
        guard case .cyclic(let cycle) = graph.topologicalOrder() else {
            Issue.record("a ring is a cycle")
            return
        }
        #expect(cycle.length == count)
        try graph.deleteRelationship(RelationshipID(rawValue: UInt64(count - 1)))
        #expect(graph.stronglyConnectedComponents().count == count)
        #expect(graph.topologicalOrder() == .ordered(Array(graph.nodeIDs)))
        let path = graph.shortestPath(from: zero, to: NodeID(rawValue: UInt64(count - 1)))
        #expect(path?.length == count - 1)
    }
}
