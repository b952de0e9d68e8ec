// SPDX-License-Identifier: Apache-2.0

/// One property: a value and the number of its key. 24 bytes.
struct Property: Hashable, Sendable {
    var value: Value
    let key: UInt32
}

/// The properties of one node or relationship, ascending by the number of the key, never null.
struct PropertyList: Hashable, Sendable {
    private(set) var entries: [Property] = []

    init() {}

    /// One property, or none.
    init(_ key: UInt32, _ value: Value?) {
        if let value { entries = [Property(value: value, key: key)] }
    }

    /// Takes entries that ascend by key.
    init(ascending entries: [Property]) { self.entries = entries }

    /// Sorts entries of different keys.
    init(unsorted entries: consuming [Property]) {
        // Lists are short and mostly sorted already.
        for index in entries.indices.dropFirst() {
            var place = index
            while place > 0, entries[place - 1].key > entries[place].key {
                entries.swapAt(place - 1, place)
                place -= 1
            }
        }
        self.entries = entries
    }

    /// The index of the first entry whose key is not below `key`.
    private func lowerBound(_ key: UInt32) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The value of a key. Setting nil removes it.
    subscript(key: UInt32) -> Value? {
        get {
            let index = lowerBound(key)
            guard index < entries.count, entries[index].key == key else { return nil }
            return entries[index].value
        }
        set {
            let index = lowerBound(key)
            let isThere = index < entries.count && entries[index].key == key
            switch (newValue, isThere) {
            case (let value?, true): entries[index].value = value
            case (let value?, false): entries.insert(Property(value: value, key: key), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// The properties as the outside knows them.
    func properties(keys: [String]) -> Properties {
        var properties = Properties(minimumCapacity: entries.count)
        for entry in entries { properties[keys[Int(entry.key)]] = entry.value }
        return properties
    }

    /// The value of the key with this name.
    func value(of name: String, keys: [String]) -> Value? {
        entries.first { keys[Int($0.key)] == name }?.value
    }
}
