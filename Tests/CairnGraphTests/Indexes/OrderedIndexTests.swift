// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// The order of an index, and how often it has to read a node to keep it.
struct OrderedIndexTests {
    /// An index over keys that are kept beside it, and how often it asked for one.
    private struct Counting {
        var index = OrderedIndex(keys: [0])
        var keys: [[UInt8]] = []
        var readCount = 0
        /// Whether it asked for the key of the node that was just being inserted or removed.
        var readsItself = false

        mutating func insert(_ key: [UInt8]) {
            let slot = UInt32(keys.count)
            keys.append(key)
            index.insert(key, slot) { other in
                if other == slot { readsItself = true }
                readCount += 1
                return keys[Int(other)]
            }
        }

        mutating func remove(_ slot: UInt32) {
            index.remove(keys[Int(slot)], slot) { other in
                if other == slot { readsItself = true }
                readCount += 1
                return keys[Int(other)]
            }
        }

        func slots(from low: [UInt8] = [], to high: [UInt8] = [255]) -> [UInt32] {
            index.slots(in: SortKeyBound(key: low)..<SortKeyBound(key: high)) { keys[Int($0)] }
        }

        /// The same, by looking at all.
        func expected(
            _ present: some Sequence<UInt32>, from low: [UInt8] = [], to high: [UInt8] = [255]
        ) -> [UInt32] {
            present.filter { !keys[Int($0)].precedes(low) && keys[Int($0)].precedes(high) }
                .sorted { left, right in
                    let (leftKey, rightKey) = (keys[Int(left)], keys[Int(right)])
                    return leftKey == rightKey ? left < right : leftKey.precedes(rightKey)
                }
        }
    }

    private static func key(_ text: String) -> [UInt8] { Value.string(text).sortKey }

    /// Numbers that begin alike, in an order that has nothing to do with their size.
    private static func texts(_ count: Int) -> [String] {
        let start = "https://packages.example.org/pool/"
        var random = SplitMix64(seed: 5)
        return (0..<count).map { start + String($0 + 1_000_000) }.shuffled(using: &random)
    }

    @Test(arguments: [2000, 16_000])
    func textsThatBeginAlikeAreToldApartWithoutReadingThem(count: Int) {
        var counting = Counting()
        for text in Self.texts(count) { counting.insert(Self.key(text)) }
        // Without their common beginning each of them would be compared with log2(count) others.
        #expect(counting.readCount < count * 2, "\(counting.readCount) reads")
        #expect(counting.slots() == counting.expected(0..<UInt32(count)))
    }

    @Test func textsThatAscendAreToldApartWithoutReadingThem() {
        var counting = Counting()
        for text in Self.texts(8000).sorted() { counting.insert(Self.key(text)) }
        #expect(counting.readCount < 8000 * 3 / 2, "\(counting.readCount) reads")
        #expect(counting.slots() == Array(0..<8000))
    }

    @Test func manyEqualLongTextsAreNotRead() {
        var counting = Counting()
        let text = String(repeating: "long", count: 20)
        for number in 0..<8000 { counting.insert(Self.key(text + String(number % 3))) }
        #expect(counting.readCount < 8000, "\(counting.readCount) reads")
        #expect(counting.slots() == counting.expected(0..<8000))
    }

    @Test func numbersAreHardlyEverRead() {
        var counting = Counting()
        var random = SplitMix64(seed: 6)
        for _ in 0..<5000 { counting.insert(Value.int(Int64(random.below(1000))).sortKey) }
        // Two at most when a leaf is split, to see that there is nothing to gain.
        #expect(counting.readCount < 5000 / 16, "\(counting.readCount) reads")
        #expect(counting.slots() == counting.expected(0..<5000))
    }

    @Test func anIndexMadeAtOnceKnowsCommonBeginningsToo() {
        let keys = Self.texts(4000).map(Self.key)
        var counting = Counting()
        counting.keys = keys
        counting.index = OrderedIndex(
            keys: [0], entries: keys.enumerated().map { ($1, UInt32($0)) })
        #expect(counting.slots() == counting.expected(0..<4000))
        for text in Self.texts(4000) { counting.insert(Self.key(text + "x")) }
        #expect(counting.readCount < 4000 / 16, "\(counting.readCount) reads")
        #expect(counting.slots() == counting.expected(0..<8000))
    }

    /// Insertions, removals and ranges over keys of all kinds: beginnings grow, shrink and are joined.
    @Test(arguments: [1, 2, 3]) func mixedKeysAgreeWithSorting(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let starts = ["", "a", "a long beginning in common ", "a long beginning in conflict "]
        func key() -> [UInt8] {
            if random.below(8) == 0 { return Value.int(Int64(random.below(90))).sortKey }
            let start = random.pick(starts) + String(repeating: "b", count: random.below(2) * 30)
            let end = String(repeating: "z", count: random.below(20))
            return Self.key(start + String(random.below(60)) + end)
        }
        var counting = Counting()
        var present: Set<UInt32> = []
        for step in 0..<6000 {
            // It grows, shrinks to nearly nothing, and grows again.
            let removes = step / 2000 == 1 ? 9 : 2
            if random.below(10) < removes, let slot = present.randomElement(using: &random) {
                counting.remove(slot)
                present.remove(slot)
            } else {
                present.insert(UInt32(counting.keys.count))
                counting.insert(key())
            }
            guard step % 500 == 499 else { continue }
            #expect(counting.slots() == counting.expected(present))
            for _ in 0..<20 {
                let ends = [key(), Array(key().prefix(random.below(40)))]
                    .sorted { $0.precedes($1) }
                #expect(
                    counting.slots(from: ends[0], to: ends[1])
                        == counting.expected(present, from: ends[0], to: ends[1]))
            }
        }
        #expect(counting.index.count == present.count && !counting.readsItself)
    }
}
