// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import Cairn
internal import CairnDurable

/// Writes the graph into a new database: nodes, then relationships.
struct GraphIngestBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        let graph = options.graph
        let directory = try options.makeDirectory("ingest-graph")
        defer { directory.remove() }
        let database = try GraphDatabase.open(directory.path, options: options.log(.everyCommit))
        let before = Memory.residentByteCount
        var nodeTime: UInt64 = 0
        var relationshipTime: UInt64 = 0
        let ids = try graph.loadNodes(into: database, batch: options.batch, &nodeTime)
        try graph.loadRelationships(into: database, ids, batch: options.batch, &relationshipTime)
        let after = Memory.residentByteCount
        let log = database.status.log
        let bytes = log.segments.reduce(0) { $0 + $1.byteCount }

        var line = ResultLine(workload: "ingest-graph", peer: "cairn")
        let count = UInt64(graph.nodeCount + graph.relationshipCount)
        line.setRates(operations: count, bytes: bytes, nanoseconds: nodeTime + relationshipTime)
        line["nodes"] = .count(UInt64(graph.nodeCount))
        line["relationships"] = .count(UInt64(graph.relationshipCount))
        line["batch"] = .count(UInt64(options.batch))
        line["nodes_per_s"] = .number(rate(graph.nodeCount, nodeTime))
        line["relationships_per_s"] = .number(rate(graph.relationshipCount, relationshipTime))
        line["resident_growth_bytes"] = .count(after > before ? after - before : 0)
        line["log_bytes"] = .count(bytes)
        if let interval = options.syncInterval {
            line["sync_interval_ms"] = .count(UInt64(interval))
        }
        line["syncs"] = .count(log.syncCounts.values.reduce(0, +))
        try database.close()
        return [line]
    }

    private func rate(_ count: Int, _ nanoseconds: UInt64) -> Double {
        Double(count) / (Double(max(nanoseconds, 1)) / 1e9)
    }
}
