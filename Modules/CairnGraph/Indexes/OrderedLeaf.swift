// SPDX-License-Identifier: Apache-2.0

/// Neighbouring entries of an ``OrderedIndex``.
///
/// All sort keys of a leaf begin with ``beginning``, and an entry holds the 12 bytes behind that. It is empty
/// until entries cannot be told apart without it: then a leaf that is split, or joined, is tightened, for
/// which the sort keys of all its entries are read once. An entry that begins otherwise shortens it, for
/// which none is read.
struct OrderedLeaf: Sendable {
    private(set) var beginning: [UInt8] = []
    var entries: [Entry] = []

    struct Entry: Sendable {
        let head: UInt64
        let next: UInt32
        let slot: UInt32

        static var byteCount: Int { 12 }

        /// The bytes of a sort key from `start` on, with zeros behind its end.
        init(_ key: [UInt8], from start: Int, _ slot: UInt32) {
            var head: UInt64 = 0
            var next: UInt32 = 0
            for index in start..<start + 8 {
                head = head << 8 | UInt64(index < key.count ? key[index] : 0)
            }
            for index in start + 8..<start + Self.byteCount {
                next = next << 8 | UInt32(index < key.count ? key[index] : 0)
            }
            self.head = head
            self.next = next
            self.slot = slot
        }

        private init(bits: UInt128, _ slot: UInt32) {
            head = UInt64(truncatingIfNeeded: bits >> 32)
            next = UInt32(truncatingIfNeeded: bits)
            self.slot = slot
        }

        /// The same with some bytes of the sort key before those that it has, and as many less at the end.
        func prepending(_ bytes: ArraySlice<UInt8>) -> Entry {
            var front: UInt128 = 0
            let count = min(bytes.count, Self.byteCount)
            for byte in bytes.prefix(count) { front = front << 8 | UInt128(byte) }
            let bits = UInt128(head) << 32 | UInt128(next)
            return Entry(
                bits: front << (8 * (Self.byteCount - count)) | bits >> (8 * count), slot)
        }

        func hasSameBytes(as other: Entry) -> Bool { head == other.head && next == other.next }
    }

    init() {}

    /// A leaf of entities in order.
    init(of sorted: ArraySlice<(key: [UInt8], slot: UInt32)>) {
        entries = sorted.map { Entry($0.key, from: 0, $0.slot) }
        guard let first = sorted.first?.key, let last = sorted.last?.key,
            let longer = commonBeginning(first, last)
        else { return }
        beginning = longer
        entries = sorted.map { Entry($0.key, from: longer.count, $0.slot) }
    }

    // MARK: Looking

    /// Whether a sort key begins as all of the leaf do.
    func hasBeginning(of key: [UInt8]) -> Bool { key.starts(with: beginning) }

    /// Whether the last entry is before a place.
    func endsBefore(_ place: OrderedIndex.Place, _ read: OrderedIndex.KeyReader) -> Bool {
        switch side(of: place) {
        case .before: false
        case .behind: true
        case .within(let entry): isBefore(entries[entries.count - 1], entry, place, read)
        }
    }

    /// The index of the first entry that is not before a place.
    func lowerBound(_ place: OrderedIndex.Place, _ read: OrderedIndex.KeyReader) -> Int {
        guard case .within(let entry) = side(of: place) else { return 0 }
        var first = 0
        var last = entries.count - 1
        while first < last {
            let middle = (first + last) / 2
            if isBefore(entries[middle], entry, place, read) {
                first = middle + 1
            } else {
                last = middle
            }
        }
        return first
    }

    private enum Side {
        /// Before all sort keys that begin as those of the leaf.
        case before
        /// Among them; the place as an entry of the leaf.
        case within(Entry)
        case behind
    }

    private func side(of place: OrderedIndex.Place) -> Side {
        for index in beginning.indices {
            if index == place.key.count || place.key[index] < beginning[index] { return .before }
            if place.key[index] > beginning[index] { return .behind }
        }
        if beginning.isEmpty { return .within(place.entry) }
        return .within(Entry(place.key, from: beginning.count, place.slot))
    }

    private func isBefore(
        _ entry: Entry, _ other: Entry, _ place: OrderedIndex.Place, _ read: OrderedIndex.KeyReader
    ) -> Bool {
        if entry.head != other.head { return entry.head < other.head }
        if entry.next != other.next { return entry.next < other.next }
        // No sort key is the beginning of another, so a short one that agrees is the same.
        let isShort = place.key.count <= beginning.count + Entry.byteCount
        if !place.isEntry || !isShort && entry.slot != place.slot {
            let key = read(entry.slot)
            if key != place.key { return key.precedes(place.key) }
        }
        return entry.slot < place.slot
    }

    // MARK: Changing

    mutating func insert(_ key: [UInt8], _ slot: UInt32, at index: Int) {
        shorten(to: Self.commonCount(beginning, key))
        entries.insert(Entry(key, from: beginning.count, slot), at: index)
    }

    /// Takes the entries from an index on away.
    mutating func split(at index: Int) -> OrderedLeaf {
        var rest = OrderedLeaf()
        rest.beginning = beginning
        rest.entries = Array(entries[index...])
        entries.removeSubrange(index...)
        return rest
    }

    /// Adds the entries of the leaf behind this one.
    mutating func join(_ other: consuming OrderedLeaf) {
        let count = Self.commonCount(beginning, other.beginning)
        shorten(to: count)
        other.shorten(to: count)
        entries += other.entries
    }

    private mutating func shorten(to count: Int) {
        guard count < beginning.count else { return }
        let cut = beginning[count...]
        for index in entries.indices { entries[index] = entries[index].prepending(cut) }
        beginning.removeSubrange(count...)
    }

    /// Makes the beginning as long as it can be, if that tells entries apart that are not.
    mutating func tighten(_ read: OrderedIndex.KeyReader) {
        guard entries.count > 1, hasTies else { return }
        let first = read(entries[0].slot)
        guard let longer = commonBeginning(first, read(entries[entries.count - 1].slot)) else {
            return
        }
        beginning = longer
        for index in entries.indices {
            let slot = entries[index].slot
            entries[index] = Entry(read(slot), from: longer.count, slot)
        }
    }

    /// The number of bytes that two keys have in common at the beginning.
    private static func commonCount(_ first: [UInt8], _ second: [UInt8]) -> Int {
        let end = min(first.count, second.count)
        return (0..<end).first { first[$0] != second[$0] } ?? end
    }

    /// Whether neighbours have the same bytes.
    private var hasTies: Bool {
        zip(entries, entries.dropFirst()).contains { $0.hasSameBytes(as: $1) }
    }

    /// The prefix that the first and the last sort key share, and so all between; nil when it is of no use.
    private func commonBeginning(_ first: [UInt8], _ last: [UInt8]) -> [UInt8]? {
        // What is short is told apart by what entries hold already.
        let end = beginning.count + Entry.byteCount
        guard entries.count > 1, hasTies, first.count > end || last.count > end else { return nil }
        let count = Self.commonCount(first, last)
        return count > beginning.count ? Array(first.prefix(count)) : nil
    }
}
