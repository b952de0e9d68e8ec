// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnGraph
internal import CairnDurable
internal import CairnIO
internal import CairnLSN
internal import CairnLog

/// Brings a package list into a database, one transaction per batch of stanzas, each durable before the
/// next begins.
struct PackageImport {
    /// The counts of the import.
    struct Summary {
        var stanzaCount = 0
        /// Transactions that changed something.
        var transactionCount = 0
        var nodeCount = 0
        var relationshipCount = 0
        var seconds = 0.0
        var peakMemoryByteCount: UInt64 = 0
        /// Input that had to be passed over or replaced, a sentence each, with counts.
        var remarks: [String] = []
    }

    /// A stanza is malformed. Nothing of its batch was imported.
    struct Failure: Error, CustomStringConvertible {
        let inputName: String
        let malformed: MalformedInput
        let keptStanzaCount: Int

        var description: String {
            let kept =
                switch keptStanzaCount {
                case 0: "nothing was imported"
                case 1: "only the first stanza was imported"
                default: "only the first \(keptStanzaCount) stanzas were imported"
                }
            return "\(inputName), \(malformed); \(kept)"
        }
    }

    let database: GraphDatabase
    let input: InputFile
    let batchStanzaCount: Int
    /// Whether to refuse what dpkg takes though it is not well-formed.
    let isStrict: Bool
    /// Whether to show on the terminal, if there is one, how far the import is.
    let showsProgress: Bool
    /// Told after each batch: the LSN up to which all is durable, and how many stanzas that is.
    let acknowledge: (LSN, Int) throws -> Void
    private let clock = SystemTime()
    private var summary = Summary()
    private var remarks = ImportRemarks()

    init(
        into database: GraphDatabase, from input: InputFile, batchStanzaCount: Int,
        isStrict: Bool = false, showsProgress: Bool,
        acknowledge: @escaping (LSN, Int) throws -> Void
    ) {
        self.database = database
        self.input = input
        self.batchStanzaCount = batchStanzaCount
        self.isStrict = isStrict
        self.showsProgress = showsProgress
        self.acknowledge = acknowledge
    }

    /// Imports everything.
    ///
    /// - Throws: ``Failure``, and what the input and the database throw; the batches that were
    ///   acknowledged before are durable.
    mutating func run() throws -> Summary {
        let start = clock.monotonicNanoseconds()
        var progress = ProgressBar(counting: "stanzas", isEnabled: showsProgress)
        defer { progress.clear() }
        let input = input
        var reader = ControlStanzaReader(isStrict: isStrict) { try input.read(into: $0) }
        var stanza = ControlStanza()
        try write { try PackageGraph.createConstraints(&$0) }
        while true {
            let records = try nextBatch(&reader, &stanza)
            if records.isEmpty { break }
            let lsn = try write { try PackageGraph.apply(records, to: &$0) }
            summary.stanzaCount += records.count
            try acknowledge(lsn, summary.stanzaCount)
            progress.show(
                ProgressBar.Progress(
                    count: summary.stanzaCount, byteCount: reader.byteCount,
                    byteCountTotal: input.byteCount, seconds: seconds(since: start)))
            if records.count < batchStanzaCount { break }
        }
        (summary.nodeCount, summary.relationshipCount) = database.read { graph in
            (graph.nodeCount, graph.relationshipCount)
        }
        summary.remarks = remarks.sentences(reader)
        summary.seconds = seconds(since: start)
        summary.peakMemoryByteCount = ProcessFacts.peakMemoryByteCount
        return summary
    }

    private mutating func nextBatch(
        _ reader: inout ControlStanzaReader, _ stanza: inout ControlStanza
    ) throws -> [PackageRecord] {
        var records: [PackageRecord] = []
        do {
            while records.count < batchStanzaCount, try reader.next(&stanza) {
                let record = try PackageRecord(stanza, isStrict: isStrict)
                remarks.note(record)
                records.append(record)
            }
        } catch let malformed as MalformedInput {
            throw Failure(
                inputName: input.name, malformed: malformed, keptStanzaCount: summary.stanzaCount)
        }
        return records
    }

    /// Does one transaction. Returns the LSN up to which everything done so far is durable.
    @discardableResult
    private mutating func write(_ body: (inout GraphTransaction) throws -> Void) throws -> LSN {
        let result = try database.write(body)
        guard let receipt = result.receipt else { return database.status.log.durable.lsn }
        summary.transactionCount += 1
        return receipt.commitLSN
    }

    private func seconds(since start: UInt64) -> Double {
        Double(clock.monotonicNanoseconds() - start) / 1e9
    }
}

extension PackageImport.Summary {
    var json: JSONValue {
        .object([
            "stanzas": .count(stanzaCount),
            "nodes": .count(nodeCount),
            "relationships": .count(relationshipCount),
            "transactions": .count(transactionCount),
            "seconds": .number((seconds * 1000).rounded() / 1000),
            "peakMemoryBytes": .unsigned(peakMemoryByteCount),
        ])
    }

    var table: TextTable {
        var table = TextTable()
        table.add("stanzas", grouped(stanzaCount))
        table.add("nodes", grouped(nodeCount))
        table.add("relationships", grouped(relationshipCount))
        table.add("transactions", grouped(transactionCount))
        table.add("time", "\((seconds * 1000).rounded() / 1000) s")
        table.add("peak memory", readableByteCount(peakMemoryByteCount))
        return table
    }
}
