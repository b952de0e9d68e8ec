// SPDX-License-Identifier: Apache-2.0

/// The members of a label, or of a type, that violate a rule; at most ``GraphError/violatorCountMax``.
struct RuleViolation: Error {
    let slots: [UInt32]
}

extension EntityTable {
    /// Makes a rule for some entities: checks them, and builds its index.
    ///
    /// - Complexity: O(*n* log *n*) in the members.
    func make(
        _ rule: NumberedRule, over members: SlotSet
    ) throws(RuleViolation) -> IndexedRule {
        try check(rule, over: members)
        var made = IndexedRule(rule: rule)
        switch rule.kind {
        case .existence, .type: break
        case .key, .unique: made.unique = try uniqueIndex(rule, over: members)
        case .index: made.ordered = orderedIndex(rule.keys, over: members)
        }
        return made
    }

    /// Refuses a rule that members violate by what they have or have not.
    private func check(_ rule: NumberedRule, over members: SlotSet) throws(RuleViolation) {
        switch rule.kind {
        case .existence, .type, .key: break
        case .index, .unique: return
        }
        var violators: [UInt32] = []
        for slot in members {
            guard withProperties(of: slot, { rule.violation(in: $0) }) != nil else { continue }
            violators.append(slot)
            if violators.count == GraphError.violatorCountMax { break }
        }
        guard violators.isEmpty else { throw RuleViolation(slots: violators) }
    }

    private func uniqueIndex(
        _ rule: NumberedRule, over members: SlotSet
    ) throws(RuleViolation) -> UniqueIndex {
        var unique = UniqueIndex(keys: rule.keys, isKey: rule.kind == .key)
        var violators: [UInt32] = []
        for slot in members {
            guard let tuple = tuple(of: slot, rule.keys) else { continue }
            if let other = unique.slot(with: tuple, in: self) {
                for slot in [other, slot] where !violators.contains(slot) {
                    violators.append(slot)
                }
                if violators.count >= GraphError.violatorCountMax { break }
            } else {
                unique.insert(tuple, slot)
            }
        }
        guard violators.isEmpty else { throw RuleViolation(slots: violators) }
        return unique
    }

    private func orderedIndex(_ keys: [UInt32], over members: SlotSet) -> OrderedIndex {
        var entries: [(key: [UInt8], slot: UInt32)] = []
        for slot in members {
            guard let key = withProperties(of: slot, { $0.indexKey(of: keys) }) else { continue }
            entries.append((key, slot))
        }
        return OrderedIndex(keys: keys, entries: entries)
    }

    /// The values of these keys of an entity; nil when one is missing.
    func tuple(of slot: UInt32, _ keys: [UInt32]) -> PropertyTuple? {
        withProperties(of: slot) { PropertyTuple(keys, in: $0) }
    }
}
