// SPDX-License-Identifier: Apache-2.0

/// An index from values of some keys to nodes with a label, or to relationships of a type: at most one for the same values.
struct UniqueIndex: Sendable {
    /// The numbers of the keys. What lacks one of them is not in the index.
    let keys: [UInt32]
    /// Whether it belongs to a key, not to a unique constraint.
    let isKey: Bool
    private var slots = HashIndex()

    init(keys: [UInt32], isKey: Bool = false) {
        self.keys = keys
        self.isKey = isKey
    }

    /// The entity with these values, of all in `table`.
    func slot<Record>(with tuple: PropertyTuple, in table: EntityTable<Record>) -> UInt32? {
        slots.first(tuple.hash) { slot in
            table.withProperties(of: slot) { tuple.isEqual(toThoseIn: $0, keys: keys) }
        }
    }

    /// The entity with a value of the only key, of all in a table.
    func slot<Record>(
        with value: Value, in table: UnsafePointer<EntityTable<Record>>
    ) -> UInt32? {
        let key = keys[0]
        let tuple = PropertyTuple([value])
        return slots.first(tuple.hash) { slot in
            let packed = EntityTable.packedValue(of: key, at: slot, in: table)
            if case .string(let bytes) = packed, case .string(let text) = value {
                return text.utf8Span.span.bytes.withUnsafeBytes {
                    $0.count == bytes.count && $0.elementsEqual(bytes)
                }
            }
            return packed.value.map { PropertyTuple([$0]) == tuple } ?? false
        }
    }

    mutating func insert(_ tuple: PropertyTuple, _ slot: UInt32) {
        slots.insert(slot, hash: tuple.hash)
    }

    mutating func remove(_ tuple: PropertyTuple, _ slot: UInt32) {
        slots.remove(slot, hash: tuple.hash)
    }
}

/// The values of some keys of one node or relationship, as their encodings one after the other. Equal values have equal
/// bytes, and each encoding says where it ends.
struct PropertyTuple: Hashable, Sendable {
    let bytes: [UInt8]

    /// The values of these keys; nil when one is missing.
    init?(_ keys: [UInt32], in properties: RawSpan) {
        var bytes: [UInt8] = []
        for key in keys {
            guard let range = PropertyBytes.valueRange(of: key, in: properties) else { return nil }
            properties.extracting(range).withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        self.bytes = bytes
    }

    /// These values.
    init(_ values: [Value]) {
        bytes = values.encodedBytes
    }

    /// Differs from process to process, so that collisions cannot be planned.
    var hash: UInt32 {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    func isEqual(toThoseIn properties: RawSpan, keys: [UInt32]) -> Bool {
        var start = 0
        for key in keys {
            guard let range = PropertyBytes.valueRange(of: key, in: properties),
                start + range.count <= bytes.count
            else { return false }
            let isEqual = properties.withUnsafeBytes { other in
                other[range].elementsEqual(bytes[start..<start + range.count])
            }
            guard isEqual else { return false }
            start += range.count
        }
        return start == bytes.count
    }
}
