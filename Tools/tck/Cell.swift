// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnQuery

/// A value as features write it: `(:A {k: 1})`, `[:T]`, `<(a)-[:T]->(b)>`, lists, maps and literals.
indirect enum Cell {
    case value(QueryValue)
    case list([Cell])
    case map([String: Cell])
    case node(labels: [String], [String: Cell])
    case relationship(type: String, [String: Cell])
    /// Nodes, and between them relationships with whether they point forwards.
    case path([Cell], [(Cell, isForward: Bool)])

    /// The value in one form, so that equal ones are the same text.
    func form(ignoringOrder: Bool = false) -> String {
        func entries(_ map: [String: Cell]) -> String {
            if map.isEmpty { return "" }
            return "{"
                + map.sorted { $0.key < $1.key }
                .map { "\($0.key): \($0.value.form(ignoringOrder: ignoringOrder))" }
                .joined(separator: ", ") + "}"
        }
        switch self {
        case .value(.map(let map)) where map.isEmpty: return "{}"
        // Both zeros are equal.
        case .value(.double(0)): return "0.0"
        case .value(let value): return value.description
        case .list(let cells):
            var forms = cells.map { $0.form(ignoringOrder: ignoringOrder) }
            if ignoringOrder { forms.sort() }
            return "[" + forms.joined(separator: ", ") + "]"
        case .map(let map): return map.isEmpty ? "{}" : entries(map)
        case .node(let labels, let map):
            return "(" + labels.sorted().map { ":" + $0 }.joined() + entries(map) + ")"
        case .relationship(let type, let map): return "[:\(type)" + entries(map) + "]"
        case .path(let nodes, let links):
            var text = "<" + nodes[0].form()
            for (index, link) in links.enumerated() {
                let form = link.0.form()
                text += link.isForward ? "-\(form)->" : "<-\(form)-"
                text += nodes[index + 1].form()
            }
            return text + ">"
        }
    }

    /// The value as a parameter; nil for nodes, relationships and paths.
    var parameter: QueryValue? {
        switch self {
        case .value(let value): value
        case .list(let cells): .list(cells.compactMap(\.parameter))
        case .map(let map): .map(map.compactMapValues(\.parameter))
        case .node, .relationship, .path: nil
        }
    }
}

extension Cell {
    /// The form of a value of a result, with nodes and relationships read from a graph.
    init(_ value: QueryValue, in graph: GraphStore) {
        switch value {
        case .list(let values): self = .list(values.map { Cell($0, in: graph) })
        case .map(let entries): self = .map(entries.mapValues { Cell($0, in: graph) })
        case .node(let id):
            guard let node = graph.node(id) else {
                self = .node(labels: [], [:])
                return
            }
            self = .node(
                labels: node.labels,
                node.properties.mapValues { Cell(QueryValue($0), in: graph) })
        case .relationship(let id):
            guard let relationship = graph.relationship(id) else {
                self = .relationship(type: "", [:])
                return
            }
            self = .relationship(
                type: relationship.type,
                relationship.properties.mapValues { Cell(QueryValue($0), in: graph) })
        case .path(let path):
            self = .path(
                path.nodes.map { Cell(.node($0), in: graph) },
                path.relationships.enumerated().map { index, id in
                    let start = graph.relationship(id)?.from
                    return (
                        Cell(.relationship(id), in: graph), isForward: start == path.nodes[index]
                    )
                })
        case .deleted(let entity):
            self = entity.type.map { .relationship(type: $0, [:]) } ?? .node(labels: [], [:])
        case .date, .localTime, .time, .localDateTime, .dateTime, .duration:
            self = .value(.string(value.text ?? ""))
        default: self = .value(value)
        }
    }
}
