// SPDX-License-Identifier: Apache-2.0

/// A property as a store keeps it, for those who need no value of it: a text is not copied.
package enum PackedValue {
    /// There is no such property.
    case none
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// The UTF-8 of a text; valid while the graph is neither changed nor given up.
    case string(UnsafeRawBufferPointer)
    case other(Value)

    /// The value; nil when there is none.
    package var value: Value? {
        switch self {
        case .none: nil
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let bytes): .string(Self.text(bytes))
        case .other(let value): value
        }
    }

    /// A text of UTF-8 that a store holds.
    package static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        let span = Span<UInt8>(_bytes: bytes.bytes)
        guard let text = try? UTF8Span(validating: span) else {
            preconditionFailure("a text in memory is damaged")
        }
        return String(copying: text)
    }
}
