// SPDX-License-Identifier: Apache-2.0
//
// The same commits to a small graph and to a large one. A commit must not cost more because there is more
// to publish. Both graphs are open at the same time and take turns, so that a slow moment of the disk hits
// either.

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph

struct PublishCostBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    private let turns = 4

    func run() async throws -> [ResultLine] {
        let directory = try options.makeDirectory("publish-cost")
        defer { directory.remove() }
        let sizes = [("small", 1000), ("large", options.largeNodeCount)]
        let subjects = try sizes.map { size, count in
            try Subject(size, nodes: count, "\(directory.path)/\(size)", options)
        }
        var lines = try await measure("one node", subjects) {
            NodeInAndOutCommit(database: $0.database)
        }
        lines += try await measure("one property", subjects) {
            PropertyCommit(database: $0.database, ids: $0.ids)
        }
        for subject in subjects { try subject.finish() }
        return lines
    }

    private func measure(
        _ what: String, _ subjects: [Subject], _ commit: (Subject) -> some AwaitedCommit
    ) async throws -> [ResultLine] {
        var times = [UInt64](repeating: 0, count: subjects.count)
        var counts = times
        for _ in 0..<turns {
            for (index, subject) in subjects.enumerated() {
                let commit = commit(subject)
                let window = Window(seconds: options.seconds / Double(turns * 2))
                let tally = await options.repeating(commit, in: window)
                try tally.check()
                times[index] += tally.nanoseconds(in: window)
                counts[index] += tally.latency.count * UInt64(commit.weight)
            }
        }
        return subjects.indices.map { line(what, subjects[$0], counts[$0], times[$0]) }
    }

    private func line(
        _ what: String, _ subject: Subject, _ commits: UInt64, _ nanoseconds: UInt64
    ) -> ResultLine {
        var line = ResultLine(workload: Workload.publishCost.rawValue, peer: "cairn")
        line["what"] = .text(what)
        line["size"] = .text(subject.size)
        line["nodes"] = .count(UInt64(subject.ids.count))
        line.setCost(of: commits, nanoseconds, options)
        return line
    }
}

extension ResultLine {
    /// Sets how many commits of how many callers there were, and what each took.
    mutating func setCost(of commits: UInt64, _ nanoseconds: UInt64, _ options: BenchOptions) {
        self["callers"] = .count(UInt64(options.callers))
        self["mode"] = .text(options.tasks ? "tasks" : "threads")
        setRates(operations: commits, bytes: 0, nanoseconds: nanoseconds)
        self["us_per_op"] = .number(Double(nanoseconds) / 1000 / Double(max(commits, 1)))
    }
}

/// A graph of one size.
private struct Subject {
    let size: String
    let database: GraphDatabase
    let ids: [NodeID]

    init(_ size: String, nodes: Int, _ path: String, _ options: BenchOptions) throws {
        self.size = size
        database = try GraphDatabase.open(path, options: options.log(.everyCommit))
        let graph = SampleGraph(nodeCount: nodes, relationshipCount: 0)
        ids = try graph.load(into: database, batch: options.batch)
    }

    /// Closes the graph; throws when it did not keep its size.
    func finish() throws {
        guard database.read({ $0.nodeCount }) == ids.count else {
            throw BenchError("a graph did not keep its size")
        }
        try database.close()
    }
}
