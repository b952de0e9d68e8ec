// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnDurable
internal import CairnFormat
internal import CairnGraph
internal import CairnLSN
internal import CairnSegments
internal import CairnIO
internal import SystemPackage

/// `cairn salvage`
struct SalvageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salvage",
        abstract: "Recover what can be read of a damaged store, into a new one.",
        discussion: """
            The damaged store is not changed. The recovered graph begins with the newest snapshot that is intact, and has \
            the transactions after it up to the first loss. The report says which LSNs are lost, and which transactions \
            behind them no longer apply: they rest on what is lost. Without --into nothing is written.

            What another program's events do is known to that program alone: it calls Durable.salvage. The exit status is \
            1 when something is lost.
            """)

    @OptionGroup var store: StoreArguments

    @Option(
        name: .long, help: "The directory of the new store: missing or empty.",
        completion: .directory)
    var into: String?

    @Flag(name: .long, help: "Apply what lies behind a loss, although it may rest on what is lost.")
    var behindLosses = false

    @Flag(name: .long, help: "Leave out transactions that no longer apply, and go on.")
    var leaveOutUnfit = false

    @Flag(name: .long, help: "Take the store for a graph although what says so cannot be read.")
    var assumeGraph = false

    @OptionGroup var report: ReportArguments

    func run() throws {
        var choices = SalvageOptions()
        choices.goesBehindLosses = behindLosses
        choices.leavesOutUnfit = leaveOutUnfit
        choices.assumesProgram = assumeGraph
        let found = try Durable<GraphStore>.salvage(
            FilePath(store.directory), into: into.map { FilePath($0) }, choices: choices,
            options: store.options(.readOnly), environment: .ofTool(creating: into))
        try report.json ? StandardOutput.print(found.json) : StandardOutput.print(found.lines(into))
        guard found.isComplete else { throw ExitCode(1) }
    }
}

extension SalvageReport {
    var json: JSONValue {
        .object([
            "logID": .optional(logID.map { "\($0)" }),
            "snapshot": snapshot.map { .unsigned($0.lsn.rawValue) } ?? .null,
            "damagedSnapshots": .array(damagedSnapshots.map { .unsigned($0.lsn.rawValue) }),
            "findings": .array(findings.map(\.json)),
            "lost": .array(
                lost.map {
                    .object([
                        "first": .unsigned($0.first.rawValue), "last": .unsigned($0.last.rawValue),
                    ])
                }),
            "lostFrom": lostFrom.map { .unsigned($0.rawValue) } ?? .null,
            "applied": .unsigned(appliedCount),
            "leftBehind": .array(leftBehind.map { .unsigned($0.rawValue) }),
            "unfit": .array(
                unfit.map {
                    .object([
                        "lsn": .unsigned($0.lsn.rawValue), "meaning": .string($0.meaning),
                    ])
                }),
            "lastLSN": .unsigned(lastLSN.rawValue),
            "endLSN": .unsigned(endLSN.rawValue),
            "complete": .bool(isComplete),
            "newLogID": .optional(newLogID.map { "\($0)" }),
        ])
    }

    func lines(_ into: String?) -> [String] {
        var lines = [
            "recovered: \(snapshot.map { "the snapshot at LSN \($0.lsn)" } ?? "no snapshot") and "
                + "\(counted(appliedCount, "transaction")) after it, up to LSN \(lastLSN) of \(endLSN)"
        ]
        lines += damagedSnapshots.map { "damaged snapshot: LSN \($0.lsn)" }
        lines += findings.map(\.description)
        lines += lost.map { "lost: LSN \($0.first) to \($0.last)" }
        if let lostFrom {
            lines.append("lost: everything from LSN \(lostFrom) on, if there was more")
        }
        lines += unfit.map { "no longer applies: LSN \($0.lsn): \($0.meaning)" }
        if let first = leftBehind.first, let last = leftBehind.last {
            lines.append(
                "not applied: \(counted(leftBehind.count, "intact transaction")) behind a loss, LSN \(first) to "
                    + "\(last); --behind-losses applies them")
        }
        if let into, newLogID != nil {
            lines.append("written to \(into)")
        } else {
            lines.append("nothing was written; --into NEW writes what was recovered")
        }
        return lines
    }
}
