// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// The number of a label; the indexes by label grow along.
    mutating func intern(label: String) throws(GraphError) -> UInt32 {
        let number = try labels.intern(label)
        while labelIndexes.count < labels.count { labelIndexes.append(LabelIndex()) }
        return number
    }

    /// The number of a type; the indexes by type grow along.
    mutating func intern(type: String) throws(GraphError) -> UInt32 {
        let number = try types.intern(type)
        while typeIndexes.count < types.count {
            typeIndexes.append(SlotSet())
            typeRules.append(RuleIndexes())
        }
        return number
    }

    /// The number of the set of these labels, in any order and with repetitions.
    mutating func intern(labels names: [String]) throws(GraphError) -> UInt32 {
        var numbers: [UInt32] = []
        numbers.reserveCapacity(names.count)
        // Hardly any node has many labels, but one that has must not take time with their square.
        var seen: Set<UInt32> = []
        for name in names {
            let number = try intern(label: name)
            let isNew =
                names.count > 16 ? seen.insert(number).inserted : !numbers.contains(number)
            if isNew { numbers.append(number) }
        }
        return try intern(labelNumbers: numbers)
    }

    /// The number of the set of these labels, in any order, each once.
    mutating func intern(labelNumbers numbers: consuming [UInt32]) throws(GraphError) -> UInt32 {
        try labelSets.intern(ascending(numbers), names: labels)
    }

    /// These labels, ascending by name.
    func ascending(_ numbers: consuming [UInt32]) -> [UInt32] {
        if numbers.count > 1 {
            numbers.sort { labels[$0].utf8Precedes(labels[$1]) }
        }
        return numbers
    }

    /// The list of these properties; null ones are left out.
    mutating func intern(properties: Properties) throws(GraphError) -> PropertyList {
        guard !properties.isEmpty else { return PropertyList() }
        var entries: [(key: UInt32, value: Value)] = []
        entries.reserveCapacity(properties.count)
        for (name, value) in properties {
            let key = try keys.intern(name)
            try Self.checkNesting(value, key: name)
            if !value.isNull { entries.append((key, value)) }
        }
        return PropertyList(entries)
    }

    /// Refuses a value that is nested too deep.
    static func checkNesting(_ value: Value, key: String) throws(GraphError) {
        guard value.isNested(atMost: Value.nestingCountMax) else {
            throw GraphError(code: .nestingTooDeep, key: key)
        }
    }
}
