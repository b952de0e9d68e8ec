// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// A condition on nodes: values of some properties, and a range of another one.
///
/// A range contains values of one kind only (numbers, texts, …), in the order of ``Value``: among numbers a
/// NaN comes last, so `.range("x", 1...)` finds it.
public struct NodePredicate: Sendable {
    private let equalities: [String: Value]
    private let last: (key: String, bounds: Bounds)?

    private enum Bounds: Sendable {
        case values(lower: (Value, isIn: Bool)?, upper: (Value, isIn: Bool)?)
        case prefix(String)
    }

    private init(_ equalities: [String: Value], _ last: (key: String, bounds: Bounds)? = nil) {
        self.equalities = equalities
        self.last = last
    }

    /// The property has the value.
    public static func equals(_ key: String, _ value: Value) -> Self { Self([key: value]) }

    /// Each of the properties has its value.
    public static func equals(_ values: Properties) -> Self { Self(values) }

    /// The property is in the range; others have the given values.
    public static func range(
        _ key: String, _ range: ClosedRange<Value>, and values: Properties = [:]
    ) -> Self {
        Self(
            values,
            (key, .values(lower: (range.lowerBound, true), upper: (range.upperBound, true))))
    }

    /// The property is in the range; others have the given values.
    public static func range(
        _ key: String, _ range: Range<Value>, and values: Properties = [:]
    ) -> Self {
        Self(
            values,
            (key, .values(lower: (range.lowerBound, true), upper: (range.upperBound, false))))
    }

    /// The property is the bound or comes after it; others have the given values.
    public static func range(
        _ key: String, _ range: PartialRangeFrom<Value>, and values: Properties = [:]
    ) -> Self {
        Self(values, (key, .values(lower: (range.lowerBound, true), upper: nil)))
    }

    /// The property comes before the bound; others have the given values.
    public static func range(
        _ key: String, _ range: PartialRangeUpTo<Value>, and values: Properties = [:]
    ) -> Self {
        Self(values, (key, .values(lower: nil, upper: (range.upperBound, false))))
    }

    /// The property is the bound or comes before it; others have the given values.
    public static func range(
        _ key: String, _ range: PartialRangeThrough<Value>, and values: Properties = [:]
    ) -> Self {
        Self(values, (key, .values(lower: nil, upper: (range.upperBound, true))))
    }

    /// The property comes after the value; others have the given values.
    public static func after(
        _ key: String, _ value: Value, and values: Properties = [:]
    ) -> Self {
        Self(values, (key, .values(lower: (value, false), upper: nil)))
    }

    /// The property is text that begins with these bytes of UTF-8; others have the given values.
    public static func prefix(
        _ key: String, _ prefix: String, and values: Properties = [:]
    ) -> Self {
        Self(values, (key, .prefix(prefix)))
    }

    /// The properties concerned; a range comes last.
    var keys: [String] {
        equalities.keys.sorted { $0.utf8Precedes($1) } + (last.map { [$0.key] } ?? [])
    }

    /// The value that a property must have.
    func value(of key: String) -> Value { equalities[key] ?? .null }

    /// The number of ``keys`` that must have one certain value.
    var equalityCount: Int { equalities.count }

    /// The joined sort keys of what is asked for, with the keys in the given order, which differs from
    /// that of ``keys`` at most among those that must have one certain value.
    func sortKeys(_ keys: [String]) -> Range<SortKeyBound> {
        var start = BinaryBuffer(capacity: 64)
        for key in keys.prefix(equalities.count) {
            (equalities[key] ?? .null).appendSortKey(to: &start)
        }
        let common = start.array()
        let (lower, upper) = ends(of: last?.bounds)
        let bounds = (SortKeyBound(key: common + lower), SortKeyBound(key: common + upper))
        return bounds.0..<Swift.max(bounds.0, bounds.1)
    }

