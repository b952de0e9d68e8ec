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

/// A rule with numbers for names; which label or type it is for is known from where it is.
struct NumberedRule: Hashable, Sendable {
    let kind: RuleKind
    let keys: [UInt32]
    let type: ValueType?
}

extension NumberedRule {
    typealias Violation = (code: GraphError.Code, key: UInt32, value: Value?)

    /// The first demand of the rule that these properties violate by themselves.
    func violation(in properties: RawSpan) -> Violation? {
        for key in keys {
            let value = PropertyBytes.value(of: key, in: properties)
            switch kind {
            case .existence, .key:
                if value == nil { return (.missingProperty, key, nil) }
            case .type:
                if let value, value.type != type { return (.wrongType, key, value) }
            case .index, .unique: break
            }
        }
        return nil
    }

    /// The order of rules for one label, or one type.
    static func precedes(
        _ left: (kind: RuleKind, keys: [String], type: ValueType?),
        _ right: (kind: RuleKind, keys: [String], type: ValueType?)
    ) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        let (leftKeys, rightKeys) = (Value(left.keys), Value(right.keys))
        if leftKeys != rightKeys { return leftKeys < rightKeys }
        return left.type?.rawValue ?? 0 < right.type?.rawValue ?? 0
    }
}

extension Value {
    /// A list of texts.
    init(_ texts: [String]) { self = .list(texts.map(Value.string)) }
}

/// The things that a rule is for: the nodes with a label, or the relationships of a type.
enum RuleGroup: Sendable {
    case label(UInt32)
    case type(UInt32)
}
