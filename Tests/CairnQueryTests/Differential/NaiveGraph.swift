// SPDX-License-Identifier: Apache-2.0
//
// The language once more, as plainly as possible: no plan, no index, no order but that of the text. What the engine gives is
// compared with what this gives. Nothing here is taken from the engine.

import CairnGraph
import CairnTesting

/// A value as the naive evaluator knows it.
enum Plain: Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case text(String)
    case node(Int)
    case relationship(Int)

    var isNull: Bool { self == .null }

    /// As the engine describes a value, but numbers that are equal are the same.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
        case .text(let value): "'\(value)'"
        case .node(let id): "(\(id))"
        case .relationship(let id): "[\(id)]"
        }
    }

    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// Whether two values are equal; nil when that is not known.
    func equals(_ other: Plain) -> Bool? {
        if isNull || other.isNull { return nil }
        if let one = number, let two = other.number { return one == two }
        return self == other
    }

    /// Whether it is less; nil when that is not known.
    func isLess(than other: Plain) -> Bool? {
        if let one = number, let two = other.number { return one < two }
        switch (self, other) {
        case (.text(let one), .text(let two)): return one < two
        case (.bool(let one), .bool(let two)): return !one && two
        default: return nil
        }
    }

    /// Whether it comes first in the order of all values: texts, truth values, numbers, null.
    func comes(before other: Plain) -> Bool {
        if rank != other.rank { return rank < other.rank }
        return isLess(than: other) ?? false
    }

    private var rank: Int {
        switch self {
        case .node: 0
        case .relationship: 1
        case .text: 2
        case .bool: 3
        case .int, .double: 4
        case .null: 5
        }
    }

    /// The same number has the same key, whatever its kind.
    var key: Plain {
        if case .double(let value) = self, value == value.rounded() {
            .int(Int(value))
        } else {
            self
        }
    }
}

/// A graph as lists.
struct NaiveGraph {
    struct Node {
        var labels: Set<String>
        var properties: [String: Plain]
    }

    struct Relationship {
        var type: String
        var from: Int
        var to: Int
        var properties: [String: Plain]
    }

    var nodes: [Node] = []
    var relationships: [Relationship] = []
    /// What a statement deleted: nothing is read afterwards.
    var deletedNodes: Set<Int> = []
    var deletedRelationships: Set<Int> = []

    /// A random graph of at most seven nodes and ten relationships.
    init(using generator: inout Draw) {
        for index in 0..<generator.below(7) + 1 {
            var properties: [String: Plain] = ["k": .int(index)]
            // A text that no two nodes have, and some have not.
            if generator.chance(4, 5) { properties["t"] = .text("t\(index)") }
            if generator.chance(3, 4) { properties["i"] = .int(generator.below(4)) }
            if generator.chance(3, 4) { properties["x"] = generator.value() }
            let labels = ["A", "B", "C"].filter { _ in generator.chance(1, 2) }
            nodes.append(Node(labels: Set(labels), properties: properties))
        }
        for index in 0..<generator.below(11) {
            var properties: [String: Plain] = [:]
            // A number that no two relationships have, and some have not.
            if generator.chance(4, 5) { properties["k"] = .int(index) }
            if generator.chance(1, 2) { properties["i"] = .int(generator.below(3)) }
            if generator.chance(1, 2) { properties["x"] = generator.value() }
            relationships.append(
                Relationship(
                    type: generator.one(of: ["R", "S"]), from: generator.below(nodes.count),
                    to: generator.below(nodes.count), properties: properties))
        }
    }

    /// The same graph in a store, whose ids are the places in the lists.
    func store(isIndexed: Bool) throws -> GraphStore {
        var store = GraphStore()
        if isIndexed {
            try store.createUniqueConstraint(label: "A", key: "k")
            try store.createUniqueConstraint(label: "B", key: "t")
            try store.create(.index(label: "A", keys: ["x"]))
            try store.create(.index(label: "B", keys: ["i", "x"]))
            try store.create(.unique(type: "R", keys: ["k"]))
            try store.create(.index(type: "R", keys: ["i", "x"]))
            try store.create(.index(type: "S", keys: ["x"]))
        }
        for node in nodes {
            try store.createNode(
                labels: Array(node.labels), properties: node.properties.mapValues(\.stored))
        }
        for relationship in relationships {
            try store.createRelationship(
                relationship.type, from: NodeID(rawValue: UInt64(relationship.from)),
                to: NodeID(rawValue: UInt64(relationship.to)),
                properties: relationship.properties.mapValues(\.stored))
        }
        return store
    }
}

extension Plain {
    fileprivate var stored: Value {
        switch self {
        case .null, .node, .relationship: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(Int64(value))
        case .double(let value): .double(value)
        case .text(let value): .string(value)
        }
    }
}

/// Draws numbers that follow from a seed.
struct Draw {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// A number from 0 to below `limit`.
    mutating func below(_ limit: Int) -> Int { Int(generator.next() >> 8) % max(limit, 1) }
    mutating func chance(_ count: Int, _ of: Int) -> Bool { below(of) < count }
    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    mutating func value() -> Plain {
        one(of: [
            .int(0), .int(1), .int(2), .double(1), .double(1.5), .text("a"), .text("b"),
            .bool(true), .bool(false),
        ])
    }
}
