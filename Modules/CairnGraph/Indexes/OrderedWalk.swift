// SPDX-License-Identifier: Apache-2.0

/// A walk over the entries of an ``OrderedIndex`` in a range of sort keys, forwards or backwards, leaf by leaf.
struct OrderedWalk: Sequence, IteratorProtocol, Sendable {
    private let index: OrderedIndex
    private let isDescending: Bool
    /// The first entry of the range, and the one behind its last.
    private let start: OrderedIndex.Position
    private let end: OrderedIndex.Position
    /// The entries of the leaf at hand that were not given yet.
    private var slots: ArraySlice<UInt32> = []
    /// The leaf that comes next; nil behind the last.
    private var leaf: Int?

    /// A walk that has not begun.
    init(
        _ index: OrderedIndex, from start: OrderedIndex.Position, to end: OrderedIndex.Position,
        isDescending: Bool
    ) {
        self.index = index
        self.isDescending = isDescending
        self.start = start
        self.end = end
        guard start < end else { return }
        // The end may be at the beginning of a leaf, or behind all of them.
        leaf = !isDescending ? start.leaf : end.index > 0 ? end.leaf : end.leaf - 1
    }

    mutating func next() -> UInt32? {
        while slots.isEmpty {
            guard let number = leaf else { return nil }
            let all = index.slots(ofLeaf: number)
            let first = number == start.leaf ? start.index : 0
            let last = number == end.leaf ? end.index : all.count
            slots = first < last ? all[first..<last] : []
            if isDescending {
                leaf = number > start.leaf ? number - 1 : nil
            } else {
                let isLast = number == end.leaf || number + 1 == index.leafCount
                leaf = isLast ? nil : number + 1
            }
        }
        return isDescending ? slots.removeLast() : slots.removeFirst()
    }
}

extension OrderedIndex {
    /// A place between entries: a leaf and an index in it.
    struct Position: Comparable, Sendable {
        let leaf: Int
        let index: Int

        static func < (lhs: Self, rhs: Self) -> Bool {
            (lhs.leaf, lhs.index) < (rhs.leaf, rhs.index)
        }
    }

    /// A walk over the entities whose sort keys are in a range.
    ///
    /// - Complexity: O(log *n*), and O(1) for each entity, on average.
    func walk<Record>(
        in range: Range<SortKeyBound>, isDescending: Bool, _ table: EntityTable<Record>
    ) -> OrderedWalk {
        OrderedWalk(
            self, from: position(of: range.lowerBound, table),
            to: position(of: range.upperBound, table), isDescending: isDescending)
    }
}
