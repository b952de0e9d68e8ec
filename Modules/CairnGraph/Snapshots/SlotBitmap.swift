// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// Which slots are in use, as a snapshot has them; gives the slots one by one.
struct SlotBitmap {
    /// As many slots as a store has; lowered by tests.
    var slotCountMax = GraphLimits.slotCountMax
    private var words: [UInt64] = []
    // What `next()` has not given yet: the rest of a word, and the words behind it.
    private var index = 0
    private var rest: UInt64?

    /// The first slot behind all that are in use.
    var end: Int {
        guard let last = words.last else { return 0 }
        return words.count * 64 - last.leadingZeroBitCount
    }

    /// Whether the last word says nothing, so that it should not be there.
    var endsInZero: Bool { words.last == 0 }

    /// Reads words to the end.
    ///
    /// - Throws: `FormatError` with code `.truncated`, or `.limitExceeded` for a slot that no store has.
    mutating func read(_ reader: inout ByteReader) throws(FormatError) {
        while !reader.isAtEnd {
            let offset = reader.offset
            words.append(try reader.integer())
            guard UInt64(end) <= slotCountMax else {
                throw FormatError(code: .limitExceeded, offset: offset)
            }
        }
    }

    /// The next slot in use, ascending.
    mutating func next() -> UInt32? {
        while index < words.count {
            let word = rest ?? words[index]
            if word != 0 {
                rest = word & (word - 1)
                return UInt32(index * 64 + word.trailingZeroBitCount)
            }
            index += 1
            rest = nil
        }
        return nil
    }

    /// The holes: all slots before ``end`` that are not in use.
    func holes() -> FreeSlots {
        var holes = FreeSlots()
        for (index, word) in words.enumerated() where word != .max {
            var free = ~word
            while free != 0 {
                let slot = index * 64 + free.trailingZeroBitCount
                if slot >= end { break }
                holes.insert(UInt32(slot))
                free &= free - 1
            }
        }
        return holes
    }
}
