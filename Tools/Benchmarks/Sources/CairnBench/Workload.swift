// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import BenchSupport
internal import CairnSync

/// A kind of work.
enum Workload: String, CaseIterable, ExpressibleByArgument {
    case durable
    case buffered
    case rotate
    case replay
    case ingestGraph = "ingest-graph"
    case recoverGraph = "recover-graph"
    case graphMemory = "graph-memory"
    case snapshot
    case importedGraph = "imported-graph"
    case checkpointStall = "checkpoint-stall"
    case longRun = "long-run"
    case durableState = "durable-state"
    case graphWrite = "graph-write"
    case readBesideWriter = "read-beside-writer"
    case commitBesideReader = "commit-beside-reader"
    case publishCost = "publish-cost"
    case containerGrowth = "container-growth"
    case query
    case encode
    case decode
    case codable
    case crc
    case cipher
    case compress

    /// The measured quantity, in a few words.
    var summary: String {
        switch self {
        case .durable: "commits that are on the medium when they return"
        case .buffered: "commits that are with the system when they return"
        case .rotate: "durable commits into small segments (256 KiB), and those that rotate"
        case .replay: "opening a log of --commits, checked and handed out"
        case .ingestGraph: "a graph written in transactions of --batch, log on"
        case .recoverGraph: "opening a database whose graph is in its log"
        case .graphMemory: "what a graph takes in memory, without a log"
        case .snapshot: "a checkpoint of a graph, opening from it, its bytes"
        case .importedGraph: "the same of a graph from JSON Lines, its memory, opening from its log"
        case .checkpointStall: "the slowest write while a checkpoint runs (1 M nodes)"
        case .longRun: "a writer that never pauses, automatic checkpoints, each second"
        case .durableState: "durable commits of one event of a state"
        case .graphWrite: "durable commits of one node with two properties"
        case .readBesideWriter: "a reader alone, beside a writer, beside a checkpoint"
        case .commitBesideReader: "durable commits beside a reader that holds its view"
        case .publishCost: "a commit to a graph of 1,000 nodes and of 1 M"
        case .containerGrowth: "a commit to a container of 10 MB and of --megabytes (1,000)"
        case .query: "thirteen questions in openCypher's language, some also by hand"
        case .encode: "frames of --payload bytes, and batches of graph events"
        case .decode: "the same, read and checked"
        case .codable: "a Codable value of 100,000 items, beside Foundation's coders"
        case .crc: "CRC-32C over blocks"
        case .cipher: "AES-256-GCM alone over blocks, there and back"
        case .compress: "batches of graph events through zlib, and back"
        }
    }

    /// Runs it.
    func run(_ options: BenchOptions) async throws -> [ResultLine] {
        switch self {
        case .durable:
            try await CommitBenchmark(workload: self, options: options, policy: .everyCommit).run()
        case .buffered:
            try await CommitBenchmark(workload: self, options: options, policy: .manual).run()
        case .rotate: try RotationBenchmark(options).run()
        case .replay: try ReplayBenchmark(options).run()
        case .ingestGraph: try GraphIngestBenchmark(options).run()
        case .recoverGraph: try GraphRecoveryBenchmark(options).run()
        case .graphMemory: try GraphMemoryBenchmark(options).run()
        case .snapshot: try SnapshotBenchmark(options).run()
        case .importedGraph: try ImportedGraphBenchmark(options).run()
        case .checkpointStall: try CheckpointStallBenchmark(options).run()
        case .longRun: try LongRunBenchmark(options).run()
        case .durableState where options.logAlone:
            try await logAlone(options, SmallData.eventByteCount)
        case .durableState: try await DurableStateBenchmark(options).run()
        case .graphWrite where options.logAlone:
            try await logAlone(options, SmallData.nodeByteCount)
        case .graphWrite: try await GraphWriteBenchmark(options).run()
        case .readBesideWriter: try ReadBesideWriterBenchmark(options).run()
        case .commitBesideReader: try CommitBesideReaderBenchmark(options).run()
        case .publishCost: try await PublishCostBenchmark(options).run()
        case .containerGrowth: try await ContainerGrowthBenchmark(options).run()
        case .query: try QueryBenchmark(options).run()
        case .encode: try CodecBenchmark(options).encode()
        case .decode: try CodecBenchmark(options).decode()
        case .codable: try CodableBenchmark(options).run()
        case .crc: try CodecBenchmark(options).checksum()
        case .cipher: try CipherBenchmark(options).run()
        case .compress: try CodecBenchmark(options).compress()
        }
    }

    /// As many bytes and callers with nothing above the log.
    private func logAlone(_ options: BenchOptions, _ byteCount: Int) async throws -> [ResultLine] {
        try await CommitBenchmark(
            workload: self, options: options, policy: .everyCommit, peer: "cairn-log",
            batchByteCount: byteCount
        ).run()
    }
}
