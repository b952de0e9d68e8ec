// SPDX-License-Identifier: Apache-2.0

import CairnExchange
import CairnGraph
import Testing

struct JSONLinesRoundTripTests {
    /// Every value there is, each of its kinds at its edges.
    static let values: [Value] =
        [
            true, false, 0, -1, .int(.max), .int(.min), 0.0, -0.0, 1.0, 0.1, 1e22, 1e300,
            .double(.leastNonzeroMagnitude),
            .double(.greatestFiniteMagnitude), .double(.infinity), .double(-.infinity),
            .double(.nan),
            .double(.signalingNaN), .double(Double(bitPattern: 0xfff8_0000_0000_0001)),
            "", "a\"b\\c/d\u{8}\t\n\u{c}\r\u{0}\u{1f}\u{7f}", "é", "e\u{301}", "\u{2028}😀",
            .bytes([]), .bytes([0]), .bytes([0, 255]), .bytes([1, 2, 3]), [], [:],
            [nil, [], [[1]]],
            ["a": nil, "b": [:]], ["$a": 1], ["$map": 1], ["$bytes": "AA=="],
            ["$map": ["$map": [:]]],
            ["$double": "nan"], ["$a": 1, "b": 2], ["$map": ["$bytes": "AA=="], "x": 1], ["": 1],
        ] as [Value]

    @Test(arguments: values)
    func aValueComesBackAsItWas(value: Value) throws {
        var graph = GraphStore()
        let id = try graph.createNode(properties: ["$v": value])
        var copy = GraphStore()
        try read(jsonLines(graph), into: &copy)
        #expect(copy.node(id)?["$v"] == value)
        #expect(jsonLines(copy) == jsonLines(graph))
    }

    @Test func deepValuesComeBack() throws {
        for wrap in [{ .list([$0]) }, { .map(["$map": $0]) }] as [(Value) -> Value] {
            let value = (0..<Value.nestingCountMax).reduce(1 as Value) { value, _ in wrap(value) }
            var graph = GraphStore()
            try graph.createNode(properties: ["v": value])
            var copy = GraphStore()
            try read(jsonLines(graph), into: &copy)
            #expect(jsonLines(copy) == jsonLines(graph))
        }
    }

    @Test func rulesComeBack() throws {
        var graph = GraphStore()
        for number in Int64(0)..<3 {
            try graph.createNode(
                labels: ["A", "é"], properties: ["n": .int(number), "m": "x", "ü": 1])
        }
        try graph.createUniqueConstraint(label: "A", key: "n")
        try graph.createUniqueConstraint(label: "unused", key: "k")
        for type in ValueType.allCases {
            try graph.create(.type(label: "L", key: "\(type)", type))
        }
        let rules: [SchemaRule] = [
            .existence(label: "A", key: "m"), .type(label: "A", key: "n", .int),
            .key(label: "A", keys: ["n", "m"]), .index(label: "é", keys: ["m", "n"]),
            .index(label: "é", keys: ["ü"]),
        ]
        for rule in rules { try graph.create(rule) }
        let ends = (NodeID(rawValue: 0), NodeID(rawValue: 1))
        for number in Int64(0)..<3 {
            try graph.createRelationship(
                "R", from: ends.0, to: ends.1, properties: ["n": .int(number), "m": "x"])
        }
        let ofRelationships: [RelationshipRule] = [
            .existence(type: "R", key: "m"), .valueType(type: "R", key: "n", .int),
            .key(type: "R", keys: ["n", "m"]), .index(type: "R", keys: ["m", "n"]),
            .unique(type: "R", keys: ["m", "n"]), .unique(type: "unused", keys: ["ü"]),
        ]
        for rule in ofRelationships { try graph.create(rule) }
        let text = jsonLines(graph)
        for line in [
            #"{"kind":"rule","rule":"unique","label":"A","keys":["n"]}"#,
            #"{"kind":"rule","rule":"existence","label":"A","keys":["m"]}"#,
            #"{"kind":"rule","rule":"type","label":"A","keys":["n"],"type":"int"}"#,
            #"{"kind":"rule","rule":"key","label":"A","keys":["n","m"]}"#,
            #"{"kind":"rule","rule":"index","label":"é","keys":["m","n"]}"#,
            #"{"kind":"rule","rule":"existence","relationship":"R","keys":["m"]}"#,
            #"{"kind":"rule","rule":"type","relationship":"R","keys":["n"],"type":"int"}"#,
            #"{"kind":"rule","rule":"key","relationship":"R","keys":["n","m"]}"#,
            #"{"kind":"rule","rule":"index","relationship":"R","keys":["m","n"]}"#,
            #"{"kind":"rule","rule":"unique","relationship":"R","keys":["m","n"]}"#,
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        var copy = GraphStore()
        try read(text, into: &copy)
        #expect(jsonLines(copy) == text)
        #expect(copy.rules == graph.rules && copy.rules.count == 20)
        #expect(copy.uniqueConstraints == graph.uniqueConstraints)
        #expect(copy.relationshipRules == ofRelationships)
        #expect(copy.relationships(typed: "R", where: .equals("m", "x")).usesIndex)
        #expect(copy.nodes(labeled: "é", where: .equals("m", "x")).usesIndex)
        #expect(throws: GraphError.self) {
            try copy.createNode(labels: ["A"], properties: ["n": 0, "m": "y"])
        }
    }

