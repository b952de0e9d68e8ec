// SPDX-License-Identifier: Apache-2.0

/// What is known about one label.
struct LabelIndex: Sendable {
    /// The nodes that bear it.
    var members = SlotSet()
    /// The unique constraints on it, in no order that means anything.
    var uniques: [UniqueIndex] = []

    /// The place of the constraint on these keys.
    func uniqueOffset(of keys: [UInt32]) -> Int? { uniques.firstIndex { $0.keys == keys } }

    /// The constraint on these keys.
    func unique(of keys: [UInt32]) -> UniqueIndex? { uniqueOffset(of: keys).map { uniques[$0] } }

    /// Takes note that the properties of a member changed.
    mutating func note(_ slot: UInt32, from before: PropertyList, to after: PropertyList) {
        for offset in uniques.indices {
            let keys = uniques[offset].keys
            let old = PropertyTuple(keys, in: before.bytes.span.bytes)
            let new = PropertyTuple(keys, in: after.bytes.span.bytes)
            guard old != new else { continue }
            if let old { uniques[offset].remove(old, slot) }
            if let new { uniques[offset].insert(new, slot) }
        }
    }
}
