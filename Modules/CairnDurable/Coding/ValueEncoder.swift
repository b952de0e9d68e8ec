// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// Turns a `Codable` value into its self-describing form, by way of a ``ValueTape``.
struct ValueEncoder: Encoder {
    let tape: ValueTape
    let node: ValueTape.Index

    var codingPath: [any CodingKey] { tape.path(to: node) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Appends the self-describing form of `value`.
    ///
    /// - Throws: What the value's `encode` throws; ``CodingFailure`` for a nesting that could not be read back.
    static func encode(_ value: some Encodable, into encoder: inout EventEncoder) throws {
        var tape = ValueTape.taken(from: &encoder)
        try ValueEncoder(tape: tape, node: ValueTape.root).put(value)
        try tape.encode(into: &encoder)
        // A value may have kept one of its containers.
        if isKnownUniquelyReferenced(&tape) { tape.giveBack(to: &encoder) }
    }

    /// The parts of `value`.
    ///
    /// - Throws: What the value's `encode` throws.
    static func tape(of value: some Encodable) throws -> ValueTape {
        let tape = ValueTape()
        try ValueEncoder(tape: tape, node: ValueTape.root).put(value)
        return tape
    }

    /// Puts `value` into the node of this encoder.
    func put<Value: Encodable>(_ value: Value) throws {
        let start = tape.bytes.count
        if CodedValue.appendWhole(value, to: &tape.bytes) {
            tape.finish(node, from: start)
        } else {
            try value.encode(to: self)
            if tape.isNull(node), isPresentOptional(value) { throw hiddenNil(value) }
        }
    }

    /// Puts a value that is there into a field that may be missing.
    fileprivate func putPresent<Value: Encodable>(_ value: Value) throws {
        try put(value)
        // The field would be read as one that is missing.
        if tape.isNull(node) { throw hiddenNil(value) }
    }

    private func hiddenNil(_ value: some Encodable) -> EncodingError {
        EncodingError.invalidValue(
            value,
            EncodingError.Context(
                codingPath: codingPath,
                debugDescription:
                    "nil within an optional that has a value would be read back as nil of the outer "
                    + "optional; use one optional, or an enum"))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        tape.begin(.object, node)
        return KeyedEncodingContainer(KeyedValues<Key>(tape: tape, node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        tape.begin(.array, node)
        return UnkeyedValues(tape: tape, node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleValue(encoder: self) }
}

/// An `Optional` of some type.
private protocol AnyOptional {
    /// Whether the value at a place is there.
    static func isPresent(at place: UnsafeRawPointer) -> Bool
}

extension Optional: AnyOptional {
    static func isPresent(at place: UnsafeRawPointer) -> Bool {
        place.assumingMemoryBound(to: Self.self).pointee != nil
    }
}

/// Whether a value is an optional that is there: its form must not be that of one that is not.
private func isPresentOptional<Value>(_ value: Value) -> Bool {
    guard let type = Value.self as? any AnyOptional.Type else { return false }
    return withUnsafePointer(to: value) { type.isPresent(at: $0) }
}

extension CodedValue {
    /// Appends a value of the types that occur most, which have no parts.
    ///
    /// - Returns: False for a value of another type, which encodes itself.
    @inline(__always)
    static func appendWhole<Value>(_ value: Value, to buffer: inout BinaryBuffer) -> Bool {
        // Types are compared, because a cast costs as much as all the rest.
        if Value.self == String.self {
            append(unsafeBitCast(value, to: String.self), to: &buffer)
        } else if Value.self == Int.self {
            append(Int64(unsafeBitCast(value, to: Int.self)), to: &buffer)
        } else if Value.self == Double.self {
            append(unsafeBitCast(value, to: Double.self), to: &buffer)
        } else if Value.self == [UInt8].self {
            let bytes = unsafeBitCast(value, to: [UInt8].self)
            append(bytes.span.bytes, to: &buffer)
        } else {
            return false
        }
        return true
    }
}

private struct SingleValue: SingleValueEncodingContainer {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    private func write(_ body: (inout BinaryBuffer) -> Void) {
        encoder.tape.write(encoder.node, body)
    }

    func encodeNil() { write { CodedValue.appendNull(to: &$0) } }
    func encode(_ value: Bool) { write { CodedValue.append(value, to: &$0) } }
    func encode(_ value: String) { write { CodedValue.append(value, to: &$0) } }
    func encode(_ value: Double) { write { CodedValue.append(value, to: &$0) } }
    func encode(_ value: Float) { write { CodedValue.append(value, to: &$0) } }
    func encode(_ value: Int) { write { CodedValue.append(Int64(value), to: &$0) } }
    func encode(_ value: Int8) { write { CodedValue.append(Int64(value), to: &$0) } }
    func encode(_ value: Int16) { write { CodedValue.append(Int64(value), to: &$0) } }
    func encode(_ value: Int32) { write { CodedValue.append(Int64(value), to: &$0) } }
    func encode(_ value: Int64) { write { CodedValue.append(value, to: &$0) } }
    func encode(_ value: UInt) { write { CodedValue.append(UInt64(value), to: &$0) } }
    func encode(_ value: UInt8) { write { CodedValue.append(Int64(value), to: &$0) } }
    func encode(_ value: UInt16) { write { CodedValue.append(Int64(value), to: &$0) } }
    func encode(_ value: UInt32) { write { CodedValue.append(Int64(value), to: &$0) } }
    func encode(_ value: UInt64) { write { CodedValue.append(value, to: &$0) } }
    func encode(_ value: Int128) { write { CodedValue.append(wide: value, to: &$0) } }
    func encode(_ value: UInt128) { write { CodedValue.append(wide: value, to: &$0) } }
    func encode<Value: Encodable>(_ value: Value) throws { try encoder.put(value) }
}

private struct UnkeyedValues: UnkeyedEncodingContainer {
    let tape: ValueTape
    let node: ValueTape.Index
    var codingPath: [any CodingKey] { tape.path(to: node) }
    var count: Int { tape.elementCount(of: node) }

    private func write(_ body: (inout BinaryBuffer) -> Void) { tape.appendElement(to: node, body) }

    func encodeNil() { write { CodedValue.appendNull(to: &$0) } }
    func encode(_ value: Int128) { write { CodedValue.append(wide: value, to: &$0) } }
    func encode(_ value: UInt128) { write { CodedValue.append(wide: value, to: &$0) } }

    func encode(contentsOf sequence: some Sequence<UInt8>) {
        tape.appendBytes(sequence, to: node)
    }

    func encode<Value: Encodable>(_ value: Value) throws {
        if Value.self == UInt8.self {
            return tape.appendByte(unsafeBitCast(value, to: UInt8.self), to: node)
        }
        tape.expandBytes(of: node)
        let start = tape.bytes.count
        if CodedValue.appendWhole(value, to: &tape.bytes) {
            tape.finishElement(of: node, from: start)
        } else {
            try ValueEncoder(tape: tape, node: tape.append(to: node)).put(value)
        }
    }

    /// A new element that has parts, or may have.
    private func part() -> ValueTape.Index {
        tape.expandBytes(of: node)
        return tape.append(to: node)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        ValueEncoder(tape: tape, node: part()).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        ValueEncoder(tape: tape, node: part()).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { ValueEncoder(tape: tape, node: part()) }
}

private struct KeyedValues<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let tape: ValueTape
    let node: ValueTape.Index
    var codingPath: [any CodingKey] { tape.path(to: node) }

    private func part(_ key: String) -> ValueTape.Index { tape.append(to: node, key: key) }

    private func encoder(_ key: Key) -> ValueEncoder {
        ValueEncoder(tape: tape, node: part(key.stringValue))
    }

    func encodeNil(forKey key: Key) {
        tape.write(part(key.stringValue)) { CodedValue.appendNull(to: &$0) }
    }

    func encode(_ value: String, forKey key: Key) {
        tape.write(part(key.stringValue)) { CodedValue.append(value, to: &$0) }
    }

    func encode(_ value: Int, forKey key: Key) {
        tape.write(part(key.stringValue)) { CodedValue.append(Int64(value), to: &$0) }
    }

    func encode(_ value: Int128, forKey key: Key) {
        tape.write(part(key.stringValue)) { CodedValue.append(wide: value, to: &$0) }
    }

    func encode(_ value: UInt128, forKey key: Key) {
        tape.write(part(key.stringValue)) { CodedValue.append(wide: value, to: &$0) }
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        try encoder(key).put(value)
    }

    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        guard let value else { return }
        try encoder(key).putPresent(value)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        encoder(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { ValueEncoder(tape: tape, node: part("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }
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
