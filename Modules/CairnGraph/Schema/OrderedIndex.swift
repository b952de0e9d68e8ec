// SPDX-License-Identifier: Apache-2.0
//
// The nodes of a label in the order of the values of some keys.
//
// - Entries ascend by sort key, then by slot. An entry holds the first 12 bytes of the sort key, which
//   is all of a number, and the slot: 16 bytes. Where these bytes are equal, the rest is read from the
//   node itself.
// - Entries lie in leaves of at most 256, which are copied on write, each for itself.

/// Which nodes of a label have which values of some keys, in order.
struct OrderedIndex: Sendable {
    /// The numbers of the keys. Nodes that lack the first are not in the index; another
    /// that is missing counts as null.
    let keys: [UInt32]
    /// No leaf is empty.
    private var leaves: [[Entry]] = []
    private(set) var count = 0

    private static var leafCountMax: Int { 256 }

    init(keys: [UInt32]) { self.keys = keys }

    /// An index of these nodes, in any order, each with its sort key.
    init(keys: [UInt32], nodes: consuming [(key: [UInt8], slot: UInt32)]) {
        self.keys = keys
        nodes.sort { left, right in
            left.key == right.key ? left.slot < right.slot : left.key.precedes(right.key)
        }
        count = nodes.count
        for start in stride(from: 0, to: nodes.count, by: Self.leafCountMax) {
            let end = min(start + Self.leafCountMax, nodes.count)
            leaves.append(nodes[start..<end].map { Entry($0.key, $0.slot) })
        }
    }

    private struct Entry {
        let head: UInt64
        let next: UInt32
        let slot: UInt32

        init(_ key: [UInt8], _ slot: UInt32) {
            var head: UInt64 = 0
            var next: UInt32 = 0
            for index in 0..<8 { head = head << 8 | UInt64(index < key.count ? key[index] : 0) }
            for index in 8..<12 { next = next << 8 | UInt32(index < key.count ? key[index] : 0) }
            self.head = head
            self.next = next
            self.slot = slot
        }
    }

    /// A place in the order: before all entries with a sort key that is not below `key`, and among those
    /// with an equal one before all whose slot is not below.
    private struct Place {
        let key: [UInt8]
        let entry: Entry
        /// Whether `key` is the sort key of the slot, not only the beginning of some.
        let isEntry: Bool

        /// Where the node in a slot is, or would be.
        init(_ key: [UInt8], _ slot: UInt32) {
            self.key = key
            entry = Entry(key, slot)
            isEntry = true
        }

        /// Where the sort keys that are not below `bound` begin.
        init(_ bound: SortKeyBound) {
            key = bound.key
            entry = Entry(bound.key, 0)
            isEntry = false
        }
    }

    private func isBefore(
        _ entry: Entry, _ place: Place, _ table: EntityTable<NodeRecord>
    ) -> Bool {
        if entry.head != place.entry.head { return entry.head < place.entry.head }
        if entry.next != place.entry.next { return entry.next < place.entry.next }
        // No sort key is the beginning of another, so a short one that agrees is the same.
        let isSame =
            place.isEntry && (place.key.count <= 12 || entry.slot == place.entry.slot)
        if !isSame {
            let key = sortKey(of: entry.slot, table)
            if key != place.key { return key.precedes(place.key) }
        }
        return entry.slot < place.entry.slot
    }

    private func sortKey(of slot: UInt32, _ table: EntityTable<NodeRecord>) -> [UInt8] {
        table.withProperties(of: slot) { $0.indexKey(of: keys) ?? [] }
    }

    /// The leaf and the index in it of the first entry that is not before `place`.
    private func lowerBound(
        _ place: Place, _ table: EntityTable<NodeRecord>
    ) -> (leaf: Int, index: Int) {
        var low = 0
        var high = leaves.count
        while low < high {
            let middle = (low + high) / 2
            let leaf = leaves[middle]
            if isBefore(leaf[leaf.count - 1], place, table) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < leaves.count else { return (low, 0) }
        let leaf = leaves[low]
        var first = 0
        var last = leaf.count - 1
        while first < last {
            let middle = (first + last) / 2
            if isBefore(leaf[middle], place, table) { first = middle + 1 } else { last = middle }
        }
        return (low, first)
    }

    /// Adds a node that is not in the index.
    mutating func insert(_ key: [UInt8], _ slot: UInt32, _ table: EntityTable<NodeRecord>) {
        let place = Place(key, slot)
        var (leaf, index) = lowerBound(place, table)
        count += 1
        if leaf == leaves.count {
            guard leaf > 0 else { return leaves.append([place.entry]) }
            leaf -= 1
            index = leaves[leaf].count
        }
        leaves[leaf].insert(place.entry, at: index)
        guard leaves[leaf].count > Self.leafCountMax else { return }
        // What comes in order leaves full leaves behind.
        let isAtEnd = leaf == leaves.count - 1 && index == leaves[leaf].count - 1
        let cut = isAtEnd ? Self.leafCountMax : Self.leafCountMax / 2
        let rest = Array(leaves[leaf][cut...])
        leaves[leaf].removeSubrange(cut...)
        leaves.insert(rest, at: leaf + 1)
    }

    /// Removes a node that is in the index with this sort key.
    mutating func remove(_ key: [UInt8], _ slot: UInt32, _ table: EntityTable<NodeRecord>) {
        let (leaf, index) = lowerBound(Place(key, slot), table)
        precondition(leaf < leaves.count && leaves[leaf][index].slot == slot)
        count -= 1
        leaves[leaf].remove(at: index)
        let size = leaves[leaf].count
        if size == 0 {
            leaves.remove(at: leaf)
        } else if leaf + 1 < leaves.count, size + leaves[leaf + 1].count < Self.leafCountMax / 2 {
            leaves[leaf] += leaves.remove(at: leaf + 1)
        }
    }

    /// The nodes whose sort keys are in the range, in the order of the index.
    func slots(in range: Range<SortKeyBound>, _ table: EntityTable<NodeRecord>) -> [UInt32] {
        let start = lowerBound(Place(range.lowerBound), table)
        let end = lowerBound(Place(range.upperBound), table)
        var slots: [UInt32] = []
        var (leaf, index) = start
        while leaf < leaves.count, (leaf, index) < end {
            slots.append(leaves[leaf][index].slot)
            index += 1
            if index == leaves[leaf].count { (leaf, index) = (leaf + 1, 0) }
        }
        return slots
    }
}

/// A sort key, or the beginning of sort keys, as the end of a range of them.
struct SortKeyBound: Comparable {
    let key: [UInt8]

    static func < (lhs: Self, rhs: Self) -> Bool { lhs.key.precedes(rhs.key) }
}

extension RawSpan {
    /// The sort keys of the values of these keys, joined; nil when one is missing. The bytes are those of
    /// a ``PropertyList``.
    func sortKey(of keys: [UInt32]) -> [UInt8]? {
        var joined: [UInt8] = []
        for key in keys {
            guard let value = PropertyBytes.value(of: key, in: self) else { return nil }
            joined += value.sortKey
        }
        return joined
    }

    /// The same for an index: only the first must be there, another that is missing counts as null.
    func indexKey(of keys: [UInt32]) -> [UInt8]? {
        var joined: [UInt8] = []
        for (place, key) in keys.enumerated() {
            let value = PropertyBytes.value(of: key, in: self)
            if place == 0, value == nil { return nil }
            joined += (value ?? .null).sortKey
        }
        return joined
    }
}
