// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnGraph
internal import CairnQuery
internal import Foundation
internal import Synchronization

/// Reads statements and commands until the input ends, and runs each.
struct Shell {
    private let database: GraphDatabase
    private let isWriting: Bool
    private var limits: QueryLimits
    private var format: RowFormat
    private var parameters: [String: QueryValue]
    private let history: ShellHistory
    private let editor: LineEditor
    private var isAtEnd = false

    static let commands = [
        "csv", "explain", "help", "json", "param", "params", "profile", "quit", "table",
    ]

    private static let help = [
        "STATEMENT;              run a statement; it may take several lines",
        ":explain STATEMENT      its plan with the rows that are expected of each step",
        ":profile STATEMENT      run it, and show its plan with the rows that there were and the time",
        ":param name=value       give a parameter a value; :params lists all",
        ":table, :json, :csv     how rows are printed",
        ":quit                   end",
    ]

    init(database: GraphDatabase, isWriting: Bool, options: QueryOptions) {
        self.database = database
        self.isWriting = isWriting
        limits = options.limits
        format = options.format
        parameters = options.parameters
        history = ShellHistory(path: ShellHistory.defaultPath)
        editor = LineEditor(history: history)
        limits.isCancelled = { Interruption.isRequested }
    }

    /// Runs until the input ends. An error of a statement is printed, and the shell goes on.
    mutating func run() throws {
        Interruption.listen()
        var statement = ""
        defer { history.save() }
        while !isAtEnd {
            editor.complete = { [completion] in completion($0) }
            switch editor.line(prompt: statement.isEmpty ? "cairn> " : "   ...> ") {
            case .endOfInput:
                if !statement.allSatisfy(\.isWhitespace) { try take(&statement) }
                return
            case .interrupted: statement = ""
            case .line(let line):
                if statement.isEmpty, line.first == ":" {
                    history.add(line)
                    try reportingErrors { try command(String(line.dropFirst())) }
                    continue
                }
                statement += statement.isEmpty ? line : "\n" + line
                if statement.allSatisfy(\.isWhitespace) { statement = "" }
                if Self.isComplete(statement) { try take(&statement) }
            }
        }
    }

    private var completion: Completion {
        database.read { [parameters] graph in
            Completion(graph, parameters: Array(parameters.keys), commands: Self.commands)
        }
    }

    /// Whether a statement ends with a semicolon.
    static func isComplete(_ text: String) -> Bool {
        text.last { !$0.isWhitespace } == ";"
    }

    private mutating func take(_ statement: inout String) throws {
        let text = statement
        statement = ""
        history.add(text)
        try reportingErrors { try execute(text) }
    }

    private func execute(_ text: String) throws {
        Interruption.clear()
        let runner = StatementRunner(
            database: database, isWriting: isWriting, format: format, limits: limits)
        try runner.run(Query(text, parameters))
    }

    private func reportingErrors(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as StandardOutput.ReaderGone {
            throw error
        } catch {
            printDiagnostic("cairn: \(error)")
            // Nothing more can be written to a store that was stopped.
            if let failure = database.failure { throw failure }
        }
    }

    /// A command is not known.
    struct UnknownCommand: Error, CustomStringConvertible {
        let name: String
        var description: String { "there is no command :\(name); :help lists them" }
    }

    private mutating func command(_ line: String) throws {
        let end = line.firstIndex(where: \.isWhitespace) ?? line.endIndex
        let name = String(line[..<end])
        let rest = String(line[end...].drop(while: \.isWhitespace))
        switch name {
        case "help": try StandardOutput.print(Self.help)
        case "quit", "exit": isAtEnd = true
        case "table": format = .table
        case "json": format = .json
        case "csv": format = .csv
        case "explain": try execute("EXPLAIN " + rest)
        case "profile": try execute("PROFILE " + rest)
        case "param":
            guard let parameter = QueryParameter(argument: rest) else {
                throw UnknownCommand(name: "param without name=value")
            }
            parameters[parameter.name] = parameter.value
        case "params":
            try StandardOutput.print(
                parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        default: throw UnknownCommand(name: name)
        }
    }
}

/// Control-C while a statement runs ends the statement, not the program.
enum Interruption {
    private static let flag = Atomic<Bool>(false)

    static var isRequested: Bool { flag.load(ordering: .relaxed) }
    static func clear() { flag.store(false, ordering: .relaxed) }

    /// Takes the signal from now on.
    static func listen() {
        signal(SIGINT) { _ in Interruption.flag.store(true, ordering: .relaxed) }
    }
}