    @Test func eachValueHasItsText() throws {
        var graph = GraphStore()
        try graph.createNode(
            labels: ["B", "A"],
            properties: [
                "b": 1.0, "a": .bytes([1, 2, 3, 4]), "c": ["$x": .double(.nan)], "d": 1e20,
                "e": .double(Double(bitPattern: 0x7ff8_0000_0000_0001)), "f": -0.0,
            ])
        #expect(
            jsonLines(graph) == #"{"kind":"node","id":0,"labels":["A","B"],"properties":{"#
                + #""a":{"$bytes":"AQIDBA=="},"b":1.0,"c":{"$map":{"$x":{"$double":"nan"}}},"d":1e+20,"#
                + #""e":{"$double":"nan:7ff8000000000001"},"f":-0.0}}"# + "\n")
    }

    /// Random graphs with holes: the same bytes whatever the size of the pieces, and the ids go on alike.
    @Test func exportImportExportGivesTheSameBytes() throws {
        for seed in 1...300 as ClosedRange<UInt64> {
            let graph = try randomGraph(seed)
            let first = jsonLines(graph)
            for pieceByteCount in [1, 64, 1 << 20] {
                var copy = GraphStore()
                let lines = try read(first, into: &copy, pieceByteCount: pieceByteCount)
                #expect(jsonLines(copy) == first, "seed \(seed)")
                #expect(lines.nodeCount == graph.nodeCount, "seed \(seed)")
                #expect(lines.relationshipCount == graph.relationshipCount, "seed \(seed)")
            }
        }
    }

    @Test func renewedIDsGiveTheSameGraphWithoutHoles() throws {
        for seed in 1...100 as ClosedRange<UInt64> {
            let graph = try randomGraph(seed)
            var options = JSONLinesImport.Options()
            options.identity = .renewed
            var dense = GraphStore()
            try read(jsonLines(graph), into: &dense, options: options)
            #expect(dense.nodeIDs.map(\.rawValue) == (0..<UInt64(graph.nodeCount)).map(\.self))
            let numbers = Dictionary(uniqueKeysWithValues: zip(graph.nodeIDs, dense.nodeIDs))
            for (old, new) in zip(graph.nodes, dense.nodes) {
                #expect(old.labels == new.labels && old.properties == new.properties, "\(seed)")
            }
            for (old, new) in zip(graph.relationships, dense.relationships) {
                #expect(old.type == new.type && old.properties == new.properties, "\(seed)")
                #expect(numbers[old.from] == new.from && numbers[old.to] == new.to, "\(seed)")
            }
            let once = jsonLines(dense)
            var again = GraphStore()
            try read(once, into: &again, options: options)
            #expect(jsonLines(again) == once, "seed \(seed)")
        }
    }

    private func randomGraph(_ seed: UInt64) throws -> GraphStore {
        var random = SplitMix64(seed: seed)
        var graph = GraphStore()
        let count = random.below(9)
        for _ in 0..<count {
            try graph.createNode(
                labels: random.pick([[], ["A"], ["B", "A"]]),
                properties: ["p": random.value(depth: 3), "$q": random.value(depth: 1)])
        }
        guard count > 0 else { return graph }
        for _ in 0..<random.below(20) {
            try graph.createRelationship(
                random.pick(["T", "é"]), from: NodeID(rawValue: UInt64(random.below(count))),
                to: NodeID(rawValue: UInt64(random.below(count))),
                properties: ["p": random.value(depth: 2)])
        }
        for _ in 0..<random.below(4) {
            let node = NodeID(rawValue: UInt64(random.below(count)))
            if graph.node(node) != nil { try graph.deleteNode(node, detach: true) }
            if let last = Array(graph.relationshipIDs).randomElement(using: &random) {
                try graph.deleteRelationship(last)
            }
        }
        return graph
    }
}
