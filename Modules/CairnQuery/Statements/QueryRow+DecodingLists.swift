// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

/// The elements of a list.
struct ListedValues: UnkeyedDecodingContainer {
    let decoder: ValueDecoder
    let values: [QueryValue]
    var currentIndex = 0
    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex >= values.count }

    init(decoder: ValueDecoder, values: [QueryValue]) {
        self.decoder = decoder
        self.values = values
    }

    private struct Place: CodingKey {
        let intValue: Int?
        var stringValue: String { "\(intValue ?? 0)" }
        init?(stringValue: String) { nil }
        init(intValue: Int) { self.intValue = intValue }
    }

    private func next() throws -> ValueDecoder {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                QueryValue.self,
                DecodingError.Context(
                    codingPath: codingPath, debugDescription: "the list is at its end"))
        }
        return decoder.nested(values[currentIndex], Place(intValue: currentIndex))
    }

    mutating func decodeNil() throws -> Bool {
        guard try next().value.isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let value = try SingleValue(decoder: next()).decode(type)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let container = try next().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try next().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try next()
        currentIndex += 1
        return decoder
    }
}

/// A value by itself.
struct SingleValue: SingleValueDecodingContainer {
    let decoder: ValueDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let value) = decoder.value else { throw decoder.refusal(type) }
        return value
    }

    /// Texts; temporal values as in ISO 8601.
    func decode(_ type: String.Type) throws -> String {
        if case .string(let text) = decoder.value { return text }
        guard let text = decoder.value.temporalText else { throw decoder.refusal(type) }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard let number = decoder.value.asDouble else { throw decoder.refusal(type) }
        return number
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }

    private func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        guard case .int(let value) = decoder.value, let integer = T(exactly: value) else {
            throw decoder.refusal(type)
        }
        return integer
    }

    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        switch type {
        case is Bool.Type: if let value = try decode(Bool.self) as? T { return value }
        case is String.Type: if let value = try decode(String.self) as? T { return value }
        case is Double.Type: if let value = try decode(Double.self) as? T { return value }
        case is Float.Type: if let value = try decode(Float.self) as? T { return value }
        case is Int.Type: if let value = try decode(Int.self) as? T { return value }
        case is Int64.Type: if let value = try decode(Int64.self) as? T { return value }
        default: break
        }
        return try T(from: decoder)
    }
}
