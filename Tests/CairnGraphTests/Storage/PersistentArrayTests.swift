// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// The radix tree against plain arrays.
struct PersistentArrayTests {
    /// Around each power of two up to four levels: where leaves fill, and where the tree grows.
    static let counts = [
        0, 1, 3, 4, 5, 8, 31, 32, 33, 36, 37, 255, 256, 257, 260, 261, 2047, 2052, 2053,
    ]

    @Test func appendingGivesWhatAnArrayHas() {
        var array = PersistentArray<String>()
        var model: [String] = []
        for number in 0..<2100 {
            if Self.counts.contains(number) {
                #expect(array.count == number && Array(array) == model)
            }
            array.append("\(number)")
            model.append("\(number)")
        }
        #expect(Array(array) == model)
    }

    @Test(arguments: counts) func everyElementCanBeWrittenBesideACopy(count: Int) {
        var array = PersistentArray<String>()
        for number in 0..<count { array.append("\(number)") }
        let model = Array(array)
        for index in 0..<count {
            let copy = array
            array[index] += "!"
            #expect(copy[index] == model[index] && array[index] == model[index] + "!")
        }
        #expect(Array(array) == model.map { $0 + "!" })
    }

    @Test(arguments: counts) func theSameElementManyTimes(count: Int) {
        var array = PersistentArray(repeating: "a", count: count)
        #expect(array.count == count && array.allSatisfy { $0 == "a" })
        for index in stride(from: 0, to: count, by: 3) { array[index] = "\(index)" }
        for _ in 0..<40 { array.append("z") }
        let expected = (0..<count).map { $0 % 3 == 0 ? "\($0)" : "a" }
        #expect(Array(array) == expected + Array(repeating: "z", count: 40))
    }

    /// What is said to repeat does, and a long array is gone through in few steps by it.
    @Test func repeatedElementsAreKnown() {
        var array = PersistentArray(repeating: 0, count: 1_000_000)
        array[500_000] = 1
        var (index, stepCount) = (1, 0)
        while index < array.count {
            let count = array.repeatedCount(at: index)
            let repeated = index..<index + count
            let isRepeated = repeated.allSatisfy { array[$0] == array[$0 - count] }
            #expect(isRepeated)
            index += max(count, 1)
            stepCount += 1
        }
        #expect(index == array.count && stepCount < 600)
        var other = PersistentArray<Int>()
        for number in 0..<2000 { other.append(number & 3) }
        #expect((0..<2000).allSatisfy { other.repeatedCount(at: $0) == 0 })
    }

    /// Copies that are written to on both sides and dropped in any order.
    @Test(arguments: [1, 2, 3, 4]) func copiesAgreeWithArrays(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var versions = [(PersistentArray<Int>(), [Int]())]
        for step in 0..<6000 {
            let version = random.below(versions.count)
            switch random.below(8) {
            case 0 where versions.count < 12: versions.append(versions[version])
            case 1 where versions.count > 3: versions.remove(at: version)
            case 2...4 where !versions[version].1.isEmpty:
                let index = random.below(versions[version].1.count)
                versions[version].0[index] = step
                versions[version].1[index] = step
            default:
                for number in 0..<random.below(40) {
                    versions[version].0.append(number)
                    versions[version].1.append(number)
                }
            }
            guard step % 500 == 499 else { continue }
            let wrong = versions.firstIndex { Array($0.0) != $0.1 }
            #expect(wrong == nil, "seed \(seed), step \(step)")
        }
        #expect(versions.contains { $0.1.count > 1000 })
    }

    /// Each element is given up once, by the last copy that has it.
    @Test func elementsLiveAsLongAsACopyHasThem() {
        final class Token: Sendable {}
        var array = PersistentArray<Token>()
        var tokens: [WeakToken<Token>] = []
        for _ in 0..<300 {
            let token = Token()
            tokens.append(WeakToken(token))
            array.append(token)
        }
        var copy: PersistentArray? = array
        for index in 0..<300 { array[index] = Token() }
        #expect(tokens.allSatisfy { $0.object != nil })
        #expect(copy?.count == 300)
        copy = nil
        #expect(tokens.allSatisfy { $0.object == nil })
    }

    /// What a write copies: a way from the root, however many elements there are.
    @Test(arguments: [40, 1000, 100_000]) func aWriteCopiesOneNodeOfEachLevel(count: Int) {
        var array = PersistentArray<String>()
        for _ in 0..<count { array.append("") }
        let levels = Self.levelCount(count)
        for index in [0, count / 2, count - 5] {
            let copy = array
            array[index] = "a"
            #expect(Self.newNodeCount(array, copy) == levels, "\(index) of \(count)")
            array[index] = "b"
            #expect(Self.newNodeCount(array, copy) == levels)
        }
        let copy = array
        array[count - 1] = "a"
        #expect(Self.newNodeCount(array, copy) == 1)
    }

    /// How many levels the tree has, leaves included, when the tail does not count.
    private static func levelCount(_ count: Int) -> Int {
        var (levels, nodeCount) = (1, (count - 1) / RadixLeaf<String>.elementCountMax)
        repeat { (levels, nodeCount) = (levels + 1, (nodeCount + 7) / 8) } while nodeCount > 1
        return levels
    }

    private static func newNodeCount(
        _ array: PersistentArray<String>, _ old: PersistentArray<String>
    ) -> Int {
        var known: Set<UnsafeRawPointer> = []
        old.forEachNode { node, _ in known.insert(node) }
        var count = 0
        array.forEachNode { node, _ in if !known.contains(node) { count += 1 } }
        return count
    }
}

/// Refers to an object without keeping it.
private struct WeakToken<Object: AnyObject> {
    weak var object: Object?

    init(_ object: Object) { self.object = object }
}
