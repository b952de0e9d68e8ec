// SPDX-License-Identifier: Apache-2.0

internal import CairnFormat

/// A condition on nodes, or on relationships: values of some properties, and a range of another one.
///
/// A range contains values of one kind only (numbers, texts, …), in the order of ``Value``: among numbers a
/// NaN comes last, so `.range("x", 1...)` finds it.
public struct PropertyPredicate: Sendable {
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
