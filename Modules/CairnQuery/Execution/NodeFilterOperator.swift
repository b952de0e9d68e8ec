// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// A condition on the nodes of a block, whose other side is the same for all of them.
struct NodeTest: Sendable {
    enum Kind: Sendable {
        /// All of some labels.
        case labels([Int])
        /// The property compared with a value.
        case comparison(key: Int, Comparison.Operator, Evaluator)
        /// The property begins with a text.
        case prefix(key: Int, Evaluator)
        /// There is no such property, or there is one.
        case isNull(key: Int, Bool)
    }

    /// The place of the nodes in the row.
    let slot: Int
    let kind: Kind
}

/// The nodes of a source for which a condition is true.
final class NodeFilterOperator: NodeBlockOperator {
    private let source: NodeBlockOperator
    private let test: NodeTest
    private let cells = CellColumns()

    init(_ source: NodeBlockOperator, _ test: NodeTest) {
        self.source = source
        self.test = test
        super.init(source, slot: source.slot)
    }

    /// An operator for a condition: by blocks, or within the input, where that is possible for a condition on its nodes.
    static func make(
        _ input: Operator, _ test: NodeTest?, condition: @escaping Evaluator
    ) -> Operator {
        if let test, let source = input as? NodeBlockOperator, source.slot == test.slot {
            return NodeFilterOperator(source, test)
        }
        if let test, let expansion = (input as? ExpandOperator)?.with(test) { return expansion }
        return FilterOperator(input, condition: condition)
    }

    override func nextBlock(
        _ nodes: inout [UInt32], upTo count: Int, _ execution: Execution
    ) throws(QueryError) -> Bool {
        while try source.nextBlock(&nodes, upTo: count, execution) {
            try execution.tick(nodes.count)
            switch test.kind {
            case .labels(let labels):
                for label in labels { keepLabeled(label, &nodes, execution) }
            case .isNull(let key, let isNull):
                cells.read([key], of: nodes, execution)
                keep(&nodes) { index, _ in cells.cell(0, index).isNone == isNull }
            case .prefix(let key, let value):
                keepPrefixed(key, try value(execution), &nodes, execution)
            case .comparison(let key, let operation, let value):
                keepCompared(key, operation, try value(execution), &nodes, execution)
            }
            if !nodes.isEmpty { return true }
        }
        return false
    }

    /// Leaves those out for which a condition on their place and number does not hold.
    @inline(__always)
    private func keep(_ nodes: inout [UInt32], _ holds: (Int, UInt32) -> Bool) {
        var count = 0
        for index in nodes.indices where holds(index, nodes[index]) {
            nodes[count] = nodes[index]
            count &+= 1
        }
        nodes.removeSubrange(count...)
    }

    private func keepLabeled(_ label: Int, _ nodes: inout [UInt32], _ execution: Execution) {
        guard let number = execution.label(label) else {
            return nodes.removeAll(keepingCapacity: true)
        }
        keep(&nodes) { execution.graph.hasLabel(number, node: $1) }
    }

    private func keepPrefixed(
        _ key: Int, _ value: QueryValue, _ nodes: inout [UInt32], _ execution: Execution
    ) {
        guard case .string(let prefix) = value else {
            return nodes.removeAll(keepingCapacity: true)
        }
        cells.read([key], of: nodes, execution)
        prefix.utf8Span.span.bytes.withUnsafeBytes { prefix in
            keep(&nodes) { index, _ in cells.cell(0, index).text?.hasPrefix(prefix) ?? false }
        }
    }

    private func keepCompared(
        _ key: Int, _ operation: Comparison.Operator, _ value: QueryValue,
        _ nodes: inout [UInt32], _ execution: Execution
    ) {
        cells.read([key], of: nodes, execution)
        func holds(_ index: Int, _ node: UInt32) -> Bool {
            let found = cells.value(0, index, of: node, execution)
            return operation.apply(found, value) ?? false
        }
        switch value {
        case .null: nodes.removeAll(keepingCapacity: true)
        case .int(let number):
            keep(&nodes) { index, node in
                let cell = cells.cell(0, index)
                if case .int = cell.kind { return operation.holds(cell.number, number) }
                return holds(index, node)
            }
        case .string(let text):
            text.utf8Span.span.bytes.withUnsafeBytes { text in
                keep(&nodes) { index, node in
                    cells.cell(0, index).text.map { operation.holds($0, text) }
                        ?? holds(index, node)
                }
            }
        default: keep(&nodes) { index, node in holds(index, node) }
        }
    }
}
