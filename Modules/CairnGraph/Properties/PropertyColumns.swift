// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The keys of many entities that are made at once, each of which has a row of values for them.
final class PropertyColumns: Sendable {
    private let names: [String]
    private let numbers: [UInt32]
    /// The places of the keys, ascending by name.
    private let byName: [Int]
    /// The places of the keys, ascending by number.
    private let byNumber: [Int]

    /// These keys, which must be different.
    init(_ names: [String], _ table: inout NameTable) throws(GraphError) {
        var numbers: [UInt32] = []
        for name in names { numbers.append(try table.intern(name)) }
        precondition(Set(numbers).count == numbers.count, "a key is there twice")
        self.names = names
        self.numbers = numbers
        byName = names.indices.sorted { names[$0].utf8Precedes(names[$1]) }
        byNumber = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    }

    /// The properties of a row as a store keeps them, made in `bytes`; null ones are left out.
    func list(_ row: [Value], _ bytes: inout BinaryBuffer) throws(GraphError) -> PropertyList {
        precondition(row.count == numbers.count, "a row does not have a value for each key")
        bytes.removeAll()
        for place in byNumber where !row[place].isNull {
            try GraphStore.checkNesting(row[place], key: names[place])
            bytes.append(varint: UInt64(numbers[place]))
            row[place].encode(into: &bytes)
        }
        return PropertyList(bytes: bytes.array())
    }

    /// The properties of a row; null ones are left out.
    func properties(_ row: [Value]) -> Properties {
        var properties = Properties(minimumCapacity: row.count)
        for place in row.indices where !row[place].isNull { properties[names[place]] = row[place] }
        return properties
    }

    /// Appends ``properties(_:)`` as an event has them.
    func encode(_ row: [Value], into encoder: inout EventEncoder) {
        encoder.bytes.append(varint: UInt64(row.count { !$0.isNull }))
        for place in byName where !row[place].isNull {
            encoder.append(symbol: names[place])
            row[place].encode(into: &encoder.bytes)
        }
    }
}
