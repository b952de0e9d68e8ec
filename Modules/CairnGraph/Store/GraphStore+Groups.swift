// SPDX-License-Identifier: Apache-2.0
//
// Nodes counted and summed by groups, without a ``Node`` or a value for each of them: properties are read in blocks, and
// texts that tell groups apart are compared where they lie.

/// Nodes that have the same value of a property.
public struct NodeGroup: Hashable, Sendable {
    /// The value; nil for the nodes without the property.
    public let value: Value?
    /// How many nodes there are.
    public let count: Int
    /// The sum of the numbers that another property has: an integer while all of them are integers and the sum fits 64 bits,
    /// otherwise a double. Values of other kinds count as nothing.
    public let sum: Value
}

extension GraphStore {
    /// Counts the nodes with a label by the values of a property, and adds up another one.
    ///
    /// - Parameters:
    ///   - label: The label.
    ///   - key: The property that the nodes of a group have in common. Integers and doubles are different values, as
    ///     they are for ``Value``.
    ///   - summed: The property whose numbers are added up; nil to count only.
    /// - Returns: The groups in the order of their first nodes by id.
    /// - Complexity: O(*n*) in the nodes with the label.
    public func groups(
        labeled label: String, by key: String, summing summed: String? = nil
    ) -> [NodeGroup] {
        guard let label = labels.number(of: label) else { return [] }
        var groups = NodeGroups()
        let numbers = (keys.number(of: key), summed.flatMap { keys.number(of: $0) })
        let wanted = Set([numbers.0, numbers.1].compactMap { $0 }).sorted()
        var members = members(ofLabel: label)
        var block: [UInt32] = []
        var cells = [PropertyCell](repeating: .none, count: 256 * max(1, wanted.count))
        withUnsafePointer(to: self) { store in
            let access = GraphAccess(store)
            while true {
                members.next(upTo: 256, &block)
                if block.isEmpty { break }
                wanted.withUnsafeBufferPointer { wanted in
                    block.withUnsafeBufferPointer { block in
                        cells.withUnsafeMutableBufferPointer {
                            access.readCells(wanted, of: block, into: $0)
                        }
                    }
                }
                func cell(_ key: UInt32?, _ index: Int) -> PropertyCell {
                    guard let column = key.flatMap({ wanted.firstIndex(of: $0) }) else {
                        return .none
                    }
                    return cells[column * block.count + index]
                }
                for index in block.indices {
                    groups.add(cell(numbers.0, index), cell(numbers.1, index)) {
                        numbers.0.flatMap { property($0, ofNode: block[index]) }
                    }
                }
            }
        }
        return groups.all
    }

    /// How many relationships each node has in a direction, a loop once.
    ///
    /// - Parameters:
    ///   - direction: Which relationships are meant, seen from the node.
    ///   - types: Which types are meant; nil means all.
    /// - Complexity: O(*n*) in the nodes and the relationships of these types, in the order in which they lie in memory: for
    ///   many nodes less work than ``degree(of:direction:types:)`` for each.
    public func degrees(direction: Direction, types: Set<String>? = nil) -> NodeDegrees {
        var counts = [UInt32](repeating: 0, count: Int(nodeSlotCount))
        let numbers =
            types.map { $0.compactMap { self.types.number(of: $0) } }
            ?? Array(typeIndexes.indices.map(UInt32.init))
        withUnsafePointer(to: self) { store in
            for type in numbers { GraphAccess(store).countEnds(ofType: type, direction, &counts) }
        }
        return NodeDegrees(counts: counts)
    }
}

/// The number of relationships of each node; see ``GraphStore/degrees(direction:types:)``.
public struct NodeDegrees: Sendable {
    let counts: [UInt32]

    /// The number of relationships of a node; none for one that was not there.
    public subscript(id: NodeID) -> Int {
        id.rawValue < UInt64(counts.count) ? Int(counts[Int(id.rawValue)]) : 0
    }

