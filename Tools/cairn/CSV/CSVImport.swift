// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnGraph
internal import CairnIO

/// Brings the rows of a CSV file into a database, one transaction for each batch.
struct CSVImport {
    /// The kind of the rows: nodes or relationships.
    enum Content {
        /// Nodes with these labels, found by these keys; without keys each row is a new node.
        case nodes(labels: [String], keys: [String])
        /// Relationships of a type, between nodes that a label and a key name.
        case relationships(type: String?, from: End, to: End)
    }

    /// How a node at an end of a relationship is found.
    struct End: Equatable {
        let label: String
        let key: String
        /// The name of the column; nil for the one of the header's kind.
        var column: String?
    }

    struct Summary {
        var rowCount = 0
        var createdCount = 0
        var remarks: [String] = []
        var seconds = 0.0
    }

    /// A row cannot be imported. Nothing of its batch was.
    struct Failure: Error, CustomStringConvertible {
        let inputName: String
        let reason: String
        let keptCount: Int
        var description: String {
            let kept =
                keptCount == 0
                ? "nothing was imported"
                : "only the first \(counted(keptCount, "row")) were imported"
            return "\(inputName), \(reason); \(kept)"
        }
    }

    let database: GraphDatabase
    let input: InputFile
    let content: Content
    let options: Options
    private var summary = Summary()
    private var remarks = CSVRemarks()
    private let clock = SystemTime()

    struct Options {
        var delimiter = UInt8(ascii: ",")
        var batchRowCount = 10_000
        var infers = false
        var isStrict = false
        var showsProgress = true
    }

    init(
        into database: GraphDatabase, from input: InputFile, _ content: Content, _ options: Options
    ) {
        self.database = database
        self.input = input
        self.content = content
        self.options = options
    }

    /// Imports everything.
    ///
    /// - Throws: ``Failure``, and what the input and the database throw; the batches before are durable.
    mutating func run() throws -> Summary {
        let start = clock.monotonicNanoseconds()
        let input = input
        var reader = CSVReader(delimiter: options.delimiter, isStrict: options.isStrict) {
            try input.read(into: $0)
        }
        var progress = ProgressBar(counting: "rows", isEnabled: options.showsProgress)
        defer { progress.clear() }
        do {
            guard let header = try reader.next() else { return summary }
            let layout = try CSVLayout(header.map(\.text), content, infers: options.infers)
            try createRules(layout)
            while try readBatch(&reader, layout) {
                let seconds = seconds(since: start)
                progress.show(
                    ProgressBar.Progress(
                        count: summary.rowCount, byteCount: reader.byteCount,
                        byteCountTotal: input.byteCount, seconds: seconds))
            }
        } catch {
            throw refusal(error)
        }
        summary.remarks = remarks.sentences(reader)
        summary.seconds = seconds(since: start)
        return summary
    }

    private func refusal(_ error: any Error) -> any Error {
        switch error {
        case is CSVReader.Malformed, is CSVRemarks.Refused, is CSVColumn.Unknown,
            is CSVLayout.Missing, is GraphError:
            Failure(inputName: input.name, reason: "\(error)", keptCount: summary.rowCount)
        default: error
        }
    }

    private func seconds(since start: UInt64) -> Double {
        Double(clock.monotonicNanoseconds() - start) / 1e9
    }

    /// Makes keys unique, which also makes them fast to find.
    private func createRules(_ layout: CSVLayout) throws {
        try database.write { transaction in
            if case .nodes(let labels, _) = content, let label = labels.first {
                if layout.keys.count == 1 {
                    try transaction.createUniqueConstraint(label: label, key: layout.keys[0])
                } else if layout.keys.count > 1 {
                    try transaction.create(.key(label: label, keys: layout.keys))
                }
            }
        }
    }

    private mutating func readBatch(
        _ reader: inout CSVReader, _ layout: CSVLayout
    ) throws -> Bool {
        var rows: [(line: Int, fields: [CSVReader.Field])] = []
        while rows.count < options.batchRowCount, let fields = try reader.next() {
            rows.append((reader.recordLine, fields))
        }
        if rows.isEmpty { return false }
        var remarks = remarks
        var createdCount = 0
        try database.write { transaction in
            for row in rows {
                let parsed = try layout.row(
                    row.fields, line: row.line, isStrict: options.isStrict, &remarks)
                let isNew = try add(parsed, row.line, to: &transaction, &remarks)
                if isNew { createdCount += 1 }
            }
        }
        self.remarks = remarks
        summary.createdCount += createdCount
        summary.rowCount += rows.count
        return true
    }

    private func add(
        _ row: CSVLayout.Row, _ line: Int, to transaction: inout GraphTransaction,
        _ remarks: inout CSVRemarks
    ) throws -> Bool {
        switch content {
        case .nodes(let labels, _): try addNode(row, labels, line, &transaction, &remarks)
        case .relationships(let type, let from, let to):
            try addRelationship(row, type, from, to, line, &transaction, &remarks)
        }
    }

    private func addNode(
        _ row: CSVLayout.Row, _ labels: [String], _ line: Int,
        _ transaction: inout GraphTransaction, _ remarks: inout CSVRemarks
    ) throws -> Bool {
        let all = labels + row.labels.filter { !labels.contains($0) }
        guard let label = labels.first, !row.keys.isEmpty else {
            guard row.hasAllKeys else {
                return try remarks.note(.missingKey, line, options.isStrict)
            }
            try transaction.createNode(labels: all, properties: row.properties)
            return true
        }
        guard row.hasAllKeys else { return try remarks.note(.missingKey, line, options.isStrict) }
        let (id, isNew) =
            if row.keys.count == 1, let (key, value) = row.keys.first {
                try transaction.mergeNode(
                    label: label, key: key, value: value, properties: row.properties)
            } else {
                try transaction.mergeNode(
                    label: label, matching: row.keys, properties: row.properties)
            }
        for label in all.dropFirst() { try transaction.addLabel(label, to: id) }
        return isNew
    }

    private func addRelationship(
        _ row: CSVLayout.Row, _ type: String?, _ from: End, _ to: End, _ line: Int,
        _ transaction: inout GraphTransaction, _ remarks: inout CSVRemarks
    ) throws -> Bool {
        guard let type = row.type ?? type else {
            return try remarks.note(.missingType, line, options.isStrict)
        }
        func node(_ end: End, _ value: Value?) -> NodeID? {
            guard let value else { return nil }
            let graph = transaction.graph
            if let found = graph.node(labeled: end.label, end.key, equals: value) { return found }
            // Keys of nodes may be numbers, while a column of ends has no kind.
            guard case .string(let text) = value else { return nil }
            let other = CSVColumn.Kind.inferred.value(of: text)
            return other.flatMap { graph.node(labeled: end.label, end.key, equals: $0) }
        }
        guard let start = node(from, row.start), let end = node(to, row.end) else {
            return try remarks.note(.missingEnd, line, options.isStrict)
        }
        try transaction.createRelationship(
            type, from: start, to: end, properties: row.properties)
        return true
    }
}
