// SPDX-License-Identifier: Apache-2.0

extension QueryValue {
    /// A number, a truth value, a temporal value or a text as `toString` gives it; nil for other kinds.
    public var text: String? {
        switch self {
        case .int(let value): String(value)
        case .double(let value): Self.text(of: value)
        case .bool(let value): value ? "true" : "false"
        case .string(let value): value
        default: temporalText
        }
    }

    /// A temporal value as in ISO 8601; nil for other kinds.
    var temporalText: String? {
        switch self {
        case .date(let date): date.description
        case .localTime(let time): time.description
        case .time(let time): time.description
        case .localDateTime(let moment): moment.description
        case .dateTime(let moment): moment.description
        case .duration(let duration): duration.description
        default: nil
        }
    }

    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return "\(value)"
    }
}

extension QueryValue: CustomStringConvertible {
    /// The value as the language writes it; nodes and relationships by their ids.
    public var description: String {
        switch self {
        case .null: "null"
        case .string(let text):
            "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        case .map(let entries):
            "{"
                + entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                .joined(separator: ", ") + "}"
        case .node(let id): "(\(id))"
        case .relationship(let id): "[\(id)]"
        case .path(let path):
            "<" + path.nodes.map { "(\($0))" }.joined(separator: "--") + ">"
        case .deleted(let entity): entity.type == nil ? "(deleted)" : "[deleted]"
        case .opaque(let value): "\(value)"
        default: text ?? "null"
        }
    }
}
