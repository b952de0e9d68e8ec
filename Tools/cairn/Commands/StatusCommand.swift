// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnCodec
internal import CairnDurable
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments
internal import CairnSnapshot
internal import SystemPackage

/// `cairn status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what a store holds, and what its log looks like.",
        discussion: """
            Reads the whole log and checks it. Nothing is written. Of the store of a program other than a graph, its \
            name, version and files are known; when the files that say the program are damaged, that and the other \
            files are told, and the exit status is 1. Of long lists the largest, or newest, twenty \
            entries are printed; --all and --json print all.
            """)

    @OptionGroup var store: StoreArguments
    @Flag(name: .long, help: "Print all labels, types, segments and snapshots.")
    var all = false

    @OptionGroup var report: ReportArguments

    func run() throws {
        let found: StatusReport
        do { found = try store.isGraph() ? ofGraph() : ofAnyState() } catch let error
            as DurableError
            where error.code == .encrypted
        {
            return try printClosed()
        }
        try report.print(json: found.json, found.table)
        guard found.recovery.damagedProgram == nil else { throw ExitCode(1) }
    }

    private func ofGraph() throws -> StatusReport {
        let database: GraphDatabase
        do { database = try store.openForReading() } catch {
            // What does not depend on the program can be said all the same.
            guard let found = try? ofAnyState(), found.recovery.damagedProgram != nil else {
                throw error
            }
            return found
        }
        return try database.closing { database in
            StatusReport(
                program: database.program, graph: database.status, log: database.status.log,
                recovery: database.recovery,
                snapshots: reports(of: try database.listSnapshots()),
                quarantined: try database.listQuarantine(), rowCountMax: rowCountMax)
        }
    }

    private func ofAnyState() throws -> StatusReport {
        let opened = try Durable<OpaqueState>.open(
            FilePath(store.directory), options: store.options(.readOnly),
            environment: .ofTool())
        defer { try? opened.close() }
        return StatusReport(
            program: opened.program, graph: nil, log: opened.status.log, recovery: opened.recovery,
            snapshots: reports(of: try opened.listSnapshots()),
            quarantined: try opened.listQuarantine(), rowCountMax: rowCountMax)
    }

    /// What can be said of an encrypted store without its key.
    private func printClosed() throws {
        let found = try StoreVerifier.verify(
            FilePath(store.directory), options: store.options(.readOnly), environment: .ofTool())
        let keys = Set(found.segments.compactMap(\.keyID)).map(\.description).sorted()
        var table = TextTable()
        table.add("program", found.program?.description ?? "not said by the store")
        table.add("inside", "encrypted; give its key with --key-file or --password-file")
        for key in keys { table.add(indented: "key", key) }
        table.add("transactions", grouped(found.transactionCount))
        table.add("segments", grouped(found.segments.count))
        table.add("snapshots", grouped(found.snapshots.count))
        try report.print(
            json: .object([
                "program": found.program.map(\.json) ?? .null, "encrypted": .bool(true),
                "keys": .array(keys.map { .string($0) }),
                "transactions": .unsigned(found.transactionCount),
                "segments": .array(found.segments.map(\.json)),
                "snapshots": .array(reports(of: found.snapshots).map(\.json)),
            ]), table)
    }

    private var rowCountMax: Int { all ? .max : StatusReport.rowCountMaxDefault }

    private func reports(of snapshots: [SnapshotInfo]) -> [SnapshotReport] {
        snapshots.map { SnapshotReport($0, in: store.directory) }
    }
}

/// The output of `cairn status`.
private struct StatusReport {
    /// Nil for a store that does not say it.
    let program: StoreProgram?
    /// Nil when the state is no graph.
    let graph: DatabaseStatus?
    let log: LogStatus
    let recovery: DurableRecovery
    let snapshots: [SnapshotReport]
    let quarantined: [String]
    /// How many rows a list has at most.
    let rowCountMax: Int

    static let rowCountMaxDefault = 20

    private var programIsMissing: String {
        guard let finding = recovery.damagedProgram else { return "not said by the store" }
        return "cannot be told, and so nothing of the state: \(finding)"
    }

    /// Copies of what was cut off earlier. For a copy that is not complete, nothing was cut off.
    private var quarantine: [String] { quarantined.filter { !$0.hasSuffix(".creating") } }

    var json: JSONValue {
        .object(
            [
                "program": program.map(\.json) ?? .null,
                "damagedProgram": recovery.damagedProgram?.json ?? .null,
                "logID": .string("\(log.logID)"),
                "firstLSN": .unsigned(log.firstLSN.rawValue),
                "nextLSN": .unsigned(log.nextLSN.rawValue),
                "durableLSN": .unsigned(log.durable.lsn.rawValue),
                "segments": .array(log.segments.map(\.json)),
                "snapshots": .array(snapshots.map(\.json)),
                "recovery": recovery.json(quarantine: quarantine),
            ].merging(graph?.json ?? [:]) { first, _ in first })
    }