    /// The beginnings of the sort keys in the range, and of the first behind it.
    private func ends(of bounds: Bounds?) -> (lower: [UInt8], upper: [UInt8]) {
        switch bounds {
        // No sort key goes on with 255.
        case nil: return ([], [255])
        case .prefix(let prefix):
            let key = Array(Value.string(prefix).sortKey.dropLast(2))
            return (key, key + [255])
        case .values(let lower, let upper):
            let rank = (lower?.0 ?? upper?.0 ?? .null).rank
            let start = lower.map { $0.0.sortKey + ($0.isIn ? [] : [255]) } ?? [rank]
            let end = upper.map { $0.0.sortKey + ($0.isIn ? [255] : []) } ?? [rank + 1]
            return (start, end)
        }
    }
}

/// The nodes that a lookup found, ascending by id, and how it found them.
public struct NodeMatches: RandomAccessCollection, Sendable {
    let slots: [UInt32]
    /// The index or the key that was used; nil when there was none.
    public let rule: SchemaRule?
    /// Whether an index, a key or a unique constraint was used; otherwise every node with the label was
    /// looked at.
    public let usesIndex: Bool

    /// 0
    public var startIndex: Int { 0 }
    /// The number of nodes that were found.
    public var endIndex: Int { slots.count }
    /// A node that was found.
    public subscript(position: Int) -> NodeID { NodeID(slot: slots[position]) }
}

extension GraphStore {
    /// The nodes with this label that the predicate says yes to, ascending by id.
    ///
    /// An index is used when its first keys are those that must have certain values, in any order, and the
    /// next is the one with a range, if there is one.
    ///
    /// - Complexity: O(log *n* + *k* log *k*) for *k* nodes found with an index, else O(*n*) in the nodes
    ///   with the label. The result says which it was.
    public func nodes(labeled label: String, where predicate: NodePredicate) -> NodeMatches {
        let nothing = NodeMatches(slots: [], rule: nil, usesIndex: false)
        guard let label = labels.number(of: label) else { return nothing }
        var numbers: [UInt32] = []
        for key in predicate.keys {
            guard let number = keys.number(of: key) else { return nothing }
            numbers.append(number)
        }
        let equal = Set(numbers.prefix(predicate.equalityCount))
        for index in labelIndexes[Int(label)].ordered where index.keys.count >= numbers.count {
            guard Set(index.keys.prefix(equal.count)) == equal,
                equal.count == numbers.count || index.keys[equal.count] == numbers[equal.count]
            else { continue }
            let order = index.keys.prefix(numbers.count).map { keys[$0] }
            let slots = index.slots(in: predicate.sortKeys(order), nodeTable)
            return NodeMatches(
                slots: slots.sorted(),
                rule: .index(label: labels[label], keys: index.keys.map { keys[$0] }),
                usesIndex: true)
        }
        if equal.count == numbers.count,
            let found = uniqueMatch(labelIndexes[Int(label)], label, predicate, equal)
        {
            return found
        }
        let range = predicate.sortKeys(predicate.keys)
        let slots = labelIndexes[Int(label)].members.filter { slot in
            nodeTable.withProperties(of: slot) { $0.sortKey(of: numbers) }
                .map { range.contains(SortKeyBound(key: $0)) } ?? false
        }
        return NodeMatches(slots: slots, rule: nil, usesIndex: false)
    }

    private func uniqueMatch(
        _ index: LabelIndex, _ label: UInt32, _ predicate: NodePredicate, _ equal: Set<UInt32>
    ) -> NodeMatches? {
        guard !equal.isEmpty,
            let unique = index.uniques.first(where: { Set($0.keys) == equal })
        else { return nil }
        let names = unique.keys.map { keys[$0] }
        let tuple = PropertyTuple(names.map { predicate.value(of: $0) })
        return NodeMatches(
            slots: unique.node(with: tuple, in: nodeTable).map { [$0] } ?? [],
            rule: unique.isKey ? .key(label: labels[label], keys: names) : nil, usesIndex: true)
    }
}
