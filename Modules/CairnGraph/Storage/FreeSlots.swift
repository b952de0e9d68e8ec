// SPDX-License-Identifier: Apache-2.0

/// The holes among the slots in use: a set that knows its lowest member.
///
/// Bits in levels: a bit of a level says whether a word of the level below has any bit set. Every
/// operation touches at most one word of each of the six levels, which is O(log *n*) with base 64.
struct FreeSlots: Sendable {
    /// Six levels of 6 bits are enough for slots of 32 bits.
    private var levels = [PersistentArray<UInt64>](repeating: PersistentArray(), count: 6)
    private(set) var count = 0

    /// The lowest member.
    var first: UInt32? {
        var index = 0
        for level in levels.reversed() {
            guard index < level.count, level[index] != 0 else { return nil }
            index = index << 6 | level[index].trailingZeroBitCount
        }
        return UInt32(index)
    }

    /// Adds a slot that is no member.
    mutating func insert(_ slot: UInt32) {
        var index = Int(slot)
        for level in levels.indices {
            let word = index >> 6
            if levels[level].count <= word { grow(level, to: word + 1) }
            let before = levels[level][word]
            levels[level][word] = before | 1 << UInt64(index & 63)
            // The levels above know already.
            if before != 0 { break }
            index = word
        }
        count += 1
    }

    /// Makes a level longer by zeros, which share their memory when they are many.
    @inline(never)
    private mutating func grow(_ level: Int, to wordCount: Int) {
        let old = levels[level]
        guard wordCount > 2 * old.count + 64 else {
            for _ in old.count..<wordCount { levels[level].append(0) }
            return
        }
        levels[level] = PersistentArray(repeating: 0, count: wordCount)
        for (index, word) in old.enumerated() where word != 0 { levels[level][index] = word }
    }

    /// Removes a slot that is a member.
    mutating func remove(_ slot: UInt32) {
        var index = Int(slot)
        for level in levels.indices {
            levels[level][index >> 6] &= ~(1 << UInt64(index & 63))
            if levels[level][index >> 6] != 0 { break }
            index >>= 6
        }
        count -= 1
    }
}
