// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
public import Cairn
public import CairnExchange
internal import CairnGraph
internal import CairnIO
internal import SystemPackage

/// `cairn import jsonl`
struct ImportJSONLinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jsonl",
        abstract: "Bring what `cairn export --format jsonl` wrote into a database.",
        discussion: """
            Every node and relationship keeps its id, so exporting again gives the same bytes. That needs \
            a database without content; --renew gives new ids instead, and adds to what is there.

            The text may be compressed, as for `cairn import dpkg`. A line may be of any length.

            The text is read piece by piece, each piece in a transaction of its own. A line that cannot \
            be imported ends the import with its place; what came in the pieces before is kept.
            """)

    /// The database has content, so ids cannot be kept.
    struct NotEmpty: Error, CustomStringConvertible {
        let directory: String
        var description: String {
            "\(directory) has content already; choose a new directory, or give new ids with --renew"
        }
    }

    /// A line cannot be imported.
    struct Failure: Error, CustomStringConvertible {
        let inputName: String
        let error: ExchangeError
        let keptCount: Int

        var description: String {
            let kept = keptCount == 0 ? "nothing was imported" : "the import is incomplete"
            return "\(inputName), \(error)\(advice); \(kept)"
        }

        /// The options of the tool that help.
        private var advice: String {
            switch error.code {
            case .tooManyHoles: " (--renew), or allow more with --holes"
            case .outOfOrder, .graphNotEmpty: " (--renew)"
            default: ""
            }
        }
    }

    @Argument(help: "The lines; - is standard input.", completion: .file())
    var file: String

    @Option(
        name: .long, help: "The directory of the database; created when it is missing.",
        completion: .directory)
    var into: String

    @Flag(name: .long, help: "Give new ids.")
    var renew = false

    @Option(
        name: .long,
        help: "How many ids the lines may leave out in all; each takes a moment and some memory.")
    var holes = JSONLinesImport.Options().holeCountMax

    @OptionGroup var keys: KeyArguments
    @OptionGroup var report: ReportArguments

    private static let pieceByteCount = 1 << 20

    func validate() throws {
        guard holes >= 0 else { throw ValidationError("--holes must not be negative.") }
    }

    func run() throws {
        let input = try InputFile(file)
        let database = try StoreArguments.openForWriting(into, keys, createIfMissing: true)
        let counts = try database.closing { database in
            let nodeCount = database.read { $0.nodeCount }
            guard renew || nodeCount == 0 else {
                throw NotEmpty(directory: into)
            }
            return try bring(input, into: database)
        }
        if report.json {
            try StandardOutput.print(
                JSONValue.object([
                    "nodes": .count(counts.nodeCount),
                    "relationships": .count(counts.relationshipCount),
                    "lines": .count(counts.lineCount),
                ]))
        } else {
            var table = TextTable()
            table.add("lines", grouped(counts.lineCount))
            table.add("nodes", grouped(counts.nodeCount))
            table.add("relationships", grouped(counts.relationshipCount))
            try StandardOutput.print(table.lines)
        }
    }

    private func bring(_ input: InputFile, into database: GraphDatabase) throws -> JSONLinesImport {
        var options = JSONLinesImport.Options()
        options.identity = renew ? .renewed : .kept
        options.holeCountMax = holes
        var lines = JSONLinesImport(options: options)
        var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
        var keptCount = 0
        do {
            while true {
                let count = try piece.withUnsafeMutableBytes { try input.read(into: $0) }
                if count == 0 { break }
                let bytes = Array(piece[..<count])
                try database.write { transaction in try lines.read(bytes, into: &transaction) }
                keptCount = lines.nodeCount
            }
            try database.write { transaction in try lines.finish(into: &transaction) }
        } catch let error as ExchangeError {
            throw Failure(inputName: input.name, error: error, keptCount: keptCount)
        }
        return lines
    }
}

extension GraphTransaction: GraphTarget {}
