// SPDX-License-Identifier: Apache-2.0
//
// Two relations: `=` of the language, which is unknown where null is concerned, and equivalence, by which rows are
// grouped and made distinct: there null is null and NaN is NaN. By both, 1 is 1.0.

extension QueryValue {
    /// Whether the language calls both equal; nil when that is not known.
    func isEqual(to other: QueryValue) -> Bool? {
        switch (self, other) {
        case (.null, _), (_, .null): return nil
        case (.list(let left), .list(let right)): return Self.areEqual(left, right)
        case (.map(let left), .map(let right)): return Self.areEqual(left, right)
        case (.double(let left), .double(let right)): return left == right
        default: return isEquivalent(to: other)
        }
    }

    private static func areEqual(_ left: [QueryValue], _ right: [QueryValue]) -> Bool? {
        guard left.count == right.count else { return false }
        var isKnown = true
        for (first, second) in zip(left, right) {
            guard let isEqual = first.isEqual(to: second) else {
                isKnown = false
                continue
            }
            if !isEqual { return false }
        }
        return isKnown ? true : nil
    }

    private static func areEqual(
        _ left: [String: QueryValue], _ right: [String: QueryValue]
    ) -> Bool? {
        guard left.count == right.count else { return false }
        var isKnown = true
        for (key, value) in left {
            guard let other = right[key] else { return false }
            guard let isEqual = value.isEqual(to: other) else {
                isKnown = false
                continue
            }
            if !isEqual { return false }
        }
        return isKnown ? true : nil
    }

    /// Whether both are the same for DISTINCT and for grouping.
    func isEquivalent(to other: QueryValue) -> Bool {
        // A pair of values would be copied, with the references counted.
        if case .string(let left) = self, case .string(let right) = other {
            return left.hasSameUTF8(as: right)
        }
        if case .node(let left) = self, case .node(let right) = other { return left == right }
        return isEquivalentPair(with: other)
    }

    private func isEquivalentPair(with other: QueryValue) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.double(let left), .double(let right)): left == right || left.isNaN && right.isNaN
        case (.int(let int), .double(let double)), (.double(let double), .int(let int)):
            Int64(exactly: double) == int
        case (.list(let left), .list(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
        case (.map(let left), .map(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in
                    right[key].map { value.isEquivalent(to: $0) } ?? false
                }
        case (.relationship(let left), .relationship(let right)): left == right
        case (.path(let left), .path(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.localTime(let left), .localTime(let right)): left == right
        case (.time(let left), .time(let right)): left == right
        case (.localDateTime(let left), .localDateTime(let right)): left == right
        case (.dateTime(let left), .dateTime(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.deleted(let left), .deleted(let right)): left == right
        case (.opaque(let left), .opaque(let right)): left == right
        default: false
        }
    }
}

extension QueryValue: Hashable {
    /// Equivalence: null is null, NaN is NaN, and 1 is 1.0. The language's own `=` differs where null is
    /// concerned.
    public static func == (lhs: Self, rhs: Self) -> Bool { lhs.isEquivalent(to: rhs) }

    /// Feeds what makes the value up into `hasher`.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .double(let value):
            if let int = Int64(exactly: value) {
                hasher.combine(int)
            } else {
                hasher.combine(value.isNaN ? Double.nan : value)
            }
        case .string(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values)
        case .map(let entries): hasher.combine(entries)
        case .node(let id): hasher.combine(id)
        case .relationship(let id): hasher.combine(id)
        case .path(let path): hasher.combine(path)
        case .date(let date): hasher.combine(date)
        case .localTime(let time): hasher.combine(time)
        case .time(let time): hasher.combine(time)
        case .localDateTime(let moment): hasher.combine(moment)
        case .dateTime(let moment): hasher.combine(moment)
        case .duration(let duration): hasher.combine(duration)
        case .deleted(let entity): hasher.combine(entity)
        case .opaque(let value): hasher.combine(value)
        }
    }
}

extension String {
    /// Whether both consist of the same UTF-8 bytes.
    func hasSameUTF8(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8Order(other) == .same
    }

    /// Which of two texts comes first by its UTF-8 bytes.
    func utf8Order(_ other: String) -> Order {
        let left = utf8Span.span.bytes
        let right = other.utf8Span.span.bytes
        let count = min(left.byteCount, right.byteCount)
        var place = 0
        // Eight bytes at a time as big-endian numbers, which have the order of the bytes.
        while place + 8 <= count {
            let one = left.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            let two = right.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            if one != two { return one.bigEndian < two.bigEndian ? .before : .after }
            place += 8
        }
        while place < count {
            let one = left.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            let two = right.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            if one != two { return one < two ? .before : .after }
            place += 1
        }
        return Order(left.byteCount, right.byteCount)
    }
}
