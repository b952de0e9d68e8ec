// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnQuery

/// What an index finds is what looking at each node finds, also where the language and the store differ in what they
/// call equal; then no condition is checked again.
struct IndexLookupTests {
    private static let values: [Value] = [
        .int(1), .double(1), .int(0), .double(0), .double(-0.0), .double(.nan), .double(1.5),
        .int(9_007_199_254_740_993), .double(9_007_199_254_740_992), .bool(true), .string("1"),
        .string("é"), .string("e\u{301}"), .list([.int(1)]), .list([.double(1)]),
        .list([.list([.int(1)]), .string("a")]), .list([.double(.nan)]), .list([]),
        zoned("Europe/Paris"), zoned("\u{e9}"), zoned("e\u{301}"), zoned(nil),
        .list([.string("a"), .bool(true)]), .list([.string("a")]),
    ]

    private static func zoned(_ zone: String?) -> Value {
        let local = LocalDateTime(
            date: CalendarDate(year: 2026, month: 1, day: 1)!, time: LocalTime(hour: 1, minute: 0)!)
        let offset = UTCOffset(seconds: 3600)!
        return .zonedDateTime(
            zone.map { ZonedDateTime(local: local, offset: offset, zone: $0)! }
                ?? ZonedDateTime(local: local, offset: offset))
    }

    private static let rules: [[SchemaRule]] = [
        [], [.index(label: "L", keys: ["x"])], [.index(label: "L", keys: ["x", "y"])],
        [.key(label: "L", keys: ["x", "y"])],
    ]

    private func graph(_ rules: [SchemaRule], isUnique: Bool = false) throws -> GraphStore {
        var graph = GraphStore()
        for rule in rules { try graph.create(rule) }
        if isUnique { try graph.createUniqueConstraint(label: "L", key: "x") }
        for (number, value) in Self.values.enumerated() {
            try graph.createNode(
                labels: ["L"], properties: ["x": value, "y": .int(7), "k": .int(Int64(number))])
        }
        return graph
    }

    private func found(_ graph: GraphStore, _ text: String, _ value: Value) throws -> [String] {
        try graph.query(text, ["value": QueryValue(value)]).map { $0.values[0].description }
    }

    @Test(arguments: [
        "n.x = $value", "$value = n.x", "n.x = $value AND n.y = 7", "n.x = $value AND n.y = 7.0",
        "n.x = $value AND n.x = 1", "n.x IN [$value]", "n.x IN [$value, 1]", "n.x > $value",
        "n.x <= $value", "n.x >= $value AND n.x < [9]",
    ])
    func isWhatLookingAtAllFinds(condition: String) throws {
        let text = "MATCH (n:L) WHERE \(condition) RETURN n.k AS k ORDER BY k"
        let graphs = try Self.rules.map { try graph($0) } + [graph([], isUnique: true)]
        for value in Self.values {
            let expected = try found(graphs[0], text, value)
            for graph in graphs.dropFirst() {
                #expect(try found(graph, text, value) == expected, "\(value)")
            }
        }
    }

    /// As many combinations of forms as would take for ever.
    @Test func manyNumbersAreLookedForTogether() throws {
        var graph = GraphStore()
        let keys = (0..<16).map { "k\($0)" }
        try graph.create(.index(label: "L", keys: keys))
        let properties = Dictionary(uniqueKeysWithValues: keys.map { ($0, Value.int(0)) })
        try graph.createNode(labels: ["L"], properties: properties)
        try graph.createNode(
            labels: ["L"], properties: properties.merging(["k3": 1]) { $1 })
        let pattern = keys.map { "\($0): 0.0" }.joined(separator: ", ")
        let text = "MATCH (n:L {\(pattern)}) RETURN n"
        #expect(try graph.query(text, [:]).count == 1)
    }

    @Test func noConditionIsCheckedTwice() throws {
        let graph = try graph([.index(label: "L", keys: ["x"])], isUnique: true)
        func plan(_ condition: String) throws -> String {
            let text = "EXPLAIN MATCH (n:L) WHERE \(condition) RETURN n.k"
            return try graph.query(text, [:]).plan.joined(separator: "\n")
        }
        #expect(try !plan("n.x = 1").contains("Filter"))
        #expect(try plan("n.x = 1 AND n.x = 2").contains("Filter"))
        #expect(try plan("n.x IN [1]").contains("Filter"))
    }
}
