// SPDX-License-Identifier: Apache-2.0

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
