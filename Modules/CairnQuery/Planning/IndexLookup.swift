// SPDX-License-Identifier: Apache-2.0
//
// - A look-up of values gives just the nodes, or relationships, with properties that are equal to them; one of a range or a list perhaps some
//   more: those conditions are checked afterwards.
// - A store keeps 1 and 1.0 apart, which the language calls equal, so both are looked for. Where the language finds fewer values equal than the
//   store, as with NaN, each is compared.

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
                let wanted = try keys[0].value(execution)
                if let found = unique(number, keys[0], equals: wanted, group, execution) {
                    return found
                }
            }
            var combinations: [Properties]? = [[:]]
            var wanted: [(key: Int, value: QueryValue)] = []
            for key in keys {
                let value = try key.value(execution)
                wanted.append((key.number, value))
                combinations = combined(combinations, key.key, value.storedForms)
            }
            guard let combinations else {
                return try kept(all(group, number, execution), wanted, group, execution)
            }
            var found: Set<UInt32> = []
            for combination in combinations {
                found.formUnion(group.members(where: .equals(combination), execution))
            }
            let compared = wanted.filter { !$0.value.isEqualToStoredForms }
            return try kept(found.sorted(), compared, group, execution)
        }
    }

    /// The member with a value of a unique property, which is compared as it is stored; nil when that is not the case.
    @inline(__always)
    private static func unique(
        _ number: UInt32, _ key: Key, equals value: QueryValue, _ group: EntityGroup,
        _ execution: Execution
    ) -> [UInt32]? {
        guard value.isEqualToStoredForms else { return nil }
        guard let keyNumber = execution.key(key.number) else { return [] }
        if case .string(let text) = value {
            return group.unique(number, keyNumber, equals: .string(text), execution)
                .map { found in found.map { [$0] } ?? [] }
        }
        var all: [UInt32] = []
        for form in value.storedForms ?? [] {
            guard let found = group.unique(number, keyNumber, equals: form, execution) else {
                return nil
            }
            if let found { all.append(found) }
        }
        return all.sorted()
    }

    /// Each of the combinations with each of the values; nil when not all are known, or they are too many.
    private static func combined(
        _ combinations: [Properties]?, _ key: String, _ values: [Value]?
    ) -> [Properties]? {
        guard let combinations, let values,
            combinations.count * values.count <= combinationCountMax
        else { return nil }
        return combinations.flatMap { combination in
            values.map { value in
                var combination = combination
                combination[key] = value
                return combination
            }
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

    /// Those with properties that the language calls equal to some values.
    private static func kept(
        _ members: [UInt32], _ values: [(key: Int, value: QueryValue)], _ group: EntityGroup,
        _ execution: Execution
    ) throws(QueryError) -> [UInt32] {
        guard !values.isEmpty else { return members }
        var kept: [UInt32] = []
        for member in members {
            try execution.tick()
            let isMeant = values.allSatisfy { key, value in
                guard let key = execution.key(key) else { return false }
                let property = QueryValue(group.property(key, of: member, execution))
                return Comparison.Operator.equal.apply(property, value) ?? false
            }
            if isMeant { kept.append(member) }
        }
        return kept
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
            var forms: Set<Value> = []
            for element in elements {
                guard let values = element.storedForms else {
                    return all(group, number, execution)
                }
                forms.formUnion(values)
            }
            var found: Set<UInt32> = []
            for value in forms {
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
        let bounds = (try lower?(execution), try upper?(execution))
        for case .list in [bounds.0, bounds.1] {
            // Those of the language and of the store differ in order, but come together.
            return (.range(key, .list([])...), false)
        }
        let first = bounds.0?.storedForms?.min()
        let last = bounds.1?.storedForms?.max()
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
    /// Whether the language calls all ``storedForms`` equal to the value.
    fileprivate var isEqualToStoredForms: Bool {
        switch self {
        case .bool, .int, .string: true
        case .double(let value): !value.isNaN
        default: false
        }
    }

    /// The values that a store may hold where the language calls them equal to this one; none for null, nil for those of
    /// which there may be others: numbers within a list have two forms each.
    var storedForms: [Value]? {
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
        case .list, .map: hasNumber ? nil : stored.map { [$0] } ?? []
        default: stored.map { [$0] } ?? []
        }
    }

    /// Whether it is a number, or has one within.
    private var hasNumber: Bool {
        switch self {
        case .int, .double: true
        case .list(let values): values.contains(where: \.hasNumber)
        case .map(let entries): entries.values.contains(where: \.hasNumber)
        default: false
        }
    }
}
