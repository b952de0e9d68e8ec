// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnFormat
internal import CairnGraph

/// `cairn neighbors`
struct NeighborsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "neighbors",
        abstract: "List what a node is connected to.",
        discussion: """
            The node is looked for by its property `name`. Each relationship gives one line; a node that \
            is connected twice is listed twice.
            """)

    /// Which way relationships are followed.
    enum Way: String, CaseIterable, ExpressibleByArgument {
        case `in`, out, both

        var direction: Direction {
            switch self {
            case .in: .incoming
            case .out: .outgoing
            case .both: .both
            }
        }
    }

    /// No node bears the name.
    struct NoSuchNode: Error, CustomStringConvertible {
        let name: String
        var description: String { "no node has the name \(name)" }
    }

    @OptionGroup var store: StoreArguments

    @Option(name: .long, help: "The name of the node.")
    var name: String

    @Option(name: .long, help: "Relationships that end at the node, start from it, or both.")
    var direction = Way.both

    @Option(
        name: .long,
        help: "Only relationships of this type, as DEPENDS; may be given several times.")
    var type: [String] = []

    @OptionGroup var report: ReportArguments

    func run() throws {
        let types = type.isEmpty ? nil : Set(type)
        let found = try store.openForReading().closing { database in
            try database.read { graph in
                guard let node = Self.node(named: name, graph) else {
                    throw NoSuchNode(name: name)
                }
                let relationships = graph.relationships(
                    of: node.id, direction: direction.direction, types: types)
                return Neighbors(
                    node: node,
                    entries: relationships.compactMap { relationship in
                        graph.node(relationship.other(than: node.id)).map { (relationship, $0) }
                    })
            }
        }
        try report.json ? StandardOutput.print(found.json) : StandardOutput.print(found.lines)
    }

    /// The node with this name: a package, else a virtual one, else the one with the lowest id.
    private static func node(named name: String, _ graph: borrowing GraphStore) -> Node? {
        let value = Value.string(name)
        let key = PackageGraph.nameKey
        var id =
            graph.node(labeled: PackageGraph.packageLabel, key, equals: value)
            ?? graph.node(labeled: PackageGraph.virtualLabel, key, equals: value)
        if id == nil { id = graph.nodes.first { $0[key] == value }?.id }
        return id.flatMap { graph.node($0) }
    }
}

/// A node and what it is connected to, ascending by the relationship's id.
private struct Neighbors {
    let node: Node
    let entries: [(relationship: Relationship, node: Node)]

    var json: JSONValue {
        .object([
            "node": Self.json(node),
            "neighbors": .array(
                entries.map { relationship, other in
                    .object([
                        "direction": .string(relationship.from == node.id ? "out" : "in"),
                        "relationship": .object([
                            "id": .unsigned(relationship.id.rawValue),
                            "type": .string(relationship.type),
                            "properties": JSONValue(relationship.properties),
                        ]),
                        "node": Self.json(other),
                    ])
                }),
        ])
    }

    private static func json(_ node: Node) -> JSONValue {
        .object([
            "id": .unsigned(node.id.rawValue),
            "labels": .array(node.labels.map(JSONValue.string)),
            "properties": JSONValue(node.properties),
        ])
    }

    /// A line for the node and one for each relationship; visible already, because that changes widths.
    var lines: [String] {
        let rows = entries.map { relationship, other in
            [
                relationship.from == node.id ? "->" : "<-", relationship.type, Self.name(other),
                relationship.properties.sorted { $0.key < $1.key }
                    .map { "\($0.key)=\(Self.text($0.value))" }.joined(separator: " "),
            ].map(\.visible)
        }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths + [0]).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }.joined(separator: "  ")
        }
        let noun = entries.count == 1 ? "relationship" : "relationships"
        return ["\(Self.name(node)): \(grouped(entries.count)) \(noun)"] + lines
    }

    private static func name(_ node: Node) -> String {
        if case .string(let name)? = node[PackageGraph.nameKey] { name } else { "node \(node.id)" }
    }

    private static func text(_ value: Value) -> String {
        if case .string(let text) = value { return text.contains(" ") ? "(\(text))" : text }
        return (try? JSONValue(value).text()) ?? ""
    }
}
