// SPDX-License-Identifier: Apache-2.0
//
// The self-describing form of a `Codable` value: what events and states are written as unless they
// bring a format of their own.
//
// - Keys are symbols of the batch, so a field name is written once for many events.
// - Keys are written in the order of their bytes: the same value gives the same bytes, as long as it holds
//   no `Set` and no dictionary with keys other than strings and integers (`Codable` gives those in a
//   random order).

package import CairnFormat

/// A value without its Swift type: what a `Codable` event or state is on disk, and what
/// ``ReplayableState/upcast(event:from:)`` turns into what a newer version of the program reads.
///
/// The form that synthesized coding gives a type: a struct is an object of its fields, where one that is nil is missing; an enum
/// is an object with the name of its case as the only key, and under that an object of the associated values, whose
/// keys are their labels, or `_0`, `_1` where they have none.
public enum CodedValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// A truth value.
    case bool(Bool)
    /// An integer of any type, if it fits.
    case int(Int64)
    /// An integer above the largest `Int64`; a smaller one is always ``int(_:)``.
    case uint(UInt64)
    /// A 64-bit floating-point number.
    case double(Double)
    /// A 32-bit floating-point number.
    case float(Float)
    /// A text.
    case string(String)
    /// An array of nothing but `UInt8`, `Data` among them.
    case bytes([UInt8])
    /// Any other array.
    case array([CodedValue])
    /// A struct, a case of an enum, or a dictionary with keys that are strings or integers.
    case object([String: CodedValue])

    /// The deepest nesting of arrays and objects.
    package static let depthMax = 64

    /// The first byte of a value.
    package enum Tag: UInt8, CaseIterable {
        case null, no, yes, int, uint, double, float, string, bytes, array, object
    }
}

extension CodedValue {
    /// Appends the value.
    package func encode(into encoder: inout EventEncoder) {
        switch self {
        case .null: Self.appendNull(to: &encoder.bytes)
        case .bool(let value): Self.append(value, to: &encoder.bytes)
        case .int(let value): Self.append(value, to: &encoder.bytes)
        case .uint(let value): Self.append(value, to: &encoder.bytes)
        case .double(let value): Self.append(value, to: &encoder.bytes)
        case .float(let value): Self.append(value, to: &encoder.bytes)
        case .string(let value): Self.append(value, to: &encoder.bytes)
        case .bytes(let value): Self.append(value.span.bytes, to: &encoder.bytes)
        case .array(let values):
            Self.appendArray(elementCount: values.count, to: &encoder.bytes)
            for value in values { value.encode(into: &encoder) }
        case .object(let fields):
            Self.appendObject(fieldCount: fields.count, to: &encoder.bytes)
            for (key, value) in fields.sorted(by: { Self.precedes($0.key, $1.key) }) {
                encoder.append(symbol: key)
                value.encode(into: &encoder)
            }
        }
    }

    static func precedes(_ first: String, _ second: String) -> Bool {
        var (first, second) = (first, second)
        return first.withUTF8 { first in
            second.withUTF8 { first.lexicographicallyPrecedes($0) }
        }
    }
}

/// The forms of single values. An array or an object is its head and then its parts.
extension CodedValue {
    private static func append(_ tag: Tag, to buffer: inout BinaryBuffer) {
        buffer.append(tag.rawValue)
    }

    static func appendNull(to buffer: inout BinaryBuffer) { append(Tag.null, to: &buffer) }

    static func append(_ value: Bool, to buffer: inout BinaryBuffer) {
        append(value ? Tag.yes : .no, to: &buffer)
    }

    static func append(_ value: Int64, to buffer: inout BinaryBuffer) {
        append(Tag.int, to: &buffer)
        buffer.append(zigzag: value)
    }

    /// Appends a number in the signed form when that has it: one value has one form.
    static func append(_ value: UInt64, to buffer: inout BinaryBuffer) {
        if let signed = Int64(exactly: value) { return append(signed, to: &buffer) }
        append(Tag.uint, to: &buffer)
        buffer.append(varint: value)
    }

    /// Appends a number of 128 bits: as one of 64 bits when it is one, otherwise its decimal digits as a string,
    /// because the form has no larger numbers.
    static func append(wide value: some BinaryInteger, to buffer: inout BinaryBuffer) {
        if let signed = Int64(exactly: value) { return append(signed, to: &buffer) }
        if let unsigned = UInt64(exactly: value) { return append(unsigned, to: &buffer) }
        append("\(value)", to: &buffer)
    }

    static func append(_ value: Double, to buffer: inout BinaryBuffer) {
        append(Tag.double, to: &buffer)
        buffer.append(value.bitPattern)
    }

    static func append(_ value: Float, to buffer: inout BinaryBuffer) {
        append(Tag.float, to: &buffer)
        buffer.append(value.bitPattern)
    }

    static func append(_ value: String, to buffer: inout BinaryBuffer) {
        append(Tag.string, to: &buffer)
        buffer.append(string: value)
    }

    static func append(_ value: RawSpan, to buffer: inout BinaryBuffer) {
        appendBytes(byteCount: value.byteCount, to: &buffer)
        buffer.append(value)
    }

    static func appendBytes(byteCount: Int, to buffer: inout BinaryBuffer) {
        append(Tag.bytes, to: &buffer)
        buffer.append(varint: UInt64(byteCount))
    }

    static func appendArray(elementCount: Int, to buffer: inout BinaryBuffer) {
        append(Tag.array, to: &buffer)
        buffer.append(varint: UInt64(elementCount))
    }

    static func appendObject(fieldCount: Int, to buffer: inout BinaryBuffer) {
        append(Tag.object, to: &buffer)
        buffer.append(varint: UInt64(fieldCount))
    }
}

extension CodedValue {
    /// Reads a value.
    ///
    /// - Throws: ``FormatError``; `.limitExceeded` for a nesting deeper than ``depthMax``,
    ///   `.nonCanonical` for keys out of order and for a small number in the form of a large one,
    ///   `.duplicate` for two spellings of one key.
    package init(from decoder: inout EventDecoder) throws(FormatError) {
        self = try ParsedValue(from: &decoder).value(ParsedValue.root)
    }
}
