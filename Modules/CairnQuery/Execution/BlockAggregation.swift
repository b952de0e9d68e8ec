// SPDX-License-Identifier: Apache-2.0
//
// A block of nodes is grouped in two passes: first the group of each node is found by the cells of the keys, then each
// aggregate goes through its column. No row is filled, and no value is made of a property that only tells groups apart.

internal import CairnGraph

/// Groups the nodes of blocks by properties of them.
final class BlockAggregation {
    private let source: NodeBlockOperator
    /// The keys of the columns that are read, by their numbers in the plan.
    private let columns: [Int]
    /// The columns of the keys of groups.
    private let keyColumns: [Int]
    /// The column of each aggregate; nil where it is no property, or none is needed.
    private let valueColumns: [Int?]
    private let cells = CellColumns()
    @exclusivity(unchecked) private var nodes: [UInt32] = []
    /// The group of each node of the block.
    @exclusivity(unchecked) private var nodeGroups: [Int] = []

    /// Nil where the input gives no blocks, or the keys of groups are not properties of their nodes.
    init?(
        _ input: Operator, _ keys: [AggregateOperator.Key],
        _ aggregates: [AggregateOperator.Aggregate], _ steps: [AggregateOperator.Step]
    ) {
        guard let source = input as? NodeBlockOperator else { return nil }
        self.source = source
        var columns: [Int] = []
        func column(_ property: PropertyPlace?) -> Int? {
            guard let property, property.slot == source.slot else { return nil }
            if let known = columns.firstIndex(of: property.key) { return known }
            columns.append(property.key)
            return columns.count - 1
        }
        keyColumns = keys.compactMap { column($0.property) }
        valueColumns = aggregates.map { column($0.property) }
        self.columns = columns
        guard keyColumns.count == keys.count else { return nil }
    }

    /// Gives all nodes to the groups of an operator.
    func aggregate(into operation: AggregateOperator, _ execution: Execution) throws(QueryError) {
        var size = EntityBlockSize()
        while try source.nextBlock(&nodes, upTo: size.next(), execution) {
            try execution.tick(nodes.count)
            cells.read(columns, of: nodes, execution)
            try group(operation, execution)
            for place in operation.steps.indices { try take(place, operation, execution) }
        }
    }

    // MARK: Groups

    private func group(
        _ operation: AggregateOperator, _ execution: Execution
    ) throws(QueryError) {
        nodeGroups.removeAll(keepingCapacity: true)
        guard !keyColumns.isEmpty else {
            if operation.groupCount == 0 { _ = try operation.addGroup(0, execution) }
            nodeGroups.append(contentsOf: repeatElement(0, count: nodes.count))
            return
        }
        for index in nodes.indices {
            // Nodes of one group often follow one another.
            if index > 0, isLike(index - 1, index) {
                nodeGroups.append(nodeGroups[index - 1])
            } else {
                nodeGroups.append(try group(index, operation, execution))
            }
        }
    }

    private func isLike(_ one: Int, _ two: Int) -> Bool {
        for column in keyColumns
        where !cells.cell(column, one).hasSameContent(as: cells.cell(column, two)) { return false }
        return true
    }

    private func group(
        _ index: Int, _ operation: AggregateOperator, _ execution: Execution
    ) throws(QueryError) -> Int {
        var hash: UInt64 = 0
        for place in keyColumns.indices {
            let cell = cells.cell(keyColumns[place], index)
            if case .other = cell.kind {
                execution.row[source.slot] = .node(number: nodes[index])
                return try operation.group(execution)
            }
            let next = cell.groupHash(operation.hashes)
            hash = place == 0 ? next : operation.hashes.joined(hash, next)
        }
        if let known = operation.groups.group(hash, where: { isGroup($0, index, operation) }) {
            return known
        }
        operation.nextKeys.removeAll(keepingCapacity: true)
        for column in keyColumns {
            operation.nextKeys.append(cells.value(column, index, of: nodes[index], execution))
        }
        return try operation.addGroup(hash, execution)
    }

    @inline(__always)
    private func isGroup(_ group: Int, _ index: Int, _ operation: AggregateOperator) -> Bool {
        let start = group &* keyColumns.count
        for place in keyColumns.indices {
            let cell = cells.cell(keyColumns[place], index)
            if !operation.groupKeys[start &+ place].isContent(of: cell) { return false }
        }
        return true
    }

