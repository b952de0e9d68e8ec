// SPDX-License-Identifier: Apache-2.0
//
// One small transaction after the other, into the types that stand above the log, and the same number of
// bytes into a log alone: the difference is their part.

internal import BenchSupport
internal import Cairn
internal import CairnContainer
internal import CairnDurable

/// One event of a `Codable` state in each commit.
struct DurableStateBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() async throws -> [ResultLine] {
        let directory = try options.makeDirectory("durable-state")
        defer { directory.remove() }
        let (commit, run) = try open(directory.path)
        let tally = await options.repeating(commit, in: run.window)
        return [try finish(run, tally, commit.scores)]
    }

    // Swift 6.3's optimizer crashes when these two are inlined into an asynchronous function.
    @inline(never)
    private func open(_ path: String) throws -> (ScoreCommit, CommitRun) {
        let log = options.log(.everyCommit)
        let scores =
            options.container
            ? try Durable<Scores>.open(container: options.containerPath(path), options: log)
            : try Durable<Scores>.open(path, options: log)
        return (ScoreCommit(scores: scores), CommitRun(options) { scores.status.log })
    }

    @inline(never)
    private func finish(
        _ run: CommitRun, _ tally: Tally, _ scores: Durable<Scores>
    ) throws -> ResultLine {
        let line = try run.line(
            .durableState, peer: options.peer, payload: SmallData.eventByteCount, tally)
        try scores.close()
        return line
    }
}

/// One node with two properties in each transaction.
struct GraphWriteBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() async throws -> [ResultLine] {
        let directory = try options.makeDirectory("graph-write")
        defer { directory.remove() }
        let database = try options.openGraph(in: directory.path, .everyCommit)
        let run = CommitRun(options) { database.status.log }
        let tally = await options.repeating(NodeCommit(database: database), in: run.window)
        return [try finish(run, tally, database)]
    }

    private func finish(
        _ run: CommitRun, _ tally: Tally, _ database: GraphDatabase
    ) throws -> ResultLine {
        var line = try run.line(
            .graphWrite, peer: options.peer, payload: SmallData.nodeByteCount, tally)
        line["nodes"] = .count(UInt64(database.read { $0.nodeCount }))
        try database.close()
        return line
    }
}
