// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnDurable
internal import CairnGraph
internal import CairnLSN
internal import CairnIO
internal import SystemPackage

/// `cairn replay`
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay a database up to a moment, and change nothing.",
        discussion: """
            Says what the graph held after a commit. With --events each event is printed before it is applied, so the \
            last line names the one that could not be. cairn dump lists the LSNs.
            """)

    @OptionGroup var store: StoreArguments

    @Option(name: .long, help: "Leave out commits after this LSN.")
    var to: UInt64 = .max

    @Flag(name: .long, help: "Print each event before it is applied.")
    var events = false

    @OptionGroup var report: ReportArguments

    func run() throws {
        var output = StandardOutput()
        var (eventCount, last) = (0, LSN.never)
        let graph = try Durable<GraphStore>.dryRun(
            FilePath(store.directory), upTo: LSN(rawValue: to),
            options: store.options(.readOnly), environment: .ofTool()
        ) { event, lsn in
            (eventCount, last) = (eventCount + 1, lsn)
            guard events else { return }
            try output.line("\(lsn)  \(event)")
            // The event may end the program: the line is out before.
            try output.flush()
        }
        try output.flush()
        let json = JSONValue.object([
            "nodes": .count(graph.nodeCount),
            "relationships": .count(graph.relationshipCount),
            "eventCount": .count(eventCount),
            "lastLSN": .unsigned(last.rawValue),
        ])
        var table = TextTable()
        table.add("nodes", grouped(graph.nodeCount))
        table.add("relationships", grouped(graph.relationshipCount))
        table.add("events replayed", grouped(eventCount))
        table.add("last commit", eventCount == 0 ? "in the snapshot" : "LSN \(last)")
        try report.print(json: json, table)
    }
}
