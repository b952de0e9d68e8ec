// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnDurable
internal import CairnZlib
internal import SystemPackage

/// `cairn checkpoint`
struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Write a snapshot, and drop what the log no longer needs.",
        discussion: """
            The next opening reads the snapshot and only what came after it. The log is kept back to the \
            snapshot before, so that a damaged snapshot costs time and not data. Only of a graph: the snapshot of any \
            other state is written by its program.

            With --archive, what is dropped was moved into that directory before, and stays there: cairn restore, drill and \
            backup --verify take it. Give it each time, and each store a directory of its own.
            """)

    @Option(
        name: .long, help: "Move what is dropped into this directory.", completion: .directory)
    var archive: String?

    @Flag(name: .long, help: "Compress the snapshot.")
    var compress = false

    @OptionGroup var store: StoreArguments
    @OptionGroup var report: ReportArguments

    func run() throws {
        guard try store.isGraph() else {
            printDiagnostic(
                "cairn: \(store.directory) is the store of a program, and only that can write a snapshot of its "
                    + "state; nothing was changed: call checkpoint in the program")
            throw ExitCode.validationFailure
        }
        var options = CheckpointOptions.manual
        options.archive = archive.map { DirectoryArchive(FilePath($0)) }
        options.compressor = compress ? ZlibBatchCompressor() : nil
        let checkpoint = try store.openForWriting(checkpoints: options).closing {
            try $0.checkpoint()
        }
        let snapshot = checkpoint.map { SnapshotReport($0.snapshot, in: store.directory) }
        if report.json {
            let json = JSONValue.object([
                "snapshot": snapshot?.json ?? .null,
                "removedSnapshots": .count(checkpoint?.removedSnapshotCount ?? 0),
                "removedSegments": .count(checkpoint?.removedSegmentCount ?? 0),
                "archivedFiles": .count(checkpoint?.archivedFileCount ?? 0),
            ])
            return try StandardOutput.print(json)
        }
        guard let checkpoint, let snapshot else {
            return try StandardOutput.print("nothing has changed since the last snapshot")
        }
        var table = TextTable()
        table.add("snapshot", "\(snapshot.name), \(snapshot.text)")
        table.add("removed snapshots", grouped(checkpoint.removedSnapshotCount))
        table.add("removed segments", grouped(checkpoint.removedSegmentCount))
        if archive != nil { table.add("archived files", grouped(checkpoint.archivedFileCount)) }
        try StandardOutput.print(table.lines)
    }
}
