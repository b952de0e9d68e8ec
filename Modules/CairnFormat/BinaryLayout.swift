// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary in which every fixed layout is declared once, as data. The codec takes offsets and
// sizes from the declaration, and the documents are generated from the same one.

/// One fixed-width integer at a fixed place of a layout, least significant byte first.
public struct Field<Value: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
    /// Its name in documents.
    public let name: StaticString
    /// Bytes from the start of the layout.
    public let offset: Int
    /// One sentence: what it means.
    public let meaning: StaticString

    /// Declares a field.
    @inlinable
    public init(_ name: StaticString, at offset: Int, _ meaning: StaticString) {
        self.name = name
        self.offset = offset
        self.meaning = meaning
    }

    /// The number of bytes that it takes.
    @inlinable public var byteCount: Int { MemoryLayout<Value>.size }
    /// The first byte after it.
    @inlinable public var end: Int { offset + byteCount }

    /// The field without its type, for documents.
    public var description: FieldDescription {
        FieldDescription(
            name: "\(name)", offset: offset, byteCount: byteCount, type: "u\(byteCount * 8)",
            meaning: "\(meaning)")
    }
}

/// A run of opaque bytes at a fixed place of a layout.
public struct BytesField: Sendable {
    /// Its name in documents.
    public let name: StaticString
    /// Bytes from the start of the layout.
    public let offset: Int
    /// The number of bytes that it takes.
    public let byteCount: Int
    /// One sentence: what it means.
    public let meaning: StaticString

    /// Declares a run of bytes.
    @inlinable
    public init(_ name: StaticString, at offset: Int, byteCount: Int, _ meaning: StaticString) {
        self.name = name
        self.offset = offset
        self.byteCount = byteCount
        self.meaning = meaning
    }

    /// The first byte after it.
    @inlinable public var end: Int { offset + byteCount }

    /// The field for documents.
    public var description: FieldDescription {
        FieldDescription(
            name: "\(name)", offset: offset, byteCount: byteCount, type: "bytes",
            meaning: "\(meaning)")
    }
}

/// A field as documents need it.
public struct FieldDescription: Hashable, Sendable {
    /// The name of the field, as documents show it.
    public let name: String
    /// Bytes from the start of the layout.
    public let offset: Int
    /// The number of bytes that it takes.
    public let byteCount: Int
    /// `u8`, `u16`, `u32`, `u64` or `bytes`.
    public let type: String
    /// One sentence: what it means.
    public let meaning: String

    /// Describes a field.
    public init(name: String, offset: Int, byteCount: Int, type: String, meaning: String) {
        self.name = name
        self.offset = offset
        self.byteCount = byteCount
        self.type = type
        self.meaning = meaning
    }
}

/// A fixed run of fields.
public struct BinaryLayout: Hashable, Sendable {
    /// Its name in documents.
    public let name: String
    /// The number of bytes that it takes.
    public let byteCount: Int
    /// One or more sentences: what it is.
    public let meaning: String
    /// The fields in order of their offsets; together they cover every byte.
    public let fields: [FieldDescription]

    /// Declares a layout.
    public init(_ name: String, byteCount: Int, _ meaning: String, fields: [FieldDescription]) {
        self.name = name
        self.byteCount = byteCount
        self.meaning = meaning
        self.fields = fields
    }

    /// Mistakes in the declaration itself: gaps, overlaps, missing sentences. Empty for a sound layout.
    public var defects: [String] {
        var defects: [String] = []
        var end = 0
        if Set(fields.map(\.name)).count < fields.count {
            defects.append("\(name) has two fields of the same name")
        }
        for field in fields {
            if field.offset != end {
                defects.append("\(name).\(field.name) starts at \(field.offset), not at \(end)")
            }
            if field.meaning.isEmpty { defects.append("\(name).\(field.name) has no meaning") }
            end = field.offset + field.byteCount
        }
        if end != byteCount { defects.append("\(name) ends at \(end), not at \(byteCount)") }
        if meaning.isEmpty { defects.append("\(name) has no meaning") }
        return defects
    }
}

extension RawSpan {
    /// Reads a field of a layout that starts at `base`.
    ///
    /// - Precondition: The field lies within the bytes; check the size of the layout first.
    @inlinable
    public func load<Value>(_ field: Field<Value>, base: Int = 0) -> Value {
        let value = unsafeLoadUnaligned(
            fromByteOffset: base + field.offset, as: Value.self)
        return Value(littleEndian: value)
    }

    /// The bytes of a field of a layout that starts at `base`; precondition as for the other.
    @inlinable
    @_lifetime(copy self)
    public func load(_ field: BytesField, base: Int = 0) -> RawSpan {
        extracting(base + field.offset..<base + field.end)
    }
}

extension MutableRawSpan {
    /// Writes a field of a layout that starts with the bytes.
    ///
    /// - Precondition: The field lies within the bytes.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func store<Value>(_ value: Value, at field: Field<Value>) {
        storeBytes(of: value.littleEndian, toByteOffset: field.offset, as: Value.self)
    }
}

extension BinaryBuffer {
    /// Writes a field of a layout that starts at `base` and whose bytes were appended before.
    @inlinable
    public mutating func store<Value>(_ value: Value, at field: Field<Value>, base: Int = 0) {
        overwrite(value, at: base + field.offset)
    }
}
