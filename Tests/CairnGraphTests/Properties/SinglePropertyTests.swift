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
            withUnsafePointer(to: store) { store in
                let graph = GraphAccess(store)
                var cursor = graph.incidence(ofNode: 0, direction)
                var met: [UInt64] = []
                while let step = graph.next(&cursor, types: types) {
                    met.append(UInt64(step.relationship))
                }
                #expect(graph.degree(ofNode: 0, direction, types: types) == met.count)
                if case .all = types { #expect(graph.degree(ofNode: 0, direction) == met.count) }
                return met.sorted()
            }
        }
        #expect(met(.outgoing) == [loop.rawValue, out.rawValue])
        #expect(met(.incoming) == [loop.rawValue, back.rawValue])
        #expect(met(.both) == [loop.rawValue, out.rawValue, back.rawValue])
        #expect(met(.both, .several([9, store.typeNumber(of: "S")!])) == [out.rawValue])
        #expect(met(.both, .one(store.typeNumber(of: "S")!)) == [out.rawValue])
    }

    /// A loop counts once, whatever the direction.
    @Test(arguments: [Direction.outgoing, .incoming, .both])
    func endsOfATypeAreCountedAsTheDegreesOfNodes(_ direction: Direction) throws {
        var store = GraphStore()
        for _ in 0..<5 { try store.createNode() }
        let ends: [(UInt64, UInt64)] = [(0, 1), (0, 1), (1, 1), (2, 0), (3, 3), (1, 0)]
        for (from, to) in ends {
            try store.createRelationship(
                "T", from: NodeID(rawValue: from), to: NodeID(rawValue: to))
            try store.createRelationship("S", from: NodeID(rawValue: 4), to: NodeID(rawValue: to))
        }
        let type = try #require(store.typeNumber(of: "T"))
        withUnsafePointer(to: store) { store in
            let graph = GraphAccess(store)
            var counts = [UInt32](repeating: 0, count: 5)
            graph.countEnds(ofType: type, direction, &counts)
            let degrees = (0..<5).map {
                UInt32(graph.degree(ofNode: $0, direction, types: .one(type)))
            }
            #expect(counts == degrees)
        }
    }

    @Test func aUniqueNodeIsFoundByValuesOfAllKinds() throws {
        var store = GraphStore()
        try store.createUniqueConstraint(label: "A", key: "k")
        let values: [Value] = [
            .string("a"), .string("ab"), .string(""), .int(1), .double(1), .bool(true),
            .list([.int(1)]),
        ]
        for value in values { try store.createNode(labels: ["A"], properties: ["k": value]) }
        let label = try #require(store.labelNumber(of: "A"))
        let key = try #require(store.keyNumber(of: "k"))
        withUnsafePointer(to: store) { store in
            let graph = GraphAccess(store)
            for (number, value) in values.enumerated() {
                #expect(graph.uniqueNode(labeled: label, key, equals: value) == UInt32(number))
            }
            let none = graph.uniqueNode(labeled: label, key, equals: .string("b"))
            #expect(none == .some(nil))
            #expect(graph.uniqueNode(labeled: label, key + 1, equals: .int(1)) == nil)
        }
    }
}