    var table: TextTable {
        var table = TextTable()
        table.add("program", program?.description ?? programIsMissing)
        if let graph {
            table.add("nodes", grouped(graph.nodeCount))
            add(graph.labelCounts, "labels", to: &table)
            table.add("relationships", grouped(graph.relationshipCount))
            add(graph.relationshipTypeCounts, "types", to: &table)
        }
        table.add("log", "\(log.logID)")
        table.add(indented: "first LSN", "\(log.firstLSN)")
        table.add(indented: "next LSN", "\(log.nextLSN)")
        table.add(indented: "durable LSN", "\(log.durable.lsn)")
        table.add("segments", grouped(log.segments.count))
        addNewest(log.segments, "segments", to: &table) { segment in
            (
                "\(segment.name)",
                "up to LSN \(segment.lastLSN), \(readableByteCount(segment.byteCount))"
                    + (segment.isSealed ? ", sealed" : "")
            )
        }
        table.add("snapshots", grouped(snapshots.count))
        addNewest(snapshots, "snapshots", to: &table) { ($0.name, $0.text) }
        recovery.add(to: &table)
        addNewest(quarantine, "cuts", to: &table) { ("cut off earlier", "quarantine/\($0)") }
        if let clock = ClockRemark(lastCommitNanoseconds: recovery.log.lastCommitNanoseconds) {
            table.add("clock", clock.text)
        }
        return table
    }

    /// Adds the largest of some counts, by name; and how many more there are.
    private func add(_ counts: [String: Int], _ noun: String, to table: inout TextTable) {
        let largest = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(rowCountMax)
        for (name, count) in largest.sorted(by: { $0.key < $1.key }) {
            table.add(indented: name, grouped(count))
        }
        addRest(counts.count - largest.count, "smaller \(noun)", to: &table)
    }

    /// Adds the last of some rows; and how many came before.
    private func addNewest<Element>(
        _ elements: [Element], _ noun: String, to table: inout TextTable,
        _ row: (Element) -> (String, String)
    ) {
        addRest(elements.count - min(elements.count, rowCountMax), "older \(noun)", to: &table)
        for element in elements.suffix(rowCountMax) {
            let (name, value) = row(element)
            table.add(indented: name, value)
        }
    }

    private func addRest(_ count: Int, _ noun: String, to table: inout TextTable) {
        if count > 0 { table.add(indented: "\(grouped(count)) \(noun)", "not shown; see --all") }
    }
}

extension StoreProgram {
    var json: JSONValue {
        .object(["name": .string(name), "version": .count(version)])
    }
}

extension DatabaseStatus {
    /// The part that only a graph has.
    var json: [String: JSONValue] {
        [
            "nodes": .count(nodeCount),
            "relationships": .count(relationshipCount),
            "labels": .object(labelCounts.mapValues(JSONValue.count)),
            "types": .object(relationshipTypeCounts.mapValues(JSONValue.count)),
        ]
    }
}

extension SegmentStatus {
    var json: JSONValue {
        .object([
            "id": .unsigned(name.segment.rawValue),
            "name": .string("\(name)"),
            "baseLSN": .unsigned(name.baseLSN.rawValue),
            "lastLSN": .unsigned(lastLSN.rawValue),
            "byteCount": .unsigned(byteCount),
            "isSealed": .bool(isSealed),
        ])
    }
}

extension DurableRecovery {
    func json(quarantine: [String]) -> JSONValue {
        .object([
            "quarantine": .array(quarantine.map(JSONValue.string)),
            "peakMemoryBytes": .unsigned(ProcessFacts.peakMemoryByteCount),
            "snapshotFence": .unsigned(snapshotFence?.lsn.rawValue ?? 0),
            "transactionCount": .unsigned(log.transactionCount),
            "eventCount": .unsigned(eventCount),
            "repair": log.repair.map(\.json) ?? .null,
            "abortedTransaction": log.abortedLSN.map { .unsigned($0.rawValue) } ?? .null,
            "damagedSnapshots": .array(damagedSnapshots.map(\.json)),
        ])
    }

    /// The repairs, a sentence each.
    var repairs: [String] {
        var sentences: [String] = []
        if let repair = log.repair { sentences.append("repaired a torn tail: \(repair.text)") }
        if let lsn = log.abortedLSN {
            sentences.append("left out a transaction without a commit that began at LSN \(lsn)")
        }
        if let segment = log.resealedSegment {
            sentences.append("completed the interrupted end of segment \(segment)")
        }
        return sentences + damagedSnapshots.map { "passed over a damaged snapshot: \($0)" }
    }

    func add(to table: inout TextTable) {
        table.add("recovery", snapshotFence == nil ? "from the log" : "from a snapshot and the log")
        table.add(indented: "transactions replayed", grouped(log.transactionCount))
        table.add(indented: "events replayed", grouped(eventCount))
        if let repair = log.repair { table.add(indented: "torn tail", repair.text) }
        if let lsn = log.abortedLSN {
            table.add(indented: "unfinished", "a transaction that began at LSN \(lsn) was left out")
        }
        for finding in damagedSnapshots { table.add(indented: "damaged", "\(finding)") }
    }
}

extension TailRepair {
    var json: JSONValue {
        .object([
            "segment": .unsigned(segment.rawValue),
            "offset": .unsigned(offset),
            "byteCount": .unsigned(byteCount),
            "lsn": .unsigned(lsn.rawValue),
            "quarantineName": .optional(quarantineName),
        ])
    }

    var text: String {
        let place = "\(byteCount) bytes at offset \(offset) of segment \(segment)"
        guard let quarantineName else {
            return "\(place), left out; the next opening for writing moves them to quarantine"
        }
        return "\(place), moved to quarantine/\(quarantineName)"
    }
}
