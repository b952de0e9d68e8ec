// SPDX-License-Identifier: Apache-2.0

/// The use that the clauses behind a pattern make of its rows.
struct PatternHints {
    /// Whether equal rows may be left out: the next projection makes rows distinct anyway.
    var ignoresDuplicates = false
    /// The names that are read where all else is only counted, so that a last step need not be taken; nil where rows
    /// must be there.
    var namesBesideCounts: Set<String>?

    /// The order of the rows that the next projection wants; nil for none.
    var order: WantedOrder?

    /// An order by a property of a variable.
    struct WantedOrder {
        let name: String
        let key: String
        let isDescending: Bool
        /// Whether only the first rows are wanted.
        let isLimited: Bool
    }

    /// The name of the place that says how often each row counts.
    static let weightName = "\u{0}weight"

    init() {}

    init(_ match: Match, _ following: [Clause]) {
        ignoresDuplicates = Self.ignoresDuplicates(following)
        if case .with(let projection)? = following.first?.kind {
            namesBesideCounts = Self.namesBesideCounts(projection)
        }
        if case .return(let projection)? = following.first?.kind {
            namesBesideCounts = Self.namesBesideCounts(projection)
        }
        if match.pattern.count != 1 { namesBesideCounts = nil }
        order = Self.order(following)
    }

    private static func ignoresDuplicates(_ clauses: [Clause]) -> Bool {
        for clause in clauses {
            switch clause.kind {
            case .match, .unwind: continue
            case .with(let projection), .return(let projection):
                return projection.ignoresDuplicates
            default: return false
            }
        }
        return false
    }

    /// The order that the next projection sorts by first; the clauses before it keep the order of rows.
    private static func order(_ clauses: [Clause]) -> WantedOrder? {
        for clause in clauses {
            switch clause.kind {
            case .match, .unwind: continue
            case .with(let projection), .return(let projection):
                guard let first = projection.order.first, !projection.isAggregating,
                    let (name, key) = projection.property(first.expression)
                else { return nil }
                return WantedOrder(
                    name: name, key: key, isDescending: first.isDescending,
                    isLimited: projection.limit != nil)
            default: return nil
            }
        }
        return nil
    }

    /// The names that a projection reads but for counting them; nil when it aggregates otherwise.
    private static func namesBesideCounts(_ projection: Projection) -> Set<String>? {
        guard projection.isAggregating, !projection.includesAll else { return nil }
        var used: Set<String> = []
        for item in projection.items {
            guard item.expression.containsAggregate else {
                used.formUnion(item.expression.freeNames)
                continue
            }
            switch item.expression.kind {
            case .countOfRows: break
            case .call(let call) where call.name == "count" && !call.isDistinct:
                guard call.arguments[0].isVariable else { return nil }
            default: return nil
            }
        }
        for item in projection.order {
            if item.expression.containsAggregate { return nil }
        }
        return used
    }
}

extension Projection {
    /// The property that an expression of ORDER BY is, by the name that its variable has before the projection; nil for
    /// another expression.
    func property(_ expression: Expression) -> (name: String, key: String)? {
        switch expression.kind {
        case .variable(let name):
            // The expression of an item reads names from before.
            guard let item = items.last(where: { $0.name == name }),
                case .property(let base, let key) = item.expression.kind,
                case .variable(let variable) = base.kind
            else { return nil }
            return (variable, key)
        case .property(let base, let key):
            guard case .variable(let name) = base.kind else { return nil }
            guard let item = items.last(where: { $0.name == name }) else { return (name, key) }
            guard case .variable(let variable) = item.expression.kind else { return nil }
            return (variable, key)
        default: return nil
        }
    }

    /// Whether it gives the same for rows that are there twice.
    fileprivate var ignoresDuplicates: Bool {
        if !isAggregating { return isDistinct }
        return items.allSatisfy { item in
            item.expression.aggregateCalls.allSatisfy { call in
                guard case .call(let call) = call.kind else { return false }
                return call.isDistinct || call.name == "min" || call.name == "max"
            }
        } && order.allSatisfy { !$0.expression.containsAggregate }
    }
}

extension Expression {
    fileprivate var aggregateCalls: [Expression] {
        isAggregate ? [self] : children.flatMap(\.aggregateCalls)
    }
}
