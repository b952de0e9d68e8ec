// SPDX-License-Identifier: Apache-2.0
//
// The canonical encoding of values: a tag byte, then what the tag says.
//
// - One value has one encoding: numbers are shortest varints, map entries ascend by the UTF-8 bytes
//   of their keys. Anything else is refused on decoding.
// - Decoding recurses at most `Value.nestingCountMax` levels and reserves nothing that a count alone
//   asks for, so memory stays within a constant of the input (a list of nulls: 24 bytes a byte, and
//   up to twice that while an array grows).

public import CairnFormat

extension Value {
    /// The first byte of an encoded value. The numbers are on disk and never change.
    package enum Tag: UInt8, CaseIterable {
        case null = 0
        case `false` = 1
        case `true` = 2
        case int = 3
        case double = 4
        case string = 5
        case bytes = 6
        case list = 7
        case map = 8
        case date = 9
        case localTime = 10
        case zonedTime = 11
        case localDateTime = 12
        case zonedDateTime = 13
        case duration = 14
        case point = 15
        case vector = 16
        case namedZoneDateTime = 17

        /// The type of such a value in rules.
        package var valueType: ValueType? {
            switch self {
            case .null: nil
            case .false, .true: .bool
            case .int: .int
            case .double: .double
            case .string: .string
            case .bytes: .bytes
            case .list: .list
            case .map: .map
            case .date: .date
            case .localTime: .localTime
            case .zonedTime: .zonedTime
            case .localDateTime: .localDateTime
            case .zonedDateTime, .namedZoneDateTime: .zonedDateTime
            case .duration: .duration
            case .point: .point
            case .vector: .vector
            }
        }
    }

    var tag: Tag {
        switch self {
        case .null: .null
        case .bool(let value): value ? .true : .false
        case .int: .int
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .date: .date
        case .localTime: .localTime
        case .zonedTime: .zonedTime
        case .localDateTime: .localDateTime
        case .zonedDateTime(let moment): moment.zone == nil ? .zonedDateTime : .namedZoneDateTime
        case .duration: .duration
        case .point: .point
        case .vector: .vector
        }
    }

    /// Appends the canonical encoding.
    ///
    /// - Precondition: The value is not nested deeper than the stack allows; every value that a store
    ///   let in or that was decoded is within ``nestingCountMax``.
    public func encode(into buffer: inout BinaryBuffer) {
        buffer.append(tag.rawValue)
        switch self {
        case .null, .bool: break
        case .int(let value): buffer.append(zigzag: value)
        case .double(let value): buffer.append(value.bitPattern)
        case .string(let value): buffer.append(string: value)
        case .bytes(let value):
            buffer.append(varint: UInt64(value.count))
            buffer.append(value)
        case .list(let values):
            buffer.append(varint: UInt64(values.count))
            for value in values { value.encode(into: &buffer) }
        case .map(let values):
            buffer.append(varint: UInt64(values.count))
            for (key, value) in values.sorted(by: { $0.key.utf8Precedes($1.key) }) {
                buffer.append(string: key)
                value.encode(into: &buffer)
            }
        default: encodeTyped(into: &buffer)
        }
    }

    /// Reads a value.
    ///
    /// - Throws: `FormatError`: `.unknownTag`, `.limitExceeded` (nested too deep), `.nonCanonical`
    ///   (keys that do not ascend), `.duplicate` (two spellings of one key), or what
    ///   `ByteReader` throws.
    public init(from reader: inout ByteReader) throws(FormatError) {
        self = try Self.decode(from: &reader, nestingCountMax: Self.nestingCountMax)
    }

    private static func decode(
        from reader: inout ByteReader, nestingCountMax: Int
    ) throws(FormatError) -> Value {
        let offset = reader.offset
        return try decode(
            try tag(&reader), at: offset, from: &reader, nestingCountMax: nestingCountMax)
    }

