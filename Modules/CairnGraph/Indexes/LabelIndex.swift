// SPDX-License-Identifier: Apache-2.0

/// The members of one label and its indexes. The lists are in no particular order.
struct LabelIndex: Sendable {
    /// The nodes that bear it.
    var members = SlotSet()
    /// The indexes of the unique constraints and keys on the label.
    var uniques: [UniqueIndex] = []
    /// The rules that each member must meet by itself.
    var demands: [NumberedRule] = []
    /// The indexes on it.
    var ordered: [OrderedIndex] = []

    /// Whether nothing is to be done when the properties of a member change.
    var isPlain: Bool { uniques.isEmpty && ordered.isEmpty }

    /// Whether anything refers to the label.
    var isInUse: Bool {
        members.count > 0 || !uniques.isEmpty || !demands.isEmpty || !ordered.isEmpty
    }

    /// The place of the unique constraint, or the key, on these keys.
    func uniqueOffset(of keys: [UInt32], isKey: Bool = false) -> Int? {
        uniques.firstIndex { $0.keys == keys && $0.isKey == isKey }
    }

    /// The unique constraint on these keys.
    func unique(of keys: [UInt32]) -> UniqueIndex? { uniqueOffset(of: keys).map { uniques[$0] } }

    /// The rules, without the unique constraints.
    var allRules: [NumberedRule] {
        demands + ordered.map { NumberedRule(kind: .index, keys: $0.keys, type: nil) }
    }

    func has(_ rule: NumberedRule) -> Bool {
        rule.kind == .index
            ? ordered.contains { $0.keys == rule.keys } : demands.contains(rule)
    }

    mutating func remove(_ rule: NumberedRule) -> RemovedRule? {
        var removed = RemovedRule(rule: rule)
        if rule.kind == .index {
            guard let offset = ordered.firstIndex(where: { $0.keys == rule.keys }) else {
                return nil
            }
            removed.ordered = ordered.remove(at: offset)
        } else {
            guard let offset = demands.firstIndex(of: rule) else { return nil }
            demands.remove(at: offset)
            if rule.kind == .key, let unique = uniqueOffset(of: rule.keys, isKey: true) {
                removed.unique = uniques.remove(at: unique)
            }
        }
        return removed
    }

    /// Takes note that the properties of a member change, before or after the table knows.
    mutating func note(
        _ slot: UInt32, from before: PropertyList, to after: PropertyList,
        _ table: EntityTable<NodeRecord>
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
}
