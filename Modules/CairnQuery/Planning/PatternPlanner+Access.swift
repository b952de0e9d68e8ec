// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension PatternPlanner {
    /// How a node can be found by itself.
    struct Access {
        enum Kind {
            case all
            case label(String)
            /// By the values of keys that are unique together or that an index begins with.
            case equality(label: String, [(key: String, value: Expression)])
            /// By a list of values of a key that is unique or that an index begins with.
            case membership(label: String, key: String, list: Expression)
            /// By a range of an ordered index.
            case range(label: String, key: String, RangeBounds)
        }

        let kind: Kind
        /// How many nodes are looked at, and how many rows that gives.
        let cost: Double
        let rowCount: Double
    }

    /// The bounds that conditions set to a property.
    struct RangeBounds {
        var prefix: Expression?
        var lower: Expression?
        var upper: Expression?
        var isEmpty: Bool { prefix == nil && lower == nil && upper == nil }
    }

    /// The values that conditions demand of properties of a node, from what is known without it.
    func equalities(_ index: Int) -> [(key: String, value: Expression)] {
        var found: [(key: String, value: Expression)] = []
        for condition in conditions where !condition.isDone {
            guard case .comparison(let left, let comparisons) = condition.expression.kind,
                comparisons.count == 1, comparisons[0].operator == .equal
            else { continue }
            let right = comparisons[0].right
            if let key = key(left, of: index), isKnown(right) { found.append((key, right)) }
            if let key = key(right, of: index), isKnown(left) { found.append((key, left)) }
        }
        return found
    }

    /// The key when an expression is a property of a node.
    private func key(_ expression: Expression, of index: Int) -> String? {
        guard case .property(let base, let key) = expression.kind,
            case .variable(nodes[index].name) = base.kind
        else { return nil }
        return key
    }

    /// Whether an expression reads nothing of the pattern that is not known yet.
    private func isKnown(_ expression: Expression) -> Bool {
        !expression.isVolatile && expression.freeNames.allSatisfy { bindings[$0] != nil }
    }

    /// The lists, known without it, that conditions demand properties of a node to be in.
    private func memberships(_ index: Int) -> [(key: String, list: Expression)] {
        conditions.compactMap { condition in
            guard !condition.isDone,
                case .membership(let left, let list) = condition.expression.kind,
                let key = key(left, of: index), isKnown(list)
            else { return nil }
            return (key, list)
        }
    }

    private func ranges(_ index: Int) -> [String: RangeBounds] {
        var found: [String: RangeBounds] = [:]
        for condition in conditions where !condition.isDone {
            switch condition.expression.kind {
            case .text(.startsWith, let left, let right):
                if let key = key(left, of: index), isKnown(right) {
                    found[key, default: RangeBounds()].prefix = right
                }
            case .comparison(let left, let comparisons) where comparisons.count == 1:
                let (operation, right) = (comparisons[0].operator, comparisons[0].right)
                if let key = key(left, of: index), isKnown(right) {
                    found[key, default: RangeBounds()].add(operation, right)
                } else if let key = key(right, of: index), isKnown(left) {
                    found[key, default: RangeBounds()].add(operation.mirrored, left)
                }
            default: break
            }
        }
        return found.filter { !$0.value.isEmpty }
    }

    /// The cheapest way to find a node.
    func access(_ index: Int) -> Access {
        let statistics = builder.statistics
        let equalities = equalities(index)
        var share = equalities.isEmpty ? 1.0 : 0.1
        let ranges = ranges(index)
        if !ranges.isEmpty { share *= 0.3 }
        let memberships = memberships(index)
        if !memberships.isEmpty { share *= 0.2 }
        var best = Access(
            kind: .all, cost: statistics.nodeCount,
            rowCount: statistics.nodeCount * selectivity(index) * share)
        for label in nodes[index].labels {
            let count = statistics.count(ofLabel: label)
            func consider(_ kind: Access.Kind, _ cost: Double) {
                if cost < best.cost || isLabel(kind, cheaperThan: best, cost) {
                    best = Access(kind: kind, cost: cost, rowCount: min(cost, count * share))
                }
            }
            consider(.label(label), count)
            func values(_ keys: some Sequence<String>) -> [(key: String, value: Expression)]? {
                var values: [(key: String, value: Expression)] = []
                for key in keys {
                    guard let value = equalities.first(where: { $0.key == key }) else {
                        return nil
                    }
                    values.append(value)
                }
                return values
            }
            for keys in statistics.uniqueKeys[label] ?? [] {
                if let values = values(keys) { consider(.equality(label: label, values), 1) }
            }
            let unique = (statistics.uniqueKeys[label] ?? []).filter { $0.count == 1 }
            for keys in unique + (statistics.indexes[label] ?? []) {
                for (key, list) in memberships where key == keys[0] {
                    consider(.membership(label: label, key: key, list: list), min(count / 2, 20))
                }
            }
            for keys in statistics.indexes[label] ?? [] {
                let prefix = keys.prefix { key in equalities.contains { $0.key == key } }
                if !prefix.isEmpty, let values = values(prefix) {
                    consider(.equality(label: label, values), min(count / 2, 10))
                } else if let bounds = ranges[keys[0]] {
                    consider(.range(label: label, key: keys[0], bounds), count * 0.3)
                }
            }
        }
        return best
    }

    private func isLabel(_ kind: Access.Kind, cheaperThan best: Access, _ cost: Double) -> Bool {
        if case .label = kind, case .all = best.kind { cost <= best.cost } else { false }
    }
}

extension PatternPlanner.RangeBounds {
    fileprivate mutating func add(_ operation: Comparison.Operator, _ value: Expression) {
        switch operation {
        case .less, .lessOrEqual: upper = value
        case .greater, .greaterOrEqual: lower = value
        case .equal, .notEqual: break
        }
    }
}

extension Comparison.Operator {
    /// The operator with its sides exchanged.
    var mirrored: Self {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: self
        }
    }
}
