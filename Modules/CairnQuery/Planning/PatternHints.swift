// SPDX-License-Identifier: Apache-2.0

/// What the clauses behind a pattern make of its rows.
struct PatternHints {
    /// Whether equal rows may be left out: the next projection makes rows distinct anyway.
    var ignoresDuplicates = false
    /// The names that are read where all else is only counted, so that a last step need not be taken; nil where rows
    /// must be there.
    var namesBesideCounts: Set<String>?

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
