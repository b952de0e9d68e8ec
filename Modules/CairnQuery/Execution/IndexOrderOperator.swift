// SPDX-License-Identifier: Apache-2.0
//
// An index has the order of values that a store keeps, the language has another one of kinds: values that it has no
// literals for and times, then texts, truth values, numbers, null. So the nodes come kind by kind. Within texts, truth
// values and numbers both orders are the same, and nodes come as the index has them, one by one. Those with values of other
// kinds, of which there are few as a rule, are sorted; those without a value are looked for among all nodes with the label,
// if there are any.

internal import CairnGraph

/// Where nodes are found in the order of a property.
struct IndexOrder: Sendable {
    let label: Int
    /// The keys that an index begins with, and the values that the nodes have of them.
    let values: [(key: Int, value: Evaluator)]
    /// Finds the nodes with these values, in any order; nil without such.
    let lookup: LookupOperator.Lookup?
    /// The property that the rows are in the order of.
    let key: Int
    let keyName: String
    let isDescending: Bool
    /// The range in which the property is; nil for all nodes.
    let bounds: IndexRange?
}

/// The nodes with a label in the order of a property, for an input of one row.
final class IndexOrderOperator: NodeBlockOperator {
    private enum Part {
        case walk(NodeOrderNumbers)
        /// The rest of some nodes.
        case list(ArraySlice<UInt32>)
        /// Those without a value.
        case missing(NodeNumbers)
    }

    private let order: IndexOrder
    /// The remaining entries, the next one last.
    @exclusivity(unchecked) private var parts: [Part] = []
    private let cells = CellColumns()

    init(_ input: Operator, slot: Int, _ order: IndexOrder) {
        self.order = order
        super.init(input, slot: slot)
    }

    override func open(_ execution: Execution) throws(QueryError) {
        parts = []
        try super.open(execution)
    }

    override func nextBlock(
        _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while true {
            while let part = parts.popLast() {
                try execution.tick()
                if let rest = try take(part, &nodes, upTo: count, execution) { parts.append(rest) }
                if !nodes.isEmpty { return true }
            }
            guard try input.next(execution) else { return false }
            parts = try begin(execution)
            if order.isDescending { parts.reverse() }
            parts.reverse()
        }
    }

    /// Takes nodes of a part; returns what is left of it.
    private func take(
        _ part: Part, _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Part? {
        switch part {
        case .walk(var numbers):
            numbers.next(upTo: count, &nodes)
            return nodes.count < count ? nil : .walk(numbers)
        case .list(let list):
            nodes.removeAll(keepingCapacity: true)
            nodes.append(contentsOf: list.prefix(count))
            return list.count > count ? .list(list.dropFirst(count)) : nil
        case .missing(var numbers):
            numbers.next(upTo: count, &nodes)
            let isLast = nodes.count < count
            try execution.tick(nodes.count)
            cells.read([order.key], of: nodes, execution)
            var kept = 0
            for index in nodes.indices where cells.cell(0, index).isNone {
                nodes[kept] = nodes[index]
                kept += 1
            }
            nodes.removeSubrange(kept...)
            return isLast ? nil : .missing(numbers)
        }
    }

    /// The parts in ascending order.
    private func begin(_ execution: Execution) throws(QueryError) -> [Part] {
        guard let label = execution.label(order.label) else { return [] }
        let all = execution.graph.members(ofLabel: label)
        var values: [(key: UInt32, value: Value)] = []
        for (key, evaluator) in order.values {
            // A number may be stored in several forms, which are in several places of the index.
            let forms = try evaluator(execution).storedForms
            guard let key = execution.key(key), forms.count == 1 else {
                return try sorted(try candidates(label, execution), execution)
            }
            values.append((key, forms[0]))
        }
        guard let key = execution.key(order.key),
            let index = execution.store.order(ofLabel: label, values, by: key)
        else { return try sorted(try candidates(label, execution), execution) }
        let isDescending = order.isDescending
        if let bounds = order.bounds {
            guard let range = try bounds.predicate(order.keyName, execution) else { return [] }
            let numbers = index.nodes(where: range.predicate, descending: isDescending)
            return range.isOrdered ? [.walk(numbers)] : try sorted(Array(numbers), execution)
        }
        var parts = try sorted(
            Array(index.nodes(.other, descending: isDescending)), execution)
        for kind in [NodeOrder.Kind.string, .bool, .number] {
            parts.append(.walk(index.nodes(kind, descending: isDescending)))
        }
        if values.isEmpty {
            let count = execution.store.nodeCount(withLabel: label)
            if index.count < count { parts.append(.missing(all)) }
        } else {
            parts.append(.walk(index.nodes(.missing, descending: isDescending)))
        }
        return parts
    }

    /// All nodes that may be meant; those that are not are left out by the conditions.
    private func candidates(
        _ label: UInt32, _ execution: Execution
    ) throws(QueryError) -> [UInt32] {
        if let lookup = order.lookup {
            return try lookup(execution).map { UInt32(truncatingIfNeeded: $0.rawValue) }
        }
        var nodes: [UInt32] = []
        var members = execution.graph.members(ofLabel: label)
        while let node = members.next() {
            try execution.tick()
            nodes.append(node)
        }
        return nodes
    }

    private func sorted(
        _ nodes: [UInt32], _ execution: Execution
    ) throws(QueryError) -> [Part] {
        guard !nodes.isEmpty else { return [] }
        try execution.reserve(nodes.count * 2)
        var values: [(value: QueryValue, node: UInt32)] = []
        let key = execution.key(order.key)
        for node in nodes {
            let packed = key.map { execution.graph.property($0, ofNode: node) } ?? .none
            values.append((QueryValue(packed), node))
        }
        let wanted: Order = order.isDescending ? .after : .before
        values.sort { $0.value.order($1.value) == wanted }
        return [.list(ArraySlice(values.map(\.node)))]
    }
}
