// SPDX-License-Identifier: Apache-2.0
//
// One small transaction after the other, into the types that stand above the log, and the same number of
// bytes into a log alone: the difference is their part.

internal import BenchSupport
internal import Cairn
internal import CairnDurable

/// One event of a `Codable` state in each commit.
struct DurableStateBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() async throws -> [ResultLine] {
        guard !options.logAlone else {
            return try await options.logAlone(.durableState, SmallData.eventByteCount)
        }
        let directory = try options.makeDirectory("durable-state")
        defer { directory.remove() }
        let scores = try Durable<Scores>.open(directory.path, options: options.log(.everyCommit))
        let run = CommitRun(options) { scores.logStatus }
        let tally = try await options.repeating(ScoreCommit(scores: scores), in: run.window)
        return [try finish(run, tally, scores)]
    }

    private func finish(
        _ run: CommitRun, _ tally: Tally, _ scores: Durable<Scores>
    ) throws -> ResultLine {
        let line = try run.line(
            .durableState, peer: "cairn", payload: SmallData.eventByteCount, tally)
        try scores.close()
        return line
    }
}

/// One node with two properties in each transaction.
struct GraphWriteBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() async throws -> [ResultLine] {
        guard !options.logAlone else {
            return try await options.logAlone(.graphWrite, SmallData.nodeByteCount)
        }
        let directory = try options.makeDirectory("graph-write")
        defer { directory.remove() }
        let database = try GraphDatabase.open(
            directory.path, options: options.log(.everyCommit))
        let run = CommitRun(options) { try database.status().log }
        let tally = try await options.repeating(NodeCommit(database: database), in: run.window)
        return [try finish(run, tally, database)]
    }

    private func finish(
        _ run: CommitRun, _ tally: Tally, _ database: GraphDatabase
    ) throws -> ResultLine {
        var line = try run.line(
            .graphWrite, peer: "cairn", payload: SmallData.nodeByteCount, tally)
        line["nodes"] = .count(UInt64(database.read { $0.nodeCount }))
        try database.close()
        return line
    }
}

extension BenchOptions {
    /// The same callers and bytes with nothing above the log.
    fileprivate func logAlone(
        _ workload: Workload, _ byteCount: Int
    ) async throws -> [ResultLine] {
        try await CommitBenchmark(
            workload: workload, options: self, policy: .everyCommit, peer: "cairn-log",
            batchByteCount: byteCount
        ).run()
    }
}
