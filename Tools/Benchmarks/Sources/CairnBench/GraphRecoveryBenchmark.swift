// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import Cairn
internal import CairnDurable

/// Opens a database whose graph is in the log alone.
struct GraphRecoveryBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        if options.stage == .prepare {
            try options.writeDatabase()
            return []
        }
        return [try options.withData(of: .recoverGraph) { try measure($0) }]
    }

    private func measure(_ directory: WorkDirectory) throws -> ResultLine {
        Memory.resetPeak()
        let before = Memory.residentByteCount
        var growth: UInt64?
        let rounds = try Repetition(budget: options.seconds, least: 3) {
            let start = System.now()
            let database = try options.openGraph(in: directory.path, .everyCommit)
            let end = System.now()
            let after = Memory.residentByteCount
            growth = growth ?? (after > before ? after - before : 0)
            try database.checkContent(options.graph)
            try database.close()
            return end - start
        }
        var line = ResultLine(workload: "recover-graph", peer: options.peer)
        let bytes = directory.byteCount(options.container ? "" : "log")
        line.setRates(
            operations: UInt64(options.nodes + options.relationships), bytes: bytes, rounds)
        line["nodes"] = .count(UInt64(options.nodes))
        line["relationships"] = .count(UInt64(options.relationships))
        line["log_bytes"] = .count(bytes)
        line["resident_growth_bytes"] = .count(growth ?? 0)
        line["peak_growth_bytes"] = .count(Memory.peakByteCount - before)
        return line
    }
}

extension BenchOptions {
    /// Writes the graph into a new database in the directory of the options, into its log.
    func writeDatabase() throws {
        // The directory of a container must be there; a database makes its own.
        let parent = container ? try WorkDirectory(making: directory).path : directory
        let database = try openGraph(in: parent, .manual)
        try graph.load(into: database, batch: batch)
        try database.close()
    }
}

extension GraphDatabase {
    /// Throws when the database does not hold this graph.
    func checkContent(_ graph: SampleGraph) throws {
        let (nodes, relationships) = read { ($0.nodeCount, $0.relationshipCount) }
        guard nodes == graph.nodeCount, relationships == graph.relationshipCount else {
            throw BenchError(
                "\(nodes) nodes and \(relationships) relationships came back of "
                    + "\(graph.nodeCount) and \(graph.relationshipCount)")
        }
    }
}
