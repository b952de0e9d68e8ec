// SPDX-License-Identifier: Apache-2.0

/// The relationships that a lookup found, ascending by id, and how it found them.
public struct RelationshipMatches: RandomAccessCollection, Sendable {
    let slots: [UInt32]
    /// The index, the key or the unique constraint that was used; nil when every relationship of the type was
    /// looked at.
    public let rule: RelationshipRule?

    /// Whether a rule was used; otherwise every relationship of the type was looked at.
    public var usesIndex: Bool { rule != nil }

    /// 0
    public var startIndex: Int { 0 }
    /// The number of relationships that were found.
    public var endIndex: Int { slots.count }
    /// A relationship that was found.
    public subscript(position: Int) -> RelationshipID { RelationshipID(slot: slots[position]) }
}

extension GraphStore {
    /// The relationships of this type that the predicate says yes to, ascending by id.
    ///
    /// An index is used when its first keys are those that must have certain values, in any order, and the
    /// next is the one with a range, if there is one.
    ///
    /// - Complexity: O(log *n* + *k* log *k*) for *k* relationships found with an index, else O(*n*) in the
    ///   relationships of the type. The result says which it was.
    public func relationships(
        typed type: String, where predicate: PropertyPredicate
    ) -> RelationshipMatches {
        guard let type = types.number(of: type) else {
            return RelationshipMatches(slots: [], rule: nil)
        }
        let found = typeRules[Int(type)].lookUp(
            predicate, keys, among: typeIndexes[Int(type)], relationshipTable)
        let rule = found.rule.flatMap { rule in
            RelationshipRule(
                rule.kind, type: types[type], keys: rule.keys.map { keys[$0] }, valueType: nil)
        }
        return RelationshipMatches(slots: found.slots, rule: rule)
    }

    /// The relationship of this type whose property has this value; the one with the lowest id when there
    /// are several.
    ///
    /// - Complexity: O(1) where a unique constraint, or a key, of this type and property alone exists, O(log *n* + *k*)
    ///   for *k* relationships with this value where an index does, else O(*n*) in the relationships of the type.
    public func relationship(
        typed type: String, _ key: String, equals value: Value
    ) -> RelationshipID? {
        guard let type = types.number(of: type), let key = keys.number(of: key), !value.isNull
        else { return nil }
        return typeRules[Int(type)].first(
            keys, key, value, among: typeIndexes[Int(type)], relationshipTable
        ).map(RelationshipID.init(slot:))
    }
}
