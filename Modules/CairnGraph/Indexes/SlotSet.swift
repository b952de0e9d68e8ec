// SPDX-License-Identifier: Apache-2.0

/// An ordered set of slots: the nodes with a label.
///
/// It consists of pieces for 4,096 slots each, from the piece of the lowest member ever on. Memory is bounded
/// by the number of members and 16 bytes for each piece in between, or less where many follow one another. Adding and removing take O(log *n*), and
/// making or dropping a word in the middle moves at most the 64 words of a piece. Only a member below all that
/// ever were makes all pieces anew, once.
struct SlotSet: Sendable {
    /// The number of leading pieces that are missing.
    private(set) var base: UInt32 = 0
    private(set) var pieces = PersistentArray<SlotSetPiece>()
    private(set) var count = 0

    /// The number of bits of a slot that are within a piece.
    static var pieceBits: UInt32 { 12 }

    func contains(_ slot: UInt32) -> Bool {
        guard let index = piece(of: slot) else { return false }
        return pieces[index].contains(UInt16(truncatingIfNeeded: slot))
    }

    /// The number of the piece of a slot, if there is one.
    private func piece(of slot: UInt32) -> Int? {
        let number = slot >> Self.pieceBits
        guard number >= base, Int(number - base) < pieces.count else { return nil }
        return Int(number - base)
    }

    mutating func insert(_ slot: UInt32) {
        let number = slot >> Self.pieceBits
        if pieces.isEmpty { base = number }
        if number < base { restart() }
        let index = Int(number - base)
        if index >= pieces.count { grow(to: index + 1) }
        if pieces[index].insert(UInt16(truncatingIfNeeded: slot)) { count += 1 }
    }

    /// Adds 64 slots of which some are members; none of them, and none behind them, was one before.
    ///
    /// - Parameter number: That of the word: its first slot by 64.
    mutating func append(word: UInt64, _ number: UInt32) {
        let piece = number >> (Self.pieceBits - 6)
        if pieces.isEmpty { base = piece }
        let index = Int(piece - base)
        if index >= pieces.count { grow(to: index + 1) }
        pieces[index].append(word: word, UInt16(truncatingIfNeeded: number & 63))
        count += word.nonzeroBitCount
    }

    mutating func remove(_ slot: UInt32) {
        guard let index = piece(of: slot),
            pieces[index].contains(UInt16(truncatingIfNeeded: slot))
        else { return }
        pieces[index].remove(UInt16(truncatingIfNeeded: slot))
        count -= 1
        if count == 0 { self = SlotSet() }
    }

    /// Makes the pieces anew from the first slot on.
    private mutating func restart() {
        let pieceCount = Int(base) + pieces.count
        (pieces, base) = (copiedPieces(from: Int(base), pieceCount: pieceCount), 0)
    }

    /// Makes empty pieces behind the last, which share their memory when they are many.
    private mutating func grow(to pieceCount: Int) {
        guard pieceCount > 2 * pieces.count + 64 else {
            while pieces.count < pieceCount { pieces.append(SlotSetPiece()) }
            return
        }
        pieces = copiedPieces(from: 0, pieceCount: pieceCount)
    }

    /// The pieces, with empty ones before and behind them.
    private func copiedPieces(from start: Int, pieceCount: Int) -> PersistentArray<SlotSetPiece> {
        var all = PersistentArray(repeating: SlotSetPiece(), count: pieceCount)
        var next = 0
        while let index = piece(from: next) {
            all[start + index] = pieces[index]
            next = index + 1
        }
        return all
    }

    /// The first piece with members from a number on.
    ///
    /// - Complexity: O(log *n*) for many empty pieces that share their memory.
    fileprivate func piece(from start: Int) -> Int? {
        var index = start
        while index < pieces.count {
            if pieces[index].present != 0 { return index }
            index += 1
            while true {
                let count = pieces.repeatedCount(at: index)
                guard count > 0, count <= index - start else { break }
                index += count
            }
        }
        return nil
    }
}

/// The members of a ``SlotSet`` among 4,096 slots, in words of 64.
struct SlotSetPiece: Sendable {
    /// Which words are there: those that are not zero.
    private(set) var present: UInt64 = 0
    /// Their members, ascending.
    private(set) var words: [UInt64] = []

    /// The number of the word of a slot, as a bit.
    @inline(__always)
    private static func bit(_ slot: UInt16) -> UInt64 { 1 &<< UInt64(slot >> 6 & 63) }

    /// Where the word of a bit is, or would be.
    @inline(__always)
    private func index(_ bit: UInt64) -> Int { (present & (bit &- 1)).nonzeroBitCount }

    func contains(_ slot: UInt16) -> Bool {
        let bit = Self.bit(slot)
        return present & bit != 0 && words[index(bit)] & (1 &<< UInt64(slot & 63)) != 0
    }

    /// Adds a slot; false when it was there.
    mutating func insert(_ slot: UInt16) -> Bool {
        let bit = Self.bit(slot)
        let member: UInt64 = 1 &<< UInt64(slot & 63)
        let index = index(bit)
        guard present & bit != 0 else {
            present |= bit
            words.insert(member, at: index)
            return true
        }
        guard words[index] & member == 0 else { return false }
        words[index] |= member
        return true
    }

    /// Adds a word behind all there are.
    mutating func append(word: UInt64, _ number: UInt16) {
        precondition(present >> UInt64(number) == 0, "words come in ascending order")
        present |= 1 &<< UInt64(number)
        words.append(word)
    }

    /// Removes a slot that is there.
    mutating func remove(_ slot: UInt16) {
        let bit = Self.bit(slot)
        let index = index(bit)
        words[index] &= ~(1 &<< UInt64(slot & 63))
        if words[index] == 0 {
            words.remove(at: index)
            present &= ~bit
        }
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
        /// The number of the piece behind the one at hand.
        private var nextPiece = 0
        private var piece = SlotSetPiece()
        /// The words of the piece that were not begun.
        private var present: UInt64 = 0
        private var index = 0
        private var base: UInt32 = 0
        private var word: UInt64 = 0

        init(_ set: SlotSet) { self.set = set }

        mutating func next() -> UInt32? {
            while word == 0 {
                while present == 0 {
                    guard let number = set.piece(from: nextPiece) else { return nil }
                    piece = set.pieces[number]
                    (present, index) = (piece.present, 0)
                    nextPiece = number + 1
                }
                word = piece.words[index]
                index += 1
                let number = set.base + UInt32(nextPiece - 1)
                base = number << SlotSet.pieceBits | UInt32(present.trailingZeroBitCount) << 6
                present &= present - 1
            }
            let bit = UInt32(word.trailingZeroBitCount)
            word &= word - 1
            return base | bit
        }
    }

    func makeIterator() -> Iterator { Iterator(self) }
}
