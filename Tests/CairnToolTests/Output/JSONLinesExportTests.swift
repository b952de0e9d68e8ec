// SPDX-License-Identifier: Apache-2.0

import CairnExchange
import CairnFormat
import CairnGraph
import Foundation
import Testing

@testable import CairnTool

struct JSONLinesExportTests {
    private func line(_ properties: Properties) throws -> String {
        var graph = GraphStore()
        let id = try graph.createNode(labels: ["B", "A\"x"], properties: properties)
        var buffer = BinaryBuffer()
        JSONLinesExport.append(try #require(graph.node(id)), to: &buffer)
        return String(decoding: buffer.array(), as: UTF8.self)
    }

    @Test func writesNodesWithKeysInOrder() throws {
        #expect(
            try line(["b": 1, "a": "x", "c": true])
                == #"{"kind":"node","id":0,"labels":["A\"x","B"],"properties":{"a":"x","b":1,"c":true}}"#
                + "\n")
        #expect(try line([:]).hasSuffix(#""properties":{}}"# + "\n"))
    }

    @Test func writesRelationships() throws {
        var graph = GraphStore()
        let first = try graph.createNode()
        let second = try graph.createNode()
        let id = try graph.createRelationship(
            "T", from: second, to: first, properties: ["group": 3])
        var buffer = BinaryBuffer()
        JSONLinesExport.append(try #require(graph.relationship(id)), to: &buffer)
        #expect(
            String(decoding: buffer.array(), as: UTF8.self)
                == #"{"kind":"relationship","id":0,"type":"T","from":1,"to":0,"properties":{"group":3}}"#
                + "\n")
    }

    @Test func escapesEveryCharacterAsJSONWants() throws {
        let scalars = (0...0x2ff).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{fffd}", "😀"]
        for scalar in scalars {
            let text = "a\(scalar)b\(scalar)"
            let object = try jsonObject(try line([text: .string(text)]))
            let properties = try #require(object["properties"] as? [String: String])
            // Compared as bytes: Swift calls different spellings of a text equal.
            let found = try #require(properties.first)
            #expect(
                Array(found.value.utf8) == Array(text.utf8), "U+\(String(scalar.value, radix: 16))")
        }
    }

    @Test func agreesWithTheEncoderOfFoundation() throws {
        let values: [Value] = [
            .bool(false), .int(.min), .int(.max), .double(1.5), .double(1e300),
            .double(.nan), .double(.infinity), .double(-.infinity), .bytes([0, 255, 16]),
            .bytes([]),
            .list([.null, .int(1), .list([]), .map([:])]),
            .map(["b": .null, "a": .string("/\"\u{1}")]),
        ]
        for value in values {
            let expected = try JSONValue.object(["p": JSONValue(value)]).text()
            #expect(try line(["p": value]).hasSuffix("\"properties\":\(expected)}\n"))
        }
    }
}
