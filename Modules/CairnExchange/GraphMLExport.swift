// SPDX-License-Identifier: Apache-2.0
//
// GraphML: http://graphml.graphdrawing.org/specification.html

internal import CairnFormat
public import CairnGraph

/// Writes a graph as GraphML.
///
/// - Labels are the data `:labels`, each after a colon (`:A:B`); the type of a relationship is `:type`.
/// - A key whose values are all truth values, integers or doubles is declared so, and one with integers and doubles
///   as `double`, so that readers compute with it; any other is declared as text. Values that are no text are then
///   written as in JSON Lines. Integers are written with all their digits; a reader that holds them as doubles
///   rounds those beyond 2⁵³.
/// - XML has no way to write most control characters: U+FFFD takes their place.
public enum GraphMLExport {
    /// Writes the text of a graph; see ``JSONLinesExport/write(_:to:)``.
    ///
    /// - Complexity: O(*n*) in the graph, which is read twice: once for the types of the keys.
    public static func write<Failure: Error>(
        _ graph: some GraphReader, to sink: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        var output = GatheredOutput()
        output.pending.append(
            utf8: """
                <?xml version="1.0" encoding="UTF-8"?>
                <graphml xmlns="http://graphml.graphdrawing.org/xmlns">

                """)
        var nodeKeys = Keys(prefix: "n", of: "node", named: ":labels")
        for id in graph.nodeIDs { if let node = graph.node(id) { nodeKeys.add(node.properties) } }
        var relationshipKeys = Keys(prefix: "e", of: "edge", named: ":type")
        for relationship in graph.relationships { relationshipKeys.add(relationship.properties) }
        nodeKeys.declare(in: &output.pending)
        relationshipKeys.declare(in: &output.pending)
        output.pending.append(utf8: "<graph edgedefault=\"directed\">\n")
        for id in graph.nodeIDs {
            guard let node = graph.node(id) else { continue }
            let labels = node.labels.map { ":" + $0 }.joined()
            output.pending.append(utf8: "<node id=\"n\(id)\">")
            nodeKeys.append(labels, node.properties, to: &output.pending)
            output.pending.append(utf8: "</node>\n")
            try output.writeIfMany(to: sink)
        }
        for relationship in graph.relationships {
            let (id, from, to) = (relationship.id, relationship.from, relationship.to)
            output.pending.append(
                utf8: "<edge id=\"e\(id)\" source=\"n\(from)\" target=\"n\(to)\">")
            relationshipKeys.append(
                relationship.type, relationship.properties, to: &output.pending)
            output.pending.append(utf8: "</edge>\n")
            try output.writeIfMany(to: sink)
        }
        output.pending.append(utf8: "</graph>\n</graphml>\n")
        try output.write(to: sink)
    }
}

/// The keys of all nodes, or of all relationships, with the types that GraphML declares.
private struct Keys {
    private enum ValueType: String {
        case boolean, long, double, string

        init(_ value: Value) {
            self =
                switch value {
                case .bool: .boolean
                case .int: .long
                case .double: .double
                default: .string
                }
        }

        /// The narrowest type that values of both can be read as.
        func joined(with other: ValueType) -> ValueType {
            switch (self, other) {
            case _ where self == other: self
            case (.long, .double), (.double, .long): .double
            default: .string
            }
        }
    }

    private let prefix: String
    private let owner: String
    private let name: String
    private var types: [String: ValueType] = [:]
    private var numbers: [String: Int] = [:]

    /// - Parameter name: What stands for the labels or the type.
    init(prefix: String, of owner: String, named name: String) {
        self.prefix = prefix
        self.owner = owner
        self.name = name
    }

    mutating func add(_ properties: Properties) {
        for (key, value) in properties {
            let type = ValueType(value)
            if let known = types[key] {
                types[key] = known.joined(with: type)
            } else {
                types[key] = type
            }
        }
    }

    mutating func declare(in buffer: inout BinaryBuffer) {
        declare("\(prefix)", name, .string, &buffer)
        for (number, key) in Self.sorted(types.keys).enumerated() {
            numbers[key] = number
            declare("\(prefix)\(number)", key, types[key] ?? .string, &buffer)
        }
    }

    private func declare(
        _ id: String, _ name: String, _ type: ValueType, _ buffer: inout BinaryBuffer
    ) {
        buffer.append(utf8: "<key id=\"\(id)\" for=\"\(owner)\" attr.name=\"")
        buffer.append(xml: name)
        buffer.append(utf8: "\" attr.type=\"\(type.rawValue)\"/>\n")
    }

    /// Appends the data of a node or a relationship.
    func append(_ own: String, _ properties: Properties, to buffer: inout BinaryBuffer) {
        buffer.append(utf8: "<data key=\"\(prefix)\">")
        buffer.append(xml: own)
        buffer.append(utf8: "</data>")
        for key in Self.sorted(properties.keys) {
            guard let number = numbers[key], let value = properties[key] else { continue }
            buffer.append(utf8: "<data key=\"\(prefix)\(number)\">")
            switch value {
            case .string(let text): buffer.append(xml: text)
            case .double(let number) where number.isFinite: buffer.append(utf8: "\(number)")
            case .double(let number) where types[key] == .double:
                buffer.append(utf8: number.isNaN ? "NaN" : number > 0 ? "INF" : "-INF")
            default:
                var text = BinaryBuffer()
                text.append(json: value)
                buffer.append(xml: String(decoding: text.array(), as: UTF8.self))
            }
            buffer.append(utf8: "</data>")
        }
    }

    private static func sorted(_ keys: some Sequence<String>) -> [String] {
        keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension BinaryBuffer {
    /// Appends a text as it may stand within an element or in quotes.
    mutating func append(xml text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": append(utf8: "&amp;")
            case "<": append(utf8: "&lt;")
            case ">": append(utf8: "&gt;")
            case "\"": append(utf8: "&quot;")
            case "\t", "\n", "\r": append(utf8: "&#\(scalar.value);")
            case "\u{0}"..<" ", "\u{fffe}", "\u{ffff}": append(utf8: "\u{fffd}")
            default: append(utf8: String(scalar))
            }
        }
    }
}
