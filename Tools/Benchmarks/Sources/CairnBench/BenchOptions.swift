// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import BenchSupport
internal import Cairn
internal import CairnEncryption
internal import CairnLog
internal import CairnSync

/// Options of all workloads. Each uses what concerns it.
struct BenchOptions: ParsableArguments {
    @Option(help: "Bytes of each commit or block. The default is 128, or what the workload says.")
    var payload: Int?

    @Option(help: "How many callers commit at a time.")
    var callers = 1

    @Flag(help: "Callers are tasks that await, not threads that block.")
    var tasks = false

    @Option(help: "How long to measure, after a warm-up of a tenth of it.")
    var seconds = 3.0

    @Option(name: .customLong("dir"), help: "Where to put the data: a directory on a real disk.")
    var directory = "cairn-bench-data"

    @Flag(name: .customLong("allow-tmpfs"), help: "Work in a file system that is only memory, too.")
    var allowsTmpfs = false

    @Option(help: "Sync every so many milliseconds instead of with each commit.")
    var syncInterval: Int?

    @Option(
        help:
            "When commits become durable: every-commit, manual. Each workload has its own default.")
    var sync: SyncChoice?

    @Option(help: "Bytes of a segment of the log, in MiB. The default is the library's.")
    var segmentMegabytes: Double?

    @Flag(
        inversion: .prefixedNo,
        help: "Prepare segments ahead, or do not. The default is the library's.")
    var preparedSegments: Bool?

    @Option(help: "How many commits the log has that is replayed.")
    var commits = 1_000_000

    @Option(help: "Replay a log of so many megabytes instead, of commits of --payload bytes.")
    var megabytes: Int?

    @Option(name: .customLong("nodes"), help: "Nodes of the graph (default: 200000).")
    var nodesGiven: Int?

    @Option(help: "Relationships of the graph.")
    var relationships = 100_000

    @Option(help: "Nodes or relationships of a transaction when a graph is loaded.")
    var batch = 1000

    @Flag(help: "Of durable-state and graph-write: commit the same bytes to a log alone.")
    var logAlone = false

    @Flag(help: "Of durable-state, graph-write and recover-graph: keep the store in one file.")
    var container = false

    @Flag(help: "Of durable-state, graph-write, recover-graph and replay: encrypt the store.")
    var encrypted = false

    @Option(help: "Milliseconds for which the reader of commit-beside-reader holds its view.")
    var holdMilliseconds = 100

    @Option(help: "How zlib compresses, 1 to 9.")
    var level = 1

    @Option(
        help:
            "Measure replay, recover-graph or snapshot on the data in this directory, and keep it; query or imported-graph on this export as JSON Lines."
    )
    var data: String?

    @Flag(help: "Of imported-graph: compress the snapshot.")
    var compress = false

    @Option(help: "Of query: measure the question with this id alone.")
    var question: String?

    @Option(help: "Instead of measuring, write what the workload measures into --dir: prepare.")
    var stage = Stage.measure

    /// Throws what no workload can work with.
    func check() throws {
        if container, encrypted {
            throw ValidationError("--container and --encrypted are measured one at a time")
        }
        func require(_ condition: Bool, _ message: String) throws {
            if !condition { throw ValidationError(message) }
        }
        try require((1...64 << 20).contains(payload ?? 1), "--payload must be from 1 to 67108864")
        try require((1...4096).contains(callers), "--callers must be from 1 to 4096")
        try require(seconds > 0 && seconds <= 3600, "--seconds must be above 0 and at most 3600")
        try require((syncInterval ?? 1) > 0, "--sync-interval must be at least 1")
        try require(
            (0.001...4096).contains(segmentMegabytes ?? 1),
            "--segment-megabytes must be from 0.001 to 4096"
        )
        try require((1...1_000_000_000).contains(commits), "--commits must be from 1 to 1000000000")
        try require(
            (1...1_000_000).contains(megabytes ?? 1), "--megabytes must be from 1 to 1000000")
        try require((1...1 << 30).contains(nodes), "--nodes must be from 1 to 1073741824")
        try require(
            (0...1 << 30).contains(relationships), "--relationships must be from 0 to 1073741824")
        try require((1...1_000_000).contains(batch), "--batch must be from 1 to 1000000")
        try require(
            (1...60_000).contains(holdMilliseconds), "--hold-milliseconds must be from 1 to 60000")
        try require((1...9).contains(level), "--level must be from 1 to 9")
    }

