// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnGraph
internal import CairnQuery
internal import Foundation

/// `cairn shell`
struct ShellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Ask a database statement by statement.",
        discussion: """
            A statement ends with a semicolon and may take several lines. Lines that begin with a colon are commands of the \
            shell; :help lists them. Only with --write statements may change the graph, each in a transaction of its own.

            On a terminal lines can be edited, the arrow keys bring back earlier ones, and the tabulator completes labels, \
            types, keys, keywords and functions. Control-C ends a statement that runs. The lines are kept in the file that \
            CAIRN_HISTORY names, by default ~/.cairn_history; nowhere when it is empty.
            """)

    @OptionGroup var store: StoreArguments
    @OptionGroup var options: QueryOptions

    @Flag(name: .long, help: "Let statements change the graph.")
    var write = false

    func validate() throws { try options.validateFormat() }

    func run() throws {
        let database = try write ? store.openForWriting() : store.openForReading()
        try database.closing { database in
            var shell = Shell(database: database, isWriting: write, options: options)
            try shell.run()
        }
    }
}
