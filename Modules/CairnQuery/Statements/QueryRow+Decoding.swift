// SPDX-License-Identifier: Apache-2.0
//
// Columns are the keys. A map is keyed likewise, a list is unkeyed; a node or a relationship is read by its properties, as
// a map of them.

internal import CairnGraph

extension QueryRow {
    /// The row as a Swift type, whose keys are the names of columns; of one column alone, also as a type without keys.
    ///
    /// - Throws: `DecodingError` when a value is missing or of another kind.
    public func decode<T: Decodable>(as type: T.Type = T.self) throws -> T {
        var entries: [String: QueryValue] = [:]
        for (name, value) in zip(columns, values) { entries[name] = value }
        let decoder = ValueDecoder(
            value: .map(entries), single: values.count == 1 ? values[0] : nil,
            graph: header.graph, codingPath: [])
        return try T(from: decoder)
    }
}

extension QueryResult {
    /// All rows as a Swift type; see ``QueryRow/decode(as:)``.
    ///
    /// - Throws: `DecodingError` when a value is missing or of another kind.
    public func decode<T: Decodable>(as type: T.Type = T.self) throws -> [T] {
        try map { try $0.decode(as: type) }
    }
}

/// Decodes a value.
struct ValueDecoder: Decoder {
    let value: QueryValue
    /// The value that a type without keys reads; nil when that is `value`.
    let single: QueryValue?
    let graph: GraphStore?
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func nested(_ value: QueryValue, _ key: any CodingKey) -> ValueDecoder {
        ValueDecoder(value: value, single: nil, graph: graph, codingPath: codingPath + [key])
    }

    func refusal(_ type: Any.Type) -> DecodingError {
        .typeMismatch(
            type,
            DecodingError.Context(
                codingPath: codingPath, debugDescription: "cannot read \(value) as \(type)"))
    }

    func container<Key: CodingKey>(
        keyedBy type: Key.Type
    ) throws -> KeyedDecodingContainer<Key> {
        guard let entries else { throw refusal([String: QueryValue].self) }
        return KeyedDecodingContainer(KeyedValues<Key>(decoder: self, entries: entries))
    }

    private var entries: [String: QueryValue]? {
        switch value {
        case .map(let entries): entries
        case .node(let id): graph?.node(id)?.properties.mapValues(QueryValue.init)
        case .relationship(let id): graph?.relationship(id)?.properties.mapValues(QueryValue.init)
        default: nil
        }
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let values) = single ?? value else { throw refusal([QueryValue].self) }
        return ListedValues(decoder: self, values: values)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        SingleValue(
            decoder: ValueDecoder(
                value: single ?? value, single: nil, graph: graph, codingPath: codingPath))
    }
}

/// The entries of a map, or the columns of a row.
struct KeyedValues<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ValueDecoder
    let entries: [String: QueryValue]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { entries.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { entries[key.stringValue] != nil }

    private func value(_ key: Key) throws -> ValueDecoder {
        guard let value = entries[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key,
                DecodingError.Context(
                    codingPath: codingPath, debugDescription: "there is no \(key.stringValue)"))
        }
        return decoder.nested(value, key)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).value.isNull }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try SingleValue(decoder: value(key)).decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> { try value(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try value(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }
}
