// SPDX-License-Identifier: Apache-2.0
//
// JSON with a fixed order and a fixed form, so that the same content gives the same bytes.

/// A JSON value.
package indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case string(String)
    case array([JSON])
    /// Members in the order in which they are written.
    case object([Member])

    /// A member of an object.
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSON

        /// A member.
        package init(name: String, value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// An object without the members that are nil.
    package static func members(_ members: (String, JSON?)...) -> JSON {
        .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    /// An object whose members are in the order of their names.
    package static func sorted(_ members: [String: JSON]) -> JSON {
        .object(members.sorted { $0.key < $1.key }.map { Member(name: $0.key, value: $0.value) })
    }

    /// A number; decimal digits in a string when other languages could not read it exactly.
    package static func number(_ value: Int128) -> JSON {
        value.magnitude < 1 << 53 ? .int(Int(value)) : .string("\(value)")
    }

    /// The text, with a newline behind it.
    package var text: String {
        var output = ""
        write(to: &output, indent: 0)
        return output + "\n"
    }

    /// The text on one line.
    package var line: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return "\(value)"
        case .string(let value): return Self.quoted(value)
        case .array(let values): return "[" + values.map(\.line).joined(separator: ", ") + "]"
        case .object(let members):
            let list = members.map { "\(Self.quoted($0.name)): \($0.value.line)" }
            return "{" + list.joined(separator: ", ") + "}"
        }
    }

    private static let lineWidth = 110

    private func write(to output: inout String, indent: Int) {
        let line = self.line
        guard line.utf8.count + indent > Self.lineWidth else { return output += line }
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .array(let values):
            output += "["
            for (index, value) in values.enumerated() {
                output += (index == 0 ? "\n" : ",\n") + inner
                value.write(to: &output, indent: indent + 2)
            }
            output += "\n" + outer + "]"
        case .object(let members):
            output += "{"
            for (index, member) in members.enumerated() {
                output += (index == 0 ? "\n" : ",\n") + inner + Self.quoted(member.name) + ": "
                member.value.write(to: &output, indent: indent + 2)
            }
            output += "\n" + outer + "}"
        default: output += line
        }
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case _ where scalar.value < 0x20 || scalar.value > 0x7e:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}

extension [UInt8] {
    /// Two hexadecimal digits a byte.
    package var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension DynamicValue {
    /// What is known beforehand, as vectors have it: it says its kind, because no description tells it.
    package var known: JSON {
        switch self {
        case .bytes(let bytes): .members(("hex", .string(bytes.hex)))
        case .text: .members(("text", json))
        case .int(let value):
            value.magnitude < 1 << 53 ? json : .members(("number", .string("\(value)")))
        default: json
        }
    }

    /// The value as vectors have it: bytes as hexadecimal digits, what is not shown left out.
    package var json: JSON {
        switch self {
        case .none: .null
        case .bool(let value): .bool(value)
        case .int(let value): .number(value)
        case .bytes(let bytes): .string(bytes.hex)
        case .text(let bytes): .string(String(decoding: bytes, as: UTF8.self))
        case .list(let values): .array(values.map(\.json))
        case .object(let object):
            .object(
                object.members.filter(\.isShown).map {
                    JSON.Member(name: $0.name, value: $0.value.json)
                })
        }
    }
}
