// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// What is read by the pattern of what came before is what is read without one, whatever the bytes are.
struct PropertyPatternTests {
    private static let symbols = SymbolTable(["L", "T", "a", "m", "q", "z", "b"])

    /// A store whose numbers of keys do not ascend as the names do.
    private static func store() throws -> GraphStore {
        var store = GraphStore()
        for key in ["z", "q", "m", "a"] {
            try store.createNode(labels: ["L"], properties: [key: 1])
        }
        return store
    }

    private static func bytes(_ event: MutationEvent) -> [UInt8] {
        var encoder = EventEncoder()
        for symbol in symbols.symbols { _ = encoder.symbols.intern(symbol) }
        event.encode(into: &encoder)
        return encoder.bytes.array()
    }

    private static func properties(_ index: Int) -> Properties {
        let texts = [
            "", "text", "a longer text, of words", "\u{e9}\u{1F600}", "é and ASCII behind it",
        ]
        let numbers: [Int64] = [0, -1, 300, .max, .min]
        let doubles = [0.5, 0.1, -.infinity, 1e300, .nan]
        return [
            "z": .int(numbers[index % 5]), "q": .string(texts[index % 5]),
            "m": .double(doubles[index / 5 % 5]), "a": .bool(index % 2 == 0),
            "b": .bytes(Array(repeating: 0xff, count: index % 7)),
        ]
    }

    @Sendable private static func node(_ index: Int) -> MutationEvent {
        .nodeCreated(
            NodeID(rawValue: UInt64(index + 4)), labels: ["L"], properties: properties(index))
    }

    @Sendable private static func relationship(_ index: Int) -> MutationEvent {
        .relationshipCreated(
            RelationshipID(rawValue: UInt64(index)), type: "T", from: NodeID(rawValue: 0),
            to: NodeID(rawValue: UInt64(index % 3)),
            properties: index % 4 == 3 ? [:] : properties(index))
    }

