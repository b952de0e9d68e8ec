// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation

/// The command-line tool.
///
/// Results go to standard output; progress and errors to standard error. The exit status is 0, or 1
/// after an error (one sentence says which), or 64 for arguments that make no sense. When nobody reads
/// the output any more, the tool closes its files and ends with 141, as if the signal had ended it.
@main
struct CairnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cairn",
        abstract: "Durable property graphs in a directory.",
        version: "0.1.0",
        subcommands: [
            ImportCommand.self, StatusCommand.self, NeighborsCommand.self, VerifyCommand.self,
            DumpCommand.self, ReplayCommand.self, InspectCommand.self,
            CheckpointCommand.self, ExportCommand.self, AnalyzeCommand.self,
        ])

    static func main() {
        // A closed pipe becomes an error that the commands can end orderly after.
        signal(SIGPIPE, SIG_IGN)
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            exit(withError: error)
        }
        do {
            try command.run()
        } catch is StandardOutput.ReaderGone {
            Foundation.exit(141)
        } catch {
            // What the argument parser throws knows its own exit status: help, or wrong arguments.
            if error is ExitCode || exitCode(for: error) != .failure { exit(withError: error) }
            printDiagnostic("cairn: \(error)")
            Foundation.exit(1)
        }
    }
}
