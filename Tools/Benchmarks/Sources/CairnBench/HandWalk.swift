// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph
internal import CairnQuery

/// Questions as a Swift program would answer them on the store, without a language: what a query is measured against.
struct HandWalk {
    let run: (GraphStore, [String: QueryValue]) -> Int

    init?(_ id: String) {
        switch id {
        case "1": run = Self.lookUp
        case "2": run = Self.mostWanted
        case "3": run = Self.sections
        case "5": run = Self.dependents
        case "6b": run = Self.shortestPath
        default: return nil
        }
    }

    private static func text(_ parameters: [String: QueryValue], _ name: String) -> Value {
        parameters[name]?.text.map(Value.string) ?? .null
    }

    private static func lookUp(_ graph: GraphStore, _ parameters: [String: QueryValue]) -> Int {
        let name = text(parameters, "name")
        guard let id = graph.node(labeled: "Package", "name", equals: name) else { return 0 }
        var row: [Value?] = []
        for key in ["name", "version", "section", "installedSize", "maintainer"] {
            row.append(graph.property(key, of: id))
        }
        return row.isEmpty ? 0 : 1
    }

    private static func mostWanted(_ graph: GraphStore, _: [String: QueryValue]) -> Int {
        var rows: [(count: Int, name: String)] = []
        for id in graph.nodes(labeled: "Package") {
            let count = graph.degree(of: id, direction: .incoming, types: ["DEPENDS"])
            guard count > 0, case .string(let name)? = graph.property("name", of: id) else {
                continue
            }
            rows.append((count, name))
        }
        rows.sort { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
        return rows.prefix(10).count
    }

    private static func sections(_ graph: GraphStore, _: [String: QueryValue]) -> Int {
        var groups: [Value: (count: Int, sum: Int64)] = [:]
        for id in graph.nodes(labeled: "Package") {
            let section = graph.property("section", of: id) ?? .null
            var size: Int64 = 0
            if case .int(let number)? = graph.property("installedSize", of: id) { size = number }
            groups[section, default: (0, 0)].count += 1
            groups[section, default: (0, 0)].sum &+= size
        }
        let rows = groups.sorted { $0.value.sum > $1.value.sum }
        return rows.count
    }

    private static func dependents(_ graph: GraphStore, _ parameters: [String: QueryValue]) -> Int {
        let name = text(parameters, "name")
        guard let start = graph.node(labeled: "Package", "name", equals: name) else { return 1 }
        var seen: Set<NodeID> = []
        var level = [start]
        var count = 0
        for _ in 0..<3 {
            var next: [NodeID] = []
            for id in level {
                for relationship in graph.relationships(
                    of: id, direction: .incoming, types: ["DEPENDS"])
                where seen.insert(relationship.from).inserted {
                    next.append(relationship.from)
                    if graph.hasLabel("Package", relationship.from) { count += 1 }
                }
            }
            level = next
        }
        return count > 0 ? 1 : 1
    }

    private static func shortestPath(
        _ graph: GraphStore, _ parameters: [String: QueryValue]
    ) -> Int {
        let (source, target) = (text(parameters, "source"), text(parameters, "target"))
        guard let start = graph.node(labeled: "Package", "name", equals: source),
            let end = graph.node(labeled: "Package", "name", equals: target)
        else { return 0 }
        var parents: [NodeID: NodeID] = [start: start]
        var level = [start]
        while !level.isEmpty, parents[end] == nil {
            var next: [NodeID] = []
            for id in level {
                for relationship in graph.relationships(
                    of: id, direction: .outgoing, types: ["DEPENDS", "PRE_DEPENDS"])
                where parents[relationship.to] == nil {
                    parents[relationship.to] = id
                    next.append(relationship.to)
                }
            }
            level = next
        }
        return parents[end] == nil ? 0 : 1
    }
}
