// SPDX-License-Identifier: Apache-2.0
//
// The nodes with a label, or the relationships of a type, in the order of the values of some keys.
//
// - Entries ascend by sort key, then by slot. They lie in leaves of at most 160, which are copied on write,
//   each for itself, and hang in a ``PersistentList``.
// - An entry holds 12 bytes of the sort key, which is all of a number, and the slot: 16 bytes. Only where
//   these bytes are equal the rest is read from the entity itself, which takes far longer.
// - The 12 bytes are the first ones behind a beginning that all sort keys of the leaf have in common: see
//   ``OrderedLeaf``. So texts that begin alike are told apart without their entities.

/// An index from values of some keys to nodes with a label, or to relationships of a type, in order.
struct OrderedIndex: Sendable {
    /// The numbers of the keys. What lacks the first is not in the index; another
    /// that is missing counts as null.
    let keys: [UInt32]
    /// No leaf is empty.
    private var leaves = PersistentList<OrderedLeaf>()
    private(set) var count = 0

    private static var leafCountMax: Int { 160 }

    /// Gives the sort key of the entity in a slot, which is in the index.
    typealias KeyReader = (UInt32) -> [UInt8]

    init(keys: [UInt32]) { self.keys = keys }

    /// An index of these entities, in any order, each with its sort key.
    init(keys: [UInt32], entries: consuming [(key: [UInt8], slot: UInt32)]) {
        self.keys = keys
        entries.sort { left, right in
            left.key == right.key ? left.slot < right.slot : left.key.precedes(right.key)
        }
        count = entries.count
        for start in stride(from: 0, to: entries.count, by: Self.leafCountMax) {
            let end = min(start + Self.leafCountMax, entries.count)
            leaves.insert(OrderedLeaf(of: entries[start..<end]), at: leaves.count)
        }
    }

    /// A place in the order: before all entries with a sort key that is not below `key`, and among those
    /// with an equal one before all whose slot is not below.
    struct Place {
        let key: [UInt8]
        let slot: UInt32
        /// The entry in a leaf whose sort keys share no prefix, such as those of numbers.
        let entry: OrderedLeaf.Entry
        /// Whether `key` is the sort key of the slot, not only the beginning of some.
        let isEntry: Bool

        /// Where the entity in a slot is, or would be.
        init(_ key: [UInt8], _ slot: UInt32) {
            self.key = key
            self.slot = slot
            entry = OrderedLeaf.Entry(key, from: 0, slot)
            isEntry = true
        }

        /// Where the sort keys that are not below `bound` begin.
        init(_ bound: SortKeyBound) {
            key = bound.key
            slot = 0
            entry = OrderedLeaf.Entry(bound.key, from: 0, 0)
            isEntry = false
        }
    }

    /// The leaf and the index in it of the first entry that is not before `place`.
    private func lowerBound(_ place: Place, _ read: KeyReader) -> (leaf: Int, index: Int) {
        let leaf = leaves.partitionPoint { $0.endsBefore(place, read) }
        return (leaf, leaf < leaves.count ? leaves[leaf].lowerBound(place, read) : 0)
    }

    /// Adds an entity that is not in the index.
    ///
    /// - Parameter read: Asked only about other entities.
    mutating func insert(_ key: [UInt8], _ slot: UInt32, reading read: KeyReader) {
        var (leaf, index) = lowerBound(Place(key, slot), read)
        count += 1
        if leaf == leaves.count, leaf == 0 { leaves.insert(OrderedLeaf(), at: 0) }
        let fitsBadly = leaf == leaves.count || index == 0 && !leaves[leaf].hasBeginning(of: key)
        if leaf > 0, fitsBadly {
            leaf -= 1
            index = leaves[leaf].entries.count
        }
        let isLast = leaf == leaves.count - 1
        let rest = leaves.update(leaf) { leaf -> OrderedLeaf? in
            leaf.insert(key, slot, at: index)
            guard leaf.entries.count > Self.leafCountMax else { return nil }
            // What comes in order leaves full leaves behind.
            let isAtEnd = isLast && index == leaf.entries.count - 1
            func known(_ other: UInt32) -> [UInt8] { other == slot ? key : read(other) }
            leaf.tighten(known)
            var rest = leaf.split(at: isAtEnd ? Self.leafCountMax : Self.leafCountMax / 2)
            leaf.tighten(known)
            rest.tighten(known)
            return rest
        }
        if let rest { leaves.insert(rest, at: leaf + 1) }
    }

    /// Removes an entity that is in the index with this sort key.
    ///
    /// - Parameter read: Asked only about other entities.
    mutating func remove(_ key: [UInt8], _ slot: UInt32, reading read: KeyReader) {
        let (leaf, index) = lowerBound(Place(key, slot), read)
        precondition(leaf < leaves.count && leaves[leaf].entries[index].slot == slot)
        count -= 1
        let size = leaves.update(leaf) { leaf in
            leaf.entries.remove(at: index)
            return leaf.entries.count
        }
        if size == 0 {
            leaves.remove(at: leaf)
        } else if leaf + 1 < leaves.count,
            size + leaves[leaf + 1].entries.count < Self.leafCountMax / 2
        {
            let next = leaves.remove(at: leaf + 1)
            leaves.update(leaf) { leaf in
                leaf.join(next)
                leaf.tighten(read)
            }
        }
    }

    /// The number of leaves, none of which is empty.
    var leafCount: Int { leaves.count }

    /// The entities of a leaf, in the order of the index.
    func slots(ofLeaf number: Int) -> [UInt32] { leaves[number].entries.map(\.slot) }

    /// Where the sort keys that are not below a bound begin.
    func position<Record>(of bound: SortKeyBound, _ table: EntityTable<Record>) -> Position {
        let keys = self.keys
        let (leaf, index) = lowerBound(Place(bound)) { Self.sortKey(of: $0, keys, table) }
        return Position(leaf: leaf, index: index)
    }

    /// The entities whose sort keys are in the range, in the order of the index.
    func slots(in range: Range<SortKeyBound>, reading read: KeyReader) -> [UInt32] {
        let start = lowerBound(Place(range.lowerBound), read)
        let end = lowerBound(Place(range.upperBound), read)
        var slots: [UInt32] = []
        var (leaf, index) = start
        while leaf < leaves.count, (leaf, index) < end {
            let entries = leaves[leaf].entries
            let stop = leaf == end.leaf ? end.index : entries.count
            for entry in entries[index..<stop] { slots.append(entry.slot) }
            (leaf, index) = (leaf + 1, 0)
        }
        return slots
    }
}

/// The same on the entities of a table.
extension OrderedIndex {
    mutating func insert<Record>(
        _ key: [UInt8], _ slot: UInt32, _ table: EntityTable<Record>
    ) {
        let keys = self.keys
        insert(key, slot) { Self.sortKey(of: $0, keys, table) }
    }

    mutating func remove<Record>(
        _ key: [UInt8], _ slot: UInt32, _ table: EntityTable<Record>
    ) {
        let keys = self.keys
        remove(key, slot) { Self.sortKey(of: $0, keys, table) }
    }

    func slots<Record>(
        in range: Range<SortKeyBound>, _ table: EntityTable<Record>
    ) -> [UInt32] {
        slots(in: range) { Self.sortKey(of: $0, keys, table) }
    }

    private static func sortKey<Record>(
        of slot: UInt32, _ keys: [UInt32], _ table: EntityTable<Record>
    ) -> [UInt8] {
        table.withProperties(of: slot) { $0.indexKey(of: keys) ?? [] }
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
