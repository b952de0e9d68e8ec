// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// The properties of one chunk of entities against a dictionary.
struct PropertyChunkTests {
    private var shapes = PropertyShapes()

    /// Short texts keep places of two bytes, long ones make them wider; dropping leaves garbage, which is left out.
    @Test(arguments: [20, 3000]) mutating func listsAreThoseThatWereSet(textByteCountMax: Int) {
        var random = SplitMix64(seed: UInt64(textByteCountMax))
        var chunk = PropertyChunk()
        var model: [Int: PropertyList] = [:]
        var liveByteCountMax = 0
        for step in 0..<5000 {
            let index = random.below(PropertyChunk.countMax)
            if random.below(3) == 0 {
                chunk.drop(index, shapes)
                model[index] = nil
            } else {
                let text = String(repeating: "x", count: random.below(textByteCountMax))
                let list = PropertyList([(0, .string(text)), (1, .int(Int64(step)))])
                chunk.set(list, index, &shapes, PropertyChunk.listByteCountMax)
                model[index] = list
            }
            let live = model.values.reduce(0) { $0 + $1.packedByteCountMax }
            liveByteCountMax = max(liveByteCountMax, live)
            // A change leaves out what is too much; a drop alone does not.
            let isBounded = chunk.listByteCount <= 2 * live + 1024 + textByteCountMax
            #expect(isBounded || model[index] == nil, "step \(step)")
            guard step % 100 == 0 else { continue }
            let view = chunk
            chunk.set(PropertyList([(2, true)]), index, &shapes, PropertyChunk.listByteCountMax)
            #expect(list(view, index) == model[index] ?? PropertyList())
            model[index] = PropertyList([(2, true)])
            let wrong = (0..<PropertyChunk.countMax).first { index in
                list(chunk, index) != model[index] ?? PropertyList()
                    || chunk.hasList(index) != (model[index] != nil)
            }
            #expect(wrong == nil, "step \(step)")
        }
        // The places were both narrow and wide, or only narrow.
        #expect((liveByteCountMax > 1 << 16) == (textByteCountMax > 1000))
        for index in 0..<PropertyChunk.countMax { chunk.drop(index, shapes) }
        #expect(chunk.listByteCount == 0)
    }

    @Test mutating func aChunkWithoutPropertiesHasNoBytes() {
        var chunk = PropertyChunk()
        chunk.set(PropertyList(), 5, &shapes, PropertyChunk.listByteCountMax)
        chunk.drop(7, shapes)
        #expect(chunk.byteCount == 0 && !chunk.hasList(5) && chunk.packed(5).byteCount == 0)
    }

    private func list(_ chunk: PropertyChunk, _ index: Int) -> PropertyList {
        let packed = chunk.packed(index)
        guard packed.byteCount > 0 else { return PropertyList() }
        return shapes.withList(packed) { PropertyList(bytes: $0.array()) }
    }
}
