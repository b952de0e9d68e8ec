// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// For each row of the input all nodes.
final class AllNodesOperator: InputOperator {
    private let slot: Int
    @exclusivity(unchecked) private var node: UInt32 = 0
    @exclusivity(unchecked) private var isActive = false

    init(_ input: Operator, slot: Int) {
        self.slot = slot
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        isActive = false
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if !isActive {
                guard try input.next(execution) else { return false }
                isActive = true
                node = 0
            }
            while node < execution.graph.nodeSlotCount {
                try execution.tick()
                let number = node
                node += 1
                guard execution.graph.hasNode(number) else { continue }
                execution.row[slot] = .node(number: number)
                return true
            }
            isActive = false
        }
    }
}

/// For each row of the input all nodes with a label.
final class LabelOperator: InputOperator {
    private let slot: Int
    private let label: Int
    @exclusivity(unchecked) private var nodes: NodeNumbers?
    @exclusivity(unchecked) private var numbers: [UInt32] = []
    @exclusivity(unchecked) private var index = 0

    /// How many nodes are taken at a time.
    private static let countMax = 64

    init(_ input: Operator, slot: Int, label: Int) {
        self.slot = slot
        self.label = label
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        nodes = nil
        numbers = []
        index = 0
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if index < numbers.count {
                try execution.tick()
                execution.row[slot] = .node(number: numbers[index])
                index += 1
                return true
            }
            nodes?.next(upTo: Self.countMax, &numbers)
            index = 0
            if nodes != nil, !numbers.isEmpty { continue }
            numbers = []
            guard try input.next(execution) else { return false }
            nodes = execution.label(label).map { execution.graph.members(ofLabel: $0) }
        }
    }
}

/// For each row of the input the nodes that a look-up gives.
final class LookupOperator: InputOperator {
    typealias Lookup = @Sendable (Execution) throws(QueryError) -> [NodeID]

    private let slot: Int
    private let lookup: Lookup
    @exclusivity(unchecked) private var nodes: [NodeID] = []
    @exclusivity(unchecked) private var index = 0

    init(_ input: Operator, slot: Int, lookup: @escaping Lookup) {
        self.slot = slot
        self.lookup = lookup
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        nodes = []
        index = 0
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if index < nodes.count {
                try execution.tick()
                execution.row[slot] = .node(nodes[index])
                index += 1
                return true
            }
            guard try input.next(execution) else { return false }
            nodes = try lookup(execution)
            index = 0
        }
    }
}
