// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

struct PackedRecordsTests {
    @Test func numbersOfAllSizesAgreeWithAnArray() {
        var random = SplitMix64(seed: 11)
        for count in [1, 2, 63, 64, 65, 300] {
            var records = PackedRecords(count: count)
            var model = [[UInt64]](repeating: Array(repeating: 0, count: 8), count: count)
            for step in 0..<4000 {
                let (index, field) = (random.below(count), random.below(8))
                // Wider numbers as time goes by, and back to zero.
                let width = UInt64(min(39, random.below(step / 100 + 1)))
                let number = step % 5 == 0 ? 0 : random.next() & (1 << (width + 1) - 1)
                records[index, field] = number
                model[index][field] = number
                if step % 500 == 0 {
                    records.append(expecting: 1024)
                    records.trim()
                    model.append(Array(repeating: 0, count: 8))
                }
            }
            let wrong = model.indices.first { index in
                model[index] != (0..<8).map { records[index, $0] }
            }
            #expect(wrong == nil && records.count == model.count, "\(count)")
        }
    }

    @Test func theLargestNumbersFit() {
        var records = PackedRecords(count: 3)
        for field in 0..<8 { records[1, field] = 1 << 40 - 1 - UInt64(field) }
        #expect((0..<8).allSatisfy { records[1, $0] == 1 << 40 - 1 - UInt64($0) })
        #expect((0..<8).allSatisfy { records[0, $0] == 0 && records[2, $0] == 0 })
    }

    @Test func aFieldThatIsZeroTakesNoByte() {
        var records = PackedRecords(count: 1024)
        #expect(records.byteCount < 16)
        records[1023, 5] = 200
        #expect((1024..<1040).contains(records.byteCount))
        records[3, 7] = 70_000
        #expect((4096..<4112).contains(records.byteCount))
    }

    @Test func listsOfNodesAreKeptWhateverTheirLength() {
        var random = SplitMix64(seed: 12)
        var chunk = RecordChunk(count: 64)
        var model = [ListEnds](repeating: ListEnds(), count: 64)
        for _ in 0..<5000 {
            let index = random.below(64)
            var list = ListEnds()
            list.count = UInt32(random.below(4))
            if list.count > 0 {
                list.first = random.below(9) == 0 ? .max - 1 : UInt32(random.below(1000))
                list.last = list.count == 1 ? list.first : UInt32(random.below(1000))
                list.loopCount = UInt32(random.below(Int(list.count) + 1))
                list.isMixed = list.count > 1 && random.below(2) == 0
            }
            chunk.set(index, 2, list)
            model[index] = list
        }
        #expect((0..<64).allSatisfy { chunk.ends($0, 2) == model[$0] })
        for index in 0..<64 { chunk.set(index, 2, ListEnds()) }
        #expect((0..<64).allSatisfy { chunk.ends($0, 2) == ListEnds() })
        // Places that were given back are taken again: 64 lists at most had ends at the same time.
        #expect(chunk.byteCount < 64 * 5 + 64 * 20)
    }

    @Test func nodesAndRelationshipsAreSmall() throws {
        var store = GraphStore()
        for _ in 0..<20_000 { try store.createNode(labels: ["L"]) }
        #expect(store.nodeTable.byteCount < 20_000 * 2)
        var random = SplitMix64(seed: 13)
        for _ in 0..<20_000 {
            let ends = (UInt64(random.below(20_000)), UInt64(random.below(20_000)))
            try store.createRelationship(
                "R", from: NodeID(rawValue: ends.0), to: NodeID(rawValue: ends.1))
        }
        #expect(store.relationshipTable.byteCount < 20_000 * 20)
        #expect(store.nodeTable.byteCount < 20_000 * 16)
        let loaded = try GraphStore(store.image)
        #expect(loaded.image == store.image)
        #expect(loaded.nodeTable.byteCount <= store.nodeTable.byteCount)
        #expect(loaded.relationshipTable.byteCount <= store.relationshipTable.byteCount)
    }
}
