// SPDX-License-Identifier: Apache-2.0

/// A constraint or an index that a store keeps for the nodes with a label.
///
/// See also ``UniqueConstraint``, which is a rule of its own kind, and ``RelationshipRule``.
public enum SchemaRule: Hashable, Sendable {
    /// Every node with the label has the property.
    case existence(label: String, key: String)
    /// The property, where a node with the label has it, is of this type.
    case type(label: String, key: String, ValueType)
    /// Every node with the label has all these properties, and no two have the same values of them.
    case key(label: String, keys: [String])
    /// Nodes with the label are found by the values of these properties, or of the first of them, without
    /// looking at others. Nodes that lack the first are not in the index.
    case index(label: String, keys: [String])

    /// The number of keys that a rule can have.
    public static let keyCountMax = 16

    var kind: RuleKind {
        switch self {
        case .existence: .existence
        case .type: .type
        case .key: .key
        case .index: .index
        }
    }

    /// The label of the nodes concerned.
    public var label: String {
        switch self {
        case .existence(let label, _), .type(let label, _, _), .key(let label, _),
            .index(let label, _):
            label
        }
    }

    /// The keys of the properties concerned, in their order.
    public var keys: [String] {
        switch self {
        case .existence(_, let key), .type(_, let key, _): [key]
        case .key(_, let keys), .index(_, let keys): keys
        }
    }

    /// The type that values must have; nil when they need not.
    var valueType: ValueType? {
        if case .type(_, _, let type) = self { type } else { nil }
    }

    /// The rule of this kind; nil when it cannot be.
    init?(_ kind: RuleKind, label: String, keys: [String], type: ValueType?) {
        guard kind.allows(keys, type) else { return nil }
        switch kind {
        case .existence: self = .existence(label: label, key: keys[0])
        case .type:
            guard let type else { return nil }
            self = .type(label: label, key: keys[0], type)
        case .key: self = .key(label: label, keys: keys)
        case .index: self = .index(label: label, keys: keys)
        case .unique: return nil
        }
    }

    /// The rule of a kind and a type as they are on disk; nil when it cannot be.
    init?(_ kind: UInt64, _ type: UInt64, label: String, keys: [String]) {
        guard let (kind, type) = RuleKind.parse(kind, type) else { return nil }
        self.init(kind, label: label, keys: keys, type: type)
    }
}
