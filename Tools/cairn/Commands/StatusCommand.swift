// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Cairn
internal import CairnCodec
internal import CairnDurable
internal import CairnIO
internal import CairnLSN
internal import CairnLog
internal import CairnSegments

/// `cairn status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what a database holds, and what its log looks like.",
        discussion: "Reads the whole log and checks it. Nothing is written.")

    @OptionGroup var store: StoreArguments
    @OptionGroup var report: ReportArguments

    func run() throws {
        let report = try store.openForReading().closing { database in
            StatusReport(
                status: database.status, recovery: database.recovery,
                snapshots: try database.listSnapshots().map {
                    SnapshotReport($0, in: store.directory)
                }, quarantine: try database.listQuarantine())
        }
        try StandardOutput.print(self.report.json ? try report.json.text() : report.table.text)
    }
}

/// What `cairn status` prints.
private struct StatusReport {
    let status: DatabaseStatus
    let recovery: DurableRecovery
    let snapshots: [SnapshotReport]
    let quarantine: [String]

    var json: JSONValue {
        .object([
            "nodes": .count(status.nodeCount),
            "relationships": .count(status.relationshipCount),
            "labels": .object(status.labelCounts.mapValues(JSONValue.count)),
            "types": .object(status.relationshipTypeCounts.mapValues(JSONValue.count)),
            "logID": .string("\(status.log.logID)"),
            "firstLSN": .unsigned(status.log.firstLSN.rawValue),
            "nextLSN": .unsigned(status.log.nextLSN.rawValue),
            "durableLSN": .unsigned(status.log.durable.lsn.rawValue),
            "segments": .array(status.log.segments.map(\.json)),
            "snapshots": .array(snapshots.map(\.json)),
            "recovery": recovery.json(quarantine: quarantine),
        ])
    }

    var table: TextTable {
        var table = TextTable()
        table.add("nodes", grouped(status.nodeCount))
        for (label, count) in status.labelCounts.sorted(by: { $0.key < $1.key }) {
            table.add(indented: label, grouped(count))
        }
        table.add("relationships", grouped(status.relationshipCount))
        for (type, count) in status.relationshipTypeCounts.sorted(by: { $0.key < $1.key }) {
            table.add(indented: type, grouped(count))
        }
        table.add("log", "\(status.log.logID)")
        table.add(indented: "first LSN", "\(status.log.firstLSN)")
        table.add(indented: "next LSN", "\(status.log.nextLSN)")
        table.add(indented: "durable LSN", "\(status.log.durable.lsn)")
        table.add("segments", grouped(status.log.segments.count))
        for segment in status.log.segments {
            table.add(
                indented: "\(segment.name)",
                "up to LSN \(segment.lastLSN), \(readableByteCount(segment.byteCount))"
                    + (segment.isSealed ? ", sealed" : ""))
        }
        table.add("snapshots", grouped(snapshots.count))
        for snapshot in snapshots { table.add(indented: snapshot.name, snapshot.text) }
        recovery.add(to: &table)
        for name in quarantine {
            table.add(indented: "cut off earlier", "quarantine/\(name)")
        }
        return table
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

    /// What was repaired, a sentence each.
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
