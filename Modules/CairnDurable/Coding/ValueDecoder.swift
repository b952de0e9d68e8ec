// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// Reads a `Codable` value from its self-describing form, by way of a ``ParsedValue``.
struct ValueDecoder: Decoder {
    let source: ParsedValue
    let node: Int

    var codingPath: [any CodingKey] { source.path(to: node) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// The value of type `type` that `value` stands for.
    static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from value: ParsedValue
    ) throws -> Value {
        try ValueDecoder(source: value, node: ParsedValue.root).get(type)
    }

    /// The value as `type`.
    @inline(__always)
    func get<Value: Decodable>(_ type: Value.Type) throws -> Value {
        // Types are compared, because a cast costs as much as all the rest.
        if type == String.self { return unsafeBitCast(try string(), to: type) }
        if type == Int.self { return unsafeBitCast(try integer(Int.self), to: type) }
        if type == Double.self { return unsafeBitCast(try double(), to: type) }
        if type == Bool.self { return unsafeBitCast(try bool(), to: type) }
        return try part(type)
    }

    /// The value as a type that has parts, or may have.
    @inline(never)
    private func part<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if source[node].tag == .bytes {
            let bytes = source.bytes(node)
            if type == [UInt8].self { return unsafeBitCast(bytes, to: type) }
            if bytes.count >= 1024, let data = Self.data(type, bytes) { return data }
        }
        return try Value(from: self)
    }

    /// Bytes as Foundation's `Data`, which this module does not import; `nil` for any other type.
    ///
    /// `Data` decodes itself byte by byte, some sixty times as slowly as `[UInt8]`. It is known by its name: another
    /// collection of bytes may have a form of its own.
    private static func data<Value>(_ type: Value.Type, _ bytes: [UInt8]) -> Value? {
        guard let collection = type as? any RangeReplaceableCollection<UInt8>.Type,
            ["FoundationEssentials.Data", "Foundation.Data"].contains(
                _typeName(type, qualified: true))
        else { return nil }
        return collection.init(bytes) as? Value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard source[node].tag == .object else { throw mismatch("an object") }
        return KeyedDecodingContainer(KeyedFields<Key>(source: source, node: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch source[node].tag {
        case .array: Elements(source: source, array: node)
        case .bytes: ByteElements(decoder: self, bytes: source.bytes(node))
        default: throw mismatch("an array")
        }
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }
}

extension ValueDecoder {
    // MARK: Values without parts

    var isNull: Bool { source[node].tag == .null }

    func bool() throws -> Bool {
        switch source[node].tag {
        case .no: false
        case .yes: true
        default: throw mismatch("a bool")
        }
    }

    func string() throws -> String {
        guard source[node].tag == .string else { throw mismatch("a string") }
        return source.text(node)
    }

    func double() throws -> Double {
        guard source[node].tag == .double else { throw mismatch("a double") }
        return Double(bitPattern: source[node].bits)
    }

    func float() throws -> Float {
        guard source[node].tag == .float else { throw mismatch("a float") }
        return Float(bitPattern: UInt32(truncatingIfNeeded: source[node].bits))
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let (tag, bits) = (source[node].tag, source[node].bits)
        let exact: Number? =
            switch tag {
            case .int: Number(exactly: Int64(bitPattern: bits))
            case .uint: Number(exactly: bits)
            default: throw mismatch("an integer")
            }
        guard let exact else { throw mismatch("an integer that fits \(type)") }
        return exact
    }

    /// A number of 128 bits: see ``CodedValue/append(wide:to:)``.
    func wideInteger<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard source[node].tag == .string else { return try integer(type) }
        let text = source.text(node)
        guard let number = Number(text), "\(number)" == text else {
            throw mismatch("an integer that fits \(type)")
        }
        return number
    }

    func mismatch(_ expected: String) -> DecodingError {
        .typeMismatch(
            CodedValue.self,
            DecodingError.Context(
                codingPath: codingPath,
                debugDescription: "expected \(expected), and found \(source.kind(node))"))
    }
}

