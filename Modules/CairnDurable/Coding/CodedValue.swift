// SPDX-License-Identifier: Apache-2.0
//
// The self-describing form of a `Codable` value: what events and states are written as unless they
// bring a format of their own.
//
// - Keys are symbols of the batch, so a field name is written once for many events.
// - Keys are written in the order of their bytes: the same value gives the same bytes, as long as it holds
//   no `Set` and no dictionary with keys other than strings and integers (`Codable` gives those in a
//   random order).

public import CairnFormat

/// A value without its Swift type.
enum CodedValue: Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case float(Float)
    case string(String)
    case bytes([UInt8])
    case array([CodedValue])
    case object([String: CodedValue])

    /// How deep arrays and objects may be nested.
    static let depthMax = 64

    /// The first byte of a value.
    enum Tag: UInt8, CaseIterable {
        case null, no, yes, int, uint, double, float, string, bytes, array, object
    }
}

/// What documents say of the self-describing form.
public enum CodedValueFormat {
    /// Everything declared about it.
    public static let format = FormatDescription(
        "coded-value",
        "The self-describing form of an event or a state that brings no format of its own: one value.",
        layouts: [],
        tags: [
            (
                "tag",
                CodedValue.Tag.allCases.map { tag in
                    TagDescription(UInt64(tag.rawValue), "\(tag)", meaning(of: tag))
                }
            )
        ],
        limits: [
            LimitDescription(
                "depth", UInt64(CodedValue.depthMax), "Arrays and objects within one another.")
        ],
        rules: [
            "A value is its tag, one byte, and what the tag says follows.",
            "Numbers are varints in their shortest form unless the tag says otherwise.",
            "A symbol is the number of a string in the symbol table of the batch or snapshot section.",
            "Keys of an object ascend by their UTF-8 bytes; each occurs once.",
        ])

    private static func meaning(of tag: CodedValue.Tag) -> String {
        switch tag {
        case .null: "No value."
        case .no: "False."
        case .yes: "True."
        case .int: "A signed integer: zigzag varint."
        case .uint: "An unsigned integer above the signed ones: varint."
        case .double: "A 64-bit float: its eight bytes."
        case .float: "A 32-bit float: its four bytes."
        case .string: "A string: byte count, UTF-8."
        case .bytes: "Bytes: byte count, bytes."
        case .array: "An array: count, values."
        case .object: "An object: count, then key symbol and value, keys ascending by their bytes."
        }
    }
}

extension CodedValue {
    /// Appends the value.
    func encode(into encoder: inout EventEncoder) {
        switch self {
        case .null: append(.null, to: &encoder)
        case .bool(let value): append(value ? .yes : .no, to: &encoder)
        case .int(let value):
            append(.int, to: &encoder)
            encoder.bytes.append(zigzag: value)
        case .uint(let value):
            append(.uint, to: &encoder)
            encoder.bytes.append(varint: value)
        case .double(let value):
            append(.double, to: &encoder)
            encoder.bytes.append(value.bitPattern)
        case .float(let value):
            append(.float, to: &encoder)
            encoder.bytes.append(value.bitPattern)
        case .string(let value):
            append(.string, to: &encoder)
            encoder.bytes.append(string: value)
        case .bytes(let value):
            append(.bytes, to: &encoder)
            encoder.bytes.append(varint: UInt64(value.count))
            encoder.bytes.append(value)
        case .array(let values):
            append(.array, to: &encoder)
            encoder.bytes.append(varint: UInt64(values.count))
            for value in values { value.encode(into: &encoder) }
        case .object(let fields):
            append(.object, to: &encoder)
            encoder.bytes.append(varint: UInt64(fields.count))
            for (key, value) in fields.sorted(by: { Self.precedes($0.key, $1.key) }) {
                encoder.append(symbol: key)
                value.encode(into: &encoder)
            }
        }
    }

    private func append(_ tag: Tag, to encoder: inout EventEncoder) {
        encoder.bytes.append(tag.rawValue)
    }

    private static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    /// Reads a value.
    ///
    /// - Throws: ``FormatError``; `.limitExceeded` for a nesting deeper than ``depthMax``,
    ///   `.nonCanonical` for keys out of order.
    init(from decoder: inout EventDecoder, depth: Int = 0) throws(FormatError) {
        let offset = decoder.bytes.offset
        guard depth <= Self.depthMax else {
            throw FormatError(code: .limitExceeded, offset: offset)
        }
        guard let tag = Tag(rawValue: try decoder.bytes.integer(UInt8.self)) else {
            throw FormatError(code: .unknownTag, offset: offset)
        }
        switch tag {
        case .null: self = .null
        case .no: self = .bool(false)
        case .yes: self = .bool(true)
        case .int: self = .int(try decoder.bytes.zigzag())
        case .uint: self = .uint(try decoder.bytes.varint())
        case .double: self = .double(Double(bitPattern: try decoder.bytes.integer()))
        case .float: self = .float(Float(bitPattern: try decoder.bytes.integer()))
        case .string: self = .string(try decoder.bytes.string())
        case .bytes: self = .bytes(try decoder.bytes.lengthPrefixed().array())
        case .array:
            var values: [CodedValue] = []
            for _ in 0..<(try decoder.bytes.count()) {
                values.append(try CodedValue(from: &decoder, depth: depth + 1))
            }
            self = .array(values)
        case .object:
            var fields: [String: CodedValue] = [:]
            var last: String?
            for _ in 0..<(try decoder.bytes.count(byteCountEach: 2)) {
                let keyOffset = decoder.bytes.offset
                let key = try decoder.symbol()
                if let last, !Self.precedes(last, key) {
                    throw FormatError(code: .nonCanonical, offset: keyOffset)
                }
                fields[key] = try CodedValue(from: &decoder, depth: depth + 1)
                last = key
            }
            self = .object(fields)
        }
    }
}
