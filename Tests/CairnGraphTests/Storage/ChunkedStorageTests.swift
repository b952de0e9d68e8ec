// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

/// The structures that tables and indexes are made of, beyond the size of one chunk.
struct ChunkedStorageTests {
    @Test func aCopyOfAnArrayKeepsItsElements() {
        var array = PersistentArray<Int>()
        for number in 0..<5000 {
            array.append(number)
        }
        #expect(Array(array) == Array(0..<5000))
        let copy = array
        for index in [0, 1023, 1024, 2048, 4999] { array[index] = -1 }
        array.append(7)
        #expect(Array(copy) == Array(0..<5000))
        #expect(array.count { $0 == -1 } == 5 && array.last == 7)
    }

    @Test func hashIndexAgreesWithADictionary() {
        var random = SplitMix64(seed: 5)
        var index = HashIndex()
        var model: [UInt32: Set<UInt32>] = [:]
        var slots: [(hash: UInt32, slot: UInt32)] = []
        for step in 0..<20_000 {
            if slots.isEmpty || random.below(3) > 0 {
                // Few hashes, so that many are equal; and all the bits of others.
                let hash = UInt32(truncatingIfNeeded: random.next()) & (step % 2 == 0 ? 63 : .max)
                index.insert(UInt32(step), hash: hash)
                model[hash, default: []].insert(UInt32(step))
                slots.append((hash, UInt32(step)))
            } else {
                slots.swapAt(random.below(slots.count), slots.count - 1)
                let entry = slots.removeLast()
                index.remove(entry.slot, hash: entry.hash)
                model[entry.hash]?.remove(entry.slot)
            }
        }
        #expect(index.count == slots.count && slots.count > 5000)
        for (hash, members) in model {
            #expect(index.first(hash) { _ in true } == members.min())
            #expect(index.first(hash) { $0 == members.max() } == members.max())
            #expect(index.first(hash) { _ in false } == nil)
        }
        #expect(index.first(64) { _ in true } == model[64]?.min())
    }

    @Test func propertiesThatChangeOftenTakeBoundedMemory() throws {
        var store = GraphStore()
        let ids = try (0..<1500).map { number in
            try store.createNode(properties: [
                "n": .int(Int64(number)), "s": .string("text \(number)"),
            ])
        }
        let view = store.view()
        for round in 0..<20 {
            for id in ids {
                let text = String(repeating: "x", count: round)
                try store.setProperty("s", to: .string(text), of: id)
            }
        }
        let text = String(repeating: "x", count: 19)
        let wrong = ids.enumerated().first { number, id in
            store.node(id)?.properties != ["n": .int(Int64(number)), "s": .string(text)]
                || view.node(id)?["s"] != .string("text \(number)")
        }
        #expect(wrong == nil)
        #expect(store.nodeTable.propertyByteCount < 3 * 1500 * 30)
        #expect(try GraphStore(view.image).image == view.image)
    }

    @Test func aViewOfManyChunksStaysWhatItWas() throws {
        var store = GraphStore()
        try store.createUniqueConstraint(label: "L", key: "n")
        for number in 0..<20_000 {
            try store.createNode(labels: ["L"], properties: ["n": .int(Int64(number))])
        }
        for number in 0..<3000 {
            try store.createRelationship(
                "R", from: NodeID(rawValue: UInt64(number)), to: NodeID(rawValue: 19_999))
        }
        let view = store.view()
        for number in stride(from: 0, to: 20_000, by: 7) {
            try store.deleteNode(NodeID(rawValue: UInt64(number)), detach: true)
        }
        for number in stride(from: 1, to: 20_000, by: 7) {
            let id = NodeID(rawValue: UInt64(number))
            try store.setProperty("n", to: .int(Int64(-number)), of: id)
        }
        #expect(view.nodeCount == 20_000 && store.nodeCount == 17_142)
        #expect(view.nodes(labeled: "L").map(\.rawValue) == (0..<20_000).map(UInt64.init))
        #expect(
            store.nodes(labeled: "L").map(\.rawValue)
                == (0..<20_000).filter { $0 % 7 != 0 }.map(UInt64.init))
        let wrong = (0..<20_000).first { number in
            let id = NodeID(rawValue: UInt64(number))
            let value = Value.int(Int64(number))
            return view.node(labeled: "L", "n", equals: value) != id
                || store.node(labeled: "L", "n", equals: value) != (number % 7 > 1 ? id : nil)
        }
        #expect(wrong == nil)
        #expect(view.degree(of: NodeID(rawValue: 19_999), direction: .incoming) == 3000)
        let incoming = view.relationships(of: NodeID(rawValue: 19_999), direction: .incoming)
        #expect(Array(incoming).count == 3000)
    }
}
