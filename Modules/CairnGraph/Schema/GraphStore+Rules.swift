// SPDX-License-Identifier: Apache-2.0

extension GraphStore {
    /// Makes a rule: a constraint that holds from now on, or an index.
    ///
    /// - Returns: False when the rule is there already; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.invalidName`, `.invalidRule` (no keys, too many, one twice), or
    ///   `.constraintViolatedByData` with the first nodes that violate it: see
    ///   ``GraphError/violatingNodeIDs``. Nothing changed then.
    /// - Complexity: O(*n* log *n*) in the nodes with the label.
    @discardableResult
    public mutating func create(_ rule: SchemaRule) throws(GraphError) -> Bool {
        let (label, numbered) = try number(rule)
        let index = labelIndexes[Int(label)]
        guard !index.rules.has(numbered) else { return false }
        let made: IndexedRule
        do throws(RuleViolation) {
            made = try nodeTable.make(numbered, over: index.members)
        } catch {
            let violators = error.slots.map(NodeID.init(slot:))
            throw GraphError(
                code: .constraintViolatedByData, nodeID: violators.first,
                otherNodeID: violators.dropFirst().first, label: rule.label,
                key: rule.keys.joined(separator: ", "), violatingNodeIDs: violators)
        }
        insert(made, .label(label))
        remember(.ruleCreated(.label(label), numbered))
        record(.ruleCreated(rule))
        return true
    }

    /// Gives a rule up.
    ///
    /// - Returns: False when there is no such rule; then no event is recorded.
    /// - Throws: ``GraphError`` with code `.invalidName` or `.invalidRule`.
    @discardableResult
    public mutating func drop(_ rule: SchemaRule) throws(GraphError) -> Bool {
        let (label, numbered) = try number(rule)
        guard let removed = remove(numbered, .label(label)) else { return false }
        remember(.ruleDropped(.label(label), removed))
        record(.ruleDropped(rule))
        return true
    }

    /// All rules for nodes but the unique constraints, in the order of labels, kinds and keys.
    ///
    /// - Complexity: O(*n* log *n*) in the labels ever used and the rules.
    public var rules: [SchemaRule] {
        guard ruleCount > 0 else { return [] }
        let order = labels.names.indices.sorted { labels.names[$0].utf8Precedes(labels.names[$1]) }
        return order.flatMap { label in
            named(labelIndexes[label].rules.rules).compactMap { rule in
                SchemaRule(rule.kind, label: labels.names[label], keys: rule.keys, type: rule.type)
            }
        }
    }

    private mutating func number(
        _ rule: SchemaRule
    ) throws(GraphError) -> (label: UInt32, rule: NumberedRule) {
        let label = try intern(label: rule.label)
        let numbers = try intern(keysOfRule: rule.keys, label: rule.label)
        return (label, NumberedRule(kind: rule.kind, keys: numbers, type: rule.valueType))
    }

    // MARK: Of nodes and of relationships

    /// The numbers of the keys of a rule, of which there are some, not too many, none twice.
    mutating func intern(
        keysOfRule names: [String], label: String? = nil, type: String? = nil
    ) throws(GraphError) -> [UInt32] {
        var numbers: [UInt32] = []
        for key in names { numbers.append(try keys.intern(key)) }
        guard (1...SchemaRule.keyCountMax).contains(numbers.count),
            Set(numbers).count == numbers.count
        else { throw GraphError(code: .invalidRule, label: label, type: type) }
        return numbers
    }

    /// The rules for one label, or one type, with the names of keys and in their order.
    func named(
        _ rules: [NumberedRule]
    ) -> [(kind: RuleKind, keys: [String], type: ValueType?)] {
        rules.map { (kind: $0.kind, keys: $0.keys.map { keys[$0] }, type: $0.type) }
            .sorted(by: NumberedRule.precedes)
    }

    mutating func insert(_ rule: IndexedRule, _ group: RuleGroup) {
        switch group {
        case .label(let label):
            labelIndexes[Int(label)].rules.insert(rule)
            ruleCount += 1
        case .type(let type):
            typeRules[Int(type)].insert(rule)
            relationshipRuleCount += 1
        }
    }

    @discardableResult
    mutating func remove(_ rule: NumberedRule, _ group: RuleGroup) -> IndexedRule? {
        switch group {
        case .label(let label):
            guard let removed = labelIndexes[Int(label)].rules.remove(rule) else { return nil }
            ruleCount -= 1
            return removed
        case .type(let type):
            guard let removed = typeRules[Int(type)].remove(rule) else { return nil }
            relationshipRuleCount -= 1
            return removed
        }
    }

    // MARK: Checking

    /// Refuses properties that a rule or a unique constraint on one of the labels forbids: first what is
    /// missing, then wrong types, then values that another node has.
    ///
    /// - Parameter slot: The node that is to have them; nil for one that does not exist yet.
    func check(
        _ properties: PropertyList, labels numbers: [UInt32], slot: UInt32?
    ) throws(GraphError) {
        guard uniqueCount + ruleCount > 0 else { return }
        if ruleCount > 0 {
            for code in [GraphError.Code.missingProperty, .wrongType] {
                for label in numbers {
                    guard
                        let found = labelIndexes[Int(label)].rules.violation(code, in: properties)
                    else { continue }
                    throw GraphError(
                        code: code, nodeID: slot.map(NodeID.init(slot:)), label: labels[label],
                        key: keys[found.key], value: found.value)
                }
            }
        }
        for label in numbers {
            guard
                let other = labelIndexes[Int(label)].rules.conflict(
                    with: properties, slot: slot, nodeTable)
            else { continue }
            throw GraphError(
                code: .uniqueViolation, nodeID: NodeID(slot: other.slot), label: labels[label],
                key: keys[other.key], value: properties[other.key])
        }
    }
}
