// SPDX-License-Identifier: Apache-2.0

/// Makes a set of slots that come ascending, a word at a time.
struct SlotSetBuilder {
    private var set = SlotSet()
    private var number: UInt32 = .max
    private var word: UInt64 = 0

    mutating func append(_ slot: UInt32) {
        if slot >> 6 != number { startWord(slot >> 6) }
        word |= 1 &<< UInt64(slot & 63)
    }

    @inline(never)
    private mutating func startWord(_ number: UInt32) {
        if word != 0 { set.append(word: word, self.number) }
        self.number = number
        word = 0
    }

    /// The set of all slots.
    mutating func finish() -> SlotSet {
        startWord(.max)
        return set
    }
}
