// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// The numbers that names have in a snapshot, which follow from the content alone.
struct SnapshotNumbering {
    /// The names of one kind.
    struct Table {
        /// The names in use, ascending by their UTF-8 bytes: by number in the snapshot.
        let names: [String]
        /// The number in the snapshot, by number in the store; of a name in use.
        private let numbers: [UInt32]
        /// Whether the names have the same order in both.
        let keepsOrder: Bool

        init(_ table: NameTable, isUsed: [Bool]) {
            let used = table.names.indices.filter { isUsed[$0] }
            let order = used.sorted { table.names[$0].utf8Precedes(table.names[$1]) }
            names = order.map { table.names[$0] }
            var numbers = [UInt32](repeating: .max, count: table.count)
            for (number, index) in order.enumerated() { numbers[index] = UInt32(number) }
            self.numbers = numbers
            keepsOrder = order == used
        }

        subscript(number: UInt32) -> UInt32 { numbers[Int(number)] }
    }

    let labels: Table
    let types: Table
    let keys: Table
    /// By number of the shape in the store; nil where properties go by way of their list.
    private let nodeShapes: [SnapshotShape?]
    private let relationshipShapes: [SnapshotShape?]

    init(of store: GraphStore) {
        labels = Table(
            store.labels,
            isUsed: store.labelIndexes.map(\.isInUse))
        types = Table(store.types, isUsed: store.typeIndexes.map { $0.count > 0 })
        var usedKeys = [Bool](repeating: false, count: store.keys.count)
        for index in store.labelIndexes {
            for rule in index.allRules { for key in rule.keys { usedKeys[Int(key)] = true } }
            for unique in index.uniques { for key in unique.keys { usedKeys[Int(key)] = true } }
        }
        store.nodeTable.markKeys(in: &usedKeys)
        store.relationshipTable.markKeys(in: &usedKeys)
        let keys = Table(store.keys, isUsed: usedKeys)
        self.keys = keys
        nodeShapes = Self.shapes(store.nodeTable.shapes, keys)
        relationshipShapes = Self.shapes(store.relationshipTable.shapes, keys)
    }

    private static func shapes(_ shapes: PropertyShapes, _ keys: Table) -> [SnapshotShape?] {
        (0..<shapes.count).map { SnapshotShape(shapes.kinds(of: $0), keys) }
    }

    /// Appends the packed properties of one node; no bytes for none.
    func append(
        nodeProperties packed: RawSpan, _ shapes: PropertyShapes, to record: inout BinaryBuffer
    ) {
        append(packed, shapes, nodeShapes, &record)
    }

    /// Appends the packed properties of one relationship; no bytes for none.
    func append(
        relationshipProperties packed: RawSpan, _ shapes: PropertyShapes,
        to record: inout BinaryBuffer
    ) {
        append(packed, shapes, relationshipShapes, &record)
    }

    private func append(
        _ packed: RawSpan, _ shapes: PropertyShapes, _ plans: [SnapshotShape?],
        _ record: inout BinaryBuffer
    ) {
        guard packed.byteCount > 0 else { return record.append(varint: 0) }
        guard let number = shapes.number(of: packed), let plan = plans[number] else {
            return shapes.withList(packed) { record.append($0, keys) }
        }
        let start = Varint.byteCount(UInt64(number + 1))
        plan.append(packed.extracting(start..<packed.byteCount), to: &record)
    }
}
