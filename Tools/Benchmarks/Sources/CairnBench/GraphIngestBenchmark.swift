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
        let start = System.now()
        let ids = try graph.loadNodes(into: database, batch: options.batch)
        let middle = System.now()
        try graph.loadRelationships(into: database, ids, batch: options.batch)
        let end = System.now()
        let after = Memory.residentByteCount
        let log = try database.status().log
        let bytes = log.segments.reduce(0) { $0 + $1.byteCount }

        var line = ResultLine(workload: "ingest-graph", peer: "cairn")
        let count = UInt64(graph.nodeCount + graph.relationshipCount)
        line.setRates(operations: count, bytes: bytes, nanoseconds: end - start)
        line["nodes"] = .count(UInt64(graph.nodeCount))
        line["relationships"] = .count(UInt64(graph.relationshipCount))
        line["batch"] = .count(UInt64(options.batch))
        line["nodes_per_s"] = .number(rate(graph.nodeCount, start, middle))
        line["relationships_per_s"] = .number(rate(graph.relationshipCount, middle, end))
        line["resident_growth_bytes"] = .count(after > before ? after - before : 0)
        line["log_bytes"] = .count(bytes)
        line["syncs"] = .count(log.syncCounts.values.reduce(0, +))
        try database.close()
        return [line]
    }

    private func rate(_ count: Int, _ start: UInt64, _ end: UInt64) -> Double {
        Double(count) / (Double(max(end - start, 1)) / 1e9)
    }
}
