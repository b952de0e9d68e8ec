// SPDX-License-Identifier: Apache-2.0

public import CairnFormat
public import CairnGraph

/// Writes a graph as one JSON object a line.
///
/// First all nodes, then all relationships, each ascending by id; then the unique constraints, the other rules for
/// nodes and the rules for relationships, in their order:
///
/// ```json
/// {"kind":"node","id":0,"labels":["Package"],"properties":{"name":"ada","size":5}}
/// {"kind":"relationship","id":0,"type":"DEPENDS","from":0,"to":0,"properties":{}}
/// {"kind":"rule","rule":"unique","label":"Package","keys":["name"]}
/// {"kind":"rule","rule":"index","relationship":"DEPENDS","keys":["since"]}
/// ```
///
/// Fields come in this order, without blanks; labels and keys ascend by their UTF-8 bytes. So equal graphs
/// give equal bytes.
public enum JSONLinesExport {
    /// Writes the lines of a graph.
    ///
    /// - Parameters:
    ///   - graph: The graph to write.
    ///   - sink: Takes the bytes, in pieces of about 64 KiB.
    /// - Throws: What `sink` throws.
    /// - Complexity: O(*n*) in the graph; memory is bounded by the largest node or relationship, and by the
    ///   largest of its properties as text.
    public static func write<Failure: Error>(
        _ graph: some GraphReader, to sink: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        var output = GatheredOutput()
        for id in graph.nodeIDs {
            guard let node = graph.node(id) else { continue }
            appendStart(of: node, to: &output.pending)
            try write(node.properties, to: &output, sink)
        }
        for relationship in graph.relationships {
            appendStart(of: relationship, to: &output.pending)
            try write(relationship.properties, to: &output, sink)
        }
        for constraint in graph.uniqueConstraints {
            append(rule: "unique", .label, constraint.label, [constraint.key], to: &output.pending)
            try output.writeIfMany(to: sink)
        }
        for rule in graph.rules {
            append(rule, to: &output.pending)
            try output.writeIfMany(to: sink)
        }
        for rule in graph.relationshipRules {
            append(rule, to: &output.pending)
            try output.writeIfMany(to: sink)
        }
        try output.write(to: sink)
    }

    /// Writes the rest of a line, one property after the other.
    private static func write<Failure: Error>(
        _ properties: Properties, to output: inout GatheredOutput,
        _ sink: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        output.pending.append(UInt8(ascii: "{"))
        for (index, key) in properties.sortedKeys.enumerated() {
            if index > 0 { output.pending.append(UInt8(ascii: ",")) }
            output.pending.append(json: key, properties[key] ?? .null)
            try output.writeIfMany(to: sink)
        }
        output.pending.append(utf8: "}}\n")
        try output.writeIfMany(to: sink)
    }

    /// Appends the line of one node.
    public static func append(_ node: Node, to buffer: inout BinaryBuffer) {
        appendStart(of: node, to: &buffer)
        buffer.append(json: node.properties)
        buffer.append(utf8: "}\n")
    }

    private static func appendStart(of node: Node, to buffer: inout BinaryBuffer) {
        buffer.append(utf8: #"{"kind":"node","id":"#)
        buffer.append(utf8: "\(node.id.rawValue)")
        buffer.append(utf8: #","labels":["#)
        for (index, label) in node.labels.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(json: label)
        }
        buffer.append(utf8: #"],"properties":"#)
    }

    /// Appends the line of one rule.
    public static func append(_ rule: SchemaRule, to buffer: inout BinaryBuffer) {
        switch rule {
        case .existence(let label, let key):
            append(rule: "existence", .label, label, [key], to: &buffer)
        case .type(let label, let key, let type):
            append(rule: "type", .label, label, [key], type: type, to: &buffer)
        case .key(let label, let keys): append(rule: "key", .label, label, keys, to: &buffer)
        case .index(let label, let keys): append(rule: "index", .label, label, keys, to: &buffer)
        }
    }

    /// Appends the line of one rule for relationships.
    public static func append(_ rule: RelationshipRule, to buffer: inout BinaryBuffer) {
        switch rule {
        case .existence(let type, let key):
            append(rule: "existence", .relationship, type, [key], to: &buffer)
        case .valueType(let type, let key, let values):
            append(rule: "type", .relationship, type, [key], type: values, to: &buffer)
        case .key(let type, let keys):
            append(rule: "key", .relationship, type, keys, to: &buffer)
        case .index(let type, let keys):
            append(rule: "index", .relationship, type, keys, to: &buffer)
        case .unique(let type, let keys):
            append(rule: "unique", .relationship, type, keys, to: &buffer)
        }
    }

    /// The field that says which nodes or relationships a rule is for.
    private enum RuleField: String { case label, relationship }

    private static func append(
        rule name: String, _ field: RuleField, _ group: String, _ keys: [String],
        type: ValueType? = nil, to buffer: inout BinaryBuffer
    ) {
        buffer.append(utf8: #"{"kind":"rule","rule":"#)
        buffer.append(json: name)
        buffer.append(utf8: ",\"\(field.rawValue)\":")
        buffer.append(json: group)
        buffer.append(utf8: #","keys":["#)
        for (index, key) in keys.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(json: key)
        }
        buffer.append(utf8: "]")
        if let type {
            buffer.append(utf8: #","type":"#)
            buffer.append(json: type.name)
        }
        buffer.append(utf8: "}\n")
    }

    /// Appends the line of one relationship.
    public static func append(_ relationship: Relationship, to buffer: inout BinaryBuffer) {
        appendStart(of: relationship, to: &buffer)
        buffer.append(json: relationship.properties)
        buffer.append(utf8: "}\n")
    }

    private static func appendStart(of relationship: Relationship, to buffer: inout BinaryBuffer) {
        buffer.append(utf8: #"{"kind":"relationship","id":"#)
        buffer.append(utf8: "\(relationship.id.rawValue)")
        buffer.append(utf8: #","type":"#)
        buffer.append(json: relationship.type)
        buffer.append(utf8: #","from":"#)
        buffer.append(utf8: "\(relationship.from.rawValue)")
        buffer.append(utf8: #","to":"#)
        buffer.append(utf8: "\(relationship.to.rawValue)")
        buffer.append(utf8: #","properties":"#)
    }
}

/// Bytes that are handed on when there are many.
struct GatheredOutput: ~Copyable {
    private static let byteCountMax = 64 << 10

    var pending = BinaryBuffer(capacity: byteCountMax + 4096)

    mutating func writeIfMany<Failure: Error>(
        to sink: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        if pending.count >= Self.byteCountMax { try write(to: sink) }
    }

    mutating func write<Failure: Error>(
        to sink: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        if !pending.isEmpty { try sink(pending.bytes) }
        pending.removeAll()
    }
}

extension ValueType {
    /// The name of the type in a text, which never changes.
    var name: String { "\(self)" }

    /// The type of this name.
    init?(name: String) {
        guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = type
    }
}