private struct Single: SingleValueDecodingContainer {
    let decoder: ValueDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
    func decode(_ type: String.Type) throws -> String { try decoder.string() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
    func decode(_ type: Float.Type) throws -> Float { try decoder.float() }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try decoder.wideInteger(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try decoder.wideInteger(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try decoder.get(type) }
}

/// The elements of an array.
private struct Elements: UnkeyedDecodingContainer {
    let source: ParsedValue
    let array: Int
    private(set) var currentIndex = 0
    /// The node of the next element.
    private var element: Int

    init(source: ParsedValue, array: Int) {
        (self.source, self.array, element) = (source, array, array + 1)
    }

    var codingPath: [any CodingKey] { source.path(to: array) }
    var count: Int? { Int(source[array].count) }
    var isAtEnd: Bool { currentIndex >= Int(source[array].count) }

    @inline(__always)
    private mutating func next() throws -> ValueDecoder {
        guard !isAtEnd else { throw atEnd(codingPath, CodedValue.self) }
        let decoder = ValueDecoder(source: source, node: element)
        element = source.end(of: element)
        currentIndex += 1
        return decoder
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd else { throw atEnd(codingPath, CodedValue.self) }
        guard source[element].tag == .null else { return false }
        _ = try next()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next().bool() }
    mutating func decode(_ type: String.Type) throws -> String { try next().string() }
    mutating func decode(_ type: Double.Type) throws -> Double { try next().double() }
    mutating func decode(_ type: Float.Type) throws -> Float { try next().float() }
    mutating func decode(_ type: Int.Type) throws -> Int { try next().integer(type) }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try next().wideInteger(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try next().wideInteger(type) }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try next().get(type)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try next() }
}

/// Bytes, for a type that reads them one by one as an array.
private struct ByteElements: UnkeyedDecodingContainer {
    let decoder: ValueDecoder
    let bytes: [UInt8]
    private(set) var currentIndex = 0

    init(decoder: ValueDecoder, bytes: [UInt8]) {
        (self.decoder, self.bytes) = (decoder, bytes)
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { bytes.count }
    var isAtEnd: Bool { currentIndex >= bytes.count }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode(_ type: UInt8.Type) throws -> UInt8 {
        guard !isAtEnd else { throw atEnd(codingPath, type) }
        defer { currentIndex += 1 }
        return bytes[currentIndex]
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == UInt8.self { return unsafeBitCast(try decode(UInt8.self), to: type) }
        return try next().get(type)
    }

    /// The next byte as a value of its own.
    private mutating func next() throws -> ValueDecoder {
        let value = CodedValue.int(Int64(try decode(UInt8.self)))
        return ValueDecoder(source: ParsedValue(value), node: ParsedValue.root)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        throw decoder.mismatch("an array of objects")
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw decoder.mismatch("an array of arrays")
    }

    mutating func superDecoder() throws -> any Decoder { try next() }
}

private func atEnd(_ path: [any CodingKey], _ type: any Any.Type) -> DecodingError {
    DecodingError.valueNotFound(
        type, DecodingError.Context(codingPath: path, debugDescription: "the array ends"))
}

/// The fields of an object.
private struct KeyedFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let source: ParsedValue
    let node: Int

    var codingPath: [any CodingKey] { source.path(to: node) }

    var allKeys: [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(Int(source[node].count))
        source.forEachPart(of: node) { field in
            if let key = Key(stringValue: source.key(field)) { keys.append(key) }
        }
        return keys
    }

    func contains(_ key: Key) -> Bool { source.field(key.stringValue, of: node) != nil }

    @inline(__always)
    private func field(_ key: any CodingKey) throws -> ValueDecoder {
        guard let field = source.field(key.stringValue, of: node) else { throw missing(key) }
        return ValueDecoder(source: source, node: field)
    }

    private func missing(_ key: any CodingKey) -> DecodingError {
        DecodingError.keyNotFound(
            key,
            DecodingError.Context(
                codingPath: codingPath, debugDescription: "no \(key.stringValue)"))
    }

    func decodeNil(forKey key: Key) throws -> Bool { try field(key).isNull }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try field(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try field(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try field(key).double() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try field(key).float() }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try field(key).integer(type) }

    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
        try field(key).wideInteger(type)
    }

    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
        try field(key).wideInteger(type)
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try field(key).get(type)
    }

    /// Looks the field up once; the default does it three times.
    func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type, forKey key: Key
    ) throws -> Value? {
        guard let field = source.field(key.stringValue, of: node) else { return nil }
        let decoder = ValueDecoder(source: source, node: field)
        return decoder.isNull ? nil : try decoder.get(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try field(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try field(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try field(Position("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try field(key) }
}
