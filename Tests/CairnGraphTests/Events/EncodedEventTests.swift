// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// Replaying right from bytes does what decoding and applying does, whatever the bytes are.
struct EncodedEventTests {
    /// What became of an event.
    private enum Outcome: Equatable {
        case applied(SectionImage)
        case unreadable(FormatError)
        case refused(GraphError)
    }

    private static let symbols = SymbolTable(["b", "B", "A", "a", "é", "e\u{301}", "T"])

    private static func store() throws -> GraphStore {
        var store = GraphStore()
        try store.createUniqueConstraint(label: "A", key: "a")
        try store.create(SchemaRule(.type, label: "B", keys: ["b"], type: .int)!)
        try store.createNode(labels: ["A"], properties: ["b": "x", "a": 5])
        return store
    }

    private static func outcome(_ body: () throws -> GraphStore) -> Outcome? {
        do {
            return .applied(try body().image)
        } catch let error as FormatError {
            return .unreadable(error)
        } catch let error as GraphError {
            return .refused(error)
        } catch {
            return nil
        }
    }

    /// Replays in both ways, and expects the same.
    ///
    /// - Returns: Whether the event was applied right from its bytes.
    @discardableResult
    private static func compare(_ bytes: [UInt8], _ symbols: SymbolTable = symbols) throws -> Bool {
        var wasDirect = false
        let direct = outcome {
            var store = try store()
            wasDirect = try store.replay(bytes, symbols)
            return store
        }
        let decoded = outcome {
            var store = try store()
            var decoder = EventDecoder(bytes.span.bytes, symbols: symbols)
            let event = try MutationEvent(from: &decoder)
            try decoder.bytes.expectEnd()
            try store.apply(event)
            return store
        }
        #expect(direct == decoded, "\(bytes)")
        return wasDirect
    }

    private static func bytes(_ event: MutationEvent) -> [UInt8] {
        var encoder = EventEncoder()
        for symbol in symbols.symbols { _ = encoder.symbols.intern(symbol) }
        event.encode(into: &encoder)
        return encoder.bytes.array()
    }

    private static let events: [MutationEvent] = [
        .nodeCreated(NodeID(rawValue: 1), labels: [], properties: [:]),
        .nodeCreated(
            NodeID(rawValue: 1), labels: ["B"], properties: ["b": 7, "a": "\u{e9}\u{1F600}"]),
        .nodeCreated(
            NodeID(rawValue: 1), labels: ["A", "B"],
            properties: ["a": .double(0.1), "b": -1, "é": .bytes([1, 2, 3])]),
        .nodeCreated(
            NodeID(rawValue: 1), labels: ["A"],
            properties: ["a": [1, ["k": nil]], "b": .date(CalendarDate(dayNumber: 7)!)]),
        .relationshipCreated(
            RelationshipID(rawValue: 0), type: "T", from: NodeID(rawValue: 0),
            to: NodeID(rawValue: 0), properties: ["a": true, "b": .double(.nan)]),
    ]

    @Test(arguments: events) func rightEventsAreAppliedFromTheirBytes(event: MutationEvent) throws {
        #expect(try Self.compare(Self.bytes(event)))
    }

    @Test(arguments: events) func changedAndCutEventsFailAsDecodedOnesDo(
        event: MutationEvent
    ) throws {
        let bytes = Self.bytes(event)
        for place in bytes.indices {
            try Self.compare(Array(bytes[..<place]))
            for value in UInt8.min...UInt8.max where value != bytes[place] {
                var changed = bytes
                changed[place] = value
                try Self.compare(changed)
            }
        }
        try Self.compare(bytes + [0])
    }

    @Test func rulesAndOtherEventsAreLeftToDecoding() throws {
        let id = NodeID(rawValue: 1)
        // A value that another node has, and one of the wrong type.
        let refused: [MutationEvent] = [
            .nodeCreated(id, labels: ["A"], properties: ["a": 5]),
            .nodeCreated(id, labels: ["B"], properties: ["b": "text"]),
            .nodeCreated(NodeID(rawValue: 2), labels: [], properties: [:]),
        ]
        for event in refused { #expect(try !Self.compare(Self.bytes(event))) }
        #expect(try !Self.compare(Self.bytes(.nodeDeleted(NodeID(rawValue: 0)))))
    }

    @Test func symbolsOfAnotherBatchMeanOtherNames() throws {
        var store = GraphStore()
        let tables = [SymbolTable(["L", "k"]), SymbolTable(["k", "L"]), SymbolTable(["M", "m"])]
        for (index, symbols) in tables.enumerated() {
            let bytes: [UInt8] = [1, UInt8(index), 1, 0, 1, 1, 2]
            #expect(try store.replay(bytes, symbols))
        }
        #expect(store.nodes.map(\.labels) == [["L"], ["k"], ["M"]])
        #expect(store.nodes.map { Array($0.properties.keys) } == [["k"], ["L"], ["m"]])
    }

    @Test func anOpenTransactionTakesItBack() throws {
        var store = try Self.store()
        let before = store.image
        try store.beginTransaction()
        for event in [Self.events[1], Self.events[4]] {
            #expect(try store.replay(Self.bytes(event), Self.symbols))
        }
        try store.rollBackTransaction()
        #expect(store.image == before)
    }

    /// As many nodes and relationships as there may be, and one more, in both ways.
    @Test func theNumberOfNodesAndRelationshipsIsTheSameInBothWays() throws {
        // There is a node already, and no relationship.
        for (event, there) in [(Self.events[0], 1), (Self.events[4], 0)] {
            for limit in UInt32(there)...UInt32(there) + 2 {
                var direct = try Self.store()
                var decoded = direct
                (direct.slotCountMax, decoded.slotCountMax) = (limit, limit)
                let outcomes = [
                    Self.outcome {
                        try direct.replay(Self.bytes(event), Self.symbols)
                        return direct
                    },
                    Self.outcome {
                        try decoded.apply(event)
                        return decoded
                    },
                ]
                #expect(outcomes[0] == outcomes[1], "\(limit)")
                let isRefused = outcomes[0] == .refused(GraphError(code: .idsExhausted))
                #expect(isRefused == (limit == there), "\(limit): \(outcomes)")
            }
        }
    }

    @Test func aRuleOfTooManyKeysIsNotRead() throws {
        let limit = SchemaRule.keyCountMax
        for count in [limit - 1, limit, limit + 1] {
            var encoder = EventEncoder()
            let keys = (0..<count).map { "k\($0)" }
            for event in [
                .ruleCreated(.index(label: "L", keys: keys)),
                .relationshipRuleCreated(.unique(type: "L", keys: keys)),
            ] as [MutationEvent] {
                event.encode(into: &encoder)
                let bytes = encoder.bytes.array()
                var decoder = EventDecoder(
                    bytes.span.bytes, symbols: SymbolTable(encoder.symbols.symbols))
                let decoded = try? MutationEvent(from: &decoder)
                #expect((decoded != nil) == (count <= limit), "\(count) keys")
                encoder = EventEncoder()
            }
        }
    }
}
