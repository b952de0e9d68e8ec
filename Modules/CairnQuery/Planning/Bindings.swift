// SPDX-License-Identifier: Apache-2.0

/// Where the variables at a place of a statement are in the row.
struct Bindings {
    var slots: [String: Int] = [:]

    subscript(name: String) -> Int? {
        get { slots[name] }
        set { slots[name] = newValue }
    }

    /// The places, ascending, each once.
    var allSlots: [Int] { Set(slots.values).sorted() }

    /// The names that a statement gave, ascending.
    var names: [String] { slots.keys.filter { !$0.hasPrefix("\u{0}") }.sorted() }

    func merged(over other: Bindings) -> Bindings {
        Bindings(slots: other.slots.merging(slots) { $1 })
    }
}
