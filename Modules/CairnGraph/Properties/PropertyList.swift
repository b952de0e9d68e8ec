// SPDX-License-Identifier: Apache-2.0
//
// The properties of one node or relationship, as bytes: for each the number of its key as a varint and
// the encoding of its value, ascending by the number of the key; no value is null.
//
// - The bytes were made by the store from checked values. They never come from outside.
// - Encodings are canonical, so lists are equal exactly when their bytes are.

internal import CairnFormat

/// The properties of one node or relationship.
struct PropertyList: Hashable, Sendable {
    let bytes: [UInt8]

    init() { bytes = [] }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The properties of these keys, which are all different, and none of whose values is null.
    init(_ entries: consuming [(key: UInt32, value: Value)]) {
        guard !entries.isEmpty else {
            bytes = []
            return
        }
        // Lists are short and mostly sorted already.
        for index in entries.indices.dropFirst() {
            var place = index
            while place > 0, entries[place - 1].key > entries[place].key {
                entries.swapAt(place - 1, place)
                place -= 1
            }
        }
        var buffer = BinaryBuffer(capacity: entries.count * 24)
        for entry in entries {
            buffer.append(varint: UInt64(entry.key))
            entry.value.encode(into: &buffer)
        }
        bytes = buffer.array()
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// The value of a key.
    subscript(key: UInt32) -> Value? { PropertyBytes.value(of: key, in: bytes.span.bytes) }

    /// The same properties but one; nil removes it.
    func setting(_ key: UInt32, to value: Value?) -> PropertyList {
        var buffer = BinaryBuffer(capacity: bytes.count + 32)
        let place = PropertyBytes.place(of: key, in: bytes.span.bytes)
        buffer.append(bytes.span.bytes.extracting(0..<place.lowerBound))
        if let value {
            buffer.append(varint: UInt64(key))
            value.encode(into: &buffer)
        }
        buffer.append(bytes.span.bytes.extracting(place.upperBound..<bytes.count))
        return PropertyList(bytes: buffer.array())
    }

    /// The keys and values, ascending by key.
    var entries: [(key: UInt32, value: Value)] {
        var entries: [(key: UInt32, value: Value)] = []
        var cursor = PropertyCursor(bytes.span.bytes)
        while let key = cursor.nextKey() { entries.append((key, cursor.value())) }
        return entries
    }

    /// The properties as the outside knows them.
    func properties(keys: [String]) -> Properties {
        var properties: Properties = [:]
        var cursor = PropertyCursor(bytes.span.bytes)
        while let key = cursor.nextKey() { properties[keys[Int(key)]] = cursor.value() }
        return properties
    }

    /// The value of the key with this name.
    func value(of name: String, keys: [String]) -> Value? {
        var cursor = PropertyCursor(bytes.span.bytes)
        while let key = cursor.nextKey() {
            if keys[Int(key)] == name { return cursor.value() }
            cursor.skip()
        }
        return nil
    }
}
