// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// Nodes and relationships in blocks, of every shape and size.
struct BlockTests {
    private static func value(_ random: inout SplitMix64) -> Value {
        switch random.below(12) {
        case 0: .bool(random.below(2) == 0)
        case 1, 2: .int(Int64(random.below(100)))
        case 3: .int(random.pick([.min, .max, -1, 1 << 40]))
        case 4: .double(Double(random.below(1000)) / 4)
        case 5: .double(random.pick([.nan, -.infinity, -0.0, 0.1, 1e300]))
        case 6, 7: .string(random.pick(["", "red", "green", "\u{e9}\u{1F600}"]))
        case 8: .string("text \(random.below(10_000))")
        case 9: .bytes(Array(repeating: 0xff, count: random.below(5)))
        case 10: .date(CalendarDate(dayNumber: random.below(20_000))!)
        default: ["x": [1.5, nil, "s"]]
        }
    }

    private static func properties(_ random: inout SplitMix64) -> Properties {
        var properties: Properties = [:]
        for key in ["zeta", "a", "m", "k"] where random.below(3) > 0 {
            properties[key] = value(&random)
        }
        return properties
    }

    /// A graph in which hardly two entities are alike.
    private static func store(_ nodeCount: Int, seed: UInt64) throws -> GraphStore {
        var random = SplitMix64(seed: seed)
        var store = GraphStore()
        for _ in 0..<nodeCount {
            let labels = ["B", "A", "C"].filter { _ in random.below(2) == 0 }
            try store.createNode(labels: labels, properties: properties(&random))
        }
        for _ in 0..<nodeCount {
            try store.createRelationship(
                random.pick(["S", "R"]), from: NodeID(rawValue: UInt64(random.below(nodeCount))),
                to: NodeID(rawValue: UInt64(random.below(nodeCount))),
                properties: properties(&random))
        }
        for _ in 0..<nodeCount / 8 {
            try store.deleteRelationship(
                RelationshipID(
                    rawValue: store.relationshipIDs.map(\.rawValue)[
                        random.below(
                            store.relationshipCount)]))
        }
        for id in Array(store.nodeIDs) where random.below(10) == 0 {
            try store.deleteNode(id, detach: true)
        }
        return store
    }

    @Test(arguments: 0..<12 as Range<UInt64>) func everyShapeRoundTrips(seed: UInt64) throws {
        let store = try Self.store(20 + Int(seed) * 37, seed: seed)
        let loaded = try GraphStore(store.image)
        #expect(loaded.defects(against: GraphModel(of: store)) == [], "seed \(seed)")
        #expect(loaded.image == store.image, "seed \(seed)")
        // A store that replays the same changes keeps as much.
        #expect(loaded.nodeTable.propertyByteCount <= store.nodeTable.propertyByteCount)
    }

    @Test func aLoadedStoreGoesOnAsTheOtherOne() throws {
        var store = try Self.store(300, seed: 5)
        var loaded = try GraphStore(store.image)
        var random = SplitMix64(seed: 9)
        for _ in 0..<300 {
            let ids = Array(store.nodeIDs)
            let (from, to) = (random.pick(ids), random.pick(ids))
            let properties = Self.properties(&random)
            let choice = random.below(5)
            let relationship = random.pick(Array(store.relationshipIDs))
            func change(_ store: inout GraphStore) throws {
                switch choice {
                case 0: try store.createNode(labels: ["A", "new"], properties: properties)
                case 1:
                    try store.createRelationship("R", from: from, to: to, properties: properties)
                case 2: try store.setProperties(properties, of: from)
                case 3: try store.deleteRelationship(relationship)
                default: try store.deleteNode(from, detach: true)
                }
            }
            try change(&store)
            try change(&loaded)
        }
        #expect(loaded.defects(against: GraphModel(of: store)) == [])
        #expect(loaded.image == store.image)
    }

    @Test(arguments: [4095, 4096, 4097, 10_000]) func blocksHaveAtMostSoManyNodes(
        count: Int
    ) throws {
        var store = GraphStore()
        for index in 0..<count {
            try store.createNode(labels: ["L"], properties: ["number": .int(Int64(index))])
        }
        let image = store.image
        #expect(image.sections[7]?.count == (count + 4095) / 4096)
        #expect(image[7].count < count / 20)
        #expect(try GraphStore(image, recordCountMax: 1).image == image)
    }

    @Test func aBlockEndsWhereItIsHeavy() throws {
        var store = GraphStore()
        let text = String(repeating: "x", count: 1000)
        for index in 0..<600 {
            try store.createNode(labels: ["L"], properties: ["text": .string("\(index) \(text)")])
        }
        // 261 of them weigh more than 2^18.
        #expect(store.image.sections[7]?.count == 3)
        #expect(try GraphStore(store.image).image == store.image)
    }

    @Test func aTextThatAllHaveIsThereOnceInEachBlock() throws {
        var store = GraphStore()
        let text = String(repeating: "x", count: 60)
        for _ in 0..<8192 { try store.createNode(properties: ["text": .string(text)]) }
        let image = store.image
        #expect(image[7].count < 1200)
        let loaded = try GraphStore(image)
        #expect(loaded.image == image)
        #expect(loaded.node(NodeID(rawValue: 8191))?.properties["text"] == .string(text))
    }

    /// Values of more than one record, and more than one of them.
    @Test func longValuesAreInParts() throws {
        var store = GraphStore()
        store.entityByteCountMax = .max
        let part = ColumnLimits.partByteCountMax
        try store.createNode(labels: ["L"], properties: ["before": 1])
        try store.createNode(
            labels: ["L"],
            properties: [
                "a": .bytes((0..<3 * part).map { UInt8(truncatingIfNeeded: $0 * $0) }),
                "b": .string(String(repeating: "\u{e9}", count: part)),
            ])
        try store.createNode(labels: ["L"], properties: ["after": 1])
        let image = store.image
        let records = try #require(image.sections[7])
        #expect(records.map(\.first) == [1, 1, 1, 1, 1, 2, 0])
        #expect(records.allSatisfy { $0.count <= part + 8 })
        for recordCountMax in [1, 2, 100] {
            let loaded = try GraphStore(image, recordCountMax: recordCountMax)
            #expect(loaded.image == image)
            #expect(loaded.defects(against: GraphModel(of: store)) == [])
        }
    }

    @Test func partsThatDoNotEndAreRefused() throws {
        var store = GraphStore()
        try store.createNode(properties: ["a": 1])
        let image = store.image
        let block = Array(image[7].dropFirst())
        func read(_ records: [[UInt8]]) -> FormatError? {
            var changed = image
            changed.sections[7] = records
            return failure { () throws(FormatError) in _ = try GraphStore(changed) }
        }
        let (head, tail) = (Array(block[..<3]), Array(block[3...]))
        let part = [1, 3] + head
        let last = [2, UInt8(tail.count)] + tail
        #expect(read([part, last]) == nil)
        #expect(read([[2, UInt8(block.count)] + block]) == nil)
        #expect(read([part])?.code == .truncated)
        #expect(read([part, [0] + block])?.code == .invalidValue)
        #expect(read([part, last, part])?.code == .truncated)
        #expect(read([part, [2, UInt8(tail.count + 1)] + tail + [0]])?.code == .trailingBytes)
        #expect(read([[3] + block])?.code == .unknownTag)
    }
}
