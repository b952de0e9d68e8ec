// SPDX-License-Identifier: Apache-2.0

/// The rules for the nodes with one label, or for the relationships of one type, and their indexes. The lists are in no
/// particular order.
struct RuleIndexes: Sendable {
    /// The indexes of unique constraints and keys.
    var uniques: [UniqueIndex] = []
    /// The rules that each member must meet by itself.
    var demands: [NumberedRule] = []
    /// The ordered indexes.
    var ordered: [OrderedIndex] = []

    /// Whether nothing is to be done when the properties of a member change.
    var isPlain: Bool { uniques.isEmpty && ordered.isEmpty }

    /// Whether there is no rule.
    var isEmpty: Bool { uniques.isEmpty && demands.isEmpty && ordered.isEmpty }

    /// The place of the unique constraint, or the key, on these keys.
    func uniqueOffset(of keys: [UInt32], isKey: Bool = false) -> Int? {
        uniques.firstIndex { $0.keys == keys && $0.isKey == isKey }
    }

    /// The unique constraint on these keys.
    func unique(of keys: [UInt32]) -> UniqueIndex? { uniqueOffset(of: keys).map { uniques[$0] } }

    /// The rules, without the unique constraints.
    var rules: [NumberedRule] {
        demands + ordered.map { NumberedRule(kind: .index, keys: $0.keys, type: nil) }
    }

    /// The unique constraints as rules.
    var uniqueRules: [NumberedRule] {
        uniques.filter { !$0.isKey }.map { NumberedRule(kind: .unique, keys: $0.keys, type: nil) }
    }

    func has(_ rule: NumberedRule) -> Bool {
        switch rule.kind {
        case .existence, .type, .key: demands.contains(rule)
        case .index: ordered.contains { $0.keys == rule.keys }
        case .unique: uniqueOffset(of: rule.keys) != nil
        }
    }

    // MARK: Changing rules

    mutating func insert(_ rule: IndexedRule) {
        switch rule.rule.kind {
        case .existence, .type, .key: demands.append(rule.rule)
        case .index, .unique: break
        }
        if let unique = rule.unique { uniques.append(unique) }
        if let ordered = rule.ordered { self.ordered.append(ordered) }
    }

    /// Takes a rule out; nil when it is not there.
    mutating func remove(_ rule: NumberedRule) -> IndexedRule? {
        var removed = IndexedRule(rule: rule)
        switch rule.kind {
        case .existence, .type, .key:
            guard let offset = demands.firstIndex(of: rule) else { return nil }
            demands.remove(at: offset)
            if rule.kind == .key, let unique = uniqueOffset(of: rule.keys, isKey: true) {
                removed.unique = uniques.remove(at: unique)
            }
        case .index:
            guard let offset = ordered.firstIndex(where: { $0.keys == rule.keys }) else {
                return nil
            }
            removed.ordered = ordered.remove(at: offset)
        case .unique:
            guard let offset = uniqueOffset(of: rule.keys) else { return nil }
            removed.unique = uniques.remove(at: offset)
        }
        return removed
    }

    // MARK: Members

    /// Takes note that the properties of a member change, before or after the table knows.
    mutating func note<Record>(
        _ slot: UInt32, from before: PropertyList, to after: PropertyList,
        _ table: EntityTable<Record>
    ) {
        for offset in uniques.indices {
            let keys = uniques[offset].keys
            let old = PropertyTuple(keys, in: before.bytes.span.bytes)
            let new = PropertyTuple(keys, in: after.bytes.span.bytes)
            guard old != new else { continue }
            if let old { uniques[offset].remove(old, slot) }
            if let new { uniques[offset].insert(new, slot) }
        }
        for offset in ordered.indices {
            let keys = ordered[offset].keys
            let old = before.bytes.span.bytes.indexKey(of: keys)
            let new = after.bytes.span.bytes.indexKey(of: keys)
            guard old != new else { continue }
            if let old { ordered[offset].remove(old, slot, table) }
            if let new { ordered[offset].insert(new, slot, table) }
        }
    }

    /// The first demand with this error that properties violate by themselves.
    func violation(
        _ code: GraphError.Code, in properties: PropertyList
    ) -> NumberedRule.Violation? {
        for rule in demands {
            if let found = rule.violation(in: properties.bytes.span.bytes), found.code == code {
                return found
            }
        }
        return nil
    }

    /// The member that has values of these properties which must be unique, and the first of their keys.
    ///
    /// - Parameter slot: The member that is to have them; nil for one that does not exist yet.
    func conflict<Record>(
        with properties: PropertyList, slot: UInt32?, _ table: EntityTable<Record>
    ) -> (slot: UInt32, key: UInt32)? {
        for unique in uniques {
            guard let tuple = PropertyTuple(unique.keys, in: properties.bytes.span.bytes),
                let other = unique.slot(with: tuple, in: table), other != slot
            else { continue }
            return (other, unique.keys[0])
        }
        return nil
    }
}

/// A rule with its index, to be put into a store, or taken out of it.
struct IndexedRule: Sendable {
    let rule: NumberedRule
    var unique: UniqueIndex?
    var ordered: OrderedIndex?
}
