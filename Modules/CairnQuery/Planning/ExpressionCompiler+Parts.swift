// SPDX-License-Identifier: Apache-2.0

extension ExpressionCompiler {
    // MARK: Parts

    func property(_ base: Expression, _ key: String) throws(QueryError) -> Evaluator {
        let number = builder.keys.number(of: key)
        if case .variable(let name) = base.kind, known[base] == nil, let slot = bindings[name] {
            return { (execution) throws(QueryError) in
                try execution.property(number, of: execution.row[slot])
            }
        }
        let base = try compile(base)
        return { (execution) throws(QueryError) in
            try execution.property(number, of: base(execution))
        }
    }

    func element(_ list: Expression, _ index: Expression) throws(QueryError) -> Evaluator {
        let (list, index) = (try compile(list), try compile(index))
        return { (execution) throws(QueryError) in
            let base = try list(execution)
            let place = try index(execution)
            switch base {
            case .null: return .null
            case .list(let values):
                if place.isNull { return .null }
                guard case .int(let number) = place else {
                    throw .runtime(.type, .invalidArgumentType, name: "index")
                }
                let count = Int64(values.count)
                let position = number < 0 ? number &+ count : number
                return position >= 0 && position < count ? values[Int(position)] : .null
            case .map, .node, .relationship, .deleted:
                if place.isNull { return .null }
                guard case .string(let key) = place else {
                    throw .runtime(.type, .mapElementAccessByNonString)
                }
                return try execution.properties(of: base)?[key] ?? .null
            default: throw .runtime(.type, .invalidArgumentType, name: "index")
            }
        }
    }

    func slice(
        _ list: Expression, _ from: Expression?, _ to: Expression?
    ) throws(QueryError) -> Evaluator {
        let list = try compile(list)
        var start: Evaluator?
        var end: Evaluator?
        if let from { start = try compile(from) }
        if let to { end = try compile(to) }
        return { [start, end] (execution) throws(QueryError) in
            let base = try list(execution)
            if base.isNull { return .null }
            guard case .list(let values) = base else {
                throw .runtime(.type, .invalidArgumentType, name: "..")
            }
            guard let first = try Self.bound(start, values.count, 0, execution),
                let last = try Self.bound(end, values.count, values.count, execution)
            else { return .null }
            return .list(first < last ? Array(values[first..<last]) : [])
        }
    }

    /// A bound of a slice within the list; nil for null.
    private static func bound(
        _ expression: Evaluator?, _ count: Int, _ missing: Int, _ execution: Execution
    ) throws(QueryError) -> Int? {
        guard let expression else { return missing }
        switch try expression(execution) {
        case .null: return nil
        case .int(let value):
            let place = value < 0 ? value &+ Int64(count) : value
            return Int(min(max(place, 0), Int64(count)))
        default: throw .runtime(.type, .invalidArgumentType, name: "..")
        }
    }

    func list(_ elements: [Expression]) throws(QueryError) -> Evaluator {
        var evaluators: [Evaluator] = []
        for element in elements { evaluators.append(try compile(element)) }
        return { [evaluators] (execution) throws(QueryError) in
            var values: [QueryValue] = []
            values.reserveCapacity(evaluators.count)
            for evaluator in evaluators { values.append(try evaluator(execution)) }
            return try QueryValue.list(values).bounded()
        }
    }

    func map(_ entries: [MapEntry]) throws(QueryError) -> Evaluator {
        var evaluators: [(String, Evaluator)] = []
        for entry in entries { evaluators.append((entry.key, try compile(entry.value))) }
        return { [evaluators] (execution) throws(QueryError) in
            var values: [String: QueryValue] = [:]
            for (key, evaluator) in evaluators { values[key] = try evaluator(execution) }
            return try QueryValue.map(values).bounded()
        }
    }
}
