// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import Testing

@testable import CairnExchange

/// Lines of any length: what an export can write, an import reads.
struct LongLineTests {
    /// Options with which lines above 64 bytes count as long, so that small texts take the slow path.
    private var options: JSONLinesImport.Options {
        var options = JSONLinesImport.Options()
        options.valueByteCountMax = 256
        return options
    }

    private func graph() throws -> GraphStore {
        var generator = SplitMix64(seed: 12)
        var graph = GraphStore()
        for count in [0, 1, 2, 3, 40] {
            var properties: Properties = [:]
            for index in 0..<count {
                properties["k\(index)\(generator.pick(["", ",", "}", "\"", "\\"]))"] =
                    generator.value(depth: 2)
            }
            let labels = (0..<count).map { "L\($0)" + generator.pick(["", ",]", "\"\\"]) }
            let node = try graph.createNode(labels: labels, properties: properties)
            try graph.createRelationship("T", from: node, to: node, properties: properties)
        }
        return graph
    }

    @Test(arguments: [1, 2, 7, 64, 4096])
    func aLongLineComesBackInPiecesOfAnySize(pieceByteCount: Int) throws {
        let first = jsonLines(try graph())
        var again = GraphStore()
        try read(first, into: &again, pieceByteCount: pieceByteCount, options: options)
        #expect(jsonLines(again) == first)
    }

    @Test func fieldsOfALongLineMayStandInAnyOrderWithBlanks() throws {
        let pad = String(repeating: "x", count: 90)
        let line = """
            \u{20}\t{ "properties" : { "a" : "\(pad)" , "b" : ["," , {"c":"\(pad)"}] , "d" : 1 , "e":2 } , \
            "labels":[ "A" , "B" , "C" ] , "id": 0, "kind": "node" }
            """
        var graph = GraphStore()
        try read(line, into: &graph, pieceByteCount: 1, options: options)
        #expect(
            jsonLines(graph)
                == #"{"kind":"node","id":0,"labels":["A","B","C"],"properties":{"a":""# + pad
                + #"","b":[",",{"c":""# + pad + #""}],"d":1,"e":2}}"# + "\n")
    }

    /// What is wrong behind long properties, and where.
    static let malformed: [(String, ExchangeError.Code)] = [
        (#","a0":1}}"#, .duplicateKey), (#",}}"#, .syntax), (#","b":tru}}"#, .syntax),
        (#","b":[1},"c":2}}"#, .syntax), (#"},"x":1}"#, .unknownField),
        (#"},"id":1}"#, .duplicateKey), (#"}}}"#, .syntax), (#"}} x"#, .syntax),
        (#","b":"\ud800"}}"#, .invalidUTF8), (#","b":1e999}}"#, .numberOutOfRange), ("", .syntax),
    ]

    @Test(arguments: malformed)
    func anErrorInALongLineHasItsColumn(end: String, code: ExchangeError.Code) throws {
        let start =
            #"{"kind":"node","id":0,"properties":{"#
            + (0..<40).map { #""a\#($0)":"xxxxxxxxxx""# }.joined(separator: ",")
        var whole = GraphStore()
        let expected = #expect(throws: ExchangeError.self) { try read(start + end, into: &whole) }
        #expect(expected?.code == code)
        for pieceByteCount in [1, 5, 50] {
            var graph = GraphStore()
            let error = #expect(throws: ExchangeError.self) {
                try read(
                    start + end, into: &graph, pieceByteCount: pieceByteCount, options: options)
            }
            #expect(error?.code == code)
            // A key that is there twice is noticed where the second half is brought in.
            if code != .duplicateKey { #expect(error?.column == expected?.column) }
            #expect(graph.nodeCount == 0)
        }
    }

    /// What no line begins with, or has, is refused before all of it was read.
    @Test(arguments: [
        ("x", 1, ExchangeError.Code.syntax), (#"{"no":[1,"#, 2, .unknownField),
        (#"{"properties":{"a":["#, 279, .nestingTooDeep),
    ])
    func whatIsNoLineIsRefusedEarly(start: String, column: Int, code: ExchangeError.Code) throws {
        let rest = code == .nestingTooDeep ? "[" : "1"
        var graph = GraphStore()
        var options = JSONLinesImport.Options()
        options.valueByteCountMax = code == .nestingTooDeep ? 1000 : 256
        var lines = JSONLinesImport(options: options)
        let error = #expect(throws: ExchangeError.self) {
            for byte in (start + String(repeating: rest, count: 2000)).utf8 {
                try lines.read([byte], into: &graph)
            }
        }
        #expect(error?.code == code)
        if code != .nestingTooDeep { #expect(error?.column == column) }
    }

    /// A line that is short, and as deep as it is long: refused without going down into it.
    @Test(arguments: ["[", #"{"a":"#])
    func aShortLineNestsNoDeeperThanAValue(part: String) throws {
        for depth in [JSONScanner.depthMax + 1, 100_000] {
            var graph = GraphStore()
            var lines = JSONLinesImport()
            let text =
                #"{"kind":"node","id":0,"labels":[],"properties":{"a":"#
                + String(repeating: part, count: depth)
            let error = #expect(throws: ExchangeError.self) {
                try lines.read(Array((text + "\n").utf8), into: &graph)
            }
            #expect(error?.code == .nestingTooDeep, "\(depth)")
        }
    }

    @Test func oneValueIsBounded() throws {
        let value = String(repeating: "x", count: 300)
        var graph = GraphStore()
        let error = #expect(throws: ExchangeError.self) {
            try read(
                #"{"kind":"node","id":0,"properties":{"a":1,"b":2,"c":""# + value + #""}}"#,
                into: &graph, options: options)
        }
        #expect(error?.code == .lineTooLong)
        #expect(error?.description.contains("a value of the line is longer") == true)
        // Blanks are no value, however many.
        try read(
            String(repeating: " ", count: 1000) + #"{"kind":"node","id":0}"#, into: &graph,
            options: options)
        #expect(graph.nodeCount == 1)
    }

    /// The default bound is above the longest text that the largest record can have.
    @Test func theDefaultBoundIsAboveWhatAnExportWrites() throws {
        let date = Value.date(try #require(CalendarDate(dayNumber: 0)))
        var graph = GraphStore()
        let list = [Value](repeating: date, count: 1000)
        try graph.createNode(properties: ["k": .list(list)])
        let bytes = Value.list(list).encodedByteCount
        let ratio = (jsonLines(graph).utf8.count + bytes - 1) / bytes
        #expect((64 << 20) * ratio <= JSONLinesImport.Options().valueByteCountMax)
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        for (text, column) in [("\u{feff}" + #"{"kind":"node","id":0}"#, nil), ("\u{feff}x", 4)] {
            var graph = GraphStore()
            do {
                try read(text, into: &graph, pieceByteCount: 2)
                #expect(column == nil)
                #expect(graph.nodeCount == 1)
            } catch {
                #expect(error.column == column)
            }
        }
        // In front of a later line it is none.
        var graph = GraphStore()
        #expect(throws: ExchangeError.self) {
            try read(#"{"kind":"node","id":0}"# + "\n\u{feff}{}", into: &graph)
        }
    }

    static let dialects: [(String, String)] = [
        (
            #"{"type":"node","id":"0","labels":["User"],"properties":{"name":"Ada"}}"#, "apoc"
        ),
        (
            #"{"id":"0","type":"relationship","label":"KNOWS","start":{"id":"0"},"end":{"id":"1"}}"#,
            "apoc"
        ),
        (#"[{"type":"node","id":"0","labels":["User"]},"# + "\n", "apoc"),
        (
            #"{"directed": true, "multigraph": false, "graph": {}, "nodes": [{"id": 0}], "links": []}"#,
            "networkx"
        ),
        (
            "{\n  \"directed\": true,\n  \"multigraph\": false,\n  \"graph\": {},\n  \"nodes\": [\n",
            "networkx"
        ),
        (#"{"nodes": [{"id": 0}], "edges": []}"#, "networkx"),
    ]

    @Test(arguments: dialects)
    func jsonOfOthersIsNamed(text: String, dialect: String) {
        var graph = GraphStore()
        let error = #expect(throws: ExchangeError.self) {
            try read(text, into: &graph, pieceByteCount: 4096)
        }
        #expect(error?.code == .otherDialect)
        #expect(error?.name == dialect)
        #expect(error?.description.contains(dialect) == true)
        #expect(error?.description.contains("Docs/JSONLines.md") == true)
    }

    /// A line of ours with such words in it is none of others.
    @Test func aMalformedLineOfOursIsNotTakenForOthers() {
        var graph = GraphStore()
        let error = #expect(throws: ExchangeError.self) {
            try read(#"{"kind":"node","properties":{"type":"node","nodes":[1]}}"#, into: &graph)
        }
        #expect(error?.code == .missingField)
    }

    @Test func largePropertiesAndLabelsComeInEventsOfTheirOwn() throws {
        var graph = GraphStore()
        let large = String(repeating: "x", count: 3 << 20)
        let labels = (0..<6).map { "L\($0)" }
        let node = try graph.createNode(labels: labels, properties: ["small": 1])
        for index in 0..<4 { try graph.setProperty("p\(index)", to: .string(large), of: node) }
        let edge = try graph.createRelationship("T", from: node, to: node)
        for index in 0..<4 { try graph.setProperty("p\(index)", to: .string(large), of: edge) }
        var target = CountingTarget()
        var lines = JSONLinesImport()
        JSONLinesExport.write(graph) { bytes in
            #expect(throws: Never.self) { try lines.read(bytes, into: &target) }
        }
        try lines.finish(into: &target)
        #expect(jsonLines(target.store) == jsonLines(graph))
        #expect(target.createdByteCountMax < 5 << 20)
        #expect(target.setCount == 6)
    }
}

/// A store that notes the size of what it receives.
private struct CountingTarget: GraphTarget {
    var store = GraphStore()
    var createdByteCountMax = 0
    var setCount = 0

    private mutating func note(_ properties: Properties) {
        createdByteCountMax = max(createdByteCountMax, Value.map(properties).encodedByteCount)
    }

    mutating func createNode(
        labels: [String], properties: Properties
    ) throws(GraphError) -> NodeID {
        note(properties)
        return try store.createNode(labels: labels, properties: properties)
    }

    mutating func createRelationship(
        _ type: String, from: NodeID, to: NodeID, properties: Properties
    ) throws(GraphError) -> RelationshipID {
        note(properties)
        return try store.createRelationship(type, from: from, to: to, properties: properties)
    }

    mutating func deleteNode(_ id: NodeID, detach: Bool) throws(GraphError) {
        try store.deleteNode(id, detach: detach)
    }

    mutating func deleteRelationship(_ id: RelationshipID) throws(GraphError) {
        try store.deleteRelationship(id)
    }

    mutating func addLabel(_ label: String, to id: NodeID) throws(GraphError) -> Bool {
        try store.addLabel(label, to: id)
    }

    mutating func setProperty(
        _ key: String, to value: Value, of id: NodeID
    ) throws(GraphError) -> Bool {
        setCount += 1
        return try store.setProperty(key, to: value, of: id)
    }

    mutating func setProperty(
        _ key: String, to value: Value, of id: RelationshipID
    ) throws(GraphError) -> Bool {
        setCount += 1
        return try store.setProperty(key, to: value, of: id)
    }

    mutating func createUniqueConstraint(label: String, key: String) throws(GraphError) -> Bool {
        try store.createUniqueConstraint(label: label, key: key)
    }

    mutating func create(_ rule: SchemaRule) throws(GraphError) -> Bool { try store.create(rule) }

    mutating func create(_ rule: RelationshipRule) throws(GraphError) -> Bool {
        try store.create(rule)
    }
}

extension Value {
    fileprivate var encodedByteCount: Int { base64.utf8.count / 4 * 3 }
}
