// SPDX-License-Identifier: Apache-2.0

import CairnExchange
import CairnGraph
import Testing

struct JSONLinesImportTests {
    private static let node = #"{"kind":"node","id":0,"labels":[],"properties":{}}"#

    @Test func takesFieldsInAnyOrderBlanksAndLeftOutFields() throws {
        var graph = GraphStore()
        try read(
            "\r\n  { \"properties\" : { \"\\u0061\" : [ 1 , 2.5e1 , null ] } , \"id\" : 0 , \"kind\":\"node\"} \r\n\n"
                + #"{"id":0,"to":0,"from":0,"type":"\ud83d\ude00","kind":"relationship"}"#,
            into: &graph)
        #expect(graph.node(NodeID(rawValue: 0))?.properties == ["a": [1, 25.0, nil]])
        #expect(graph.relationships.map(\.type) == ["😀"])
    }

    /// What is wrong with the second line, and where.
    @Test(
        arguments: [
            ("x", 1, .syntax), ("{", 2, .syntax), ("[]", 1, .syntax), ("{}", 1, .missingField),
            (#"{"kind":"node","id":1} x"#, 24, .syntax), (#"{"kind":"node","id":1,}"#, 23, .syntax),
            (#"{"kind":"node"}"#, 1, .missingField), (#"{"id":1}"#, 1, .missingField),
            (#"{"kind":"rule","label":"A","keys":["k"]}"#, 1, .missingField),
            (#"{"kind":"rule","rule":"key","keys":["k"]}"#, 1, .missingField),
            (#"{"kind":"rule","rule":"key","label":"A"}"#, 1, .missingField),
            (#"{"kind":"rule","rule":"type","label":"A","keys":["k"]}"#, 1, .missingField),
            (#"{"kind":"rule","rule":"none","label":"A","keys":["k"]}"#, 16, .wrongType),
            (#"{"kind":"rule","rule":"unique","label":"A","keys":["k","l"]}"#, 44, .wrongType),
            (#"{"kind":"rule","rule":"existence","label":"A","keys":[]}"#, 47, .wrongType),
            (#"{"kind":"rule","rule":"index","label":"A","keys":[]}"#, 1, .refused),
            (#"{"kind":"rule","rule":"key","label":"A","keys":["k","k"]}"#, 1, .refused),
            (#"{"kind":"rule","rule":"key","label":"A","keys":"k"}"#, 48, .wrongType),
            (
                #"{"kind":"rule","rule":"key","label":"A","keys":["k"],"type":"int"}"#, 54,
                .unknownField
            ),
            (#"{"kind":"rule","rule":"type","label":"A","keys":["k"],"type":"x"}"#, 55, .wrongType),
            (#"{"kind":"rule","rule":"key","label":"A","keys":["k"],"id":1}"#, 54, .unknownField),
            (#"{"kind":"rule","rule":"key","relationship":"A"}"#, 1, .missingField),
            (#"{"kind":"rule","rule":"none","relationship":"A","keys":["k"]}"#, 16, .wrongType),
            (#"{"kind":"rule","rule":"existence","relationship":"A","keys":[]}"#, 54, .wrongType),
            (#"{"kind":"rule","rule":"unique","relationship":"A","keys":[]}"#, 1, .refused),
            (#"{"kind":"rule","rule":"key","relationship":1,"keys":["k"]}"#, 44, .wrongType),
            (
                #"{"kind":"rule","rule":"key","label":"A","relationship":"R","keys":["k"]}"#, 41,
                .unknownField
            ),
            (
                #"{"kind":"rule","rule":"unique","relationship":"A","keys":["k"],"type":"int"}"#,
                64,
                .unknownField
            ),
            (#"{"kind":"node","id":1,"keys":["k"]}"#, 23, .unknownField),
            (#"{"kind":"edge","id":1}"#, 9, .unknownKind), (#"{"kind":1,"id":1}"#, 9, .wrongType),
            (#"{"kind":"node","id":"1"}"#, 21, .wrongType),
            (#"{"kind":"node","id":1.0}"#, 21, .wrongType),
            (#"{"kind":"node","id":-1}"#, 21, .numberOutOfRange),
            (#"{"kind":"node","id":18446744073709551616}"#, 21, .numberOutOfRange),
            (#"{"kind":"node","id":01}"#, 21, .syntax),
            (#"{"kind":"node","id":1,"id":1}"#, 23, .duplicateKey),
            (#"{"kind":"node","id":1,"type":"T"}"#, 23, .unknownField),
            (#"{"kind":"node","id":1,"more":1}"#, 23, .unknownField),
            (#"{"kind":"node","id":1,"labels":"A"}"#, 32, .wrongType),
            (#"{"kind":"node","id":1,"labels":[1]}"#, 33, .wrongType),
            (#"{"kind":"node","id":1,"properties":[]}"#, 36, .wrongType),
            (#"{"kind":"node","id":1,"properties":{"a":1,"a":2}}"#, 43, .duplicateKey),
            (#"{"kind":"node","id":1,"properties":{"a":{"b":1,"b":2}}}"#, 48, .duplicateKey),
            (#"{"kind":"node","id":1,"properties":{"a":1e999}}"#, 41, .numberOutOfRange),
            (
                #"{"kind":"node","id":1,"properties":{"a":9223372036854775808}}"#, 41,
                .numberOutOfRange
            ),
            (#"{"kind":"node","id":1,"properties":{"a":1.}}"#, 43, .syntax),
            (#"{"kind":"node","id":1,"properties":{"a":-}}"#, 41, .syntax),
            (#"{"kind":"node","id":1,"properties":{"a":tru}}"#, 41, .syntax),
            (#"{"kind":"node","id":1,"properties":{"a":NaN}}"#, 41, .syntax),
            (#"{"kind":"node","id":1,"properties":{"a":"\x"}}"#, 42, .syntax),
            (#"{"kind":"node","id":1,"properties":{"a":"\u12g4"}}"#, 42, .syntax),
            (#"{"kind":"node","id":1,"properties":{"a":"\ud800"}}"#, 42, .invalidUTF8),
            (#"{"kind":"node","id":1,"properties":{"a":"\udc00"}}"#, 42, .invalidUTF8),
            (#"{"kind":"node","id":1,"properties":{"a":"b"#, 43, .syntax),
            ("{\"kind\":\"node\",\"id\":1,\"properties\":{\"a\":\"\u{1}\"}}", 42, .syntax),
            (#"{"kind":"node","id":1,"properties":{"a":{"$x":1}}}"#, 41, .unknownExtension),
            (#"{"kind":"node","id":1,"properties":{"a":{"$bytes":"A"}}}"#, 41, .wrongType),
            (#"{"kind":"node","id":1,"properties":{"a":{"$bytes":1}}}"#, 41, .wrongType),
            (#"{"kind":"node","id":1,"properties":{"a":{"$double":"1"}}}"#, 41, .wrongType),
            (
                #"{"kind":"node","id":1,"properties":{"a":{"$double":"nan:7ff0000000000000"}}}"#,
                41, .wrongType
            ),
            (#"{"kind":"node","id":1,"properties":{"a":{"$map":1}}}"#, 41, .wrongType),
            (#"{"kind":"node","id":1,"labels":[""]}"#, 1, .refused),
            (#"{"kind":"node","id":0}"#, 21, .outOfOrder),
            (#"{"kind":"node","id":2000000}"#, 21, .tooManyHoles),
            (#"{"kind":"relationship","id":0,"type":"T","from":0}"#, 1, .missingField),
            (#"{"kind":"relationship","id":0,"from":0,"to":0}"#, 1, .missingField),
            (#"{"kind":"relationship","id":0,"type":"T","to":0}"#, 1, .missingField),
            (#"{"kind":"relationship","id":0,"type":"T","from":0,"to":1}"#, 56, .unknownNode),
            (
                #"{"kind":"relationship","id":0,"type":"T","from":0,"to":0,"labels":[]}"#, 58,
                .unknownField
            ),
        ] as [(String, Int, ExchangeError.Code)])
    func anErrorHasLineAndColumn(line: String, column: Int, code: ExchangeError.Code) {
        var graph = GraphStore()
        let error = #expect(throws: ExchangeError.self) {
            try read(Self.node + "\n" + line, into: &graph)
        }
        #expect(error?.code == code)
        #expect(error?.line == 2)
        #expect(error?.column == column)
        #expect(error?.description.hasPrefix("line 2, column \(column): ") == true)
    }

    @Test func bytesThatAreNoUTF8AreAnError() {
        var graph = GraphStore()
        var lines = JSONLinesImport()
        let bytes = Array(#"{"kind":"node","id":0,"labels":[""#.utf8) + [0xff] + Array(#""]}"#.utf8)
        let error = #expect(throws: ExchangeError.self) {
            try lines.read(bytes, into: &graph)
            try lines.finish(into: &graph)
        }
        #expect(error?.code == .invalidUTF8)
        #expect(error?.column == 34)
    }

    @Test func everyPrefixOfALineIsAnErrorAndNeverATrap() throws {
        let line =
            #"{"kind":"node","id":0,"labels":["é"],"properties":{"a":[1.5e3,{"$bytes":"AA=="},"\ud83d\ude00"]}}"#
        for count in 1..<line.utf8.count {
            let prefix = String(decoding: line.utf8.prefix(count), as: UTF8.self)
            var graph = GraphStore()
            #expect(throws: ExchangeError.self, "\(prefix)") { try read(prefix, into: &graph) }
            #expect(graph.nodeCount == 0)
        }
    }

    @Test func everyFlippedByteGivesAnErrorOrAGraph() throws {
        let line = Array(
            #"{"kind":"node","id":0,"labels":["A"],"properties":{"a":[1.5e3,{"$bytes":"AA=="},"\ud83d\ude00"]}}"#
                .utf8)
        for index in line.indices {
            for bit in 0..<8 {
                var bytes = line
                bytes[index] ^= 1 << bit
                var graph = GraphStore()
                var lines = JSONLinesImport()
                do throws(ExchangeError) {
                    try lines.read(bytes, into: &graph)
                    try lines.finish(into: &graph)
                    #expect(graph.nodeCount <= 1)
                } catch {
                    #expect(error.line >= 1 && error.column >= 1)
                }
            }
        }
    }

    @Test func nestingIsBounded() {
        for (open, close) in [
            ("[", "]"), (#"{"a":"#, "}"), (#"{"$map":"#, "}"), (#"{"$a":"#, #","b":1}"#),
        ] {
            for depth in [65, 130, 100_000] {
                let value =
                    String(repeating: open, count: depth) + "1"
                    + String(repeating: close, count: depth)
                var graph = GraphStore()
                #expect(throws: ExchangeError.self, "\(open) \(depth)") {
                    try read(
                        #"{"kind":"node","id":0,"properties":{"a":"# + value + "}}", into: &graph,
                        pieceByteCount: 4096)
                }
            }
        }
    }

    @Test func aHoleIsNoNode() {
        var graph = GraphStore()
        let error = #expect(throws: ExchangeError.self) {
            try read(
                #"{"kind":"node","id":1}"# + "\n"
                    + #"{"kind":"relationship","id":0,"type":"T","from":1,"to":0}"#, into: &graph)
        }
        #expect(error?.code == .unknownNode)
    }

    @Test func keptIDsNeedAnEmptyGraphAndRenewedOnesDoNot() throws {
        var graph = GraphStore()
        try graph.createNode()
        let text = Self.node + "\n" + #"{"kind":"relationship","id":7,"type":"T","from":0,"to":0}"#
        let error = #expect(throws: ExchangeError.self) { try read(text, into: &graph) }
        #expect(error?.code == .graphNotEmpty)
        var options = JSONLinesImport.Options()
        options.identity = .renewed
        var other = GraphStore()
        try other.createNode(labels: ["Own"])
        try read(text, into: &other, options: options)
        #expect(other.nodeCount == 2)
        #expect(other.relationships.map { [$0.id.rawValue, $0.from.rawValue] } == [[0, 1]])
        let twice = #expect(throws: ExchangeError.self) {
            try read(Self.node + "\n" + Self.node, into: &other, options: options)
        }
        #expect(twice?.code == .duplicateID)
        #expect(twice?.line == 2)
    }
}