    @Test func entitiesThatAreAlikeArePackedAsEachAloneWouldBe() throws {
        var direct = try Self.store()
        var decoded = direct
        for event in (0..<100).map(Self.node) + (0..<100).map(Self.relationship) {
            #expect(try direct.replay(Self.bytes(event), Self.symbols))
            try decoded.apply(event)
        }
        #expect(direct.image == decoded.image)
        #expect(direct.nodeTable.propertyByteCount == decoded.nodeTable.propertyByteCount)
        #expect(
            direct.relationshipTable.propertyByteCount
                == decoded.relationshipTable.propertyByteCount)
        #expect(direct.nodeTable.byteCount == decoded.nodeTable.byteCount)
        #expect((0..<100).allSatisfy { direct.node(NodeID(rawValue: $0)) != nil })
    }

    @Test func theSecondOfAKindHasThePatternOfTheFirst() throws {
        var store = try Self.store()
        let room = UnsafeMutableRawBufferPointer.allocate(
            byteCount: PropertyPattern.roomByteCount, alignment: 8)
        defer { room.deallocate() }
        func packs(_ event: MutationEvent, after headByteCount: Int) -> Bool {
            Self.bytes(event)[headByteCount...].withUnsafeBytes { bytes in
                event.tag == .nodeCreated
                    ? store.translation?.nodePatterns.pack(bytes, into: room) != nil
                    : store.translation?.relationshipPatterns.pack(bytes, into: room) != nil
            }
        }
        #expect(!packs(Self.node(1), after: 2) && !packs(Self.relationship(1), after: 5))
        #expect(try store.replay(Self.bytes(Self.node(0)), Self.symbols))
        #expect(try store.replay(Self.bytes(Self.relationship(0)), Self.symbols))
        #expect(packs(Self.node(1), after: 2) && packs(Self.relationship(1), after: 5))
    }

    /// What becomes of an event behind one that is like it.
    private static func outcome(
        _ body: (inout GraphStore) throws -> Void, behind event: MutationEvent
    ) throws -> Result<SectionImage, OutcomeError> {
        var store = try store()
        #expect(try store.replay(bytes(event), symbols))
        do {
            try body(&store)
            return .success(store.image)
        } catch let error as FormatError {
            return .failure(.unreadable(error))
        } catch {
            return .failure(.refused(error as? GraphError))
        }
    }

    private enum OutcomeError: Error, Equatable {
        case unreadable(FormatError)
        case refused(GraphError?)
    }

    /// What a byte may become: every bit that is another one, numbers beside it, and the limits.
    private static func others(_ byte: UInt8) -> Set<UInt8> {
        Set((0..<8).map { byte ^ 1 << $0 } + [byte &+ 1, byte &- 1, 0, 1, 0x7f, 0x80, 0xff])
            .subtracting([byte])
    }

    @Test(arguments: [node, relationship])
    func changedAndCutEventsFailAsDecodedOnesDo(event: @Sendable (Int) -> MutationEvent) throws {
        let first = event(0)
        let bytes = Self.bytes(event(1))
        func compare(_ bytes: [UInt8]) throws {
            let direct = try Self.outcome(
                { try $0.replay(bytes, Self.symbols) }, behind: first)
            let decoded = try Self.outcome(
                { store in
                    var decoder = EventDecoder(bytes.span.bytes, symbols: Self.symbols)
                    let event = try MutationEvent(from: &decoder)
                    try decoder.bytes.expectEnd()
                    try store.apply(event)
                }, behind: first)
            #expect(direct == decoded, "\(bytes)")
        }
        for place in bytes.indices {
            try compare(Array(bytes[..<place]))
            for value in Self.others(bytes[place]) {
                var changed = bytes
                changed[place] = value
                try compare(changed)
            }
        }
        try compare(bytes + [0])
    }

    @Test func moreKindsThanThereArePatterns() throws {
        var random = SplitMix64(seed: 21)
        var direct = GraphStore()
        var decoded = GraphStore()
        let keys = ["a", "b", "m", "q", "z"]
        for index in 0..<600 {
            var properties: Properties = [:]
            for key in keys where random.below(2) == 0 {
                properties[key] =
                    [.int(5), .bool(true), "text", [1, 2], .double(1)][random.below(5)]
            }
            let event = MutationEvent.nodeCreated(
                NodeID(rawValue: UInt64(index)), labels: random.below(2) == 0 ? ["L"] : ["L", "T"],
                properties: properties)
            #expect(try direct.replay(Self.bytes(event), Self.symbols))
            try decoded.apply(event)
        }
        #expect(direct.image == decoded.image)
        #expect(try GraphStore(direct.image).image == decoded.image)
    }

    private static func node(
        _ number: UInt64, labels: [String], _ properties: Properties = ["a": "text"]
    ) -> MutationEvent {
        .nodeCreated(NodeID(rawValue: number), labels: labels, properties: properties)
    }

    @Test func aSetOfLabelsThatEndedIsNotThatOfItsNumber() throws {
        let events: [MutationEvent] = [
            Self.node(0, labels: ["L", "T"]), Self.node(1, labels: ["L", "T"]),
            .nodeDeleted(NodeID(rawValue: 0)), .nodeDeleted(NodeID(rawValue: 1)),
            Self.node(0, labels: ["L", "b"]), Self.node(1, labels: ["L", "T"]),
            Self.node(2, labels: ["L", "b"]), Self.node(3, labels: ["L", "T"]),
        ]
        var direct = GraphStore()
        var decoded = GraphStore()
        for event in events {
            try direct.replay(Self.bytes(event), Self.symbols)
            try decoded.apply(event)
        }
        #expect(direct.image == decoded.image)
        #expect(direct.nodes.map(\.labels) == [["L", "b"], ["L", "T"], ["L", "b"], ["L", "T"]])
        for id in 0..<4 as Range<UInt64> { try direct.deleteNode(NodeID(rawValue: id)) }
        #expect(direct.labelSets.all.allSatisfy { $0.labels.count <= 1 })
    }

    @Test func nodesThatComeAndGoLeaveNoGarbage() throws {
        var store = GraphStore()
        for number in 0..<5 as Range<UInt64> { try store.apply(Self.node(number, labels: ["L"])) }
        for _ in 0..<1000 {
            for number in [1, 3] as [UInt64] {
                try store.apply(.nodeDeleted(NodeID(rawValue: number)))
            }
            for number in [1, 3] as [UInt64] {
                #expect(
                    try store.replay(Self.bytes(Self.node(number, labels: ["L"])), Self.symbols))
            }
        }
        #expect(store.nodeTable.propertyByteCount < 2000)
    }

    @Test func thereIsRoomOrItGoesTheLongWay() throws {
        let properties: Properties = ["a": .string(String(repeating: "x", count: 100))]
        var direct = GraphStore()
        direct.nodeTable.propertyByteCountMax = 4000
        var decoded = direct
        var refusedCount = 0
        for number in 0..<60 as Range<UInt64> {
            let event = Self.node(number, labels: ["L"], properties)
            let isRight = (try? direct.replay(Self.bytes(event), Self.symbols)) != nil
            #expect(isRight == ((try? decoded.apply(event)) != nil))
            if !isRight { refusedCount += 1 }
        }
        #expect(direct.image == decoded.image)
        #expect(refusedCount > 0 && direct.nodeTable.propertyByteCount <= 4000)
    }

    @Test func longListsAndManyPropertiesGoTheLongWay() throws {
        let names = (0..<40).map { "k\($0 / 10)\($0 % 10)" }
        for count in [31, 32, 33, 40] {
            var direct = GraphStore()
            var decoded = GraphStore()
            for index in 0..<4 {
                var properties: Properties = [:]
                for name in names.prefix(count) {
                    properties[name] = .string(String(repeating: "x", count: index * 8))
                }
                let event = MutationEvent.nodeCreated(
                    NodeID(rawValue: UInt64(index)), labels: [], properties: properties)
                var encoder = EventEncoder()
                for name in names { _ = encoder.symbols.intern(name) }
                event.encode(into: &encoder)
                #expect(try direct.replay(encoder.bytes.array(), SymbolTable(names)))
                try decoded.apply(event)
            }
            #expect(direct.image == decoded.image)
            #expect(direct.nodeTable.propertyByteCount == decoded.nodeTable.propertyByteCount)
            #expect(try GraphStore(direct.image).image == decoded.image)
        }
    }
}
