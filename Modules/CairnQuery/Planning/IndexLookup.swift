// SPDX-License-Identifier: Apache-2.0
//
// Look-ups give all nodes, or relationships, that may be meant, and perhaps some more: the conditions are checked afterwards. A store keeps
// 1 and 1.0 apart, which the language calls equal, so both are looked for.

internal import CairnGraph

/// Makes look-ups of nodes, or relationships, by properties.
enum IndexLookup {
    struct Key: Sendable {
        let key: String
        /// Its number in the plan.
        let number: Int
        let value: Evaluator
    }

    /// How many combinations of values are looked for at most.
    private static let combinationCountMax = 64

    /// The members of a group with certain values of some keys.
    static func equality(_ group: EntityGroup, _ keys: [Key]) -> LookupOperator.Lookup {
        { (execution) throws(QueryError) in
            guard let number = group.number(execution) else { return [] }
            if keys.count == 1 {
                let forms = try keys[0].value(execution).storedForms
                guard !forms.isEmpty else { return [] }
                guard let key = execution.key(keys[0].number) else { return [] }
                if forms.count == 1,
                    let found = group.unique(number, key, equals: forms[0], execution)
                {
                    return found.map { [$0] } ?? []
                }
            }
            var combinations: [Properties] = [[:]]
            for key in keys {
                let wanted = try key.value(execution)
                let values = wanted.storedForms
                guard !values.isEmpty else { return [] }
                guard combinations.count * values.count <= combinationCountMax else {
                    return all(group, number, execution)
                }
                combinations = combinations.flatMap { combination in
                    values.map { value in
                        var combination = combination
                        combination[key.key] = value
                        return combination
                    }
                }
            }
            var found: Set<UInt32> = []
            for combination in combinations {
                found.formUnion(group.members(where: .equals(combination), execution))
            }
            return found.sorted()
        }
    }

    private static func all(
        _ group: EntityGroup, _ number: UInt32, _ execution: Execution
    ) -> [UInt32] {
        var members = group.members(number, execution)
        var all: [UInt32] = []
        while let member = members.next() { all.append(member) }
        return all
    }

    /// The members of a group with one of the values of a list.
    static func membership(_ group: EntityGroup, _ key: Key) -> LookupOperator.Lookup {
        { (execution) throws(QueryError) in
            guard let number = group.number(execution), let keyNumber = execution.key(key.number)
            else { return [] }
            let elements: [QueryValue]
            switch try key.value(execution) {
            case .null: return []
            case .list(let values): elements = values
            default: throw .runtime(.type, .invalidArgumentType, name: "IN")
            }
            var found: Set<UInt32> = []
            for value in Set(elements.flatMap(\.storedForms)) {
                try execution.tick()
                if let unique = group.unique(number, keyNumber, equals: value, execution) {
                    if let unique { found.insert(unique) }
                } else {
                    found.formUnion(group.members(where: .equals([key.key: value]), execution))
                }
            }
            return found.sorted()
        }
    }

    /// The members of a group with a value of a key in a range.
    static func range(
        _ group: EntityGroup, key: String, _ bounds: IndexRange
    ) -> LookupOperator.Lookup {
        { (execution) throws(QueryError) in
            guard let range = try bounds.predicate(key, execution) else { return [] }
            return group.members(where: range.predicate, execution)
        }
    }
}

/// The range in which a property is to be.
struct IndexRange: Sendable {
    private var prefix: Evaluator?
    private var lower: Evaluator?
    private var upper: Evaluator?

    init(
        _ bounds: PatternPlanner.RangeBounds, _ compiler: ExpressionCompiler
    ) throws(QueryError) {
        if let expression = bounds.prefix { prefix = try compiler.compile(expression) }
        if let expression = bounds.lower { lower = try compiler.compile(expression) }
        if let expression = bounds.upper { upper = try compiler.compile(expression) }
    }

    /// The range of an index, and whether the index has its values in the order of the language; nil when no value can be
    /// in it.
    func predicate(
        _ key: String, _ execution: Execution
    ) throws(QueryError) -> (predicate: PropertyPredicate, isOrdered: Bool)? {
        if let prefix {
            guard case .string(let text) = try prefix(execution) else { return nil }
            return (.prefix(key, text), true)
        }
        let first = try lower?(execution).storedForms.min()
        let last = try upper?(execution).storedForms.max()
        if lower != nil, first == nil { return nil }
        if upper != nil, last == nil { return nil }
        let isOrdered = (first ?? last)?.isOrderedAlike ?? false
        switch (first, last) {
        case (let first?, let last?):
            guard first <= last else { return nil }
            return (.range(key, first...last), isOrdered && last.isOrderedAlike)
        case (let first?, nil): return (.range(key, first...), isOrdered)
        case (nil, let last?): return (.range(key, ...last), isOrdered)
        case (nil, nil): return nil
        }
    }
}

extension Value {
    /// Whether an index has values of its kind in the order of the language.
    fileprivate var isOrderedAlike: Bool {
        switch self {
        case .bool, .int, .double, .string: true
        default: false
        }
    }
}

extension QueryValue {
    /// The values that a store may hold where the language calls them equal to this one; none for null.
    var storedForms: [Value] {
        switch self {
        case .null: []
        case .int(let value):
            // The same number as a double, where there is one, and both zeros.
            [.int(value)]
                + (Int64(exactly: Double(value)) == value ? [.double(Double(value))] : [])
                + (value == 0 ? [.double(-0.0)] : [])
        case .double(let value):
            [.double(value)] + (Int64(exactly: value).map { [.int($0)] } ?? [])
                + (value == 0 ? [.double(-value)] : [])
        default: stored.map { [$0] } ?? []
        }
    }
}
