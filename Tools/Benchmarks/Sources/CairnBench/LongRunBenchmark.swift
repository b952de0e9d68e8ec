// SPDX-License-Identifier: Apache-2.0
//
// A writer that never pauses, and checkpoints that the database makes by itself: does anything grow that should not,
// and does the writer ever wait? Each second gives a line; every so many seconds the store is opened once more, for
// reading, beside the writer, which takes as long as a recovery would.

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph
internal import CairnLog

struct LongRunBenchmark {
    private static let secondsBetweenOpenings = 20.0

    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        let graph = SampleGraph(nodeCount: options.nodes, relationshipCount: 0)
        let directory = try options.makeDirectory("long-run")
        defer { directory.remove() }
        let log = options.log(.periodic(interval: .milliseconds(10)))

        let first = try GraphDatabase.open(
            directory.path, options: log, checkpoints: .manual)
        let ids = try graph.load(into: first, batch: options.batch)
        _ = try first.checkpoint()
        let quiet = try measure(first, ids, directory, seconds: options.seconds / 10, opens: false)
        try first.close()

        let database = try GraphDatabase.open(directory.path, options: log)
        let busy = try measure(database, ids, directory, seconds: options.seconds, opens: true)
        let status = database.status.store.checkpoints
        try database.close()
        if let failure = status.failure { throw failure }

        var line = ResultLine(workload: "long-run", peer: "cairn")
        line.setRates(
            operations: busy.tally.latency.count, bytes: 0, nanoseconds: busy.nanoseconds)
        line.setLatency(busy.tally.latency)
        line["nodes"] = .count(UInt64(graph.nodeCount))
        line["checkpoints"] = .count(UInt64(status.madeCount))
        line["undisturbed_max_us"] = .number(Double(busy.tally.undisturbedMax) / 1000)
        line["processor_max_us"] = .number(Double(busy.tally.processorMax) / 1000)
        line["quiet_max_us"] = .number(Double(quiet.tally.latency.maxNanoseconds) / 1000)
        line["quiet_undisturbed_max_us"] = .number(Double(quiet.tally.undisturbedMax) / 1000)
        line["quiet_processor_max_us"] = .number(Double(quiet.tally.processorMax) / 1000)
        line["disk_max_mb"] = .number(busy.diskMax / 1e6)
        line["open_max_s"] = .number(busy.openMax)
        return busy.lines + [line]
    }

    private struct Outcome {
        var tally: WriteTally
        var nanoseconds: UInt64
        var lines: [ResultLine]
        var diskMax = 0.0
        var openMax = 0.0
    }

    /// Writes for so long, and looks at the store each second.
    private func measure(
        _ database: GraphDatabase, _ ids: [NodeID], _ directory: WorkDirectory, seconds: Double,
        opens: Bool
    ) throws -> Outcome {
        let writer = RestlessWriter(database, ids)
        let thread = JoinableThread { writer.run() }
        let start = System.now()
        var outcome = Outcome(tally: WriteTally(), nanoseconds: 0, lines: [])
        var nextOpening = Self.secondsBetweenOpenings / 2
        var before = writer.shown
        var looked = start
        let watching = Result {
            while System.now() - start < UInt64(seconds * 1e9) {
                System.sleep(nanoseconds: 1_000_000_000)
                let time = Double(System.now() - start) / 1e9
                let now = writer.takeShown()
                var line = ResultLine(workload: "long-run-second", peer: "cairn")
                line["second"] = .number(time)
                line.setRates(
                    operations: now.count - before.count, bytes: 0,
                    nanoseconds: System.now() - looked)
                looked = System.now()
                line["max_us"] = .number(Double(now.longest) / 1000)
                line["undisturbed_max_us"] = .number(Double(now.undisturbed) / 1000)
                let disk = Double(directory.byteCount())
                line["disk_mb"] = .number(disk / 1e6)
                line["log_mb"] = .number(Double(directory.byteCount("log")) / 1e6)
                line["checkpoints"] = .count(UInt64(database.status.store.checkpoints.madeCount))
                before = now
                outcome.diskMax = max(outcome.diskMax, disk)
                if opens, time >= nextOpening {
                    nextOpening += Self.secondsBetweenOpenings
                    let seconds = try openingTime(directory)
                    line["open_s"] = .number(seconds)
                    outcome.openMax = max(outcome.openMax, seconds)
                }
                outcome.lines.append(line)
            }
        }
        writer.stop()
        thread.join()
        try watching.get()
        if let failure = writer.failure { throw failure }
        outcome.tally = writer.tally
        outcome.nanoseconds = System.now() - start
        return outcome
    }

    private func openingTime(_ directory: WorkDirectory) throws -> Double {
        var log = options.log(.manual)
        log.access = .readOnly
        let start = System.now()
        let reader = try GraphDatabase.open(directory.path, options: log)
        let seconds = Double(System.now() - start) / 1e9
        try reader.close()
        return seconds
    }
}
