// SPDX-License-Identifier: Apache-2.0

/// Turns a `Codable` value into a ``CodedValue``.
struct ValueEncoder: Encoder {
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]
    let box: Box

    /// Holds the value while its parts are filled in.
    final class Box {
        var value: CodedValue?
        var elements: [Box] = []
        var fields: [String: Box] = [:]
        var kind = Kind.single

        enum Kind { case single, array, object }

        var result: CodedValue {
            switch kind {
            case .single: value ?? .object([:])
            case .array: .array(elements.map(\.result))
            case .object: .object(fields.mapValues(\.result))
            }
        }
    }

    init(codingPath: [any CodingKey] = [], box: Box = Box()) {
        self.codingPath = codingPath
        self.box = box
    }

    /// The coded form of `value`.
    static func encode(_ value: some Encodable) throws -> CodedValue {
        let encoder = ValueEncoder()
        try encoder.put(value)
        return encoder.box.result
    }

    /// Puts `value` into the box of this encoder.
    func put(_ value: some Encodable) throws {
        if let bytes = value as? [UInt8] {
            box.value = .bytes(bytes)
        } else {
            try value.encode(to: self)
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        box.kind = .object
        return KeyedEncodingContainer(KeyedValues<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        box.kind = .array
        return UnkeyedValues(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleValue(encoder: self)
    }
}

extension ValueEncoder {
    func set(_ value: CodedValue) { box.value = value }

    func set(_ value: some SignedInteger) { set(.int(Int64(value))) }

    func set(_ value: some UnsignedInteger) {
        let number = UInt64(value)
        set(number <= UInt64(Int64.max) ? .int(Int64(number)) : .uint(number))
    }
}

private struct SingleValue: SingleValueEncodingContainer {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() { encoder.set(.null) }
    func encode(_ value: Bool) { encoder.set(.bool(value)) }
    func encode(_ value: String) { encoder.set(.string(value)) }
    func encode(_ value: Double) { encoder.set(.double(value)) }
    func encode(_ value: Float) { encoder.set(.float(value)) }
    func encode(_ value: Int) { encoder.set(value) }
    func encode(_ value: Int8) { encoder.set(value) }
    func encode(_ value: Int16) { encoder.set(value) }
    func encode(_ value: Int32) { encoder.set(value) }
    func encode(_ value: Int64) { encoder.set(value) }
    func encode(_ value: UInt) { encoder.set(value) }
    func encode(_ value: UInt8) { encoder.set(value) }
    func encode(_ value: UInt16) { encoder.set(value) }
    func encode(_ value: UInt32) { encoder.set(value) }
    func encode(_ value: UInt64) { encoder.set(value) }
    func encode(_ value: some Encodable) throws { try encoder.put(value) }
}

private struct UnkeyedValues: UnkeyedEncodingContainer {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.box.elements.count }

    private func next() -> ValueEncoder {
        let box = ValueEncoder.Box()
        encoder.box.elements.append(box)
        return ValueEncoder(codingPath: codingPath + [Position(count - 1)], box: box)
    }

    func encodeNil() { next().set(.null) }
    func encode(_ value: some Encodable) throws { try next().put(value) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        next().container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
    func superEncoder() -> any Encoder { next() }
}

private struct KeyedValues<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    private func next(_ key: any CodingKey) -> ValueEncoder {
        let box = ValueEncoder.Box()
        encoder.box.fields[key.stringValue] = box
        return ValueEncoder(codingPath: codingPath + [key], box: box)
    }

    func encodeNil(forKey key: Key) { next(key).set(.null) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try next(key).put(value) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        next(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        next(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { next(Position("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { next(key) }
}

/// A key that is a place in an array, or a name without a type.
struct Position: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ index: Int) {
        stringValue = String(index)
        intValue = index
    }

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(intValue) }
}
