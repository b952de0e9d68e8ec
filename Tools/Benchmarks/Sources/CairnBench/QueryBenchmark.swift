// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import CairnExchange
internal import CairnGraph
internal import CairnQuery
internal import Foundation

/// The questions of `Tools/questions/debian.json` on a graph in memory, and some of them as walks by hand.
///
/// `--data` is an export of the graph as JSON Lines; without it the graph is a small one of its own, so that the workload can
/// be tried. What is measured is a prepared statement with all its rows.
struct QueryBenchmark {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    /// The questions are not there, or not as they are meant to be.
    struct Malformed: Error {}

    struct Question {
        let id: String
        let text: String
        let parameters: [String: QueryValue]
    }

    func run() throws -> [ResultLine] {
        var graph =
            try options.data.map(Self.load) ?? PackageSample.graph(options.nodesGiven ?? 500)
        // LoraDB's constraint on the name brings such an index with it.
        try graph.create(.index(label: "Package", keys: ["name"]))
        var lines: [ResultLine] = []
        for question in try Self.questions()
        where options.question == nil || options.question == question.id {
            lines.append(try measure(question, graph))
            if let walk = HandWalk(question.id) {
                lines.append(measure(walk, question, graph))
            }
        }
        return lines
    }

    static func load(_ path: String) throws -> GraphStore {
        var graph = GraphStore()
        var lines = JSONLinesImport(options: JSONLinesImport.Options())
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            try lines.read(Array(piece), into: &graph)
        }
        try lines.finish(into: &graph)
        return graph
    }

    static func questions() throws -> [Question] {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        url.appendPathComponent("questions/debian.json")
        let entries = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        guard let entries = entries as? [[String: Any]] else { throw Malformed() }
        return try entries.map { entry in
            guard let id = entry["id"] as? String, let text = entry["text"] as? String,
                let given = entry["parameters"] as? [String: Any]
            else { throw Malformed() }
            let parameters = given.mapValues { value -> QueryValue in
                if let text = value as? String { return .string(text) }
                return .int((value as? NSNumber)?.int64Value ?? 0)
            }
            return Question(id: id, text: text, parameters: parameters)
        }
    }

    private func measure(_ question: Question, _ graph: GraphStore) throws -> ResultLine {
        let engine = QueryEngine.standard
        let prepared = try engine.prepare(question.text)
        var rowCount = 0
        let rounds = try repeating {
            rowCount = try engine.query(prepared(question.parameters), on: graph).count
        }
        return line(question.id, "cairn", rounds, rowCount)
    }

    private func measure(
        _ walk: HandWalk, _ question: Question, _ graph: GraphStore
    ) -> ResultLine {
        var rowCount = 0
        let rounds = repeating { rowCount = walk.run(graph, question.parameters) }
        return line(question.id, "cairn-by-hand", rounds, rowCount)
    }

    /// Runs at least seven times after a first one, small ones in groups long enough for the clock.
    private func repeating(_ body: () throws -> Void) rethrows -> Repetition {
        let start = System.now()
        try body()
        let once = max(System.now() - start, 1)
        let count = once < 100_000 ? Int(200_000 / once) + 1 : 1
        for _ in 0..<count { try body() }
        return try Repetition(budget: options.seconds / 13, least: 7) {
            let start = System.now()
            for _ in 0..<count { try body() }
            return (System.now() - start) / UInt64(count)
        }
    }

    private func line(
        _ id: String, _ peer: String, _ rounds: Repetition, _ rowCount: Int
    ) -> ResultLine {
        var line = ResultLine(workload: "query", peer: peer)
        line["what"] = .text(id)
        line.setRates(operations: 1, bytes: 0, rounds)
        line["ms"] = .number(rounds.median * 1000)
        line["rows"] = .count(UInt64(rowCount))
        return line
    }
}

/// A small graph in the form of the package lists of Debian.
enum PackageSample {
    static func graph(_ count: Int) throws -> GraphStore {
        var graph = GraphStore()
        try graph.createUniqueConstraint(label: "Package", key: "name")
        var ids: [NodeID] = []
        for index in 0..<max(count, 10) {
            let isVirtual = index % 10 == 9
            var properties: Properties = ["name": .string("p\(index)")]
            if !isVirtual {
                properties["section"] = .string("s\(index % 5)")
                properties["installedSize"] = .int(Int64(index % 97))
                properties["maintainer"] = .string("m\(index % 3)")
            }
            ids.append(
                try graph.createNode(
                    labels: [isVirtual ? "VirtualPackage" : "Package"], properties: properties))
        }
        for index in ids.indices {
            for step in 1...4 {
                let other = ids[(index * step + 7) % ids.count]
                try graph.createRelationship("DEPENDS", from: ids[index], to: other)
            }
        }
        return graph
    }
}
