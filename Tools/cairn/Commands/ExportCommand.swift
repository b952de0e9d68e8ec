// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnExchange
internal import CairnGraph

/// `cairn export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print all nodes and relationships.",
        discussion: """
            Nodes come first, then relationships, each ascending by id; so equal graphs give equal text.

            jsonl: one JSON object a line, {"kind":"node","id","labels","properties"} or \
            {"kind":"relationship","id","type","from","to","properties"}. What JSON does not have becomes \
            an object with one key: bytes {"$bytes": base64}, doubles that are not finite \
            {"$double": "nan"}. `cairn import jsonl` reads it back.

            dot: a graph in the language of Graphviz.

            graphml: GraphML, with the labels as :labels and the type as :type.
            """)

    /// The format of the output.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case jsonl, dot, graphml
    }

    @OptionGroup var store: StoreArguments

    @Option(name: .long, help: "What the output looks like.")
    var format: Format

    func run() throws {
        try store.openForReading().closing { database in
            try database.read { graph in
                switch format {
                case .jsonl: try JSONLinesExport.write(graph, to: StandardOutput.write)
                case .dot: try DOTExport.write(graph, to: StandardOutput.write)
                case .graphml: try GraphMLExport.write(graph, to: StandardOutput.write)
                }
            }
        }
    }
}
