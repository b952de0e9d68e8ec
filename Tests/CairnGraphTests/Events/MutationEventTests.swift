// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import Testing

@testable import CairnGraph

/// One event of each kind.
let sampleEvents: [MutationEvent] = {
    let node = NodeID(rawValue: 300)
    let relationship = RelationshipID(rawValue: .max)
    let properties: Properties = ["b": 1, "a": ["x": [nil, 2.5]], "é": "text"]
    return [
        .nodeCreated(node, labels: ["A", "B"], properties: properties),
        .nodeCreated(NodeID(rawValue: 0), labels: [], properties: [:]),
        .nodeDeleted(node),
        .labelAdded(node, label: "A"),
        .labelRemoved(node, label: "A"),
        .nodePropertySet(node, key: "a", value: 7),
        .nodePropertySet(node, key: "a", value: nil),
        .nodePropertiesReplaced(node, properties: properties),
        .relationshipCreated(
            relationship, type: "R", from: node, to: NodeID(rawValue: 1), properties: properties),
        .relationshipDeleted(relationship),
        .relationshipPropertySet(relationship, key: "b", value: .bytes([1, 2])),
        .relationshipPropertiesReplaced(relationship, properties: [:]),
        .uniqueConstraintCreated(label: "A", key: "a"),
        .uniqueConstraintDropped(label: "A", key: "a"),
        .ruleCreated(.existence(label: "A", key: "a")),
        .ruleCreated(.type(label: "B", key: "b", .zonedDateTime)),
        .ruleDropped(.key(label: "A", keys: ["b", "a"])),
        .ruleDropped(.index(label: "R", keys: ["a", "b", "é"])),
        .relationshipRuleCreated(.existence(type: "A", key: "a")),
        .relationshipRuleCreated(.valueType(type: "R", key: "b", .zonedDateTime)),
        .relationshipRuleCreated(.unique(type: "R", keys: ["b", "é"])),
        .relationshipRuleDropped(.key(type: "R", keys: ["b", "a"])),
        .relationshipRuleDropped(.index(type: "R", keys: ["a", "b", "é"])),
    ]
}()

struct MutationEventTests {
    @Test(arguments: sampleEvents) func roundTrips(event: MutationEvent) throws {
        #expect(try EncodedEvents([event]).decoded() == [event])
    }

    @Test func everyKindOfEventIsAmongTheSamples() {
        #expect(Set(sampleEvents.map(\.tag)) == Set(MutationEvent.Tag.allCases))
    }

    @Test(arguments: sampleValues) func everyKindOfValueRoundTrips(value: Value) throws {
        var events: [MutationEvent] = [
            .nodePropertySet(NodeID(rawValue: 1), key: "k", value: value)
        ]
        if !value.isNull {
            events.append(.nodePropertiesReplaced(NodeID(rawValue: 1), properties: ["k": value]))
        }
        #expect(try EncodedEvents(events).decoded() == events)
    }

    @Test func manyEventsShareSymbols() throws {
        let encoded = EncodedEvents(sampleEvents)
        #expect(try encoded.decoded() == sampleEvents)
        #expect(encoded.symbols.symbols == ["A", "B", "a", "b", "é", "R"])
    }

    @Test func encodingIsTheDocumentedOne() {
        let event = MutationEvent.nodeCreated(
            NodeID(rawValue: 300), labels: ["L"], properties: ["b": nil, "a": 1])
        #expect(EncodedEvents([event]).bytes == [1, 0xac, 2, 1, 0, 2, 1, 3, 2, 2, 0])
        let other = MutationEvent.relationshipCreated(
            RelationshipID(rawValue: 1), type: "R", from: NodeID(rawValue: 2),
            to: NodeID(rawValue: 3), properties: [:])
        #expect(EncodedEvents([other]).bytes == [7, 1, 0, 2, 3, 0])
    }

    @Test(
        arguments: [
            ([0], .unknownTag, 0),
            ([17], .unknownTag, 0),
            ([2], .truncated, 1),
            // A label that is not in the table; a count that cannot be.
            ([3, 0, 2], .invalidReference, 2),
            ([1, 0, 5, 0], .countTooLarge, 2),
            // Keys that descend (b, a), that are equal, a null property.
            ([6, 0, 2, 1, 2, 0, 2], .nonCanonical, 5),
            ([6, 0, 2, 0, 2, 0, 2], .nonCanonical, 5),
            ([6, 0, 1, 0, 0], .invalidValue, 4),
            // Rules: an unknown kind, a type where none belongs, none where one does, an unknown one, no
            // key, two keys where one belongs, a key twice.
            ([13, 5, 0, 0, 1, 0], .invalidValue, 1),
            ([13, 1, 1, 0, 1, 0], .invalidValue, 1),
            ([13, 2, 0, 0, 1, 0], .invalidValue, 1),
            ([13, 2, 16, 0, 1, 0], .invalidValue, 1),
            ([14, 3, 0, 0, 0, 0], .invalidValue, 1),
            ([14, 1, 0, 0, 2, 0, 1], .invalidValue, 1),
            ([14, 4, 0, 0, 2, 1, 1], .invalidValue, 1),
            // The same for relationships, which have a kind more.
            ([15, 6, 0, 0, 1, 0], .invalidValue, 1),
            ([15, 5, 1, 0, 1, 0], .invalidValue, 1),
            ([15, 2, 0, 0, 1, 0], .invalidValue, 1),
            ([15, 2, 16, 0, 1, 0], .invalidValue, 1),
            ([16, 5, 0, 0, 0, 0], .invalidValue, 1),
            ([16, 1, 0, 0, 2, 0, 1], .invalidValue, 1),
            ([16, 5, 0, 0, 2, 1, 1], .invalidValue, 1),
        ] as [([UInt8], FormatError.Code, Int)])
    func damagedBytesAreRefused(bytes: [UInt8], code: FormatError.Code, offset: Int) {
        #expect(throws: FormatError(code: code, offset: offset)) {
            try EncodedEvents.decode(bytes, SymbolTable(["a", "b"]))
        }
    }

    @Test func everyTruncationAndEveryChangedByteGivesEventsOrAnError() throws {
        var acceptedCount = 0
        for event in sampleEvents {
            let encoded = EncodedEvents([event])
            for count in 1..<encoded.bytes.count {
                let part = Array(encoded.bytes[..<count])
                #expect(
                    failure { () throws(FormatError) in
                        _ = try EncodedEvents.decode(part, encoded.symbols)
                    } != nil)
            }
            for index in encoded.bytes.indices {
                for byte in UInt8.min...UInt8.max where byte != encoded.bytes[index] {
                    var changed = encoded.bytes
                    changed[index] = byte
                    guard let events = try? EncodedEvents.decode(changed, encoded.symbols) else {
                        continue
                    }
                    acceptedCount += 1
                    // Applying what was accepted gives a state or an error.
                    var store = GraphStore()
                    for event in events { try? store.apply(event) }
                }
            }
        }
        #expect(acceptedCount > 1000)
    }
}
