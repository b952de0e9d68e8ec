// SPDX-License-Identifier: Apache-2.0
//
// A writer commits small transactions without pause while another thread writes a checkpoint of the whole
// graph. How long the slowest commit takes then is what a user would notice; how long it takes without a
// checkpoint tells what part of that is the machine.

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph

struct CheckpointStallBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        let graph = SampleGraph(nodeCount: options.largeNodeCount, relationshipCount: 0)
        let directory = try options.makeDirectory("checkpoint-stall")
        defer { directory.remove() }
        let database = try GraphDatabase.open(directory.path, options: options.log(.manual))
        let ids = try graph.load(into: database, batch: options.batch)
        try database.sync()

        let quiet = try measure(database, ids) {
            System.sleep(nanoseconds: UInt64(options.seconds / 2 * 1e9))
        }
        var checkpointTimes: [Double] = []
        let busy = try measure(database, ids) {
            let end = System.now() + UInt64(options.seconds / 2 * 1e9)
            repeat {
                let start = System.now()
                guard try database.checkpoint() != nil else {
                    // The writer had no processor since the last one.
                    System.sleep(nanoseconds: 1_000_000)
                    continue
                }
                checkpointTimes.append(Double(System.now() - start) / 1e9)
            } while System.now() < end
        }
        try database.close()

        var line = ResultLine(workload: "checkpoint-stall", peer: "cairn")
        line.setRates(
            operations: busy.latency.count, bytes: 0, nanoseconds: busy.end)
        line.setLatency(busy.latency)
        line["nodes"] = .count(UInt64(graph.nodeCount))
        line["undisturbed_max_us"] = .number(Double(busy.undisturbedMax) / 1000)
        line["processor_max_us"] = .number(Double(busy.processorMax) / 1000)
        line["quiet_max_us"] = .number(Double(quiet.latency.maxNanoseconds) / 1000)
        line["quiet_undisturbed_max_us"] = .number(Double(quiet.undisturbedMax) / 1000)
        line["quiet_processor_max_us"] = .number(Double(quiet.processorMax) / 1000)
        line["checkpoints"] = .count(UInt64(checkpointTimes.count))
        line["checkpoint_s"] = Statistics.median(checkpointTimes).map { .number($0) }
        return [line]
    }

    /// Measures a writer while `body` runs; `end` of the tally is how long that was.
    private func measure(
        _ database: GraphDatabase, _ ids: [NodeID], while body: () throws -> Void
    ) throws -> WriteTally {
        let writer = RestlessWriter(database, ids)
        let thread = JoinableThread { writer.run() }
        let start = System.now()
        let outcome = Result { try body() }
        writer.stop()
        thread.join()
        try outcome.get()
        if let failure = writer.failure { throw failure }
        writer.tally.end = System.now() - start
        return writer.tally
    }
}
