// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnGraph

struct SinglePropertyTests {
    /// Every kind, both flags of a double and a truth value, a key that is not there, and a list without a shape.
    @Test func aValueIsReadWithoutTheOthers() throws {
        let long = String(repeating: "x", count: 2000)
        let lists: [Properties] = [
            [
                "a": .bool(true), "b": .int(-7), "c": .double(0.1), "d": .double(0.5),
                "e": .string("ü"),
            ],
            [
                "a": .bool(false), "b": .list([.int(1), .null]), "c": .double(.nan),
                "d": .bytes([1, 2]),
            ],
            ["a": .map(["k": .bool(true)]), "b": .bool(true), "c": .int(.min)],
            ["a": .string(long), "b": .double(1.5), "c": .string("")],
            ["c": .date(CalendarDate(year: 2026, month: 1, day: 31)!), "d": .bool(true)],
            [:],
        ]
        var store = GraphStore()
        for properties in lists { try store.createNode(properties: properties) }
        for (node, properties) in lists.enumerated() {
            for key in ["a", "b", "c", "d", "e", "unknown"] {
                let number = store.keyNumber(of: key)
                let found = number.flatMap { store.property($0, ofNode: UInt32(node)) }
                #expect(found == properties[key], "\(key) of \(node)")
            }
        }
    }

    /// In every chunk of the tables, and near their edges.
    @Test func aValueIsReadWhereverTheEntityIs() throws {
        var store = GraphStore()
        let count = 2500
        for number in 0..<count {
            let node = try store.createNode(properties: ["n": .int(Int64(number))])
            try store.createRelationship(
                "T", from: node, to: node, properties: ["n": .int(Int64(-number))])
        }
        let key = try #require(store.keyNumber(of: "n"))
        let wrong = (0..<count).first { number in
            store.property(key, ofNode: UInt32(number)) != .int(Int64(number))
                || store.property(key, ofRelationship: UInt32(number)) != .int(Int64(-number))
        }
        #expect(wrong == nil)
    }

    @Test func relationshipsOfANodeAreGoneOverInBothDirections() throws {
        var store = GraphStore()
        let a = try store.createNode()
        let b = try store.createNode()
        let loop = try store.createRelationship("T", from: a, to: a)
        let out = try store.createRelationship("S", from: a, to: b)
        let back = try store.createRelationship("T", from: b, to: a)
        func met(_ direction: Direction, _ types: RelationshipTypes = .all) -> [UInt64] {
            var cursor = store.incidence(ofNode: 0, direction)
            var met: [UInt64] = []
            while let step = store.next(&cursor, types: types) {
                met.append(UInt64(step.relationship))
            }
            return met.sorted()
        }
        #expect(met(.outgoing) == [loop.rawValue, out.rawValue])
        #expect(met(.incoming) == [loop.rawValue, back.rawValue])
        #expect(met(.both) == [loop.rawValue, out.rawValue, back.rawValue])
        #expect(met(.both, .several([9, store.typeNumber(of: "S")!])) == [out.rawValue])
        #expect(met(.both, .one(store.typeNumber(of: "S")!)) == [out.rawValue])
    }
}
