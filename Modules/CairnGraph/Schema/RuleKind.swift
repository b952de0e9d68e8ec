// SPDX-License-Identifier: Apache-2.0

/// The kind of a rule. The numbers are on disk and never change.
package enum RuleKind: UInt8, CaseIterable, Comparable {
    case existence = 1
    case type = 2
    case key = 3
    case index = 4
    /// Of relationships only: nodes have a ``UniqueConstraint``.
    case unique = 5

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The kinds of rules for nodes.
    package static let ofNodes: [Self] = [.existence, .type, .key, .index]

    /// Whether a rule of this kind has one key.
    package var hasOneKey: Bool { self == .existence || self == .type }

    /// The kind, the type of values and the keys of a rule as they are on disk; nil when it cannot be.
    static func parse(_ kind: UInt64, _ type: UInt64) -> (kind: Self, type: ValueType?)? {
        guard let kind = UInt8(exactly: kind).flatMap(Self.init(rawValue:)),
            let type = UInt8(exactly: type)
        else { return nil }
        let valueType = ValueType(rawValue: type)
        guard type == 0 || valueType != nil else { return nil }
        return (kind, valueType)
    }

    /// Whether there can be a rule of this kind with these keys and this type of values.
    func allows(_ keys: [String], _ type: ValueType?) -> Bool {
        guard (1...SchemaRule.keyCountMax).contains(keys.count), Set(keys).count == keys.count,
            (type != nil) == (self == .type)
        else { return false }
        return !hasOneKey || keys.count == 1
    }
}
