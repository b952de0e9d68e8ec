// SPDX-License-Identifier: Apache-2.0
//
// - A set that several nodes bear is kept once. How many bear it is counted, and a set of several labels
//   that no node has any more is given up; its number is given out again. Otherwise a node that gets n
//   labels one by one would leave n sets behind, of 1 to n labels.
// - Sets of one label or none stay, as names do. So callers may keep their numbers.
// - Numbers depend on history and never leave the store.

/// The sets of labels that nodes bear, by number, so that a node holds one number for all its labels.
struct LabelSets: Sendable {
    /// The set of no labels.
    static let empty: UInt32 = 0

    private var sets = PersistentArray<LabelSet>()
    /// The number of nodes that bear each set of several labels; ``uncounted`` for the others.
    private var bearerCounts = PersistentArray<UInt32>()
    private var numbers: [[UInt32]: UInt32] = [:]
    private var freeNumbers: [UInt32] = []
    /// The set that was made last, if no node has borne it yet.
    private var unborne: UInt32?

    /// Stands for the count of a set that stays anyway. Hardly any node has several labels, and a count that
    /// does not change need not be copied.
    private static let uncounted = UInt32.max

    init() {
        sets.append(LabelSet(labels: [], names: []))
        bearerCounts.append(Self.uncounted)
        numbers[[]] = Self.empty
    }

    subscript(number: UInt32) -> LabelSet {
        @inline(__always) get { sets[Int(number)] }
    }

    /// Whether a label is in a set.
    @inline(__always)
    func contains(_ label: UInt32, in number: UInt32) -> Bool {
        let set = sets.place(of: Int(number))
        for index in set.pointee.labels.indices where set.pointee.labels[index] == label {
            return true
        }
        return false
    }

    /// All sets by number, those included that were given up.
    var all: some RandomAccessCollection<LabelSet> { sets }

    /// The number of sets.
    var count: Int { numbers.count }

    /// The number of labels that all sets have together.
    var labelCount: Int { numbers.keys.reduce(0) { $0 + $1.count } }

    /// The number of the set of these labels, each at most once, ascending by name.
    ///
    /// It is valid until the next call, or for as long as a node bears the set.
    mutating func intern(_ labels: [UInt32], names: NameTable) throws(GraphError) -> UInt32 {
        if let number = numbers[labels] { return number }
        if let unborne { giveUp(unborne) }
        let set = LabelSet(labels: labels, names: labels.map { names[$0] })
        let number: UInt32
        if let free = freeNumbers.popLast() {
            number = free
            sets[Int(number)] = set
        } else {
            guard let next = UInt32(exactly: sets.count), next < .max else {
                throw GraphError(code: .idsExhausted)
            }
            number = next
            sets.append(set)
            bearerCounts.append(0)
        }
        bearerCounts[Int(number)] = labels.count > 1 ? 0 : Self.uncounted
        numbers[labels] = number
        unborne = number
        return number
    }

    /// Takes note that one more node bears a set, or so many more.
    mutating func retain(_ number: UInt32, by count: UInt32 = 1) {
        if unborne == number { unborne = nil }
        if bearerCounts[Int(number)] != Self.uncounted { bearerCounts[Int(number)] += count }
    }

    /// Takes note that one node less bears a set.
    mutating func release(_ number: UInt32) {
        guard bearerCounts[Int(number)] != Self.uncounted else { return }
        bearerCounts[Int(number)] -= 1
        if bearerCounts[Int(number)] == 0 { giveUp(number) }
    }

    private mutating func giveUp(_ number: UInt32) {
        if unborne == number { unborne = nil }
        let labels = sets[Int(number)].labels
        guard labels.count > 1 else { return }
        numbers[labels] = nil
        sets[Int(number)] = LabelSet(labels: [], names: [])
        freeNumbers.append(number)
    }
}

/// Some labels.
struct LabelSet: Sendable {
    /// Their numbers, ascending by name.
    let labels: [UInt32]
    /// Their names, ascending.
    let names: [String]
}
