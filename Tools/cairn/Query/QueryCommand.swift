// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnQuery
internal import Foundation

/// `cairn query`
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Run a statement in openCypher's language.",
        discussion: """
            Prints a table that fits the terminal; with --json an object for each row, a line each; with --csv \
            the rows as RFC 4180 has them. EXPLAIN before the statement prints its plan with the rows that are expected \
            of each step; PROFILE runs it and prints the plan with the rows that there were and the time.

            Only with --write the statement may change the graph: it is one transaction, durable when the tool ends, or \
            without any effect when it fails.

            A parameter is $name in the statement. The value of --param name=value is a number, true, false, null, \
            or a list, an object or a text as JSON has them; anything else is text as it stands.
            """)

    @OptionGroup var store: StoreArguments

    @Argument(help: "The statement; - is standard input.")
    var statement: String

    @OptionGroup var options: QueryOptions

    @Flag(name: .long, help: "Let the statement change the graph.")
    var write = false

    func validate() throws { try options.validateFormat() }

    func run() throws {
        let text = try statement == "-" ? Self.standardInput() : statement
        let database = try write ? store.openForWriting() : store.openForReading()
        try database.closing { database in
            let runner = StatementRunner(
                database: database, isWriting: write, format: options.format,
                limits: options.limits)
            try runner.run(Query(text, options.parameters))
        }
    }

    /// A statement is not text.
    struct NotText: Error, CustomStringConvertible {
        var description: String { "standard input is not UTF-8" }
    }

    private static func standardInput() throws -> String {
        let bytes = try FileHandle.standardInput.readToEnd() ?? Data()
        guard let text = String(data: bytes, encoding: .utf8) else { throw NotText() }
        return text
    }
}

/// How statements are run and shown, by `query` and `shell`.
struct QueryOptions: ParsableArguments {
    @Flag(name: .long, help: "Print each row as a JSON object, a line each.")
    var json = false

    @Flag(name: .long, help: "Print the rows as CSV, with a header.")
    var csv = false

    @Option(
        name: .customLong("param"),
        help: "The value of a parameter, as name=value; may be given several times.")
    var given: [QueryParameter] = []

    @Option(name: .long, help: "How many seconds a statement may take.")
    var timeout: Double?

    @Option(name: .long, help: "How many rows a statement may give.")
    var rows: Int?

    func validateFormat() throws {
        if json && csv { throw ValidationError("--json and --csv exclude each other.") }
        if let timeout, !(timeout > 0 && timeout < 1e9) {
            throw ValidationError("--timeout must be a number of seconds above 0.")
        }
        if let rows, rows < 0 { throw ValidationError("--rows must not be negative.") }
    }

    var format: RowFormat { json ? .json : csv ? .csv : .table }

    var parameters: [String: QueryValue] {
        Dictionary(given.map { ($0.name, $0.value) }) { $1 }
    }

    var limits: QueryLimits {
        QueryLimits(timeout: timeout.map { .seconds($0) }, rowCountMax: rows)
    }
}

/// How rows are printed.
enum RowFormat {
    case table, json, csv
}
