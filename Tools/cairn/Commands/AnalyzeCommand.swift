// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnGraph

/// `cairn analyze`
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Say how the graph hangs together: components, cycles, order.",
        discussion: """
            With --json everything is printed, one JSON object a line, all ids ascending where nothing \
            else is said:

            {"kind":"node","id","in","out","degree":{"both","in","out"}} for each node: its neighbors by \
            direction, and how many relationships it has.

            {"kind":"component","nodes"} and {"kind":"strongComponent","nodes"} for each weakly or strongly \
            connected component.

            {"kind":"distances","from","nodes","lengths"} for some nodes that a relationship starts from, \
            spread evenly over their ids: what can be reached along the relationships, nearest first, and \
            over how many of them; followed by \
            {"kind":"path","nodes","relationships"}, a shortest path, to some of those.

            {"kind":"order","nodes"}, in which every relationship leads forward; or, when there is no such \
            order, {"kind":"cycle","nodes","relationships"}.
            """)

    @OptionGroup var store: StoreArguments

    @Option(
        name: .long,
        help: "Only relationships of this type, as DEPENDS; may be given several times.")
    var type: [String] = []

    @Option(name: .long, help: "From how many nodes distances and paths are printed.")
    var starts = 20

    @Flag(name: .long, help: "Print everything as JSON, one object a line.")
    var json = false

    func validate() throws {
        guard starts >= 0 else { throw ValidationError("--starts must not be negative.") }
    }

    func run() throws {
        let types = type.isEmpty ? nil : Set(type)
        try store.openForReading().closing { database in
            try database.read { graph in
                let shape = GraphShape(graph, types)
                if json {
                    try Self.print(graph, shape, types, starts)
                } else {
                    try StandardOutput.print(shape.table(graph).lines)
                }
            }
        }
    }

    // MARK: JSON

    private static func print(
        _ graph: borrowing GraphStore, _ shape: GraphShape, _ types: Set<String>?, _ starts: Int
    ) throws {
        var output = StandardOutput()
        for id in graph.nodeIDs {
            try output.line(node(id, graph, types))
        }
        for component in shape.components {
            try output.line(list("component", component))
        }
        for component in shape.strongComponents {
            try output.line(list("strongComponent", component))
        }
        // From other nodes nothing can be reached, so nothing would be compared.
        let candidates = graph.nodeIDs.filter { id in
            graph.relationships(of: id, direction: .outgoing, types: types).contains { _ in true }
        }
        for start in spread(candidates, starts) {
            let visits = Array(graph.breadthFirst(from: start, types: types))
            try output.line(
                JSONValue.object([
                    "kind": .string("distances"), "from": .unsigned(start.rawValue),
                    "nodes": ids(visits.map(\.node)),
                    "lengths": .array(visits.map { .count($0.depth) }),
                ]))
            for visit in spread(visits, 10) {
                guard let path = graph.shortestPath(from: start, to: visit.node, types: types)
                else { continue }
                try output.line(json("path", path))
            }
        }
        switch shape.order {
        case .ordered(let nodes): try output.line(list("order", nodes))
        case .cyclic(let cycle): try output.line(json("cycle", cycle))
        }
        try output.flush()
    }

    /// At most `count` of some elements, at even distances.
    private static func spread<Element>(_ elements: [Element], _ count: Int) -> [Element] {
        guard elements.count > count else { return elements }
        return (0..<count).map { elements[$0 * elements.count / count] }
    }

    private static func ids(_ nodes: [NodeID]) -> JSONValue {
        .array(nodes.map { .unsigned($0.rawValue) })
    }

    private static func list(_ kind: String, _ nodes: [NodeID]) -> JSONValue {
        .object(["kind": .string(kind), "nodes": ids(nodes)])
    }

    private static func json(_ kind: String, _ path: GraphPath) -> JSONValue {
        .object([
            "kind": .string(kind), "nodes": ids(path.nodes),
            "relationships": .array(path.relationships.map { .unsigned($0.rawValue) }),
        ])
    }

    private static func node(
        _ id: NodeID, _ graph: borrowing GraphStore, _ types: Set<String>?
    ) -> JSONValue {
        .object([
            "kind": .string("node"), "id": .unsigned(id.rawValue),
            "in": ids(graph.neighbors(of: id, direction: .incoming, types: types).sorted()),
            "out": ids(graph.neighbors(of: id, direction: .outgoing, types: types).sorted()),
            "degree": .object([
                "in": .count(graph.degree(of: id, direction: .incoming, types: types)),
                "out": .count(graph.degree(of: id, direction: .outgoing, types: types)),
                "both": .count(graph.degree(of: id, direction: .both, types: types)),
            ]),
        ])
    }
}

/// How a graph hangs together.
private struct GraphShape {
    let components: [[NodeID]]
    let strongComponents: [[NodeID]]
    let order: TopologicalOrder

    init(_ graph: borrowing GraphStore, _ types: Set<String>?) {
        components = graph.connectedComponents(types: types)
        strongComponents = graph.stronglyConnectedComponents(types: types)
        order = graph.topologicalOrder(types: types)
    }

    func table(_ graph: borrowing GraphStore) -> TextTable {
        let knots = strongComponents.filter { $0.count > 1 }
        var table = TextTable()
        table.add("nodes", grouped(graph.nodeCount))
        table.add("relationships", grouped(graph.relationshipCount))
        table.add("components", grouped(components.count))
        table.add(indented: "largest", grouped(components.map(\.count).max() ?? 0) + " nodes")
        table.add("strong components of several nodes", grouped(knots.count))
        table.add(indented: "largest", grouped(knots.map(\.count).max() ?? 0) + " nodes")
        switch order {
        case .ordered: table.add("cycles", "none")
        case .cyclic(let cycle):
            let names = cycle.nodes.map { Self.name(graph.node($0)) }
            table.add("a cycle", names.joined(separator: " -> "))
        }
        return table
    }

    private static func name(_ node: Node?) -> String {
        if case .string(let name)? = node?[PackageGraph.nameKey] { return name }
        return "node \(node?.id.description ?? "?")"
    }
}
