// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnIO
internal import SystemPackage

/// Brings data into a database.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring data into a database.",
        subcommands: [
            ImportDpkgCommand.self, ImportJSONLinesCommand.self, ImportCSVCommand.self,
        ])
}

/// `cairn import dpkg`
struct ImportDpkgCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dpkg",
        abstract: "Bring a Debian package list into a database.",
        discussion: """
            Reads a dpkg `status` file, a `Packages` file, or the output of `apt-cache dumpavail`, also \
            compressed with gzip and, where their programs are installed, xz, zstd, bzip2 or lz4. Each \
            name becomes a node, labelled Package when the list has a stanza for it and VirtualPackage \
            when it is only mentioned. Each alternative of Depends, Pre-Depends, Recommends, Suggests, \
            Conflicts, Breaks, Replaces and Provides becomes a relationship, with the index of its \
            comma clause as `group`, and `constraint`, `qualifier` and `restriction` where there are any. \
            Empty clauses are passed over. `status` is what dpkg says of the package, as `deinstall ok \
            config-files`.

            A later stanza of the same name replaces the properties and the outgoing relationships of \
            the earlier one. Importing the same list again changes nothing. A malformed stanza ends the \
            import with its line number: nothing of its batch is imported, everything before it is kept. \
            What dpkg takes though it is not well-formed is imported as far as it can be and counted at \
            the end: bytes that are not UTF-8, sizes that are no numbers. --strict refuses it.

            A name has one node, so of stanzas of one name for several architectures the last one counts; \
            the end says how many names had such.
            """)

    @Argument(help: "The package list; - is standard input.", completion: .file())
    var file: String

    @Option(
        name: .long, help: "The directory of the database; created when it is missing.",
        completion: .directory)
    var into: String

    @Option(
        name: .long,
        help: "How many stanzas make one transaction, which is durable before the next begins.")
    var batch = 1000

    @Flag(
        name: .long,
        help: "After each batch, print a line `ack LSN STANZAS`: it is durable up to there.")
    var acks = false

    @Flag(name: .long, help: "Refuse bytes that are not UTF-8, and sizes that are no numbers.")
    var strict = false

    @OptionGroup var keys: KeyArguments
    @OptionGroup var report: ReportArguments

    func validate() throws {
        guard (1...1_000_000).contains(batch) else {
            throw ValidationError("--batch must be a number from 1 to 1000000.")
        }
    }

    func run() throws {
        let input = try InputFile(file)
        let database = try StoreArguments.openForWriting(into, keys, createIfMissing: true)
        let summary = try database.closing { database in
            // Acknowledgements on the same terminal would get mixed up with the bar.
            let output = FileDescriptor.standardOutput.rawValue
            let printsAcks = acks && ProcessFacts.terminalColumnCount(descriptor: output) != nil
            var run = PackageImport(
                into: database, from: input, batchStanzaCount: batch, isStrict: strict,
                showsProgress: !printsAcks
            ) { lsn, stanzaCount in
                if acks { try StandardOutput.print("ack \(lsn) \(stanzaCount)") }
            }
            return try run.run()
        }
        for remark in summary.remarks { printDiagnostic("cairn: \(remark)") }
        try report.print(json: summary.json, summary.table)
    }
}
