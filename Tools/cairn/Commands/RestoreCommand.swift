// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnDurable
internal import CairnLSN
internal import CairnLog
internal import CairnIO
internal import CairnZlib
internal import SystemPackage

/// `cairn restore`
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a moment of a store, or of a backup, into a new store.",
        discussion: """
            FROM is a store, also one that is in use, a backup, or a directory of backups. It is not changed. The new \
            store is read back and compared with FROM. Of a graph the log is replayed, too, and the state compared with \
            the digest of each checkpoint: a proof that what was restored is what was there.

            The new store is a timeline of its own: its log has a new identity and names the one it comes from, so that \
            its backups are never mixed up with those of FROM.

            With --dry-run nothing is written, and the earliest and the latest moment are told.
            """)

    @Argument(help: "The store, the backup, or the directory of backups.", completion: .directory)
    var from: String

    @Option(name: .long, help: "An LSN, a time such as 2026-01-31T12:00:00Z, or latest.")
    var to: MomentArgument = .latest

    @Option(
        name: .long, help: "The directory of the new store: missing or empty.",
        completion: .directory)
    var into: String?

    @Flag(name: .long, help: "Tell what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var keys: KeyArguments
    @OptionGroup var report: ReportArguments

    func validate() throws {
        guard dryRun || into != nil else {
            throw ValidationError("--into is missing: the directory of the new store")
        }
    }

    func run() throws {
        let plan = try StoreRestore.plan(
            from: FilePath(from), to: to.target, encryption: keys.cipher(), environment: .ofTool())
        guard !dryRun, let into else {
            return try report.print(json: .object(plan.json), plan.table)
        }
        let restored = try restore(plan, into: FilePath(into))
        var table = restored.plan.table
        table.add("new log", "\(restored.logID)")
        table.add("proof", restored.proof.text)
        try report.print(
            json: .object(
                restored.plan.json.merging([
                    "newLogID": .string("\(restored.logID)"), "proof": restored.proof.json,
                ]) { $1 }), table)
    }

    private func restore(_ plan: RestorePlan, into: FilePath) throws -> Restored {
        try Self.restore(FilePath(from), to.target, plan, into: into, keys)
    }

    /// With the replay of a graph; what another program's events do only that knows.
    static func restore(
        _ source: FilePath, _ target: RestoreTarget, _ plan: RestorePlan, into: FilePath,
        _ keys: KeyArguments
    ) throws -> Restored {
        let environment = StorageEnvironment.ofTool(creating: into.string)
        let options = try StoreArguments.options(.readOnly, keys)
        guard try StoreContents.of(plan.source, options: options, environment: environment).isGraph
        else {
            return try StoreRestore.restore(
                from: source, to: target, into: into, encryption: options.encryption,
                decompressors: [ZlibBatchCompressor()], environment: environment)
        }
        return try GraphDatabase.restore(
            from: source, to: target, into: into, options: options, environment: environment)
    }
}

/// A moment on the command line.
struct MomentArgument: ExpressibleByArgument {
    let target: RestoreTarget

    static let latest = MomentArgument(target: .latest)

    init(target: RestoreTarget) { self.target = target }

    init?(argument: String) {
        if argument == "latest" {
            target = .latest
        } else if let number = UInt64(argument) {
            target = .lsn(LSN(rawValue: number))
        } else if let time = nanoseconds(utc: argument) {
            target = .time(time)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { "latest" }
}

extension RestorePlan {
    var json: [String: JSONValue] {
        [
            "source": .string(source.string), "logID": .string("\(logID)"),
            "earliest": earliest.json, "latest": latest.json, "moment": moment.json,
            "snapshot": snapshot.map { .unsigned($0.lsn.rawValue) } ?? .null,
            "transactions": .unsigned(transactionCount), "leftOut": .unsigned(leftOutCount),
            "bytes": .unsigned(byteCount),
            "damagedSnapshots": .array(damagedSnapshots.map { .unsigned($0.lsn.rawValue) }),
        ]
    }

    var table: TextTable {
        var table = TextTable()
        table.add("from", source.string)
        table.add("log", "\(logID)")
        table.add("earliest moment", earliest.text)
        table.add("latest moment", latest.text)
        table.add("restored moment", moment.text)
        table.add("snapshot", snapshot.map { "LSN \($0.lsn)" } ?? "none: the log begins at LSN 1")
        table.add("transactions after it", grouped(transactionCount))
        table.add("transactions left out", grouped(leftOutCount))
        table.add("bytes", grouped(byteCount))
        for fence in damagedSnapshots {
            table.add("damaged snapshot", "LSN \(fence.lsn): passed over")
        }
        return table
    }
}

extension RestorePlan.Moment {
    var json: JSONValue {
        .object([
            "lsn": .unsigned(lsn.rawValue), "time": .optional(nanoseconds.map(utcText)),
        ])
    }

    var text: String { "LSN \(lsn)" + (nanoseconds.map { ", \(utcText($0))" } ?? "") }
}

extension RestoreProof {
    var json: JSONValue {
        .object([
            "transactions": .unsigned(transactionCount),
            "snapshotProven": isSnapshotProven.map(JSONValue.bool) ?? .null,
            "replay": replay.map(\.json) ?? .null,
        ])
    }

    var text: String {
        var parts = ["\(counted(transactionCount, "transaction")) read back as in the source"]
        switch isSnapshotProven {
        case true: parts.append("the snapshot has the digest of its checkpoint")
        case nil: parts.append("no checkpoint speaks of the snapshot")
        default: break
        }
        if let replay { parts.append(replay.description) }
        return parts.joined(separator: "; ")
    }
}