    /// The nodes of the graph.
    var nodes: Int { nodesGiven ?? 200_000 }

    /// The nodes of a large graph.
    var largeNodeCount: Int { nodesGiven ?? 1_000_000 }

    /// The bytes of each commit or block.
    func payload(_ fallback: Int) -> Int { payload ?? fallback }

    /// The options of the log, with this policy unless another one was asked for.
    func log(_ policy: SyncPolicy) -> LogOptions {
        var options = LogOptions()
        options.syncPolicy = policy
        switch sync {
        case .everyCommit: options.syncPolicy = .everyCommit
        case .manual: options.syncPolicy = .manual
        case nil: break
        }
        if let syncInterval {
            options.syncPolicy = .periodic(interval: .milliseconds(syncInterval))
        }
        if let segmentMegabytes { options.segmentByteCount = Int(segmentMegabytes * 1_048_576) }
        if let preparedSegments { options.preparesSegments = preparedSegments }
        if encrypted { options.encryption = EncryptionKeys(current: .key(CipherBenchmark.key)) }
        return options
    }

    /// The name of the measured store in the results.
    var peer: String {
        encrypted ? "cairn-encrypted" : container ? "cairn-container" : "cairn"
    }

    /// The database in a directory, or in a container in it.
    func openGraph(in directory: String, _ policy: SyncPolicy) throws -> GraphDatabase {
        container
            ? try GraphDatabase.open(container: containerPath(directory), options: log(policy))
            : try GraphDatabase.open(directory, options: log(policy))
    }

    /// The container of a directory.
    func containerPath(_ directory: String) -> String { "\(directory)/store.cairn" }

    /// The directory of this run.
    func makeDirectory(_ name: String) throws -> WorkDirectory {
        try WorkDirectory(in: directory, name: "bench-\(name)", allowsMemory: allowsTmpfs)
    }

    /// Gives `body` the directory with the data of a workload: the one that was asked for, or one that
    /// another process has just written, which is removed at the end.
    func withData<Result>(
        of workload: Workload, _ body: (WorkDirectory) throws -> Result
    ) throws -> Result {
        if let data { return try body(WorkDirectory(existing: data)) }
        let directory = try makeDirectory(workload.rawValue)
        defer { directory.remove() }
        let path = directory.path + "/data"
        try prepareInChild(workload, at: path)
        return try body(WorkDirectory(existing: path))
    }

    private func prepareInChild(_ workload: Workload, at path: String) throws {
        var arguments = [
            "--workload", workload.rawValue, "--stage", "prepare", "--dir", path, "--nodes",
            "\(nodes)", "--relationships", "\(relationships)", "--batch", "\(batch)", "--commits",
            "\(commits)", "--payload", "\(payload(128))",
        ]
        if let megabytes { arguments += ["--megabytes", "\(megabytes)"] }
        if container { arguments.append("--container") }
        if encrypted { arguments.append("--encrypted") }
        if let segmentMegabytes { arguments += ["--segment-megabytes", "\(segmentMegabytes)"] }
        switch preparedSegments {
        case true: arguments.append("--prepared-segments")
        case false: arguments.append("--no-prepared-segments")
        case nil: break
        }
        try ChildProcess.run(arguments)
    }

    /// The graph of this run.
    var graph: SampleGraph { SampleGraph(nodeCount: nodes, relationshipCount: relationships) }
}

/// A policy as the command line names it.
enum SyncChoice: String, ExpressibleByArgument, CaseIterable {
    case everyCommit = "every-commit"
    case manual
}

/// Which part of a workload a process does.
enum Stage: String, ExpressibleByArgument, CaseIterable {
    /// Writes the data that is measured, in a process of its own, whose memory is then gone.
    case prepare
    case measure
}

extension String {
    /// This text with spaces behind it, up to a width.
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
