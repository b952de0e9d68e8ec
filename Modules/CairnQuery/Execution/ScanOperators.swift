// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// For each row of the input all nodes.
final class AllNodesOperator: NodeBlockOperator {
    @exclusivity(unchecked) private var node: UInt32 = 0
    @exclusivity(unchecked) private var isActive = false

    override func open(_ execution: Execution) throws(QueryError) {
        isActive = false
        try super.open(execution)
    }

    override func nextBlock(
        _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        nodes.removeAll(keepingCapacity: true)
        while true {
            if !isActive {
                guard try input.next(execution) else { return false }
                isActive = true
                node = 0
            }
            let end = execution.graph.nodeSlotCount
            while node < end, nodes.count < count {
                if execution.graph.hasNode(node) { nodes.append(node) }
                node += 1
                try execution.tick()
            }
            if !nodes.isEmpty { return true }
            isActive = false
        }
    }
}

/// For each row of the input all nodes with a label.
final class LabelOperator: NodeBlockOperator {
    private let label: Int
    @exclusivity(unchecked) private var members: NodeNumbers?

    init(_ input: Operator, slot: Int, label: Int) {
        self.label = label
        super.init(input, slot: slot)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        members = nil
        try super.open(execution)
    }

    override func nextBlock(
        _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while true {
            if members != nil {
                members?.next(upTo: count, &nodes)
                if !nodes.isEmpty { return true }
                members = nil
            }
            guard try input.next(execution) else { return false }
            try execution.tick()
            members = execution.label(label).map { execution.graph.members(ofLabel: $0) }
        }
    }
}

/// For each row of the input the nodes that a look-up gives.
final class LookupOperator: NodeBlockOperator {
    /// Gives the numbers of nodes, or relationships.
    typealias Lookup = @Sendable (Execution) throws(QueryError) -> [UInt32]

    private let lookup: Lookup
    @exclusivity(unchecked) private var found: [UInt32] = []
    @exclusivity(unchecked) private var place = 0

    init(_ input: Operator, slot: Int, lookup: @escaping Lookup) {
        self.lookup = lookup
        super.init(input, slot: slot)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        found = []
        place = 0
        try super.open(execution)
    }

    override func nextBlock(
        _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        nodes.removeAll(keepingCapacity: true)
        while place == found.count {
            guard try input.next(execution) else { return false }
            try execution.tick()
            found = try lookup(execution)
            place = 0
        }
        let end = min(place + count, found.count)
        nodes.append(contentsOf: found[place..<end])
        place = end
        return true
    }
}
