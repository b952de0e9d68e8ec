// SPDX-License-Identifier: Apache-2.0
//
// One reader reads again and again, with a short pause: alone, beside one writer without pause, and beside
// checkpoints of the whole graph. The writer's commits are durable, so a reader that waits for the disk
// shows.

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph

struct ReadBesideWriterBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        let directory = try options.makeDirectory("read-beside-writer")
        defer { directory.remove() }
        return try readScores("\(directory.path)/scores") + readGraph("\(directory.path)/graph")
    }

    private func readScores(_ path: String) throws -> [ResultLine] {
        let scores = try Durable<Scores>.open(path, options: options.log(.everyCommit))
        let names = SmallData.players + [SmallData.readPlayer]
        try scores.commit(contentsOf: names.map { .scored(player: $0, points: SmallData.points) })
        let writer = ScoreCommit(scores: scores)
        let others: [(String, RepeatedOperation?)] = [
            ("alone", nil), ("writer", { try writer.commit($0) }),
        ]
        let lines = try others.map { name, other in
            try line("points of a player", beside: name, nodes: nil, other) { _ in
                try found(scores.read { $0.points[SmallData.readPlayer] })
            }
        }
        try scores.close()
        return lines
    }

    private func readGraph(_ path: String) throws -> [ResultLine] {
        let graph = SampleGraph(nodeCount: options.largeNodeCount, relationshipCount: 0)
        let database = try GraphDatabase.open(path, options: options.log(.everyCommit))
        let ids = try graph.load(into: database, batch: options.batch)
        let writer = PropertyCommit(database: database, ids: ids)
        let others: [(String, RepeatedOperation?)] = [
            ("alone", nil), ("writer", { try writer.commit($0) }),
            ("checkpoint", { try checkpoint(database, after: writer, $0) }),
        ]
        var lines: [ResultLine] = []
        for (name, other) in others {
            lines.append(
                try line("node count", beside: name, nodes: ids.count, other) { _ in
                    try found(database.read { $0.nodeCount })
                })
            lines.append(
                try line("property of a node", beside: name, nodes: ids.count, other) { number in
                    let id = ids[number &* 104_729 % ids.count]
                    try found(database.read { $0.node(id)?.properties["score"] })
                })
        }
        try database.close()
        return lines
    }

    private func line(
        _ what: String, beside name: String, nodes: Int?, _ other: RepeatedOperation?,
        _ read: @escaping RepeatedOperation
    ) throws -> ResultLine {
        let window = Window(seconds: options.seconds)
        let tally = try repeating(
            in: window, pause: SmallData.readPause, beside: other, read)
        var line = ResultLine(workload: Workload.readBesideWriter.rawValue, peer: "cairn")
        line["what"] = .text(what)
        line["beside"] = .text(name)
        line.setRates(
            operations: tally.latency.count, bytes: 0, nanoseconds: tally.nanoseconds(in: window))
        line.setLatency(tally.latency)
        line["nodes"] = nodes.map { .count(UInt64($0)) }
        return line
    }
}

/// Writes a snapshot of everything. A commit goes before, or there would be nothing to save.
@Sendable
private func checkpoint(
    _ database: GraphDatabase, after commit: PropertyCommit, _ number: Int
) throws {
    try commit.commit(number)
    guard try database.checkpoint() != nil else {
        throw BenchError("a checkpoint found nothing to save")
    }
}

/// Throws when a reader found nothing.
private func found<Value>(_ value: Value?) throws {
    guard value != nil else { throw BenchError("a reader did not find what was committed") }
}
