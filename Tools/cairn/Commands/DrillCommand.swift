// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnDurable
internal import CairnLSN
internal import CairnLog
internal import Foundation
internal import CairnIO
internal import SystemPackage

/// `cairn drill`
struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Restore to a scratch directory, prove it, report, and remove it.",
        discussion: """
            What cairn restore would do, so that a backup is known to be good before it is needed. Nothing is left \
            behind. The exit status is 1 when the restore or its proof fails.
            """)

    @Argument(help: "The store, the backup, or the directory of backups.", completion: .directory)
    var from: String

    @Option(name: .long, help: "An LSN, a time such as 2026-01-31T12:00:00Z, or latest.")
    var to: MomentArgument = .latest

    @Option(name: .long, help: "Where the scratch directory is made.", completion: .directory)
    var scratch: String?

    @OptionGroup var keys: KeyArguments
    @OptionGroup var report: ReportArguments

    func run() throws {
        let parent =
            scratch.map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? FileManager.default.temporaryDirectory
        let directory = parent.appendingPathComponent("cairn-drill-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let start = ContinuousClock.now
        let plan = try StoreRestore.plan(
            from: FilePath(from), to: to.target, encryption: keys.cipher(), environment: .ofTool())
        let restored = try RestoreCommand.restore(
            FilePath(from), to.target, plan, into: FilePath(directory.path), keys)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        var table = restored.plan.table
        table.add("proof", restored.proof.text)
        table.add("seconds", String(format: "%.3f", seconds))
        try report.print(
            json: .object(
                restored.plan.json.merging([
                    "proof": restored.proof.json, "seconds": .number(seconds),
                ]) { $1 }), table)
    }
}
