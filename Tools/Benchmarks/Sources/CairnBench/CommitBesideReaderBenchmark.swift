// SPDX-License-Identifier: Apache-2.0
//
// One writer commits without pause, alone and beside a reader that again and again holds what it sees for
// a time. Both take turns, so that a slow moment of the disk hits either.

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph

struct CommitBesideReaderBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    private let turns = 2

    func run() throws -> [ResultLine] {
        let directory = try options.makeDirectory("commit-beside-reader")
        defer { directory.remove() }
        return try holdScores("\(directory.path)/scores") + holdGraph("\(directory.path)/graph")
    }

    private func holdScores(_ path: String) throws -> [ResultLine] {
        let scores = try Durable<Scores>.open(path, options: options.log(.everyCommit))
        let hold = options.hold
        let line = try line("read of a state", ScoreCommit(scores: scores)) { _ in
            scores.read { _ in hold() }
            System.sleep(nanoseconds: 1_000_000)
        }
        try scores.close()
        return [line]
    }

    private func holdGraph(_ path: String) throws -> [ResultLine] {
        let database = try GraphDatabase.open(path, options: options.log(.everyCommit))
        let graph = SampleGraph(nodeCount: options.nodes, relationshipCount: 0)
        let ids = try graph.load(into: database, batch: options.batch)
        let commit = PropertyCommit(database: database, ids: ids)
        let hold = options.hold
        let lines = [
            try line("read of a graph", commit) { _ in
                database.read { _ in hold() }
                System.sleep(nanoseconds: 1_000_000)
            },
            try line("view of a graph", commit) { _ in
                let view = database.view()
                hold()
                guard view.nodeCount == ids.count else {
                    throw BenchError("a view has lost nodes")
                }
            },
        ]
        try database.close()
        return lines
    }

    private func line(
        _ what: String, _ commit: some CallerCommit, _ reader: @escaping RepeatedOperation
    ) throws -> ResultLine {
        var alone = LatencyHistogram()
        var beside = LatencyHistogram()
        var nanoseconds: UInt64 = 0
        let seconds = max(options.seconds / 4, Double(options.holdMilliseconds) / 500)
        for _ in 0..<turns {
            func commits(beside reader: RepeatedOperation?) throws -> Tally {
                let window = Window(seconds: seconds)
                let tally = try repeating(in: window, beside: reader) { try commit.commit($0) }
                nanoseconds = tally.nanoseconds(in: window)
                return tally
            }
            alone.add(try commits(beside: nil).latency)
            beside.add(try commits(beside: reader).latency)
        }
        var line = ResultLine(workload: Workload.commitBesideReader.rawValue, peer: "cairn")
        line["what"] = .text(what)
        line["hold_ms"] = .count(UInt64(options.holdMilliseconds))
        line.setRates(operations: beside.count, bytes: 0, nanoseconds: nanoseconds)
        line.setLatency(beside)
        let (p99, quiet) = (
            Double(beside.nanoseconds(atShare: 0.99) ?? 0) / 1000,
            Double(alone.nanoseconds(atShare: 0.99) ?? 0) / 1000
        )
        line["quiet_p99_us"] = .number(quiet)
        line["delay_p99_us"] = .number(p99 - quiet)
        return line
    }
}

extension BenchOptions {
    /// Blocks the thread for as long as a reader holds what it sees.
    fileprivate var hold: @Sendable () -> Void {
        let nanoseconds = UInt64(holdMilliseconds) * 1_000_000
        return { System.sleep(nanoseconds: nanoseconds) }
    }
}
