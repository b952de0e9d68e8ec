// SPDX-License-Identifier: Apache-2.0

/// The members of one label, and its rules.
struct LabelIndex: Sendable {
    /// The nodes that bear it.
    var members = SlotSet()
    /// The rules for them, with their indexes.
    var rules = RuleIndexes()

    /// Whether anything refers to the label.
    var isInUse: Bool { members.count > 0 || !rules.isEmpty }
}
