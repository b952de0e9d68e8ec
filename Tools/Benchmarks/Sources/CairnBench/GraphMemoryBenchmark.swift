// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import CairnGraph

/// Builds the graph in a store without a log and looks at the memory before and after.
struct GraphMemoryBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    func run() throws -> [ResultLine] {
        let graph = options.graph
        // What the first nodes bring into memory once, code among it, is no part of the graph.
        var small = GraphStore()
        try SampleGraph(nodeCount: 10, relationshipCount: 5).load(into: &small, batch: 5)
        Memory.resetPeak()
        let before = Memory.residentByteCount
        let start = System.now()
        var store = GraphStore()
        try graph.load(into: &store, batch: options.batch)
        let end = System.now()
        let after = Memory.residentByteCount
        let growth = after > before ? after - before : 0
        let peak = Memory.peakByteCount
        let count = graph.nodeCount + graph.relationshipCount

        var line = ResultLine(workload: "graph-memory", peer: "cairn")
        line.setRates(operations: UInt64(count), bytes: growth, nanoseconds: end - start)
        line["nodes"] = .count(UInt64(store.nodeCount))
        line["relationships"] = .count(UInt64(store.relationshipCount))
        line["resident_before_bytes"] = .count(before)
        line["resident_after_bytes"] = .count(after)
        line["resident_growth_bytes"] = .count(growth)
        line["peak_growth_bytes"] = .count(peak > before ? peak - before : 0)
        line["bytes_per_entity"] = .number(Double(growth) / Double(count))
        return [line]
    }
}
