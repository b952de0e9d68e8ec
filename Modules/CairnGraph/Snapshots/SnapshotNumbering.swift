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

        init(_ table: NameTable, isUsed: [Bool]) {
            let used = table.names.indices.filter { isUsed[$0] }
            let order = used.sorted { table.names[$0].utf8Precedes(table.names[$1]) }
            names = order.map { table.names[$0] }
            var numbers = [UInt32](repeating: .max, count: table.count)
            for (number, index) in order.enumerated() { numbers[index] = UInt32(number) }
            self.numbers = numbers
        }

        subscript(number: UInt32) -> UInt32 { numbers[Int(number)] }
    }

    let labels: Table
    let types: Table
    let keys: Table

    init(of store: GraphStore) {
        labels = Table(
            store.labels,
            isUsed: store.labelIndexes.map(\.isInUse))
        types = Table(
            store.types,
            isUsed: store.typeIndexes.indices.map { type in
                store.typeIndexes[type].count > 0 || !store.typeRules[type].isEmpty
            })
        var usedKeys = [Bool](repeating: false, count: store.keys.count)
        func mark(_ rules: RuleIndexes) {
            for rule in rules.rules + rules.uniqueRules {
                for key in rule.keys { usedKeys[Int(key)] = true }
            }
        }
        for index in store.labelIndexes { mark(index.rules) }
        for rules in store.typeRules { mark(rules) }
        store.nodeTable.markKeys(in: &usedKeys)
        store.relationshipTable.markKeys(in: &usedKeys)
        keys = Table(store.keys, isUsed: usedKeys)
    }
}
