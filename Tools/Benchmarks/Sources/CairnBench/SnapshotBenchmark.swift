// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph

/// Saves a database by checkpoints, and opens it from the snapshot.
struct SnapshotBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        if options.stage == .prepare {
            try options.writeDatabase()
            return []
        }
        return try options.withData(of: .snapshot) { directory in
            let saving = try save(directory.path)
            let bytes = snapshotByteCount(directory)
            let loading = try load(directory.path)
            return [line("snapshot-save", saving, bytes), line("snapshot-load", loading, bytes)]
        }
    }

    private func save(_ path: String) throws -> Repetition {
        let database = try GraphDatabase.open(path, options: options.log(.everyCommit))
        let rounds = try database.saving("number", of: NodeID(rawValue: 0), options.seconds / 2)
        try database.close()
        return rounds
    }

    private func load(_ path: String) throws -> Repetition {
        try Repetition(budget: options.seconds / 2, least: 3) {
            let start = System.now()
            let database = try GraphDatabase.open(path, options: options.log(.everyCommit))
            let end = System.now()
            guard database.recovery.snapshotFence != nil, database.recovery.eventCount == 0 else {
                throw BenchError("the database was not opened from its snapshot alone")
            }
            try database.checkContent(options.graph)
            try database.close()
            return end - start
        }
    }

    private func snapshotByteCount(_ directory: WorkDirectory) -> UInt64 {
        let newest = directory.names("snapshots").filter { $0.hasSuffix(".snap") }.max()
        return newest.map { directory.byteCount("snapshots/\($0)") } ?? 0
    }

    private func line(_ workload: String, _ rounds: Repetition, _ bytes: UInt64) -> ResultLine {
        var line = ResultLine(workload: workload, peer: "cairn")
        line.setRates(
            operations: UInt64(options.nodes + options.relationships), bytes: bytes, rounds)
        line["nodes"] = .count(UInt64(options.nodes))
        line["relationships"] = .count(UInt64(options.relationships))
        line["snapshot_bytes"] = .count(bytes)
        return line
    }
}

extension GraphDatabase {
    /// Makes checkpoints for a time. Each writes the whole graph; before each, a property of a node changes, or there would
    /// be nothing to save.
    func saving(_ key: String, of node: NodeID, _ seconds: Double) throws -> Repetition {
        var number: Int64 = 0
        return try Repetition(budget: seconds, least: 3) {
            number += 1
            try write { try $0.setProperty(key, to: .int(-number), of: node) }
            let start = System.now()
            guard try checkpoint() != nil else {
                throw BenchError("a checkpoint found nothing to save")
            }
            return System.now() - start
        }
    }
}
