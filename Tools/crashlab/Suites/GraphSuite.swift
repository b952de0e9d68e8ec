// SPDX-License-Identifier: Apache-2.0
//
// I14 on a graph: what a snapshot and the log after it give is, byte for byte, what the whole log gives,
// and what the program had in memory; after a crash at every operation.

import Cairn
import CairnFormat
import CairnGraph
import CairnIO
import CairnLog
import CairnQuery
import CairnTesting
import SystemPackage

struct GraphSuite: Suite {
    static let name = "graph"
    static let summary = "graphs: snapshot and rest of the log equal the whole log, after any crash"

    func run(_ effort: Effort, in laboratory: Laboratory) throws -> Figures {
        try forEach(Array(0..<effort.graphPrograms), effort) { seed in
            var figures = Figures()
            figures["graph programs"] += 1
            do {
                for moment in try GraphProgram(seed, laboratory).moments() {
                    for choice in moment.point.choices(limit: 10, seed: seed) {
                        do {
                            try GraphProgram.check(moment, choice, laboratory, &figures)
                        } catch {
                            let place = CrashPlace([
                                .init(operation: moment.point.operationIndex, choice: choice)
                            ])
                            found("\(error)", "\(seed)/\(place)", laboratory, &figures)
                            if effort.stopsAtFirst { return figures }
                        }
                    }
                }
            } catch {
                found("without any crash: \(error)", "\(seed)/0/synced", laboratory, &figures)
            }
            return figures
        }
    }

    private func found(
        _ reason: String, _ detail: String, _ laboratory: Laboratory, _ figures: inout Figures
    ) {
        var line = Reproduction(Self.name, Configuration(), Workload([]), detail)
        line.bug = laboratory.bug?.name ?? ""
        figures.found(Violation(reason: reason, reproduction: line))
    }

    func reproduce(_ reproduction: Reproduction, in laboratory: Laboratory) throws {
        let words = reproduction.detail.split(separator: "/", maxSplits: 1).map(String.init)
        guard words.count == 2, let seed = UInt64(words[0]), let place = CrashPlace(words[1]),
            let step = place.steps.first
        else { throw Complaint("no such place: \(reproduction.detail)") }
        var figures = Figures()
        for moment in try GraphProgram(seed, laboratory).moments()
        where moment.point.operationIndex == step.operation {
            try GraphProgram.check(moment, step.choice, laboratory, &figures)
        }
    }
}

/// A random program of mutations, refused transactions, checkpoints and reopenings.
private struct GraphProgram {
    struct Moment {
        let point: CrashPoint
        /// The graph after each transaction.
        let digests: [UInt64]
        let durableCount: Int
    }

    private let seed: UInt64
    private let laboratory: Laboratory

    init(_ seed: UInt64, _ laboratory: Laboratory) {
        self.seed = seed
        self.laboratory = laboratory
    }

    private static func open(
        _ files: SimulatedFileSystem, _ laboratory: Laboratory, seed: UInt64
    ) throws -> GraphDatabase {
        var options = LogOptions()
        options.segmentByteCount = 1024
        options.preparesSegments = false
        return try GraphDatabase.open(
            Laboratory.storePath, options: options,
            environment: laboratory.environment(files, seed: seed))
    }

    private struct Refused: Error {}

    /// What the graph was after each transaction. One thread uses it.
    private final class Model {
        var digests = [GraphStore().digest]
        var durableCount = 0
    }

    func moments() throws -> [Moment] {
        var generator = SplitMix64(seed: seed)
        let files = SimulatedFileSystem()
        // The handler is called on this thread, in the middle of a step.
        nonisolated(unsafe) let model = Model()
        nonisolated(unsafe) var moments: [Moment] = []
        files.observeCrashPoints {
            moments.append(
                Moment(point: $0, digests: model.digests, durableCount: model.durableCount))
        }
        var database = try Self.open(files, laboratory, seed: 1)
        for step in 0..<14 {
            if step % 6 == 5 { try database.checkpoint() }
            if step == 9 {
                try database.close()
                database = try Self.open(files, laboratory, seed: 2)
                guard database.digest == model.digests.last else {
                    throw Complaint("opened again, the graph differs")
                }
            }
            // The program runs on a copy first, so that the journal knows what is about to come.
            let recorded = generator
            var next = database.view()
            let isRefused = generator.next() % 5 == 0
            if !isRefused {
                var trial = generator
                try next.beginTransaction()
                try Self.mutate(&next, &trial)
                try next.commitTransaction()
                model.digests.append(next.digest)
            }
            generator = recorded
            _ = generator.next()
            do {
                try database.write { transaction in
                    try Self.mutate(&transaction, &generator)
                    if isRefused { throw Refused() }
                }
            } catch is Refused {}
            model.durableCount = model.digests.count - 1
            guard database.digest == model.digests.last else {
                throw Complaint("the graph in memory differs from the model")
            }
        }
        try database.close()
        files.observeCrashPoints(nil)
        return moments
    }

