// SPDX-License-Identifier: Apache-2.0

internal import CairnExchange
internal import CairnGraph
internal import Foundation

/// A JSON text to be: what `--json` prints.
indirect enum JSONValue: Encodable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }

    /// The text: one line, keys in order.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension JSONValue {
    /// A number.
    static func count(_ value: Int) -> JSONValue { .integer(Int64(value)) }

    /// A string, or null.
    static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

    /// A value of the graph. What JSON does not have becomes an object with one key: bytes
    /// `{"$bytes": base64}`, doubles that are not finite `{"$double": "nan"}` (or `inf`, `-inf`).
    init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .integer(value)
        case .double(let value) where value.isFinite: self = .number(value)
        case .double(let value): self = .object(["$double": .string("\(value)")])
        case .string(let value): self = .string(value)
        case .bytes(let value):
            self = .object(["$bytes": .string(Data(value).base64EncodedString())])
        case .list(let values): self = .array(values.map(JSONValue.init))
        case .map(let values): self = .object(values.mapValues(JSONValue.init))
        default: self = .object(["$value": .string(value.base64)])
        }
    }

    /// Properties, by key.
    init(_ properties: Properties) {
        self = .object(properties.mapValues(JSONValue.init))
    }
}
