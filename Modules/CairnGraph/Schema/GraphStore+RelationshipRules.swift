// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// Makes a rule for relationships: a constraint that holds from now on, or an index.
    ///
    /// - Returns: False when the rule is there already; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.invalidName`, `.invalidRule` (no keys, too many, one twice), or
    ///   `.constraintViolatedByData` with the first relationships that violate it: see
    ///   ``GraphError/violatingRelationshipIDs``. Nothing changed then.
    /// - Complexity: O(*n* log *n*) in the relationships of the type.
    @discardableResult
    public mutating func create(_ rule: RelationshipRule) throws(GraphError) -> Bool {
        let (type, numbered) = try number(rule)
        guard !typeRules[Int(type)].has(numbered) else { return false }
        let made: IndexedRule
        do throws(RuleViolation) {
            made = try relationshipTable.make(numbered, over: typeIndexes[Int(type)])
        } catch {
            let violators = error.slots.map(RelationshipID.init(slot:))
            throw GraphError(
                code: .constraintViolatedByData, relationshipID: violators.first,
                otherRelationshipID: violators.dropFirst().first,
                key: rule.keys.joined(separator: ", "), type: rule.type,
                violatingRelationshipIDs: violators)
        }
        insert(made, .type(type))
        remember(.ruleCreated(.type(type), numbered))
        record(.relationshipRuleCreated(rule))
        return true
    }

    /// Gives a rule for relationships up.
    ///
    /// - Returns: False when there is no such rule; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.invalidName` or `.invalidRule`.
    @discardableResult
    public mutating func drop(_ rule: RelationshipRule) throws(GraphError) -> Bool {
        let (type, numbered) = try number(rule)
        guard let removed = remove(numbered, .type(type)) else { return false }
        remember(.ruleDropped(.type(type), removed))
        record(.relationshipRuleDropped(rule))
        return true
    }

    /// All rules for relationships, in the order of types, kinds and keys.
    ///
    /// - Complexity: O(*n* log *n*) in the types ever used and the rules.
    public var relationshipRules: [RelationshipRule] {
        guard relationshipRuleCount > 0 else { return [] }
        let order = types.names.indices.sorted { types.names[$0].utf8Precedes(types.names[$1]) }
        return order.flatMap { type in
            let rules = typeRules[type]
            return named(rules.rules + rules.uniqueRules).compactMap { rule in
                RelationshipRule(
                    rule.kind, type: types.names[type], keys: rule.keys, valueType: rule.type)
            }
        }
    }

    private mutating func number(
        _ rule: RelationshipRule
    ) throws(GraphError) -> (type: UInt32, rule: NumberedRule) {
        let type = try intern(type: rule.type)
        let numbers = try intern(keysOfRule: rule.keys, type: rule.type)
        return (type, NumberedRule(kind: rule.kind, keys: numbers, type: rule.valueType))
    }

    /// Whether there are rules for the relationships of a type.
    func hasRules(forType type: UInt32) -> Bool {
        relationshipRuleCount > 0 && !typeRules[Int(type)].isEmpty
    }

    /// Refuses properties that a rule for the type of a relationship forbids: first what is missing, then wrong
    /// types, then values that another relationship has.
    ///
    /// - Parameter slot: The relationship that is to have them; nil for one that does not exist yet.
    func check(_ properties: PropertyList, type: UInt32, slot: UInt32?) throws(GraphError) {
        guard hasRules(forType: type) else { return }
        let rules = typeRules[Int(type)]
        for code in [GraphError.Code.missingProperty, .wrongType] {
            guard let found = rules.violation(code, in: properties) else { continue }
            throw GraphError(
                code: code, relationshipID: slot.map(RelationshipID.init(slot:)),
                key: keys[found.key], value: found.value, type: types[type])
        }
        guard let other = rules.conflict(with: properties, slot: slot, relationshipTable) else {
            return
        }
        throw GraphError(
            code: .uniqueViolation, relationshipID: RelationshipID(slot: other.slot),
            key: keys[other.key], value: properties[other.key], type: types[type])
    }
}
