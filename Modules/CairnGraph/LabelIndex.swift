// SPDX-License-Identifier: Apache-2.0

/// What is known about one label.
struct LabelIndex: Sendable {
    /// The nodes that bear it.
    var members = SlotSet()
    /// The unique constraints on it, ascending by key.
    private(set) var uniques: [UniqueIndex] = []

    /// The constraint on a key.
    func unique(of key: UInt32) -> UniqueIndex? {
        let offset = lowerBound(key)
        return offset < uniques.count && uniques[offset].key == key ? uniques[offset] : nil
    }

    /// Adds a constraint on a key that has none.
    mutating func insert(_ unique: UniqueIndex) {
        uniques.insert(unique, at: lowerBound(unique.key))
    }

    /// Removes the constraint on a key.
    mutating func removeUnique(of key: UInt32) -> UniqueIndex? {
        guard unique(of: key) != nil else { return nil }
        return uniques.remove(at: lowerBound(key))
    }

    /// The first of these properties whose value another node has already, and that node.
    func conflict(
        of properties: PropertyList, slot: UInt32?
    ) -> (key: UInt32, value: Value, node: UInt32)? {
        for (offset, value) in concerns(of: properties) {
            if let node = uniques[offset].nodes[value], node != slot {
                return (uniques[offset].key, value, node)
            }
        }
        return nil
    }

    /// Takes note that these properties are those of a node, or of none when `slot` is nil.
    mutating func note(_ properties: PropertyList, of slot: UInt32?) {
        for (offset, value) in concerns(of: properties) {
            uniques[offset].nodes[value] = slot
        }
    }

    /// The properties that constraints concern, with the offsets of the constraints.
    ///
    /// Goes through the shorter list, so that many constraints do not make every node slow.
    private func concerns(of properties: PropertyList) -> [(offset: Int, value: Value)] {
        guard !uniques.isEmpty else { return [] }
        var concerns: [(offset: Int, value: Value)] = []
        if uniques.count <= properties.entries.count {
            for (offset, unique) in uniques.enumerated() {
                if let value = properties[unique.key] { concerns.append((offset, value)) }
            }
        } else {
            for property in properties.entries {
                let offset = lowerBound(property.key)
                guard offset < uniques.count, uniques[offset].key == property.key else { continue }
                concerns.append((offset, property.value))
            }
        }
        return concerns
    }

    private func lowerBound(_ key: UInt32) -> Int {
        var low = 0
        var high = uniques.count
        while low < high {
            let middle = (low + high) / 2
            if uniques[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// One unique constraint on a label: which node has which value.
struct UniqueIndex: Sendable {
    let key: UInt32
    var nodes: [Value: UInt32] = [:]
}