    // MARK: Aggregates

    /// Gives the nodes of the block to one aggregate of their groups.
    private func take(
        _ place: Int, _ operation: AggregateOperator, _ execution: Execution
    ) throws(QueryError) {
        let width = operation.steps.count
        switch (operation.steps[place], valueColumns[place]) {
        case (.row, _): count(place, operation) { _ in true }
        case (.present, let column?):
            count(place, operation) { [cells] in !cells.cell(column, $0).isNone }
        case (.sum, let column?): try sum(place, column, operation, execution)
        case (.value, let column?)
        where operation.aggregates[place].argument == nil
            && operation.aggregates[place].weight == nil:
            for index in nodes.indices where !cells.cell(column, index).isNone {
                let accumulator = operation.accumulators[nodeGroups[index] * width + place]
                try accumulator.add(
                    cells.value(column, index, of: nodes[index], execution), execution)
            }
        default:
            for index in nodes.indices {
                execution.row[source.slot] = .node(number: nodes[index])
                try operation.take(place, nodeGroups[index] * width + place, execution)
            }
        }
    }

    @inline(__always)
    private func count(_ place: Int, _ operation: AggregateOperator, _ counts: (Int) -> Bool) {
        let width = operation.steps.count
        operation.numbers.withUnsafeMutableBufferPointer { numbers in
            for index in nodeGroups.indices where counts(index) {
                numbers[nodeGroups[index] &* width &+ place] &+= 1
            }
        }
    }

    private func sum(
        _ place: Int, _ column: Int, _ operation: AggregateOperator, _ execution: Execution
    ) throws(QueryError) {
        let width = operation.steps.count
        var isOverflow = false
        var others: [Int] = []
        operation.numbers.withUnsafeMutableBufferPointer { numbers in
            for index in nodeGroups.indices {
                let cell = cells.cell(column, index)
                let position = nodeGroups[index] &* width &+ place
                switch cell.kind {
                case .int:
                    let (sum, overflow) = numbers[position].addingReportingOverflow(cell.number)
                    numbers[position] = sum
                    isOverflow = isOverflow || overflow
                case .none: break
                default: others.append(index)
                }
            }
        }
        guard !isOverflow else { throw .runtime(.arithmetic, .integerOverflow) }
        for index in others {
            let accumulator = operation.accumulators[nodeGroups[index] * width + place]
            try accumulator.add(cells.value(column, index, of: nodes[index], execution), execution)
        }
    }
}

extension PropertyCell {
    /// Whether both certainly are the same value; false where that would have to be looked at.
    @inline(__always)
    fileprivate func hasSameContent(as other: PropertyCell) -> Bool {
        guard number == other.number else { return false }
        switch (kind, other.kind) {
        case (.none, .none), (.bool, .bool), (.int, .int): return true
        case (.string, .string):
            guard let one = text, let two = other.text else { return false }
            return one.hasSameBytes(as: two)
        default: return false
        }
    }

    /// The hash that its value has; see ``QueryValue/groupHash(_:)``.
    @inline(__always)
    fileprivate func groupHash(_ hashes: GroupHash) -> UInt64 {
        switch kind {
        case .none: return hashes.number(0, 1)
        case .bool: return hashes.number(UInt64(bitPattern: number), 2)
        case .int: return hashes.number(UInt64(bitPattern: number), 3)
        case .double: return QueryValue.double(double).groupHash(hashes)
        case .string: return hashes.bytes(text ?? UnsafeRawBufferPointer(start: nil, count: 0))
        case .other: return 0
        }
    }
}

extension QueryValue {
    /// Whether it is the value of a cell, for grouping.
    @inline(__always)
    fileprivate func isContent(of cell: PropertyCell) -> Bool {
        switch cell.kind {
        case .string: return cell.text.map { isText($0) } ?? false
        case .none: return isNull
        case .int: return isEquivalent(to: .int(cell.number))
        case .double: return isEquivalent(to: .double(cell.double))
        case .bool: return isEquivalent(to: .bool(cell.number != 0))
        case .other: return false
        }
    }
}