    static func check(
        _ moment: Moment, _ choice: CrashChoice, _ laboratory: Laboratory,
        _ figures: inout Figures
    ) throws {
        let image = moment.point.image(choice)
        figures["graph images"] += 1
        let database = try open(image, laboratory, seed: 3)
        let digest = database.digest
        guard moment.digests[moment.durableCount...].contains(digest) else {
            throw Complaint("a graph that was never there, \(moment.durableCount) durable")
        }
        // The same from the log alone, as long as it reaches back to the beginning.
        guard database.recovery.snapshotFence != nil,
            database.status.log.firstLSN == .first
        else { return }
        let whole = moment.point.image(choice)
        whole.remove("/store/snapshots")
        guard try open(whole, laboratory, seed: 3).digest == digest else {
            throw Complaint("the log alone gives another graph than the snapshot and its rest")
        }
        figures["graphs compared with the whole log"] += 1
    }

    /// Statements change the graph like calls, and one that fails midway has changed nothing.
    private static func queries<Graph: MutableGraph & ~Copyable>(
        _ graph: inout Graph, _ number: UInt64
    ) throws {
        let value = QueryValue.int(Int64(number % 1000))
        let change = """
            MATCH (n) WITH n ORDER BY id(n) LIMIT 3 SET n.q = $x
            CREATE (n)-[:Q {x: $x}]->(m:L9 {n: $x}) WITH m LIMIT 1 SET m:L8
            """
        try graph.run(change, ["x": value])
        do {
            try graph.run(change + " WITH m UNWIND [1, 0] AS y RETURN 1 / y", ["x": value])
        } catch is QueryError {
            return
        }
        throw Complaint("a statement that divides by zero has not failed")
    }

    private static func mutate<Graph: MutableGraph & ~Copyable>(
        _ graph: inout Graph, _ generator: inout SplitMix64
    ) throws {
        for _ in 0...generator.next() % 3 {
            let nodes = graph.nodes
            let pick = { (number: UInt64) in nodes[Int(number % UInt64(nodes.count))] }
            let number = generator.next()
            switch (number % 6, nodes.isEmpty) {
            case (_, true), (0, _), (1, _):
                try graph.makeNode("L\(number % 3)", number)
            case (2, _), (3, _): try graph.connect(pick(number >> 8), pick(number >> 20))
            case (4, _): try graph.set(pick(number >> 8), number >> 30)
            case (5, _) where number >> 8 & 1 == 0: try queries(&graph, number >> 30)
            default: try graph.drop(pick(number >> 8))
            }
        }
    }
}

/// What programs do to a graph, alone or within a transaction.
private protocol MutableGraph: ~Copyable {
    var nodes: [NodeID] { get }
    mutating func makeNode(_ label: String, _ number: UInt64) throws
    mutating func connect(_ from: NodeID, _ to: NodeID) throws
    mutating func set(_ node: NodeID, _ number: UInt64) throws
    mutating func drop(_ node: NodeID) throws
    mutating func run(_ text: String, _ parameters: [String: QueryValue]) throws
}

extension GraphStore: MutableGraph {
    fileprivate var nodes: [NodeID] { Array(nodeIDs) }
    fileprivate mutating func makeNode(_ label: String, _ number: UInt64) throws {
        try createNode(labels: [label], properties: ["n": .int(Int64(number % 1000))])
    }
    fileprivate mutating func connect(_ from: NodeID, _ to: NodeID) throws {
        try createRelationship("R", from: from, to: to)
    }
    fileprivate mutating func set(_ node: NodeID, _ number: UInt64) throws {
        try setProperty("s", to: .string("value \(number)"), of: node)
    }
    fileprivate mutating func drop(_ node: NodeID) throws { try deleteNode(node, detach: true) }
    fileprivate mutating func run(_ text: String, _ parameters: [String: QueryValue]) throws {
        try execute(text, parameters)
    }
}

extension GraphTransaction: MutableGraph {
    fileprivate var nodes: [NodeID] { Array(graph.nodeIDs) }
    fileprivate mutating func makeNode(_ label: String, _ number: UInt64) throws {
        try createNode(labels: [label], properties: ["n": .int(Int64(number % 1000))])
    }
    fileprivate mutating func connect(_ from: NodeID, _ to: NodeID) throws {
        try createRelationship("R", from: from, to: to)
    }
    fileprivate mutating func set(_ node: NodeID, _ number: UInt64) throws {
        try setProperty("s", to: .string("value \(number)"), of: node)
    }
    fileprivate mutating func drop(_ node: NodeID) throws { try deleteNode(node, detach: true) }
    fileprivate mutating func run(_ text: String, _ parameters: [String: QueryValue]) throws {
        try query(text, parameters)
    }
}

extension GraphDatabase {
    fileprivate var digest: UInt64 { read { $0.digest } }
}

extension GraphStore {
    /// A number that follows from the bytes of the snapshot of the graph.
    fileprivate borrowing func snapshotDigest() -> UInt64 {
        var sink = DigestSink()
        do { try write(to: &sink) } catch { fatalError("a digest does not fail: \(error)") }
        return sink.digest
    }

    fileprivate var digest: UInt64 { snapshotDigest() }
}

private struct DigestSink: SectionSink, ~Copyable {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    private mutating func add(_ byte: UInt8) {
        digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    mutating func beginSection(_ id: UInt32) throws(FormatError) {
        for shift in [0, 8, 16, 24] { add(UInt8(truncatingIfNeeded: id >> UInt32(shift))) }
    }

    mutating func appendRecord(_ write: (inout BinaryBuffer) -> Void) throws(FormatError) {
        var buffer = BinaryBuffer()
        write(&buffer)
        for byte in buffer.array() { add(byte) }
    }
}
