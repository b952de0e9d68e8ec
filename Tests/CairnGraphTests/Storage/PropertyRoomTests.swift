// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// Properties that do not fit into their chunk are refused before anything changes.
struct PropertyRoomTests {
    var store = GraphStore()
    let list = EventList()

    init() {
        store.recorder = list
        store.nodeTable.propertyByteCountMax = 4096
        store.relationshipTable.propertyByteCountMax = 4096
    }

    private static func text(_ byteCount: Int) -> Value {
        .string(String(repeating: "x", count: byteCount))
    }

    /// Where there is no chunk yet, there is as much room as in an empty one.
    @Test mutating func theFirstOfAChunkHasAsMuchRoom() throws {
        for isPlain in [true, false] {
            var store = store
            let node = isPlain ? nil : try store.createNode()
            let image = store.image
            for (byteCount, isRefused) in [(5000, true), (4000, false)] {
                let properties: Properties = ["b": Self.text(byteCount)]
                let error = failure { () throws(GraphError) in
                    if let node {
                        try store.createRelationship(
                            "R", from: node, to: node, properties: properties)
                    } else {
                        try store.createNode(properties: properties)
                    }
                }
                #expect(error?.code == (isRefused ? .propertiesTooLarge : nil), "\(byteCount)")
                #expect((store.image == image) == isRefused)
            }
        }
    }

