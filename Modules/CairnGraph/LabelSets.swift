// SPDX-License-Identifier: Apache-2.0

/// The sets of labels that nodes bear, by number, so that a node holds one number for all its labels.
///
/// Sets stay like names do: see ``NameTable``.
struct LabelSets: Sendable {
    /// The set of no labels.
    static let empty: UInt32 = 0

    private(set) var sets: [LabelSet] = [LabelSet(labels: [], names: [])]
    private var numbers: [[UInt32]: UInt32] = [[]: LabelSets.empty]

    subscript(number: UInt32) -> LabelSet { sets[Int(number)] }

    /// The number of the set of these labels, each at most once, ascending by name.
    mutating func intern(_ labels: [UInt32], names: NameTable) throws(GraphError) -> UInt32 {
        if let number = numbers[labels] { return number }
        guard let number = UInt32(exactly: sets.count), number < .max else {
            throw GraphError(code: .idsExhausted)
        }
        numbers[labels] = number
        sets.append(LabelSet(labels: labels, names: labels.map { names[$0] }))
        return number
    }
}

/// Some labels.
struct LabelSet: Sendable {
    /// Their numbers, ascending by name.
    let labels: [UInt32]
    /// Their names, ascending.
    let names: [String]
}
