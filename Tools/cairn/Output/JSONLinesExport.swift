// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat
internal import CairnGraph

/// Writes a graph as one JSON object a line.
///
/// Written by hand: for a graph of half a million lines the encoder of Foundation takes about ten seconds,
/// and this about one. Keys of properties are in order; the other keys always come in the same one.
enum JSONLinesExport {
    static func write(_ graph: borrowing GraphStore) throws {
        var output = StandardOutput()
        for node in graph.nodes {
            append(node, to: &output.pending)
            try output.writeIfMany()
        }
        for relationship in graph.relationships {
            append(relationship, to: &output.pending)
            try output.writeIfMany()
        }
        try output.flush()
    }

    static func append(_ node: Node, to buffer: inout ByteBuffer) {
        buffer.append(utf8: #"{"kind":"node","id":"#)
        buffer.append(utf8: "\(node.id.rawValue)")
        buffer.append(utf8: #","labels":["#)
        for (index, label) in node.labels.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(json: label)
        }
        buffer.append(utf8: #"],"properties":"#)
        buffer.append(json: node.properties)
        buffer.append(utf8: "}\n")
    }

    static func append(_ relationship: Relationship, to buffer: inout ByteBuffer) {
        buffer.append(utf8: #"{"kind":"relationship","id":"#)
        buffer.append(utf8: "\(relationship.id.rawValue)")
        buffer.append(utf8: #","type":"#)
        buffer.append(json: relationship.type)
        buffer.append(utf8: #","from":"#)
        buffer.append(utf8: "\(relationship.from.rawValue)")
        buffer.append(utf8: #","to":"#)
        buffer.append(utf8: "\(relationship.to.rawValue)")
        buffer.append(utf8: #","properties":"#)
        buffer.append(json: relationship.properties)
        buffer.append(utf8: "}\n")
    }
}

extension ByteBuffer {
    /// Appends an object of these properties, keys in order.
    mutating func append(json properties: Properties) {
        append(UInt8(ascii: "{"))
        for (index, property) in properties.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(json: property.key)
            append(UInt8(ascii: ":"))
            append(json: property.value)
        }
        append(UInt8(ascii: "}"))
    }

    private mutating func append(json value: Value) {
        switch value {
        case .null: append(utf8: "null")
        case .bool(let value): append(utf8: value ? "true" : "false")
        case .int(let value): append(utf8: "\(value)")
        case .string(let value): append(json: value)
        case .list(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: value)
            }
            append(UInt8(ascii: "]"))
        case .map(let values): append(json: values)
        case .double, .bytes:
            // Rare enough for the slow way. Both can always be encoded.
            append(utf8: (try? JSONValue(value).text()) ?? "null")
        }
    }

    /// Appends a string in quotes.
    mutating func append(json string: String) {
        append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { bytes in
            var done = 0
            for (index, byte) in bytes.enumerated()
            where byte < 0x20 || byte == 0x22 || byte == 0x5c {
                append(Span(_unsafeElements: bytes[done..<index]).bytes)
                append(utf8: Self.escape(byte))
                done = index + 1
            }
            append(Span(_unsafeElements: bytes[done...]).bytes)
        }
        append(UInt8(ascii: "\""))
    }

    /// How JSON writes a byte that cannot stand in a string.
    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case 0x22: return #"\""#
        case 0x5c: return #"\\"#
        case 0x08: return #"\b"#
        case 0x09: return #"\t"#
        case 0x0a: return #"\n"#
        case 0x0c: return #"\f"#
        case 0x0d: return #"\r"#
        default:
            let digits = String(byte, radix: 16)
            return #"\u00"# + (digits.count == 1 ? "0" : "") + digits
        }
    }
}
