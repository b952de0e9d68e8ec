// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import BenchSupport
internal import CairnSync

/// A kind of work.
enum Workload: String, CaseIterable, ExpressibleByArgument {
    case durable
    case buffered
    case ingestGraph = "ingest-graph"
    case graphMemory = "graph-memory"

    /// What it measures, in a few words.
    var summary: String {
        switch self {
        case .durable: "commits that are on the medium when they return"
        case .buffered:
            "commits that are with the system when they return; --sync-interval syncs beside"
        case .ingestGraph: "a graph written into a database in transactions of --batch, log on"
        case .graphMemory: "what a graph takes in memory, without a log"
        }
    }

    /// Runs it.
    func run(_ options: BenchOptions) async throws -> [ResultLine] {
        switch self {
        case .durable: try await CommitBenchmark(self, options, .everyCommit).run()
        case .buffered: try await CommitBenchmark(self, options, .manual).run()
        case .ingestGraph: try GraphIngestBenchmark(options).run()
        case .graphMemory: try GraphMemoryBenchmark(options).run()
        }
    }
}
