// SPDX-License-Identifier: Apache-2.0

extension GraphReader {
    /// The weakly connected components: the largest sets of nodes within which every node can be reached
    /// from every other one, relationships taken in both directions.
    ///
    /// - Parameter types: Which types of relationships connect; nil means all.
    /// - Returns: Each component ascending; the components by their lowest node. Every node is in exactly
    ///   one.
    /// - Complexity: O(*n* + *m* log *n*) in the nodes and relationships of the graph, and close to
    ///   O(*n* + *m*); O(*n*) in memory.
    public func connectedComponents(types: Set<String>? = nil) -> [[NodeID]] {
        let nodes = Array(nodeIDs)
        var sets = DisjointSets(count: nodes.last.map { Int($0.rawValue) + 1 } ?? 0)
        for relationship in relationships where types?.contains(relationship.type) ?? true {
            sets.join(Int(relationship.from.rawValue), Int(relationship.to.rawValue))
        }
        return Self.gather(nodes) { sets.representative(of: Int($0.rawValue)) }
    }

    /// The strongly connected components: the largest sets of nodes within which every node can be
    /// reached from every other one along the direction of the relationships. One with several nodes is
    /// a knot of cycles.
    ///
    /// - Parameter types: Which types of relationships connect; nil means all.
    /// - Returns: Each component ascending; the components by their lowest node. Every node is in exactly
    ///   one.
    /// - Complexity: O(*n* + *m*) in the nodes and relationships of the graph, in time and memory (about
    ///   16 bytes for a relationship). It does not recurse.
    public func stronglyConnectedComponents(types: Set<String>? = nil) -> [[NodeID]] {
        var search = ComponentSearch(AdjacencyArray(self, .outgoing, types: types))
        search.run()
        return Self.gather(search.adjacency.nodes) { search.components[Int($0.rawValue)] }
    }

    /// Nodes that have the same number, together.
    private static func gather(_ nodes: [NodeID], by number: (NodeID) -> Int) -> [[NodeID]] {
        var places: [Int: Int] = [:]
        var components: [[NodeID]] = []
        for node in nodes {
            let number = number(node)
            if let place = places[number] {
                components[place].append(node)
            } else {
                places[number] = components.count
                components.append([node])
            }
        }
        return components
    }
}

/// Sets of numbers that can be joined.
private struct DisjointSets {
    private var parents: [Int]
    private var sizes: [Int]

    init(count: Int) {
        parents = Array(0..<count)
        sizes = [Int](repeating: 1, count: count)
    }

    /// A number that is the same for all members of a set.
    mutating func representative(of member: Int) -> Int {
        var member = member
        while parents[member] != member {
            parents[member] = parents[parents[member]]
            member = parents[member]
        }
        return member
    }

    mutating func join(_ left: Int, _ right: Int) {
        let left = representative(of: left)
        let right = representative(of: right)
        guard left != right else { return }
        let (small, large) = sizes[left] < sizes[right] ? (left, right) : (right, left)
        parents[small] = large
        sizes[large] += sizes[small]
    }
}

/// Tarjan's search for strongly connected components (R. Tarjan, "Depth-first search and linear graph
/// algorithms", 1972), with a stack of its own instead of recursion.
private struct ComponentSearch {
    let adjacency: AdjacencyArray
    /// By slot, the number of the component.
    private(set) var components: [Int]
    /// By slot, when the node was entered; -1 before.
    private var entered: [Int]
    /// By slot, the earliest node of the open component that is known to be reached from it.
    private var lowest: [Int]
    private var isOpen: [Bool]
    private var open: [Int] = []
    private var calls: [(slot: Int, next: Int)] = []
    private var time = 0
    private var componentCount = 0

    init(_ adjacency: AdjacencyArray) {
        self.adjacency = adjacency
        components = [Int](repeating: 0, count: adjacency.slotCount)
        entered = [Int](repeating: -1, count: adjacency.slotCount)
        lowest = entered
        isOpen = [Bool](repeating: false, count: adjacency.slotCount)
    }

    mutating func run() {
        for node in adjacency.nodes where entered[Int(node.rawValue)] < 0 {
            enter(Int(node.rawValue))
            while let call = calls.last { step(call.slot, call.next) }
        }
    }

    private mutating func enter(_ slot: Int) {
        entered[slot] = time
        lowest[slot] = time
        time += 1
        isOpen[slot] = true
        open.append(slot)
        calls.append((slot, adjacency.range(of: slot).lowerBound))
    }

    private mutating func step(_ slot: Int, _ next: Int) {
        guard next < adjacency.range(of: slot).upperBound else { return leave(slot) }
        calls[calls.count - 1].next += 1
        let target = adjacency[next].to
        if entered[target] < 0 {
            enter(target)
        } else if isOpen[target] {
            lowest[slot] = min(lowest[slot], entered[target])
        }
    }

    private mutating func leave(_ slot: Int) {
        calls.removeLast()
        if let caller = calls.last?.slot { lowest[caller] = min(lowest[caller], lowest[slot]) }
        guard lowest[slot] == entered[slot] else { return }
        while let member = open.popLast() {
            isOpen[member] = false
            components[member] = componentCount
            if member == slot { break }
        }
        componentCount += 1
    }
}
