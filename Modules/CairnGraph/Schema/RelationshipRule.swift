// SPDX-License-Identifier: Apache-2.0

/// A constraint or an index that a store keeps for the relationships of a type.
///
/// ```swift
/// try graph.create(.unique(type: "ORDERED", keys: ["number"]))
/// try graph.create(.index(type: "ORDERED", keys: ["year", "total"]))
/// ```
///
/// See also ``SchemaRule``, which is for nodes.
public enum RelationshipRule: Hashable, Sendable {
    /// Every relationship of the type has the property.
    case existence(type: String, key: String)
    /// The property, where a relationship of the type has it, has values of this type.
    case valueType(type: String, key: String, ValueType)
    /// Every relationship of the type has all these properties, and no two have the same values of them.
    case key(type: String, keys: [String])
    /// Relationships of the type are found by the values of these properties, or of the first of them, without
    /// looking at others. Relationships that lack the first are not in the index.
    case index(type: String, keys: [String])
    /// No two relationships of the type have the same values of these properties. Relationships that lack one of them
    /// are not concerned. Values are compared as ``Value`` compares them.
    case unique(type: String, keys: [String])

    /// The number of keys that a rule can have.
    public static let keyCountMax = SchemaRule.keyCountMax

    var kind: RuleKind {
        switch self {
        case .existence: .existence
        case .valueType: .type
        case .key: .key
        case .index: .index
        case .unique: .unique
        }
    }

    /// The type of the relationships concerned.
    public var type: String {
        switch self {
        case .existence(let type, _), .valueType(let type, _, _), .key(let type, _),
            .index(let type, _), .unique(let type, _):
            type
        }
    }

    /// The keys of the properties concerned, in their order.
    public var keys: [String] {
        switch self {
        case .existence(_, let key), .valueType(_, let key, _): [key]
        case .key(_, let keys), .index(_, let keys), .unique(_, let keys): keys
        }
    }

    /// The type that values must have; nil when they need not.
    var valueType: ValueType? {
        if case .valueType(_, _, let type) = self { type } else { nil }
    }

    /// The rule of this kind; nil when it cannot be.
    init?(_ kind: RuleKind, type: String, keys: [String], valueType: ValueType?) {
        guard kind.allows(keys, valueType) else { return nil }
        switch kind {
        case .existence: self = .existence(type: type, key: keys[0])
        case .type:
            guard let valueType else { return nil }
            self = .valueType(type: type, key: keys[0], valueType)
        case .key: self = .key(type: type, keys: keys)
        case .index: self = .index(type: type, keys: keys)
        case .unique: self = .unique(type: type, keys: keys)
        }
    }

    /// The rule of a kind and a type of values as they are on disk; nil when it cannot be.
    init?(_ kind: UInt64, _ valueType: UInt64, type: String, keys: [String]) {
        guard let (kind, valueType) = RuleKind.parse(kind, valueType) else { return nil }
        self.init(kind, type: type, keys: keys, valueType: valueType)
    }
}
