// SPDX-License-Identifier: Apache-2.0

/// A clause that reads.
enum NaiveClause {
    case match([NaivePath], NaiveExpression?, isOptional: Bool)
    case unwind([Plain], String)
    case project(NaiveProjection)

    var text: String {
        switch self {
        case .match(let paths, let condition, let isOptional):
            (isOptional ? "OPTIONAL " : "") + "MATCH " + NaivePath.text(paths)
                + NaiveExpression.whereText(condition)
        case .unwind(let list, let name):
            "UNWIND [\(list.map(\.literal).joined(separator: ", "))] AS \(name)"
        case .project(let projection): projection.text
        }
    }

    func apply(_ rows: [NaiveRow], _ graph: NaiveGraph) -> [NaiveRow] {
        switch self {
        case .match(let paths, let condition, let isOptional):
            rows.flatMap { row in
                let found = graph.matches(paths, condition, row)
                guard found.isEmpty, isOptional else { return found }
                var row = row
                for name in NaivePath.names(paths) where row[name] == nil { row[name] = .null }
                return [row]
            }
        case .unwind(let list, let name):
            rows.flatMap { row in list.map { row.merging([name: $0]) { $1 } } }
        case .project(let projection): projection.apply(rows, graph)
        }
    }
}

extension NaivePath {
    static func names(_ paths: [NaivePath]) -> [String] {
        paths.flatMap { path in
            [path.start.name] + path.steps.flatMap { [$0.name, $0.node.name] }
        }.compactMap { $0 }
    }
}

/// WITH or RETURN.
struct NaiveProjection {
    enum Item {
        case plain(NaiveExpression)
        /// An aggregating function; without an expression it counts rows.
        case aggregate(String, NaiveExpression?, isDistinct: Bool)
    }

    var isReturn: Bool
    var isDistinct = false
    var items: [(item: Item, name: String)]
    var condition: NaiveExpression?
    /// By all columns in turn, descending where the flag says so; no order when it is empty.
    var order: [(name: String, isDescending: Bool)] = []
    var skip: Int?
    var limit: Int?

    var text: String {
        var text = isReturn ? "RETURN " : "WITH "
        if isDistinct { text += "DISTINCT " }
        text += items.map { "\($0.item.text) AS \($0.name)" }.joined(separator: ", ")
        if !order.isEmpty {
            text +=
                " ORDER BY "
                + order.map { $0.name + ($0.isDescending ? " DESC" : "") }.joined(separator: ", ")
        }
        if let skip { text += " SKIP \(skip)" }
        if let limit { text += " LIMIT \(limit)" }
        return text + NaiveExpression.whereText(condition)
    }

    func apply(_ rows: [NaiveRow], _ graph: NaiveGraph) -> [NaiveRow] {
        var results = isAggregating ? grouped(rows, graph) : rows.map { projected($0, graph) }
        if isDistinct {
            var seen: Set<[Plain]> = []
            results = results.filter { row in
                seen.insert(items.map { (row[$0.name] ?? .null).key }).inserted
            }
        }
        if !order.isEmpty { results.sort { isBefore($0, $1) } }
        results = Array(results.dropFirst(skip ?? 0).prefix(limit ?? .max))
        return results.filter { condition == nil || condition?.truth($0, graph) == true }
    }

    private var isAggregating: Bool {
        items.contains { if case .aggregate = $0.item { true } else { false } }
    }

    private func projected(_ row: NaiveRow, _ graph: NaiveGraph) -> NaiveRow {
        var result: NaiveRow = [:]
        for (item, name) in items {
            if case .plain(let expression) = item { result[name] = expression.value(row, graph) }
        }
        return result
    }

    private func grouped(_ rows: [NaiveRow], _ graph: NaiveGraph) -> [NaiveRow] {
        var groups: [[Plain]: [NaiveRow]] = [:]
        for row in rows {
            let keys = projected(row, graph)
            groups[items.map { (keys[$0.name] ?? .null).key }, default: []].append(row)
        }
        let hasKeys = items.contains { if case .plain = $0.item { true } else { false } }
        if groups.isEmpty, !hasKeys { groups[[]] = [] }
        return groups.values.map { members in
            var result = members.first.map { projected($0, graph) } ?? [:]
            for (item, name) in items {
                guard case .aggregate(let function, let expression, let isDistinct) = item else {
                    continue
                }
                var values = members.map { expression?.value($0, graph) ?? .int(1) }
                values.removeAll(where: \.isNull)
                if isDistinct {
                    var seen: Set<Plain> = []
                    values = values.filter { seen.insert($0.key).inserted }
                }
                result[name] = Self.aggregate(function, values)
            }
            return result
        }
    }

    private static func aggregate(_ function: String, _ values: [Plain]) -> Plain {
        switch function {
        case "count": .int(values.count)
        case "sum":
            .int(values.reduce(0) { if case .int(let value) = $1 { $0 + value } else { $0 } })
        case "min": values.min { $0.comes(before: $1) } ?? .null
        default: values.max { $0.comes(before: $1) } ?? .null
        }
    }

    private func isBefore(_ one: NaiveRow, _ two: NaiveRow) -> Bool {
        for (name, isDescending) in order {
            let (left, right) = (one[name] ?? .null, two[name] ?? .null)
            if left.comes(before: right) { return !isDescending }
            if right.comes(before: left) { return isDescending }
        }
        return false
    }
}

extension NaiveProjection.Item {
    fileprivate var text: String {
        switch self {
        case .plain(let expression): expression.text
        case .aggregate(let function, let expression, let isDistinct):
            "\(function)(\(isDistinct ? "DISTINCT " : "")\(expression?.text ?? "*"))"
        }
    }
}
