// SPDX-License-Identifier: Apache-2.0

extension Expression {
    /// The names of variables that it reads from outside; those of subqueries may contain some of their own.
    var freeNames: Set<String> {
        var names: Set<String> = []
        switch kind {
        case .variable(let name): names.insert(name)
        case .pattern(let part): names.formUnion(part.names)
        case .exists(let subquery), .count(let subquery): names = subquery.query.names
        default: break
        }
        for child in children { names.formUnion(child.freeNames) }
        names.subtract(boundNames)
        // Names of its pattern that a comprehension takes from outside are read there, not bound.
        if case .patternComprehension(let comprehension) = kind {
            names.formUnion(comprehension.pattern.names)
        }
        return names
    }

    /// The parts that AND joins.
    var conjuncts: [Expression] {
        if case .and(let operands) = kind { return operands.flatMap(\.conjuncts) }
        return [self]
    }
}

extension Query.Body {
    /// All names that occur.
    var names: Set<String> {
        parts.joined().reduce(into: []) { $0.formUnion($1.names) }
    }
}

extension Clause {
    var names: Set<String> {
        var names: Set<String> = []
        func add(_ expressions: [Expression]) {
            for expression in expressions { names.formUnion(expression.freeNames) }
        }
        func add(_ part: PatternPart) {
            names.formUnion(part.names)
            add(part.expressions)
        }
        switch kind {
        case .match(let match):
            for part in match.pattern { add(part) }
            add([match.condition].compactMap { $0 })
        case .unwind(let list, _): add([list])
        case .with(let projection), .return(let projection):
            add(projection.items.map(\.expression) + projection.order.map(\.expression))
            add([projection.condition].compactMap { $0 })
        case .create(let parts): for part in parts { add(part) }
        case .merge(let merge): add(merge.pattern)
        case .delete(let items, _): add(items)
        case .call(let call): add(call.arguments ?? [])
        case .set, .remove, .schema: break
        }
        return names
    }
}
