// SPDX-License-Identifier: Apache-2.0

/// An ordered set of slots: the nodes with a label.
///
/// It consists of pieces for 65,536 slots each, which are copied on write, each for itself. Memory is
/// bounded by the number of members, wherever they lie. Adding at the end, adding to a word that is
/// there, and removing take O(log *n*); making or dropping a word in the middle moves at most the 1,024
/// words of a piece.
struct SlotSet: Sendable {
    /// What the slots of each piece have in common: their number shifted right by 16. Ascending.
    private(set) var bases: [UInt32] = []
    /// The members among the slots of each piece; never empty.
    private(set) var pieces: [SlotSetPiece] = []
    private(set) var count = 0

    @inline(__always)
    private func lowerBound(_ base: UInt32) -> Int {
        // Most slots come at the end.
        guard let last = bases.last, base <= last else { return bases.count }
        return base == last ? bases.count - 1 : bases.lowerBound(base)
    }

    func contains(_ slot: UInt32) -> Bool {
        let index = lowerBound(slot >> 16)
        return index < bases.count && bases[index] == slot >> 16
            && pieces[index].contains(UInt16(truncatingIfNeeded: slot))
    }

    mutating func insert(_ slot: UInt32) {
        let index = lowerBound(slot >> 16)
        if index == bases.count || bases[index] != slot >> 16 {
            bases.insert(slot >> 16, at: index)
            pieces.insert(SlotSetPiece(), at: index)
        }
        if pieces[index].insert(UInt16(truncatingIfNeeded: slot)) { count += 1 }
    }

    mutating func remove(_ slot: UInt32) {
        let index = lowerBound(slot >> 16)
        guard index < bases.count, bases[index] == slot >> 16,
            pieces[index].remove(UInt16(truncatingIfNeeded: slot))
        else { return }
        count -= 1
        if pieces[index].words.isEmpty {
            bases.remove(at: index)
            pieces.remove(at: index)
        }
    }
}

/// The members of a ``SlotSet`` among 65,536 slots, in words of 64.
struct SlotSetPiece: Sendable {
    /// What the slots of each word have in common: their low 16 bits shifted right by 6. Ascending.
    private(set) var bases: [UInt16] = []
    /// The members among the slots of each word; never zero.
    private(set) var words: [UInt64] = []

    @inline(__always)
    private func lowerBound(_ base: UInt16) -> Int {
        // Most slots come at the end.
        guard let last = bases.last, base <= last else { return bases.count }
        return base == last ? bases.count - 1 : bases.lowerBound(base)
    }

    func contains(_ slot: UInt16) -> Bool {
        let index = lowerBound(slot >> 6)
        return index < bases.count && bases[index] == slot >> 6
            && words[index] & (1 << UInt64(slot & 63)) != 0
    }

    /// Adds a slot; false when it was there.
    mutating func insert(_ slot: UInt16) -> Bool {
        let bit: UInt64 = 1 &<< UInt64(slot & 63)
        let index = lowerBound(slot >> 6)
        if index == bases.count || bases[index] != slot >> 6 {
            bases.insert(slot >> 6, at: index)
            words.insert(0, at: index)
        }
        guard words[index] & bit == 0 else { return false }
        words[index] |= bit
        return true
    }

    /// Removes a slot; false when it was not there.
    mutating func remove(_ slot: UInt16) -> Bool {
        let index = lowerBound(slot >> 6)
        let bit: UInt64 = 1 << UInt64(slot & 63)
        guard index < bases.count, bases[index] == slot >> 6, words[index] & bit != 0 else {
            return false
        }
        words[index] &= ~bit
        if words[index] == 0 {
            bases.remove(at: index)
            words.remove(at: index)
        }
        return true
    }
}

extension RandomAccessCollection where Element: Comparable, Index == Int {
    /// The index of the first element that is not below `element`, of elements that ascend.
    func lowerBound(_ element: Element) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SlotSet: Sequence {
    /// Gives the members, ascending.
    struct Iterator: IteratorProtocol {
        let set: SlotSet
        var piece = 0
        var index = 0
        var word: UInt64

        init(_ set: SlotSet) {
            self.set = set
            word = set.pieces.first?.words.first ?? 0
        }

        mutating func next() -> UInt32? {
            while word == 0 {
                guard piece < set.pieces.count else { return nil }
                index += 1
                if index == set.pieces[piece].words.count {
                    piece += 1
                    index = 0
                    guard piece < set.pieces.count else { return nil }
                }
                word = set.pieces[piece].words[index]
            }
            let bit = UInt32(word.trailingZeroBitCount)
            word &= word - 1
            return set.bases[piece] << 16 | UInt32(set.pieces[piece].bases[index]) << 6 | bit
        }
    }

    func makeIterator() -> Iterator { Iterator(self) }
}
