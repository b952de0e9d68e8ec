// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn

/// `cairn import csv`
struct ImportCSVCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csv",
        abstract: "Bring the rows of a CSV file into a database.",
        discussion: """
            The first line is the header. A column `name` is a property of texts, `size:int` one of numbers; there are \
            string, int, long, float, double, boolean, each also with [] for lists with `;` between elements. With --infer \
            a column without a kind has numbers and truth values where its texts are such. An empty field is no value, \
            "" an empty text. `:IGNORE` leaves a column out.

            Nodes: `cairn import csv packages.csv --into db --label Package --id name`. A row is a node that is found by \
            the properties of --id (or of the columns of the kind ID) among those with the first label, and made when \
            there is none; the rule that makes those properties unique is made first. `:LABEL` has more labels. \
            Without an id each row is a new node.

            Relationships: `cairn import csv depends.csv --into db --relationship DEPENDS --from Package.name --to \
            Package.name`. The columns of the ends are those of the kinds START_ID and END_ID, those that --from-column \
            and --to-column name, or else the first two. `:TYPE` has the type of each row. Each row makes a \
            relationship, also when there is one like it.

            The file may be compressed, as for `cairn import dpkg`. What cannot be taken is left out and counted at the \
            end; --strict refuses it, with the batch in which it stands.
            """)

    @Argument(help: "The rows; - is standard input.", completion: .file())
    var file: String

    @Option(
        name: .long, help: "The directory of the database; created when it is missing.",
        completion: .directory)
    var into: String

    @Option(name: .long, help: "A label of the nodes; may be given several times.")
    var label: [String] = []

    @Option(
        name: .long, help: "A property that nodes are found by; several are a key together.")
    var id: [String] = []

    @Option(name: .long, help: "The rows are relationships, of this type unless a column says it.")
    var relationship: String?

    @Option(name: .long, help: "Where relationships begin, as Label.key.")
    var from: String?

    @Option(name: .long, help: "Where relationships end, as Label.key.")
    var to: String?

    @Option(name: .long, help: "The column with the keys of the nodes where relationships begin.")
    var fromColumn: String?

    @Option(name: .long, help: "The column with the keys of the nodes where relationships end.")
    var toColumn: String?

    @Option(name: .long, help: "The character between fields; `tab` for a tabulator.")
    var delimiter = ","

    @Flag(name: .long, help: "Take numbers and truth values in columns without a kind as such.")
    var infer = false

    @Option(name: .long, help: "How many rows make one transaction.")
    var batch = 10_000

    @Flag(name: .long, help: "Refuse rows that cannot be taken as they are.")
    var strict = false

    @OptionGroup var keys: KeyArguments
    @OptionGroup var report: ReportArguments

    func validate() throws {
        guard (1...1_000_000).contains(batch) else {
            throw ValidationError("--batch must be a number from 1 to 1000000.")
        }
        _ = try delimiterByte()
        _ = try content()
    }

    private func delimiterByte() throws -> UInt8 {
        if delimiter == "tab" { return 0x09 }
        guard delimiter.utf8.count == 1, let byte = delimiter.utf8.first,
            ![0x0A, 0x0D, 0x22].contains(byte)
        else { throw ValidationError("--delimiter must be one ASCII character.") }
        return byte
    }

    private func content() throws -> CSVImport.Content {
        guard relationship != nil || from != nil || to != nil else {
            guard id.isEmpty || !label.isEmpty else {
                throw ValidationError("--id needs --label: nodes are found by label and key.")
            }
            return .nodes(labels: label, keys: id)
        }
        guard label.isEmpty, id.isEmpty else {
            throw ValidationError("--label and --id are for nodes, not for relationships.")
        }
        return .relationships(
            type: relationship, from: try end(from, "--from", fromColumn),
            to: try end(to, "--to", toColumn))
    }

    private func end(
        _ text: String?, _ option: String, _ column: String?
    ) throws -> CSVImport.End {
        guard let text, let point = text.firstIndex(of: "."), point > text.startIndex,
            text.index(after: point) < text.endIndex
        else { throw ValidationError("\(option) must be Label.key for relationships.") }
        return CSVImport.End(
            label: String(text[..<point]), key: String(text[text.index(after: point)...]),
            column: column)
    }

    func run() throws {
        let input = try InputFile(file)
        var options = CSVImport.Options()
        options.delimiter = try delimiterByte()
        options.batchRowCount = batch
        options.infers = infer
        options.isStrict = strict
        let content = try content()
        let database = try StoreArguments.openForWriting(into, keys, createIfMissing: true)
        let summary = try database.closing { database in
            var run = CSVImport(into: database, from: input, content, options)
            return try run.run()
        }
        for remark in summary.remarks { printDiagnostic("cairn: \(remark)") }
        try report.print(
            json: .object([
                "rows": .count(summary.rowCount), "created": .count(summary.createdCount),
                "seconds": .number(summary.seconds),
            ]), table(summary))
    }

    private func table(_ summary: CSVImport.Summary) -> TextTable {
        var table = TextTable()
        table.add("rows", grouped(summary.rowCount))
        table.add("created", grouped(summary.createdCount))
        return table
    }
}