    /// The nodes with the most relationships, the first of them with the most; of those with the same number, the ones with the
    /// lower ids. Nodes without relationships are left out.
    ///
    /// - Parameters:
    ///   - count: How many nodes are wanted at most.
    ///   - isIncluded: Which nodes are meant.
    /// - Complexity: O(*n* log *count*) in the nodes.
    public func top(
        _ count: Int, where isIncluded: (NodeID) -> Bool = { _ in true }
    ) -> [(id: NodeID, degree: Int)] {
        var best: [(id: NodeID, degree: Int)] = []
        guard count > 0 else { return [] }
        for (slot, degree) in counts.enumerated() where degree > 0 {
            if best.count == count, best[count - 1].degree >= Int(degree) { continue }
            let id = NodeID(slot: UInt32(slot))
            guard isIncluded(id) else { continue }
            // Behind those with the same number, which have lower ids.
            var (low, high) = (0, best.count)
            while low < high {
                let middle = (low + high) / 2
                if best[middle].degree >= Int(degree) { low = middle + 1 } else { high = middle }
            }
            best.insert((id, Int(degree)), at: low)
            if best.count > count { best.removeLast() }
        }
        return best
    }
}

/// Groups while they are counted.
private struct NodeGroups {
    /// A cell by the content that it has, not by where that lies.
    private struct Key: Hashable {
        let cell: PropertyCell

        private var bytes: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(
                start: UnsafeRawPointer(bitPattern: cell.address),
                count: cell.address == 0 ? 0 : Int(cell.number))
        }

        static func == (lhs: Self, rhs: Self) -> Bool {
            lhs.cell.kind == rhs.cell.kind && lhs.cell.number == rhs.cell.number
                && lhs.bytes.elementsEqual(rhs.bytes)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(cell.kind)
            hasher.combine(cell.number)
            hasher.combine(bytes: bytes)
        }
    }

    private struct Group {
        var value: Value?
        var count = 0
        var integers: Int64 = 0
        var doubles = 0.0
        var isWhole = true
    }

    private var groups: [Group] = []
    private var places: [Key: Int] = [:]
    /// By value; null for none, which no property is.
    private var values: [Value: Int] = [:]
    private var last: (key: Key, place: Int)?

    /// Counts a node, given the cells of both properties.
    mutating func add(_ cell: PropertyCell, _ summed: PropertyCell, _ value: () -> Value?) {
        let place = place(cell, value)
        groups[place].count += 1
        switch summed.kind {
        case .int:
            let (sum, overflow) = groups[place].integers.addingReportingOverflow(summed.number)
            if overflow {
                groups[place].isWhole = false
                groups[place].doubles += Double(summed.number)
            } else {
                groups[place].integers = sum
            }
        case .double:
            groups[place].isWhole = false
            groups[place].doubles += Double(bitPattern: UInt64(bitPattern: summed.number))
        default: break
        }
    }

    private mutating func place(_ cell: PropertyCell, _ value: () -> Value?) -> Int {
        // A value that is kept without a shape may be one that others have with a shape.
        if case .other = cell.kind { return known(value()) }
        let key = Key(cell: cell)
        if let last, last.key == key { return last.place }
        let place: Int
        if let found = places[key] {
            place = found
        } else {
            place = known(value())
            places[key] = place
        }
        last = (key, place)
        return place
    }

    private mutating func known(_ value: Value?) -> Int {
        if let place = values[value ?? .null] { return place }
        groups.append(Group(value: value))
        values[value ?? .null] = groups.count - 1
        return groups.count - 1
    }

    var all: [NodeGroup] {
        groups.map { group in
            let sum: Value =
                group.isWhole
                ? .int(group.integers) : .double(Double(group.integers) + group.doubles)
            return NodeGroup(value: group.value, count: group.count, sum: sum)
        }
    }
}
