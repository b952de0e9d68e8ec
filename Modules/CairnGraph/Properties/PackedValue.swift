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

/// A place within the packed values of an entity, which the store itself wrote.
struct PackedCursor {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    @inline(__always)
    mutating func byte() -> UInt8 {
        precondition(position < bytes.count)
        defer { position &+= 1 }
        return bytes.load(fromByteOffset: position, as: UInt8.self)
    }

    @inline(__always)
    mutating func varint() -> UInt64 {
        let first = byte()
        if first < 0x80 { return UInt64(first) }
        var value = UInt64(first & 0x7f)
        var shift: UInt64 = 7
        while true {
            let next = byte()
            value |= UInt64(next & 0x7f) &<< shift
            if next < 0x80 { return value }
            shift &+= 7
        }
    }

    @inline(__always)
    mutating func skipVarint() {
        while byte() >= 0x80 {}
    }

    /// Goes past a count of bytes and as many bytes.
    @inline(__always)
    mutating func skipText() { skip(Int(truncatingIfNeeded: varint())) }

    @inline(__always)
    mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        precondition(count >= 0 && count <= bytes.count &- position)
        defer { position &+= count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position &+ count])
    }

    @inline(__always)
    mutating func skip(_ count: Int) {
        precondition(count >= 0 && count <= bytes.count &- position)
        position &+= count
    }
}
