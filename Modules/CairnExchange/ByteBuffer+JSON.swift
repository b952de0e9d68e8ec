// SPDX-License-Identifier: Apache-2.0
//
// How values are written as JSON. Every value has one text, and the text gives the value back:
//
// | Value | Text |
// | --- | --- |
// | null, bool, string, list | as in JSON |
// | int | digits |
// | double | the shortest that gives it back, always with a point or an exponent: 1.0, 1e+20, -0.0 |
// | double that is not finite | {"$double":"inf"}, "-inf", "nan"; other NaNs "nan:" and 16 hex digits |
// | bytes | {"$bytes":"…"}, base64 (RFC 4648, section 4) |
// | dates, times, durations, points, vectors | {"$value":"…"}, base64 of the value's bytes in a snapshot |
// | map | an object, keys ascending by their UTF-8 bytes |
// | map whose only key begins with $ | {"$map":{…}} around it |

public import CairnFormat
public import CairnGraph
internal import Foundation

extension BinaryBuffer {
    /// Appends an object of these properties, keys ascending by their UTF-8 bytes.
    public mutating func append(json properties: Properties) {
        append(UInt8(ascii: "{"))
        for (index, key) in properties.sortedKeys.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(json: key, properties[key] ?? .null)
        }
        append(UInt8(ascii: "}"))
    }

    /// Appends one member of an object.
    mutating func append(json key: String, _ value: Value) {
        append(json: key)
        append(UInt8(ascii: ":"))
        append(json: value)
    }

    /// Appends the text of a value, which gives the same value back.
    ///
    /// - Complexity: O(*n*) in the value; recurses as deep as the value is nested, which a store bounds.
    public mutating func append(json value: Value) {
        switch value {
        case .null: append(utf8: "null")
        case .bool(let value): append(utf8: value ? "true" : "false")
        case .int(let value): append(utf8: "\(value)")
        case .double(let value): append(json: value)
        case .string(let value): append(json: value)
        case .bytes(let value):
            append(utf8: #"{"$bytes":""#)
            append(utf8: Data(value).base64EncodedString())
            append(utf8: #""}"#)
        case .list(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(json: value)
            }
            append(UInt8(ascii: "]"))
        case .map(let values):
            let mustWrap = values.count == 1 && values.keys.allSatisfy { $0.utf8.first == 0x24 }
            if mustWrap { append(utf8: #"{"$map":"#) }
            append(json: values)
            if mustWrap { append(UInt8(ascii: "}")) }
        default:
            append(utf8: #"{"$value":""#)
            append(utf8: value.base64)
            append(utf8: #""}"#)
        }
    }

    private mutating func append(json value: Double) {
        if value.isFinite { return append(utf8: "\(value)") }
        append(utf8: #"{"$double":""#)
        append(utf8: NonFiniteDouble.text(of: value))
        append(utf8: #""}"#)
    }

    /// Appends a string in quotes.
    public mutating func append(json string: String) {
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

extension Properties {
    /// The keys, ascending by their UTF-8 bytes.
    var sortedKeys: [String] {
        keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// The names of the doubles that JSON has no numbers for.
enum NonFiniteDouble {
    static func text(of value: Double) -> String {
        if value == .infinity { return "inf" }
        if value == -.infinity { return "-inf" }
        if value.bitPattern == Double.nan.bitPattern { return "nan" }
        let digits = String(value.bitPattern, radix: 16)
        return "nan:" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The double; nil for any text but those of ``text(of:)``.
    static func value(of text: String) -> Double? {
        switch text {
        case "inf": return .infinity
        case "-inf": return -.infinity
        case "nan": return .nan
        default:
            guard text.hasPrefix("nan:"), let bits = UInt64(text.dropFirst(4), radix: 16) else {
                return nil
            }
            let value = Double(bitPattern: bits)
            return value.isNaN && Self.text(of: value) == text ? value : nil
        }
    }
}

extension Value {
    /// The canonical bytes of the value, in base64.
    package var base64: String {
        var bytes = BinaryBuffer()
        encode(into: &bytes)
        return Data(bytes.array()).base64EncodedString()
    }

    /// The value whose canonical bytes are these; nil for anything else.
    init?(base64 text: String) {
        guard let data = Data(base64Encoded: text) else { return nil }
        let bytes = [UInt8](data)
        do throws(FormatError) {
            var reader = ByteReader(bytes.span.bytes)
            self = try Value(from: &reader)
            try reader.expectEnd()
        } catch {
            return nil
        }
    }
}