    private static func decode(
        _ tag: Tag, at offset: Int, from reader: inout ByteReader, nestingCountMax: Int
    ) throws(FormatError) -> Value {
        switch tag {
        case .null: return .null
        case .false: return .bool(false)
        case .true: return .bool(true)
        case .int: return .int(try reader.zigzag())
        case .double: return .double(Double(bitPattern: try reader.integer()))
        case .string: return .string(try reader.string())
        case .bytes:
            let bytes = try reader.lengthPrefixed()
            return .bytes(bytes.array())
        case .list, .map:
            guard nestingCountMax > 0 else {
                throw FormatError(code: .limitExceeded, offset: offset)
            }
            return tag == .list
                ? try decodeList(from: &reader, nestingCountMax: nestingCountMax - 1)
                : try decodeMap(from: &reader, nestingCountMax: nestingCountMax - 1)
        default: return try decodeTyped(tag, from: &reader)
        }
    }

    private static func decodeList(
        from reader: inout ByteReader, nestingCountMax: Int
    ) throws(FormatError) -> Value {
        let count = try reader.count()
        var values: [Value] = []
        for _ in 0..<count {
            values.append(try decode(from: &reader, nestingCountMax: nestingCountMax))
        }
        return .list(values)
    }

    private static func decodeMap(
        from reader: inout ByteReader, nestingCountMax: Int
    ) throws(FormatError) -> Value {
        let count = try reader.count(byteCountEach: 2)
        var values: [String: Value] = [:]
        var last: String?
        for _ in 0..<count {
            let offset = reader.offset
            let key = try reader.string()
            if let last, !last.utf8Precedes(key) {
                throw FormatError(code: .nonCanonical, offset: offset)
            }
            let value = try decode(from: &reader, nestingCountMax: nestingCountMax)
            guard values.updateValue(value, forKey: key) == nil else {
                throw FormatError(code: .duplicate, offset: offset)
            }
            last = key
        }
        return .map(values)
    }

    /// Goes past an encoded value, and refuses what decoding it would refuse, with the same error.
    ///
    /// - Returns: Its tag.
    static func check(_ reader: inout ByteReader) throws(FormatError) -> Tag {
        let offset = reader.offset
        let tag = try tag(&reader)
        switch tag {
        case .null, .false, .true: break
        case .int: _ = try reader.varint()
        case .double: _ = try reader.integer(UInt64.self)
        case .bytes: _ = try reader.lengthPrefixed()
        case .string:
            let byteCount = try reader.count()
            let start = reader.offset
            let text = Span<UInt8>(_bytes: try reader.take(byteCount))
            do {
                _ = try UTF8Span(validating: text)
            } catch {
                throw FormatError(code: .invalidUTF8, offset: start)
            }
        default:
            _ = try decode(
                tag, at: offset, from: &reader, nestingCountMax: Self.nestingCountMax)
        }
        return tag
    }

    /// Goes past an encoded value that was checked before; it is not checked again.
    private static func skip(
        _ reader: inout ByteReader, nestingCountMax: Int
    ) throws(FormatError) {
        let offset = reader.offset
        guard nestingCountMax >= 0 else { throw FormatError(code: .limitExceeded, offset: offset) }
        try skip(try tag(&reader), &reader, nestingCountMax: nestingCountMax)
    }

    /// Goes past what follows this tag of a value that was checked before.
    static func skip(
        _ tag: Tag, _ reader: inout ByteReader, nestingCountMax: Int = Value.nestingCountMax
    ) throws(FormatError) {
        switch tag {
        case .null, .false, .true: break
        case .int: _ = try reader.varint()
        case .double: _ = try reader.take(8)
        case .string, .bytes: _ = try reader.lengthPrefixed()
        case .list, .map:
            for _ in 0..<(try reader.varint()) {
                if tag == .map { _ = try reader.lengthPrefixed() }
                try skip(&reader, nestingCountMax: nestingCountMax - 1)
            }
        default: try skipTyped(tag, &reader)
        }
    }

    /// Reads the tag of a value.
    static func tag(_ reader: inout ByteReader) throws(FormatError) -> Tag {
        let offset = reader.offset
        guard let tag = Tag(rawValue: try reader.integer()) else {
            throw FormatError(code: .unknownTag, offset: offset)
        }
        return tag
    }
}

extension [Value] {
    /// The encodings of these values, one after the other.
    var encodedBytes: [UInt8] {
        var buffer = BinaryBuffer(capacity: 64)
        for value in self { value.encode(into: &buffer) }
        return buffer.array()
    }
}
