// SPDX-License-Identifier: Apache-2.0

/// Slots by the hash of what they hold: 8 bytes each, in buckets that are copied on write, each for
/// itself.
///
/// It grows one bucket at a time (linear hashing), so no insertion takes time with the number of
/// entries. The content of a slot is not kept here: callers compare, because hashes can be equal.
struct HashIndex: Sendable {
    /// The entries of each bucket, ascending: the hash in the upper half, the slot in the lower.
    private var buckets = PersistentArray<[UInt64]>(repeating: [], count: 1)
    /// The number of buckets is from 2 to the power of `level` to below the next power.
    private var level: UInt32 = 0
    private(set) var count = 0

    /// The number of entries that a bucket has on average before one is split.
    private static var bucketEntryCount: Int { 96 }

    private func bucket(of hash: UInt32) -> Int {
        let bucket = Int(hash & (2 << level &- 1))
        return bucket < buckets.count ? bucket : Int(hash & (1 << level &- 1))
    }

    private static func entry(_ hash: UInt32, _ slot: UInt32) -> UInt64 {
        UInt64(hash) << 32 | UInt64(slot)
    }

    /// The first slot with this hash, by number, that `holds` says yes to.
    func first(_ hash: UInt32, where holds: (UInt32) -> Bool) -> UInt32? {
        let bucket = bucket(of: hash)
        var index = buckets[bucket].lowerBound(Self.entry(hash, 0))
        while index < buckets[bucket].count {
            let entry = buckets[bucket][index]
            guard UInt32(truncatingIfNeeded: entry >> 32) == hash else { return nil }
            let slot = UInt32(truncatingIfNeeded: entry)
            if holds(slot) { return slot }
            index += 1
        }
        return nil
    }

    /// Adds a slot that is not there.
    mutating func insert(_ slot: UInt32, hash: UInt32) {
        let entry = Self.entry(hash, slot)
        let bucket = bucket(of: hash)
        buckets[bucket].insert(entry, at: buckets[bucket].lowerBound(entry))
        count += 1
        if count > buckets.count * Self.bucketEntryCount { split() }
    }

    /// Removes a slot that is there.
    mutating func remove(_ slot: UInt32, hash: UInt32) {
        let entry = Self.entry(hash, slot)
        let bucket = bucket(of: hash)
        let index = buckets[bucket].lowerBound(entry)
        precondition(index < buckets[bucket].count && buckets[bucket][index] == entry)
        buckets[bucket].remove(at: index)
        count -= 1
    }

    private mutating func split() {
        let low = buckets.count & (1 << Int(level) - 1)
        let bit: UInt64 = 1 << UInt64(level + 32)
        let entries = buckets[low]
        buckets[low] = entries.filter { $0 & bit == 0 }
        buckets.append(entries.filter { $0 & bit != 0 })
        if buckets.count == 2 << Int(level) { level += 1 }
    }
}
