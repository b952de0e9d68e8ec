// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// For each row of the input the nodes with a value of a property that no index knows: all nodes are looked at once, and
/// kept by their values.
final class HashSeekOperator: InputOperator {
    private let slot: Int
    /// The label of the nodes; nil for all.
    private let label: Int?
    private let key: Int
    private let value: Evaluator
    private var table: [QueryValue: [UInt32]]?
    private var heldCount = 0
    @exclusivity(unchecked) private var found: [UInt32] = []
    @exclusivity(unchecked) private var index = 0

    init(_ input: Operator, slot: Int, label: Int?, key: Int, value: @escaping Evaluator) {
        self.slot = slot
        self.label = label
        self.key = key
        self.value = value
        super.init(input)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        found = []
        index = 0
        // A statement that writes may have changed the graph since.
        if execution.plan.isWriting {
            table = nil
            execution.letGo(heldCount)
            heldCount = 0
        }
        try input.open(execution)
    }

    override func next(_ execution: Execution) throws(QueryError) -> Bool {
        while true {
            if index < found.count {
                try execution.tick()
                execution.row[slot] = .node(number: found[index])
                index += 1
                return true
            }
            guard try input.next(execution) else { return false }
            let wanted = try value(execution)
            index = 0
            if table == nil { table = try build(execution) }
            found = wanted.isNull ? [] : table?[wanted] ?? []
        }
    }

    private func build(_ execution: Execution) throws(QueryError) -> [QueryValue: [UInt32]] {
        var table: [QueryValue: [UInt32]] = [:]
        guard let key = execution.key(key) else { return table }
        func add(_ node: UInt32) throws(QueryError) {
            guard let value = execution.graph.property(key, ofNode: node).value else {
                return
            }
            heldCount += 2
            try execution.hold(2)
            table[QueryValue(value), default: []].append(node)
        }
        guard let label else {
            for node in 0..<execution.graph.nodeSlotCount where execution.graph.hasNode(node) {
                try add(node)
            }
            return table
        }
        guard let number = execution.label(label) else { return table }
        var nodes = execution.graph.members(ofLabel: number)
        while let node = nodes.next() { try add(node) }
        return table
    }
}