    @Test mutating func everyMutationThatDoesNotFitIsRefused() throws {
        let node = try store.createNode(labels: ["L"], properties: ["a": Self.text(2000)])
        let empty = try store.createNode(labels: ["L"])
        let relationship = try store.createRelationship(
            "R", from: node, to: empty, properties: ["a": Self.text(2000)])
        let plain = try store.createRelationship("R", from: node, to: empty)
        let image = store.image
        let count = list.events.count
        let large = Self.text(3000)
        let steps: [(GraphStep, NodeID?, RelationshipID?)] = [
            (.createNode(labels: [], ["b": large]), nil, nil),
            (.setNodeProperty(empty.rawValue, "b", large), empty, nil),
            (.setNodeProperties(empty.rawValue, ["b": large]), empty, nil),
            (.setNodeProperty(node.rawValue, "b", large), node, nil),
            (.createRelationship("R", 0, 1, ["b": large]), nil, nil),
            (.setRelationshipProperty(plain.rawValue, "b", large), nil, plain),
            (.setRelationshipProperties(plain.rawValue, ["b": large]), nil, plain),
            (.setRelationshipProperty(relationship.rawValue, "b", large), nil, relationship),
        ]
        for (step, nodeID, relationshipID) in steps {
            let error = failure { () throws(GraphError) in try store.perform(step) }
            #expect(error?.code == .propertiesTooLarge, "\(step)")
            #expect(error?.nodeID == nodeID && error?.relationshipID == relationshipID)
            #expect(error?.description.contains("4294967294") == true)
        }
        #expect(throws: GraphError.self) {
            try store.createNodes(labels: [], keys: ["b"], rows: [[large]])
        }
        #expect(throws: GraphError.self) {
            try store.createRelationships(
                "R", keys: ["b"], rows: [(from: node, to: empty, values: [large])])
        }
        #expect(store.image == image && list.events.count == count)
        // In the place of what is there it fits.
        try store.setProperty("a", to: large, of: node)
        try store.setProperties(["b": large], of: relationship)
        // And so it does in another chunk.
        for _ in 0..<1022 { try store.createNode() }
        try store.createNode(properties: ["b": large])
    }

    @Test mutating func eventsAndSnapshotsThatDoNotFitAreRefused() throws {
        let large: Properties = ["b": Self.text(3000)]
        try store.createNode(properties: large)
        try store.createRelationship(
            "R", from: NodeID(rawValue: 0), to: NodeID(rawValue: 0), properties: large)
        let image = store.image
        let events: [MutationEvent] = [
            .nodeCreated(NodeID(rawValue: 1), labels: [], properties: large),
            .relationshipCreated(
                RelationshipID(rawValue: 1), type: "R", from: NodeID(rawValue: 0),
                to: NodeID(rawValue: 0), properties: large),
        ]
        for event in events {
            let encoded = EncodedEvents([event])
            let error = #expect(throws: GraphError.self) {
                try store.replay(encoded.bytes, encoded.symbols)
            }
            #expect(error?.code == .propertiesTooLarge)
        }
        #expect(store.image == image)

        var full = GraphStore()
        for _ in 0..<2 { try full.createNode(properties: large) }
        let sections = full.image
        var loader = SnapshotLoader()
        try Self.read(sections, .counts) { reader throws(FormatError) in
            try loader.readCounts(&reader)
        }
        try Self.read(sections, .keys) { reader throws(FormatError) in try loader.readKeys(&reader)
        }
        try Self.read(sections, .nodesInUse) { reader throws(FormatError) in
            try loader.nodesInUse.read(&reader)
        }
        loader.makeNodeSlots()
        loader.store.nodeTable.propertyByteCountMax = 4096
        let error = #expect(throws: FormatError.self) {
            try Self.read(sections, .nodes) { reader throws(FormatError) in
                try loader.readNodes(&reader)
            }
        }
        #expect(error?.code == .limitExceeded)
    }

    /// The same for the first of a chunk, of which nothing is there yet.
    @Test mutating func alikeInANewChunkIsRefusedAsWell() throws {
        let keys = (0..<6).map { "k\($0)" }
        let large = Properties(uniqueKeysWithValues: keys.map { ($0, Self.text(100)) })
        let numbers = 0...UInt64(PropertyChunk.countMax)
        var encoder = EventEncoder()
        var ends = [0]
        for number in numbers {
            let isAlike = number < 3 || number == numbers.upperBound
            MutationEvent.nodeCreated(
                NodeID(rawValue: number), labels: ["L"], properties: isAlike ? large : [:]
            ).encode(into: &encoder)
            ends.append(encoder.bytes.count)
        }
        let bytes = encoder.bytes.array()
        let symbols = SymbolTable(encoder.symbols.symbols)
        for (start, end) in zip(ends, ends.dropFirst()).dropLast() {
            try store.replay(Array(bytes[start..<end]), symbols)
        }
        let last = Array(bytes[ends[ends.count - 2]...])
        var wide = store
        #expect(try wide.replay(last, symbols), "it is like others")
        store.nodeTable.propertyByteCountMax = 500
        let error = #expect(throws: GraphError.self) { try store.replay(last, symbols) }
        #expect(error?.code == .propertiesTooLarge)
    }

    /// Entities that are like ones before are made in another way, which has to look for room as well.
    @Test mutating func manyAlikeThatDoNotFitAreRefused() throws {
        // Longer texts have no pattern.
        let keys = (0..<6).map { "k\($0)" }
        let properties = Properties(uniqueKeysWithValues: keys.map { ($0, Self.text(100)) })
        let node = NodeID(rawValue: 0)
        var events = (0..<10).map { number in
            MutationEvent.nodeCreated(
                NodeID(rawValue: number), labels: ["L"], properties: properties)
        }
        events += (0..<10).map { number in
            .relationshipCreated(
                RelationshipID(rawValue: number), type: "R", from: node, to: node,
                properties: properties)
        }
        var encoder = EventEncoder()
        var ends = [0]
        for event in events {
            event.encode(into: &encoder)
            ends.append(encoder.bytes.count)
        }
        let bytes = encoder.bytes.array()
        let symbols = SymbolTable(encoder.symbols.symbols)
        var refusalCount = 0
        for (start, end) in zip(ends, ends.dropFirst()) {
            do {
                try store.replay(Array(bytes[start..<end]), symbols)
            } catch let error as GraphError {
                #expect([.propertiesTooLarge, .inconsistentEvent].contains(error.code))
                refusalCount += 1
            }
        }
        #expect(store.nodeCount == 6 && store.relationshipCount == 6 && refusalCount == 8)
        // The nodes that did not fit took none of the room of relationships, nor of another chunk.
        let image = store.image
        #expect(try GraphStore(image).image == image)
    }

    private static func read(
        _ image: SectionImage, _ section: SnapshotSection,
        _ body: (inout ByteReader) throws(FormatError) -> Void
    ) throws(FormatError) {
        var source = MemorySource(image: image)
        try source.forEachRun(of: section.rawValue, body)
    }

    /// Random changes near the limit, each taken back now and then: what was there always fits again.
    @Test(arguments: [1, 2, 3, 4]) mutating func whatTakesMutationsBackAlwaysFits(seed: UInt64)
        throws
    {
        var random = SplitMix64(seed: seed)
        for _ in 0..<8 { try store.createNode(labels: ["L"]) }
        var refusalCount = 0
        for _ in 0..<60 {
            let image = store.image
            try store.beginTransaction()
            for _ in 0..<30 {
                let node = NodeID(rawValue: UInt64(random.below(8)))
                let key = random.pick(["a", "b", "c"])
                let value: Value =
                    random.below(4) == 0 ? true : Self.text(random.below(900))
                do throws(GraphError) {
                    switch random.below(6) {
                    case 0:
                        try store.deleteNode(node)
                        try store.createNode(labels: ["L", "M"], properties: [key: value])
                    case 1: try store.setProperties([key: value], of: node)
                    default: try store.setProperty(key, to: value, of: node)
                    }
                } catch {
                    #expect(error.code == .propertiesTooLarge || error.code == .nodeNotFound)
                    refusalCount += 1
                }
            }
            if random.below(3) == 0 {
                try store.commitTransaction()
            } else {
                try store.rollBackTransaction()
                #expect(store.image == image)
            }
        }
        #expect(refusalCount > 20)
    }
}
