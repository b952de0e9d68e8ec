// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension PatternPlanner {
    /// How a node, or a relationship, can be found by itself.
    struct Access {
        enum Kind {
            case all
            /// By the label, or the type.
            case members(String)
            /// By the values of keys that are unique together or that an index begins with.
            case equality(String, [Equality])
            /// By a list of values of a key that is unique or that an index begins with.
            case membership(String, key: String, list: Expression)
            /// By a range of an ordered index.
            case range(String, key: String, RangeBounds)
        }

        let kind: Kind
        /// How many are looked at, and how many rows that gives.
        let cost: Double
        let rowCount: Double
    }

    /// The value that a condition demands of a property.
    struct Equality {
        let key: String
        let value: Expression
        /// Which of the conditions it is.
        let condition: Int
    }

    /// The bounds that conditions set to a property.
    struct RangeBounds {
        var prefix: Expression?
        var lower: Expression?
        var upper: Expression?
        var isEmpty: Bool { prefix == nil && lower == nil && upper == nil }
    }

    /// The values that conditions demand of properties of a variable, from what is known without it.
    func equalities(_ name: String) -> [Equality] {
        var found: [Equality] = []
        for (index, condition) in conditions.enumerated() where !condition.isDone {
            guard case .comparison(let left, let comparisons) = condition.expression.kind,
                comparisons.count == 1, comparisons[0].operator == .equal
            else { continue }
            let right = comparisons[0].right
            if let key = key(left, of: name), isKnown(right) {
                found.append(Equality(key: key, value: right, condition: index))
            }
            if let key = key(right, of: name), isKnown(left) {
                found.append(Equality(key: key, value: left, condition: index))
            }
        }
        return found
    }

    /// The key when an expression is a property of a variable.
    private func key(_ expression: Expression, of name: String) -> String? {
        guard case .property(let base, let key) = expression.kind,
            case .variable(name) = base.kind
        else { return nil }
        return key
    }

    /// Whether an expression reads nothing of the pattern that is not known yet.
    private func isKnown(_ expression: Expression) -> Bool {
        !expression.isVolatile && expression.freeNames.allSatisfy { bindings[$0] != nil }
    }

    /// The lists, known without it, that conditions demand properties of a variable to be in.
    private func memberships(_ name: String) -> [(key: String, list: Expression)] {
        conditions.compactMap { condition in
            guard !condition.isDone,
                case .membership(let left, let list) = condition.expression.kind,
                let key = key(left, of: name), isKnown(list)
            else { return nil }
            return (key, list)
        }
    }

    private func ranges(_ name: String) -> [String: RangeBounds] {
        var found: [String: RangeBounds] = [:]
        for condition in conditions where !condition.isDone {
            switch condition.expression.kind {
            case .text(.startsWith, let left, let right):
                if let key = key(left, of: name), isKnown(right) {
                    found[key, default: RangeBounds()].prefix = right
                }
            case .comparison(let left, let comparisons) where comparisons.count == 1:
                let (operation, right) = (comparisons[0].operator, comparisons[0].right)
                if let key = key(left, of: name), isKnown(right) {
                    found[key, default: RangeBounds()].add(operation, right)
                } else if let key = key(right, of: name), isKnown(left) {
                    found[key, default: RangeBounds()].add(operation.mirrored, left)
                }
            default: break
            }
        }
        return found.filter { !$0.value.isEmpty }
    }

    /// The demands of conditions on the properties of a variable.
    private struct Demands {
        let equalities: [Equality]
        let ranges: [String: RangeBounds]
        let memberships: [(key: String, list: Expression)]

        /// The share of those that meet them.
        var share: Double {
            (equalities.isEmpty ? 1 : 0.1) * (ranges.isEmpty ? 1 : 0.3)
                * (memberships.isEmpty ? 1 : 0.2)
        }
    }

    private func demands(_ name: String) -> Demands {
        Demands(
            equalities: equalities(name), ranges: ranges(name), memberships: memberships(name))
    }

    /// The ways in which the rules for a label, or a type, find its members, each with what it costs.
    private func ways(
        _ group: String, _ rules: GraphStatistics.RuleKeys?, _ demands: Demands, count: Double
    ) -> [(kind: Access.Kind, cost: Double)] {
        guard let rules else { return [] }
        func values(_ keys: some Sequence<String>) -> [Equality]? {
            var values: [Equality] = []
            for key in keys {
                guard let value = demands.equalities.first(where: { $0.key == key }) else {
                    return nil
                }
                values.append(value)
            }
            return values
        }
        var ways: [(kind: Access.Kind, cost: Double)] = []
        for keys in rules.unique {
            if let values = values(keys) { ways.append((.equality(group, values), 1)) }
        }
        for keys in rules.unique.filter({ $0.count == 1 }) + rules.indexes {
            for (key, list) in demands.memberships where key == keys[0] {
                ways.append((.membership(group, key: key, list: list), min(count / 2, 20)))
            }
        }
        for keys in rules.indexes {
            let prefix = keys.prefix { key in demands.equalities.contains { $0.key == key } }
            if !prefix.isEmpty, let values = values(prefix) {
                ways.append((.equality(group, values), min(count / 2, 10)))
            } else if let bounds = demands.ranges[keys[0]] {
                ways.append((.range(group, key: keys[0], bounds), count * 0.3))
            }
        }
        return ways
    }

    /// The cheapest way to find a node.
    func access(_ index: Int) -> Access {
        let statistics = builder.statistics
        let demands = demands(nodes[index].name)
        let share = demands.share
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
            consider(.members(label), count)
            for (kind, cost) in ways(label, statistics.labelRules[label], demands, count: count) {
                consider(kind, cost)
            }
        }
        return best
    }

    private func isLabel(_ kind: Access.Kind, cheaperThan best: Access, _ cost: Double) -> Bool {
        if case .members = kind, case .all = best.kind { cost <= best.cost } else { false }
    }

    /// The cheapest way to find a relationship by an index of its type; nil when there is none.
    ///
    /// - Parameter isFirst: Whether nothing was found before, so that its order may be that of the rows.
    func access(ofLink index: Int, isFirst: Bool) -> Access? {
        let link = links[index]
        guard !link.isDone, !link.isKnown, link.pattern.length == nil, link.selection == nil,
            link.pattern.types.count == 1, let type = link.pattern.types.first,
            let rules = builder.statistics.typeRules[type]
        else { return nil }
        let demands = demands(link.name)
        let count = builder.statistics.count(ofTypes: [type])
        var ways = ways(type, rules, demands, count: count)
        if isFirst, let wanted = hints.order, wanted.name == link.name,
            wanted.isLimited || conditions.isEmpty,
            rules.indexes.contains(where: { $0[0] == wanted.key })
        {
            // Nothing is sorted, and a limit ends the walk.
            ways.append((.members(type), wanted.isLimited ? count * 0.3 : count))
        }
        return ways.min { $0.cost < $1.cost }.map { way in
            Access(kind: way.kind, cost: way.cost, rowCount: min(way.cost, count * demands.share))
        }
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
