// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CairnFormat
internal import Foundation

/// The command-line tool.
///
/// Results go to standard output; progress and errors to standard error. The exit status is 0, or 1
/// after an error (one sentence says which), or 64 for arguments that make no sense. When no process reads
/// the output any more, the tool closes its files and ends with 141, as if the signal had ended it.
@main
struct CairnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cairn",
        abstract: "Durable property graphs in a directory or in one file.",
        version: "0.1.0",
        subcommands: [
            ImportCommand.self, StatusCommand.self, QueryCommand.self, ShellCommand.self,
            NeighborsCommand.self, VerifyCommand.self, DumpCommand.self, ReplayCommand.self,
            InspectCommand.self, CheckpointCommand.self, ExportCommand.self, AnalyzeCommand.self,
            BackupCommand.self, RestoreCommand.self, DrillCommand.self, SalvageCommand.self,
            PackCommand.self,
            UnpackCommand.self,
        ])

    static func main() {
        // A closed pipe becomes an error that the commands can end orderly after.
        signal(SIGPIPE, SIG_IGN)
        // So does a file that would grow above the limit of the process: EFBIG says which file.
        signal(SIGXFSZ, SIG_IGN)
        var command: any ParsableCommand
        do {
            command = try parseAsRoot()
        } catch {
            end(error)
        }
        do {
            try command.run()
        } catch is StandardOutput.ReaderGone {
            Foundation.exit(141)
        } catch {
            // What the argument parser throws knows its own exit status: help, or wrong arguments.
            if error is ExitCode || exitCode(for: error) != .failure { end(error) }
            let advice = AccessAdvice(error).map { "; " + $0.text } ?? ""
            printDiagnostic("cairn: \(error)\(advice)")
            Foundation.exit(1)
        }
    }

    /// Ends with what the argument parser says of an error.
    private static func end(_ error: any Error) -> Never {
        let code = exitCode(for: error)
        // Help and completion scripts are our own text.
        guard code != .success else { exit(withError: error) }
        var message = fullMessage(for: error)
        for argument in CommandLine.arguments where argument.visible != argument {
            message = message.replacing(argument, with: argument.visible)
        }
        for line in message.split(separator: "\n", omittingEmptySubsequences: false).drop(
            while: \.isEmpty)
        {
            printDiagnostic(String(line))
        }
        Foundation.exit(code.rawValue)
    }
}
