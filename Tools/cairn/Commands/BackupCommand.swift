// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnDurable
internal import CairnLSN
internal import CairnSegments
internal import CairnIO
internal import SystemPackage

/// `cairn backup`
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a store into a backup while it is in use, or check backups.",
        discussion: """
            cairn backup DIR TO copies the store in DIR, of any program, into a new backup below the directory TO. Others \
            may read and write the store meanwhile. A backup is a directory that opens by itself, for reading, and is \
            never changed. What an earlier backup in TO has is not copied again. An interrupted backup is never taken for \
            a whole one.

            cairn backup --verify TO compares every byte of the backups in TO, of the one backup TO, or of the archive TO, \
            with what was copied. The exit status is 1 when something was found.
            """)

    @Argument(help: "The directory of the store, and that of its backups.", completion: .directory)
    var directories: [String]

    @Flag(name: .long, help: "Check the backups in a directory, or an archive.")
    var verify = false

    @Option(name: .long, help: "Copy so many MiB in a second at most.")
    var rate: Int?

    @OptionGroup var report: ReportArguments

    func validate() throws {
        guard directories.count == (verify ? 1 : 2) else {
            throw ValidationError(
                verify
                    ? "--verify takes one directory of backups"
                    : "a store and a directory of backups are needed")
        }
        guard rate.map({ $0 > 0 && $0 <= 1 << 30 }) ?? true else {
            throw ValidationError("the rate is at least 1")
        }
    }

    func run() throws {
        guard !verify else { return try check() }
        var options = BackupOptions()
        options.byteCountPerSecond = rate.map { $0 << 20 }
        let backup = try StoreBackup.make(
            of: FilePath(directories[0]), to: FilePath(directories[1]), options: options,
            environment: .ofTool())
        let json = JSONValue.object([
            "path": .string(backup.path.string),
            "lsn": .unsigned(backup.lsn.rawValue),
            "logID": .string("\(backup.logID)"),
            "time": .optional(
                backup.lastCommitNanoseconds == 0 ? nil : utcText(backup.lastCommitNanoseconds)),
            "files": .count(backup.fileCount),
            "copiedBytes": .unsigned(backup.copiedByteCount),
            "sharedBytes": .unsigned(backup.sharedByteCount),
        ])
        var table = TextTable()
        table.add("backup", backup.path.string)
        table.add("up to LSN", "\(backup.lsn)")
        if backup.lastCommitNanoseconds > 0 {
            table.add("last commit", utcText(backup.lastCommitNanoseconds))
        }
        table.add("files", grouped(backup.fileCount))
        table.add("bytes copied", grouped(backup.copiedByteCount))
        table.add("bytes of earlier backups", grouped(backup.sharedByteCount))
        try report.print(json: json, table)
    }

    private func check() throws {
        let path = FilePath(directories[0])
        let findings =
            StoreArchive.isThere(path)
            ? try StoreArchive.verify(DirectoryArchive(path))
            : try StoreBackup.verify(path, environment: .ofTool())
        try report.json
            ? StandardOutput.print(
                .object([
                    "verdict": .string(findings.first.map { "\($0.verdict)" } ?? "clean"),
                    "findings": .array(findings.map(\.json)),
                ]))
            : StandardOutput.print(
                findings.isEmpty
                    ? ["clean: every byte is as it was copied"]
                    : findings.map(\.description))
        // What an interruption has left is no damage.
        guard findings.allSatisfy({ $0.verdict == .tornTail }) else { throw ExitCode(1) }
    }
}
