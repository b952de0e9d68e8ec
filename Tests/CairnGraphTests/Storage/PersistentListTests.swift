// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// The counted tree against plain arrays.
struct PersistentListTests {
    /// Every place of every short list.
    @Test func insertingAndRemovingAnywhere() {
        for count in 0..<30 {
            for place in 0...count {
                var list = PersistentList(0..<count)
                var model = Array(0..<count)
                list.insert(-1, at: place)
                model.insert(-1, at: place)
                #expect(Self.elements(list) == model, "\(place) of \(count)")
                for other in model.indices {
                    var (shorter, rest) = (list, model)
                    #expect(shorter.remove(at: other) == rest.remove(at: other))
                    #expect(Self.elements(shorter) == rest, "\(place), then \(other) of \(count)")
                }
                #expect(Self.elements(list) == model)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4]) func versionsAgreeWithArrays(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var versions = [(PersistentList<Int>(), [Int]())]
        for step in 0..<8000 {
            let version = random.below(versions.count)
            let count = versions[version].1.count
            // Grows at first, and shrinks again.
            let isRemoval = random.below(8) < (step < 5000 ? 2 : 6)
            switch random.below(20) {
            case 0 where versions.count < 6: versions.append(versions[version])
            case 1 where versions.count > 2: versions.remove(at: version)
            case 2 where count > 0:
                let index = random.below(count)
                versions[version].0.update(index) { $0 = step }
                versions[version].1[index] = step
            default:
                if isRemoval, count > 0 {
                    let index = random.below(count)
                    versions[version].0.remove(at: index)
                    versions[version].1.remove(at: index)
                } else {
                    let index = random.below(3) == 0 ? count : random.below(count + 1)
                    versions[version].0.insert(step, at: index)
                    versions[version].1.insert(step, at: index)
                }
            }
            guard step % 400 == 399 else { continue }
            let wrong = versions.firstIndex { Self.elements($0.0) != $0.1 }
            #expect(wrong == nil, "seed \(seed), step \(step)")
        }
    }

    @Test func partitionPointsAreFound() {
        for count in [0, 1, 7, 8, 9, 64, 65, 600] {
            let list = PersistentList(0..<count)
            for place in 0...count {
                #expect(list.partitionPoint { $0 < place } == place, "\(place) of \(count)")
            }
        }
    }

    private static func elements(_ list: PersistentList<Int>) -> [Int] {
        (0..<list.count).map { list[$0] }
    }
}
