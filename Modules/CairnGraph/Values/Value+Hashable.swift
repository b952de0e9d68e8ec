// SPDX-License-Identifier: Apache-2.0

extension Value: Hashable {
    /// True when both have the same encoding.
    ///
    /// - Complexity: O(*n*) in the bytes of the encoding.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        switch (lhs, rhs) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
        case (.string(let left), .string(let right)): left.hasSameUTF8(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)): areEqual(left, right)
        case (.date(let left), .date(let right)): left == right
        case (.localTime(let left), .localTime(let right)): left == right
        case (.zonedTime(let left), .zonedTime(let right)): left == right
        case (.localDateTime(let left), .localDateTime(let right)): left == right
        case (.zonedDateTime(let left), .zonedDateTime(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.point(let left), .point(let right)): left == right
        case (.vector(let left), .vector(let right)): left == right
        default: false
        }
    }

    private static func areEqual(_ left: [String: Value], _ right: [String: Value]) -> Bool {
        guard left.count == right.count else { return false }
        for (key, value) in left {
            guard let index = right.index(forKey: key) else { return false }
            let entry = right[index]
            guard entry.key.hasSameUTF8(as: key), entry.value == value else { return false }
        }
        return true
    }

    /// Feeds what makes the value up into `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(tag)
        switch self {
        case .null: break
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value.bitPattern)
        case .string(let value): hasher.combine(value)
        case .bytes(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values)
        case .map(let values): hasher.combine(values)
        case .date(let value): hasher.combine(value)
        case .localTime(let value): hasher.combine(value)
        case .zonedTime(let value): hasher.combine(value)
        case .localDateTime(let value): hasher.combine(value)
        case .zonedDateTime(let value): hasher.combine(value)
        case .duration(let value): hasher.combine(value)
        case .point(let value): hasher.combine(value)
        case .vector(let value): hasher.combine(value)
        }
    }
}
