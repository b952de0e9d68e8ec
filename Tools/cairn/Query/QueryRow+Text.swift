// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph
internal import CairnQuery

extension QueryRow {
    /// The row as an object; nodes and relationships with all they have.
    var json: JSONValue {
        var entries: [String: JSONValue] = [:]
        for (name, value) in zip(columns, values) { entries[name] = json(of: value) }
        return .object(entries)
    }

    private func json(of value: QueryValue) -> JSONValue {
        switch value {
        case .null: .null
        case .bool(let truth): .bool(truth)
        case .int(let number): .integer(number)
        case .double(let number): JSONValue(Value.double(number))
        case .string(let text): .string(text)
        case .list(let values): .array(values.map(json(of:)))
        case .map(let entries): .object(entries.mapValues(json(of:)))
        case .node(let id): json(of: id)
        case .relationship(let id): json(of: id)
        case .path(let path):
            .object([
                "nodes": .array(path.nodes.map(json(of:))),
                "relationships": .array(path.relationships.map(json(of:))),
            ])
        case .deleted(let entity): .object(["$deleted": .unsigned(entity.id)])
        case .opaque(let value): JSONValue(value)
        default: .optional(value.text)
        }
    }

    private func json(of id: NodeID) -> JSONValue {
        guard let node = node(id) else { return .object(["id": .unsigned(id.rawValue)]) }
        return .object([
            "id": .unsigned(id.rawValue), "labels": .array(node.labels.map(JSONValue.string)),
            "properties": JSONValue(node.properties),
        ])
    }

    private func json(of id: RelationshipID) -> JSONValue {
        guard let relationship = relationship(id) else {
            return .object(["id": .unsigned(id.rawValue)])
        }
        return .object([
            "id": .unsigned(id.rawValue), "type": .string(relationship.type),
            "from": .unsigned(relationship.from.rawValue),
            "to": .unsigned(relationship.to.rawValue),
            "properties": JSONValue(relationship.properties),
        ])
    }

    /// A value for a table: text as it stands, anything else as the language writes it.
    func text(of value: QueryValue) -> String {
        if case .string(let text) = value { text } else { literal(value) }
    }

    /// A value for a field of CSV: nothing for null, text as it stands, JSON for what has parts.
    func exactText(of value: QueryValue) -> String {
        if value.isNull { return "" }
        return value.text ?? (try? json(of: value).text()) ?? ""
    }

    private func literal(_ value: QueryValue) -> String {
        switch value {
        case .list(let values): "[" + values.map(literal).joined(separator: ", ") + "]"
        case .map(let entries): Self.literal(entries.mapValues(literal))
        case .node(let id): literal(id)
        case .relationship(let id): "[" + literal(id) + "]"
        case .path(let path): literal(path)
        default: value.description
        }
    }

    private func literal(_ id: NodeID) -> String {
        guard let node = node(id) else { return "(\(id))" }
        let labels = node.labels.map { ":" + $0 }.joined()
        let properties = node.properties.mapValues { QueryValue($0).description }
        let parts = [labels, properties.isEmpty ? "" : Self.literal(properties)]
        return "(" + parts.filter { !$0.isEmpty }.joined(separator: " ") + ")"
    }

    private func literal(_ id: RelationshipID) -> String {
        guard let relationship = relationship(id) else { return "\(id)" }
        let properties = relationship.properties.mapValues { QueryValue($0).description }
        let type = ":" + relationship.type
        return properties.isEmpty ? type : type + " " + Self.literal(properties)
    }

    private func literal(_ path: QueryPath) -> String {
        var text = literal(path.nodes[0])
        for (index, id) in path.relationships.enumerated() {
            let isForward = relationship(id)?.from == path.nodes[index]
            text += (isForward ? "-[" : "<-[") + literal(id) + (isForward ? "]->" : "]-")
            text += literal(path.nodes[index + 1])
        }
        return text
    }

    private static func literal(_ entries: [String: String]) -> String {
        let parts = entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return "{" + parts.joined(separator: ", ") + "}"
    }
}
