// SPDX-License-Identifier: Apache-2.0

extension RuleIndexes {
    /// The members that a predicate says yes to, ascending, and the index, key or unique constraint that found
    /// them; no rule when all were looked at.
    func lookUp<Record>(
        _ predicate: PropertyPredicate, _ names: NameTable, among members: SlotSet,
        _ table: EntityTable<Record>
    ) -> (slots: [UInt32], rule: NumberedRule?) {
        var numbers: [UInt32] = []
        for key in predicate.keys {
            guard let number = names.number(of: key) else { return ([], nil) }
            numbers.append(number)
        }
        let equal = Set(numbers.prefix(predicate.equalityCount))
        for index in ordered where index.keys.count >= numbers.count {
            guard Set(index.keys.prefix(equal.count)) == equal,
                equal.count == numbers.count || index.keys[equal.count] == numbers[equal.count]
            else { continue }
            let order = index.keys.prefix(numbers.count).map { names[$0] }
            let slots = index.slots(in: predicate.sortKeys(order), table)
            return (slots.sorted(), NumberedRule(kind: .index, keys: index.keys, type: nil))
        }
        if !equal.isEmpty, equal.count == numbers.count,
            let unique = uniques.first(where: { Set($0.keys) == equal })
        {
            let tuple = PropertyTuple(unique.keys.map { predicate.value(of: names[$0]) })
            let found = unique.slot(with: tuple, in: table).map { [$0] } ?? []
            let kind: RuleKind = unique.isKey ? .key : .unique
            return (found, NumberedRule(kind: kind, keys: unique.keys, type: nil))
        }
        let range = predicate.sortKeys(predicate.keys)
        let slots = members.filter { slot in
            table.withProperties(of: slot) { $0.sortKey(of: numbers) }
                .map { range.contains(SortKeyBound(key: $0)) } ?? false
        }
        return (slots, nil)
    }

    /// The lowest member whose property has a value.
    func first<Record>(
        _ names: NameTable, _ key: UInt32, _ value: Value, among members: SlotSet,
        _ table: EntityTable<Record>
    ) -> UInt32? {
        let tuple = PropertyTuple([value])
        if let unique = uniques.first(where: { $0.keys == [key] }) {
            return unique.slot(with: tuple, in: table)
        }
        if let index = ordered.first(where: { $0.keys[0] == key }) {
            let range = PropertyPredicate.equals(names[key], value).sortKeys([names[key]])
            return index.slots(in: range, table).min()
        }
        return members.first { slot in
            table.withProperties(of: slot) { tuple.isEqual(toThoseIn: $0, keys: [key]) }
        }
    }

    /// The first index whose first keys are these, in any order, and whose next one is `key`.
    func index(behind known: Set<UInt32>, by key: UInt32) -> OrderedIndex? {
        ordered.first { index in
            index.keys.count > known.count && index.keys[known.count] == key
                && Set(index.keys.prefix(known.count)) == known
        }
    }
}
