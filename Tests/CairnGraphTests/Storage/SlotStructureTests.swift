// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// The sets of slots against `Set`.
struct SlotStructureTests {
    /// Slots at the edges of words and of levels.
    private static let slots: [UInt32] = [
        0, 1, 62, 63, 64, 65, 127, 128, 4095, 4096, 4097, 262_143, 262_144, 300_000,
    ]

    @Test func slotSetAgreesWithSet() {
        var random = SplitMix64(seed: 1)
        var set = SlotSet()
        var model: Set<UInt32> = []
        for _ in 0..<4000 {
            let slot = random.pick(Self.slots + [.max - 1])
            if random.below(2) == 0 {
                set.insert(slot)
                model.insert(slot)
            } else {
                set.remove(slot)
                model.remove(slot)
            }
            #expect(Array(set) == model.sorted())
            #expect(set.count == model.count)
            for slot in Self.slots { #expect(set.contains(slot) == model.contains(slot)) }
        }
    }

    @Test func freeSlotsKnowTheLowest() {
        var random = SplitMix64(seed: 2)
        var free = FreeSlots()
        var model: Set<UInt32> = []
        for _ in 0..<4000 {
            let slot = random.pick(Self.slots)
            if model.contains(slot) {
                free.remove(slot)
                model.remove(slot)
            } else {
                free.insert(slot)
                model.insert(slot)
            }
            #expect(free.first == model.min())
            #expect(free.count == model.count)
        }
    }

    @Test func bitmapsGiveSlotsAndHoles() throws {
        var bitmap = SlotBitmap()
        let words: [UInt64] = [0b1010, 0, .max, 1 << 63 | 1]
        let bytes = words.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
        var reader = ByteReader(bytes.span.bytes)
        try bitmap.read(&reader)
        #expect(bitmap.end == 256)
        let slots = [1, 3] + Array(128..<193) + [255]
        var holes = bitmap.holes()
        var found: [UInt32] = []
        while let slot = bitmap.next() { found.append(slot) }
        #expect(found == slots.map(UInt32.init))
        #expect(holes.count == 256 - slots.count)
        for slot in 0..<UInt32(256) where !found.contains(slot) {
            #expect(holes.first == slot)
            holes.remove(slot)
        }
    }
}
