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
        guard !labelIndexes[Int(label)].has(numbered) else { return false }
        if numbered.kind != .index { try checkData(numbered, label: label, rule) }
        var removed = RemovedRule(rule: numbered)
        switch numbered.kind {
        case .existence, .type: break
        case .key: removed.unique = try uniqueIndex(over: label, numbered, rule)
        case .index: removed.ordered = orderedIndex(over: label, numbered.keys)
        }
        insert(removed, label: label)
        remember(.ruleCreated(label: label, numbered))
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
        guard let removed = remove(numbered, label: label) else { return false }
        remember(.ruleDropped(label: label, removed))
        record(.ruleDropped(rule))
        return true
    }

    /// All rules but the unique constraints, in the order of labels, kinds and keys.
    ///
    /// - Complexity: O(*n* log *n*) in the labels ever used and the rules.
    public var rules: [SchemaRule] {
        guard ruleCount > 0 else { return [] }
        let order = labels.names.indices.sorted { labels.names[$0].utf8Precedes(labels.names[$1]) }
        return order.flatMap { label in
            let rules = labelIndexes[label].allRules.map { rule in
                SchemaRule(
                    rule.kind, label: labels.names[label], keys: rule.keys.map { keys[$0] },
                    type: rule.type)!
            }
            return rules.sorted { left, right in
                if left.kind != right.kind { return left.kind < right.kind }
                let (leftKeys, rightKeys) = (Value(left.keys), Value(right.keys))
                if leftKeys != rightKeys { return leftKeys < rightKeys }
                return left.valueType?.rawValue ?? 0 < right.valueType?.rawValue ?? 0
            }
        }
    }

    // MARK: Making

    private mutating func number(
        _ rule: SchemaRule
    ) throws(GraphError) -> (label: UInt32, rule: NumberedRule) {
        let label = try intern(label: rule.label)
        var numbers: [UInt32] = []
        for key in rule.keys { numbers.append(try keys.intern(key)) }
        guard (1...SchemaRule.keyCountMax).contains(numbers.count),
            Set(numbers).count == numbers.count
        else { throw GraphError(code: .invalidRule, label: rule.label) }
        return (label, NumberedRule(kind: rule.kind, keys: numbers, type: rule.valueType))
    }

    /// Refuses a rule that nodes violate by what they have or have not.
    private func checkData(
        _ rule: NumberedRule, label: UInt32, _ named: SchemaRule
    ) throws(GraphError) {
        var violators: [NodeID] = []
        for slot in labelIndexes[Int(label)].members {
            guard nodeTable.withProperties(of: slot, { rule.violation(in: $0) }) != nil else {
                continue
            }
            violators.append(NodeID(slot: slot))
            if violators.count == GraphError.violatingNodeCountMax { break }
        }
        guard violators.isEmpty else { throw Self.violatedByData(named, violators) }
    }

    private func uniqueIndex(
        over label: UInt32, _ rule: NumberedRule, _ named: SchemaRule
    ) throws(GraphError) -> UniqueIndex {
        var unique = UniqueIndex(keys: rule.keys, isKey: true)
        var violators: [NodeID] = []
        for slot in labelIndexes[Int(label)].members {
            guard let tuple = tuple(of: slot, rule.keys) else { continue }
            if let other = unique.node(with: tuple, in: nodeTable) {
                for id in [NodeID(slot: other), NodeID(slot: slot)] where !violators.contains(id) {
                    violators.append(id)
                }
                if violators.count >= GraphError.violatingNodeCountMax { break }
            } else {
                unique.insert(tuple, slot)
            }
        }
        guard violators.isEmpty else { throw Self.violatedByData(named, violators) }
        return unique
    }

    private static func violatedByData(_ rule: SchemaRule, _ violators: [NodeID]) -> GraphError {
        GraphError(
            code: .constraintViolatedByData, nodeID: violators.first,
            otherNodeID: violators.dropFirst().first, label: rule.label,
            key: rule.keys.joined(separator: ", "), violatingNodeIDs: violators)
    }

    private func orderedIndex(over label: UInt32, _ keys: [UInt32]) -> OrderedIndex {
        var nodes: [(key: [UInt8], slot: UInt32)] = []
        for slot in labelIndexes[Int(label)].members {
            guard let key = nodeTable.withProperties(of: slot, { $0.indexKey(of: keys) }) else {
                continue
            }
            nodes.append((key, slot))
        }
        return OrderedIndex(keys: keys, nodes: nodes)
    }

    // MARK: Primitives

    mutating func insert(_ removed: RemovedRule, label: UInt32) {
        switch removed.rule.kind {
        case .existence, .type: labelIndexes[Int(label)].demands.append(removed.rule)
        case .key:
            labelIndexes[Int(label)].demands.append(removed.rule)
            if let unique = removed.unique { labelIndexes[Int(label)].uniques.append(unique) }
        case .index:
            if let ordered = removed.ordered { labelIndexes[Int(label)].ordered.append(ordered) }
        }
        ruleCount += 1
    }

    @discardableResult
    mutating func remove(_ rule: NumberedRule, label: UInt32) -> RemovedRule? {
        guard let removed = labelIndexes[Int(label)].remove(rule) else { return nil }
        ruleCount -= 1
        return removed
    }

    /// Refuses properties that a rule or a unique constraint on one of the labels forbids: first what is
    /// missing, then wrong types, then values that another node has.
    ///
    /// - Parameter slot: The node that is to have them; nil for one that does not exist yet.
    func check(
        _ properties: PropertyList, labels numbers: [UInt32], slot: UInt32?
    ) throws(GraphError) {
        if ruleCount > 0 {
            for code in [GraphError.Code.missingProperty, .wrongType] {
                for label in numbers {
                    for rule in labelIndexes[Int(label)].demands {
                        guard let found = rule.violation(in: properties.bytes.span.bytes),
                            found.code == code
                        else { continue }
                        throw GraphError(
                            code: code, nodeID: slot.map(NodeID.init(slot:)), label: labels[label],
                            key: keys[found.key], value: found.value)
                    }
                }
            }
        }
        try checkUnique(properties, labels: numbers, slot: slot)
    }
}

/// A rule that was taken out of a store, with its index, so that it can be put back.
struct RemovedRule: Sendable {
    let rule: NumberedRule
    var unique: UniqueIndex?
    var ordered: OrderedIndex?
}

extension NumberedRule {
    /// The first rule that these properties violate by themselves.
    func violation(
        in properties: RawSpan
    ) -> (code: GraphError.Code, key: UInt32, value: Value?)? {
        for key in keys {
            let value = PropertyBytes.value(of: key, in: properties)
            switch kind {
            case .existence, .key:
                if value == nil { return (.missingProperty, key, nil) }
            case .type:
                if let value, value.type != type { return (.wrongType, key, value) }
            case .index: break
            }
        }
        return nil
    }
}

extension Value {
    /// A list of texts.
    init(_ texts: [String]) { self = .list(texts.map(Value.string)) }
}
