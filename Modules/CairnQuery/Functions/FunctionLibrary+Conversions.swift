// SPDX-License-Identifier: Apache-2.0
//
// A text that is no number gives null; a value of a kind that is never converted is an error.

extension FunctionLibrary {
    static let conversions: [String: FunctionBody] = [
        "tointeger": .unary { (value, _) throws(QueryError) in
            switch value {
            case .int: return value
            case .double(let double):
                return Int64(exactly: double.rounded(.towardZero)).map(QueryValue.int) ?? .null
            case .bool(let bool): return .int(bool ? 1 : 0)
            case .string(let text):
                if let int = Int64(text) { return .int(int) }
                return number(text).flatMap { Int64(exactly: $0.rounded(.towardZero)) }
                    .map(QueryValue.int) ?? .null
            default: throw refusal("toInteger")
            }
        },
        "tofloat": .unary { (value, _) throws(QueryError) in
            switch value {
            case .int(let int): .double(Double(int))
            case .double: value
            case .string(let text): number(text).map(QueryValue.double) ?? .null
            default: throw refusal("toFloat")
            }
        },
        "toboolean": .unary { (value, _) throws(QueryError) in
            switch value {
            case .bool: return value
            case .int(let int): return .bool(int != 0)
            case .string(let text):
                switch text.lowercased() {
                case "true": return .bool(true)
                case "false": return .bool(false)
                default: return .null
                }
            default: throw refusal("toBoolean")
            }
        },
        "tostring": .unary { (value, _) throws(QueryError) in
            guard let text = value.text else { throw refusal("toString") }
            return .string(text)
        },
    ]

    /// The number that a text in decimal notation says.
    private static func number(_ text: String) -> Double? {
        let isDecimal = text.utf8.allSatisfy { byte in
            byte.isDigit || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
        }
        return isDecimal ? Double(text) : nil
    }
}
