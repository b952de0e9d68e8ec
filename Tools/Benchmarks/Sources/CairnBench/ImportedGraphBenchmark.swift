// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
public import Cairn
internal import CairnDurable
public import CairnExchange
internal import CairnGraph
internal import CairnZlib
internal import Foundation

/// A graph of others: its memory, opening it from its log, saving it, opening it from what was saved.
///
/// `--data` is an export as JSON Lines; without it the graph is a small one of its own, so that the workload can be tried.
struct ImportedGraphBenchmark {
    let options: BenchOptions
    private let checkpoints: CheckpointOptions

    init(_ options: BenchOptions) {
        self.options = options
        var checkpoints = CheckpointOptions.manual
        if options.compress { checkpoints.compressor = ZlibBatchCompressor() }
        self.checkpoints = checkpoints
    }

    func run() throws -> [ResultLine] {
        let directory = try options.makeDirectory("imported-graph")
        defer { directory.remove() }
        let text = try options.data ?? writeSample(in: directory)
        let memory = try memory(text)
        let path = directory.path + "/database"
        let database = try open(path)
        try Self.pieces(of: text) { lines, piece in
            try database.write { transaction in
                try piece.map { try lines.read($0, into: &transaction) }
                    ?? lines.finish(into: &transaction)
            }
        }
        let counts = database.read { ($0.nodeCount, $0.relationshipCount) }
        try database.close()
        let store = WorkDirectory(existing: path)
        let logByteCount = store.byteCount("log")
        let recovering = try opening(path, counts)
        let saving = try save(path)
        let snapshotByteCount = store.names("snapshots").max().map {
            store.byteCount("snapshots/\($0)")
        }
        let loading = try opening(path, counts)
        let count = counts.0 + counts.1
        return [
            memory.line(count, self),
            line("recovery", recovering, count, logByteCount),
            line("save", saving, count, snapshotByteCount ?? 0),
            line("load", loading, count, snapshotByteCount ?? 0),
        ]
    }

    private func open(_ path: String) throws -> GraphDatabase {
        try GraphDatabase.open(path, options: options.log(.manual), checkpoints: checkpoints)
    }

    /// How much memory a graph takes, and how long it took to make.
    private struct Growth {
        let byteCount: UInt64
        let nanoseconds: UInt64

        func line(_ count: Int, _ benchmark: ImportedGraphBenchmark) -> ResultLine {
            var line = benchmark.line("memory", count, byteCount)
            line.setRates(operations: UInt64(count), bytes: byteCount, nanoseconds: nanoseconds)
            return line
        }
    }

    private func memory(_ text: String) throws -> Growth {
        // What the first nodes bring into memory once, code among it, is no part of the graph.
        _ = try PackageSample.graph(100)
        let before = Memory.residentByteCount
        let start = System.now()
        var graph = GraphStore()
        try Self.pieces(of: text) { lines, piece in
            try piece.map { try lines.read($0, into: &graph) } ?? lines.finish(into: &graph)
        }
        let end = System.now()
        let after = Memory.residentByteCount
        return withExtendedLifetime(graph) {
            Growth(byteCount: after > before ? after - before : 0, nanoseconds: end - start)
        }
    }

    private func opening(_ path: String, _ counts: (Int, Int)) throws -> Repetition {
        try Repetition(budget: options.seconds / 3, least: 3) {
            let start = System.now()
            let database = try open(path)
            let end = System.now()
            guard database.read({ ($0.nodeCount, $0.relationshipCount) }) == counts else {
                throw BenchError("not all of the graph came back")
            }
            try database.close()
            return end - start
        }
    }

    private func save(_ path: String) throws -> Repetition {
        let database = try open(path)
        let node = database.read { $0.nodes.first { _ in true }?.id }
        guard let node else { throw BenchError("the graph is empty") }
        let rounds = try database.saving("saved", of: node, options.seconds / 3)
        try database.close()
        return rounds
    }

    private func line(
        _ what: String, _ rounds: Repetition, _ count: Int, _ bytes: UInt64
    ) -> ResultLine {
        var line = line(what, count, bytes)
        line.setRates(operations: UInt64(count), bytes: bytes, rounds)
        return line
    }

    private func line(_ what: String, _ count: Int, _ bytes: UInt64) -> ResultLine {
        var line = ResultLine(workload: "imported-graph", peer: "cairn")
        line["what"] = .text(options.compress ? "\(what), compressed" : what)
        line["entities"] = .count(UInt64(count))
        line["bytes"] = .count(bytes)
        return line
    }

    private func writeSample(in directory: WorkDirectory) throws -> String {
        let path = directory.path + "/sample.jsonl"
        let graph = try PackageSample.graph(options.nodesGiven ?? 500)
        var text = Data()
        JSONLinesExport.write(graph) { bytes in
            bytes.withUnsafeBytes { text.append(contentsOf: $0) }
        }
        try text.write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Calls `body` with each piece of a text, and at the end with nil.
    private static func pieces(
        of path: String, _ body: (inout JSONLinesImport, [UInt8]?) throws -> Void
    ) throws {
        var lines = JSONLinesImport(options: JSONLinesImport.Options())
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        while let piece = try file.read(upToCount: 1 << 18), !piece.isEmpty {
            try body(&lines, Array(piece))
        }
        try body(&lines, nil)
    }
}

extension GraphTransaction: @retroactive GraphTarget {}
