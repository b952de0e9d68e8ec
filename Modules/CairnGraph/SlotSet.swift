// SPDX-License-Identifier: Apache-2.0

/// An ordered set of slots, in words of 64: the nodes with a label.
///
/// Memory is bounded by the number of members, wherever they lie. Adding at the end, adding to a word
/// that is there, and removing take O(log *n*) for *n* words; making or dropping a word in the middle
/// moves the words behind it.
struct SlotSet: Sendable {
    /// What the slots of each word have in common: their number shifted right by 6. Ascending.
    private(set) var bases: [UInt32] = []
    /// The members among the slots of each word; never zero.
    private(set) var words: [UInt64] = []
    private(set) var count = 0

    private func lowerBound(_ base: UInt32) -> Int {
        guard let last = bases.last, base <= last else { return bases.count }
        var low = 0
        var high = bases.count - 1
        while low < high {
            let middle = (low + high) / 2
            if bases[middle] < base { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func contains(_ slot: UInt32) -> Bool {
        let index = lowerBound(slot >> 6)
        return index < bases.count && bases[index] == slot >> 6
            && words[index] & (1 << UInt64(slot & 63)) != 0
    }

    mutating func insert(_ slot: UInt32) {
        let base = slot >> 6
        let bit: UInt64 = 1 << UInt64(slot & 63)
        let index = lowerBound(base)
        if index == bases.count || bases[index] != base {
            bases.insert(base, at: index)
            words.insert(0, at: index)
        }
        if words[index] & bit == 0 { count += 1 }
        words[index] |= bit
    }

    mutating func remove(_ slot: UInt32) {
        let index = lowerBound(slot >> 6)
        let bit: UInt64 = 1 << UInt64(slot & 63)
        guard index < bases.count, bases[index] == slot >> 6, words[index] & bit != 0 else {
            return
        }
        words[index] &= ~bit
        count -= 1
        if words[index] == 0 {
            bases.remove(at: index)
            words.remove(at: index)
        }
    }
}

extension SlotSet: Sequence {
    /// Gives the members, ascending.
    struct Iterator: IteratorProtocol {
        let set: SlotSet
        var index = 0
        var word: UInt64

        init(_ set: SlotSet) {
            self.set = set
            word = set.words.first ?? 0
        }

        mutating func next() -> UInt32? {
            while word == 0 {
                guard index + 1 < set.words.count else { return nil }
                index += 1
                word = set.words[index]
            }
            let bit = UInt32(word.trailingZeroBitCount)
            word &= word - 1
            return set.bases[index] << 6 | bit
        }
    }

    func makeIterator() -> Iterator { Iterator(self) }
}
