// SPDX-License-Identifier: Apache-2.0

/// A clause that changes the graph, in such a way that the order of the rows does not matter.
enum NaiveWrite {
    /// A relationship from a node that was found to a new one; nothing is found where `from` is nil.
    case create(from: String?, type: String, label: String, properties: [String: Plain])
    case connect(from: String, type: String, to: String, properties: [String: Plain])
    case setProperty(String, String, NaiveExpression)
    case setProperties(String, [String: Plain], keepsOthers: Bool)
    case setLabel(String, String)
    case removeProperty(String, String)
    case removeLabel(String, String)
    case deleteNode(String)
    case deleteRelationship(String)
    /// Nodes are looked for by a label that no node has at first.
    case merge(value: NaiveExpression, created: Plain, found: Plain)
    /// A relationship between two nodes is looked for.
    case mergeRelationship(from: String, type: String, to: String)

    var text: String {
        switch self {
        case .create(let from, let type, let label, let properties):
            let node = "(:\(label)\(Self.map(properties)))"
            return "CREATE " + (from.map { "(\($0))-[:\(type)]->" } ?? "") + node
        case .connect(let from, let type, let to, let properties):
            return "CREATE (\(from))-[:\(type)\(Self.map(properties))]->(\(to))"
        case .setProperty(let name, let key, let value): return "SET \(name).\(key) = \(value.text)"
        case .setProperties(let name, let properties, let keepsOthers):
            let map = properties.isEmpty ? " {}" : Self.map(properties)
            return "SET \(name) \(keepsOthers ? "+=" : "=")\(map)"
        case .setLabel(let name, let label): return "SET \(name):\(label)"
        case .removeProperty(let name, let key): return "REMOVE \(name).\(key)"
        case .removeLabel(let name, let label): return "REMOVE \(name):\(label)"
        case .deleteNode(let name): return "DETACH DELETE \(name)"
        case .deleteRelationship(let name): return "DELETE \(name)"
        case .merge(let value, let created, let found):
            return "MERGE (merged:M {i: \(value.text)}) "
                + "ON CREATE SET merged.x = \(created.literal) ON MATCH SET merged.x = \(found.literal)"
        case .mergeRelationship(let from, let type, let to):
            return "MERGE (\(from))-[:\(type)]->(\(to))"
        }
    }

    private static func map(_ properties: [String: Plain]) -> String {
        guard !properties.isEmpty else { return "" }
        let entries = properties.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.literal)" }
        return " {\(entries.joined(separator: ", "))}"
    }

    /// Changes a graph for each row.
    func apply(_ rows: [NaiveRow], _ graph: inout NaiveGraph) {
        for row in rows { apply(row, &graph) }
    }

    private func apply(_ row: NaiveRow, _ graph: inout NaiveGraph) {
        switch self {
        case .create(let from, let type, let label, let properties):
            let node = graph.add(label, properties)
            if case .node(let start)? = from.flatMap({ row[$0] }) {
                graph.connect(start, type, node, [:])
            }
        case .connect(let from, let type, let to, let properties):
            guard case .node(let start)? = row[from], case .node(let end)? = row[to] else { return }
            graph.connect(start, type, end, properties)
        case .setProperty(let name, let key, let value):
            let value = value.value(row, graph)
            graph.update(row[name]) { $0[key] = value.isNull ? nil : value }
        case .setProperties(let name, let properties, let keepsOthers):
            graph.update(row[name]) { known in
                if !keepsOthers { known = [:] }
                for (key, value) in properties { known[key] = value.isNull ? nil : value }
            }
        case .setLabel(let name, let label):
            if case .node(let id)? = row[name] { graph.nodes[id].labels.insert(label) }
        case .removeProperty(let name, let key): graph.update(row[name]) { $0[key] = nil }
        case .removeLabel(let name, let label):
            if case .node(let id)? = row[name] { graph.nodes[id].labels.remove(label) }
        case .deleteNode(let name):
            if case .node(let id)? = row[name] { graph.deletedNodes.insert(id) }
        case .deleteRelationship(let name):
            if case .relationship(let id)? = row[name] { graph.deletedRelationships.insert(id) }
        case .merge(let value, let created, let found):
            merge(value.value(row, graph), created, found, &graph)
        case .mergeRelationship(let from, let type, let to):
            guard case .node(let start)? = row[from], case .node(let end)? = row[to] else { return }
            let isThere = graph.relationships.contains {
                $0.type == type && $0.from == start && $0.to == end
            }
            if !isThere { graph.connect(start, type, end, [:]) }
        }
    }

    private func merge(
        _ value: Plain, _ created: Plain, _ found: Plain, _ graph: inout NaiveGraph
    ) {
        var isThere = false
        for id in graph.nodes.indices where graph.nodes[id].labels.contains("M") {
            guard graph.nodes[id].properties["i"]?.equals(value) == true else { continue }
            graph.nodes[id].properties["x"] = found
            isThere = true
        }
        if !isThere { _ = graph.add("M", ["i": value, "x": created]) }
    }
}

extension NaiveGraph {
    fileprivate mutating func add(_ label: String, _ properties: [String: Plain]) -> Int {
        nodes.append(Node(labels: [label], properties: properties.filter { !$0.value.isNull }))
        return nodes.count - 1
    }

    fileprivate mutating func connect(
        _ from: Int, _ type: String, _ to: Int, _ properties: [String: Plain]
    ) {
        relationships.append(
            Relationship(
                type: type, from: from, to: to,
                properties: properties.filter { !$0.value.isNull }))
    }

    fileprivate mutating func update(
        _ entity: Plain?, _ body: (inout [String: Plain]) -> Void
    ) {
        switch entity {
        case .node(let id): body(&nodes[id].properties)
        case .relationship(let id): body(&relationships[id].properties)
        default: break
        }
    }

    /// What the graph holds, by content alone: who numbers new nodes differently has the same graph.
    var content: [String] {
        func shown(_ node: Node) -> String {
            "(\(node.labels.sorted().joined(separator: ":")) \(Self.shown(node.properties)))"
        }
        var lines = nodes.indices.filter { !deletedNodes.contains($0) }.map { shown(nodes[$0]) }
        for (id, relationship) in relationships.enumerated()
        where !deletedRelationships.contains(id) && !deletedNodes.contains(relationship.from)
            && !deletedNodes.contains(relationship.to)
        {
            lines.append(
                shown(nodes[relationship.from])
                    + "-[\(relationship.type) \(Self.shown(relationship.properties))]->"
                    + shown(nodes[relationship.to]))
        }
        return lines.sorted()
    }

    static func shown(_ properties: [String: Plain]) -> String {
        properties.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.shown)" }
            .joined(separator: ", ")
    }
}
