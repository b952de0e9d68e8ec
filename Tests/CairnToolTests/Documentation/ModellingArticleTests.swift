// SPDX-License-Identifier: Apache-2.0

import Cairn
import CairnDurable
import CairnExchange
import CairnGraph
import CairnLSN
import CairnLog
import CairnZlib
import Foundation
import Testing

/// The article `ModellingWithCairnGraph`: every piece of Swift in it stands here, line by line, and runs.
struct ModellingArticleTests {
    private let scratch: Scratch
    private let dependencies: Set = ["DEPENDS", "PRE_DEPENDS"]

    init() throws { scratch = try Scratch() }

    /// The graph of the bundled package list.
    private func openDebian() throws -> GraphDatabase {
        _ = try Tool.output("import", "dpkg", Fixture.path, "--into", scratch["debian"])
        var options = GraphDatabase.Options()
        options.compressor = ZlibBatchCompressor()
        return try GraphDatabase.open(scratch["debian"], options: options)
    }

    private static func article() throws -> String {
        let path = "Modules/CairnGraph/CairnGraph.docc/ModellingWithCairnGraph.md"
        return try String(
            contentsOfFile: Fixture.root.appendingPathComponent(path).path, encoding: .utf8)
    }

    private func names(_ nodes: some Sequence<NodeID>, _ graph: borrowing GraphStore) -> [String] {
        nodes.map { graph.node($0)?["name", as: String.self] ?? "?" }
    }

    @Test func theOutputOfTheArticleIsReal() throws {
        let article = try Self.article()
        try openDebian().read { graph in
            let gone = try #require(
                graph.node(labeled: "Package", "name", equals: "libgcc-s1"))
            let broken = broken(without: gone, in: graph)
            let some = names(broken, graph).sorted().prefix(5).joined(separator: ", ")
            let first = "\(broken.count) of \(graph.nodeCount) break: \(some), …"
            #expect(article.contains("```text\n\(first)\n```"), "\(first)")

            let libc = try #require(graph.node(labeled: "Package", "name", equals: "libc6"))
            let farthest = graph.breadthFirst(
                from: libc, direction: .incoming, types: dependencies
            ).max { $0.depth < $1.depth }
            let path = graph.shortestPath(
                from: try #require(farthest).node, to: libc, types: dependencies)
            let second = names(path?.nodes ?? [], graph).joined(separator: " → ")
            #expect(article.contains("```text\n\(second)\n```"), "\(second)")

            guard case .cycle(let cycle) = installation(graph) else { return }
            let knots = graph.stronglyConnectedComponents(types: dependencies).filter {
                $0.count > 1
            }
            let largest = knots.max { $0.count < $1.count } ?? []
            let third = """
                \(names(cycle, graph).joined(separator: " → "))
                knots: \(knots.count); the largest: \(names(largest, graph).joined(separator: ", "))
                """
            #expect(article.contains("```text\n\(third)\n```"), "\(third)")
        }
    }

    @Test func everyPieceOfTheArticleIsCompiled() throws {
        func lines(_ text: some StringProtocol) -> [String] {
            text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty }
        }
        let text = try Self.article()
        // However the formatter breaks the lines here.
        let source = lines(try String(contentsOfFile: #filePath, encoding: .utf8)).joined()
            .replacing(" ", with: "")
        let pieces = text.components(separatedBy: "```swift\n").dropFirst()
            .map { $0.components(separatedBy: "```")[0] }
        #expect(pieces.count == 15)
        for piece in pieces {
            let wanted = lines(piece).joined().replacing(" ", with: "")
                .replacing("open(\"debian\"", with: "open(scratch[\"debian\"]")
            #expect(source.contains(wanted), "\(piece)")
        }
    }

    @Test func makingAGraph() throws {
        var graph = GraphStore()
        try graph.createUniqueConstraint(label: "Package", key: "name")
        let libc = try graph.createNode(
            labels: ["Package"], properties: ["name": "libc6", "version": "2.36"])
        let bash = try graph.createNode(labels: ["Package"], properties: ["name": "bash"])
        try graph.createRelationship(
            "PRE_DEPENDS", from: bash, to: libc, properties: ["constraint": ">= 2.36", "group": 0])
        #expect(broken(without: libc, in: graph) == [bash])
        #expect(Array(graph.neighbors(of: bash)) == [libc])
        try graph.createNode(labels: ["Package"], properties: ["name": "musl"])
        let clause = try graph.createRelationship(
            "PRE_DEPENDS", from: bash, to: NodeID(rawValue: 2), properties: ["group": 0])
        #expect(broken(without: libc, in: graph).isEmpty)
        try graph.deleteRelationship(clause)
        try graph.createRelationship(
            "PRE_DEPENDS", from: bash, to: NodeID(rawValue: 2), properties: ["group": 1])
        #expect(broken(without: libc, in: graph) == [bash])
    }

    @Test func manyAtOnceAndWithinTransactions() throws {
        var graph = GraphStore()
        try graph.createUniqueConstraint(label: "Package", key: "name")
        let ids = try graph.createNodes(
            labels: ["Package"], keys: ["name", "size"], rows: [["zlib1g", 169], ["curl", 500]])
        try graph.createRelationships(
            "DEPENDS", keys: ["constraint"],
            rows: [(from: ids[1], to: ids[0], values: [">= 1.1.4"])])
        #expect(Array(graph.neighbors(of: ids[1])) == [ids[0]])
        let zlib = try graph.mergeNode(
            label: "Package", key: "name", value: "zlib1g", properties: ["size": 170])
        #expect(zlib.id == ids[0] && graph.node(zlib.id)?["size"] == 170)
        try graph.withTransaction { graph in
            try graph.setProperty("size", to: 180, of: zlib.id)
            // There is a curl already. The savepoint takes back only what was done within it.
            _ = try? graph.withSavepoint {
                try $0.createNode(labels: ["Package"], properties: ["name": "curl"])
            }
        }
        #expect(graph.nodeCount == 2 && graph.node(zlib.id)?["size"] == 180)
    }

    private func home(of maintainer: Node) -> String? {
        maintainer["addresses", as: [String: String].self]?["home"]  // all of them are text
            ?? maintainer["contact"]?["home"]?[0, as: String.self]  // {"home": ["Ulm", 89073]}
    }

    @Test func readingMapsAndLists() throws {
        var graph = GraphStore()
        for (properties, expected) in [
            (["addresses": ["home": "Ulm", "work": "Berlin"]], "Ulm"),
            (["contact": ["home": ["Ulm", 89073]]], "Ulm"),
            (["addresses": ["home": 1], "contact": ["home": [2]]], nil),
        ] as [(Properties, String?)] {
            let id = try graph.createNode(properties: properties)
            #expect(home(of: try #require(graph.node(id))) == expected)
        }
    }

    @Test func readingAndAnIndex() throws {
        var graph = GraphStore()
        let libc = try graph.createNode(
            labels: ["Package"],
            properties: [
                "version": "2.36", "size": 1_300_000, "section": "libs",
                "tags": ["role::shared-lib"],
            ])
        if let node = graph.node(libc) {
            let version = node["version"]  // a Value
            let size = node["size", as: Int.self] ?? 0
            let tags = node["tags", as: [String].self] ?? []
            print(version ?? .null, size, tags)
        }
        let node = try #require(graph.node(libc))
        #expect(node["version"] == "2.36" && node["size", as: Int.self] == 1_300_000)
        #expect(node["tags", as: [String].self] == ["role::shared-lib"])
        try graph.create(.index(label: "Package", keys: ["section", "size"]))
        let large = graph.nodes(
            labeled: "Package", where: .range("size", 1_000_000..., and: ["section": "libs"]))
        print(large.count, large.usesIndex)
        #expect(large.count == 1 && large.usesIndex)
    }

    func broken(without gone: NodeID, in graph: borrowing GraphStore) -> Set<NodeID> {
        var broken: Set<NodeID> = [gone]
        var queue = [gone]
        func breaks(_ node: NodeID) {
            if broken.insert(node).inserted { queue.append(node) }
        }
        while let node = queue.popLast() {
            for dependency in graph.relationships(
                of: node, direction: .incoming, types: dependencies)
            {
                let clauses = graph.relationships(
                    of: dependency.from, direction: .outgoing, types: [dependency.type])
                let alternatives = clauses.filter { $0["group"] == dependency["group"] }
                if alternatives.allSatisfy({ broken.contains($0.to) }) { breaks(dependency.from) }
            }
            for provision in graph.relationships(
                of: node, direction: .outgoing, types: ["PROVIDES"])
            {
                let providers = graph.relationships(
                    of: provision.to, direction: .incoming, types: ["PROVIDES"])
                let isVirtual = graph.node(provision.to)?.hasLabel("VirtualPackage") ?? false
                if isVirtual, providers.allSatisfy({ broken.contains($0.from) }) {
                    breaks(provision.to)
                }
            }
        }
        return broken.subtracting([gone])
    }

    @Test func whatBreaksAndWhyItIsThere() throws {
        let opened = try openDebian()
        try opened.close()
        var options = GraphDatabase.Options()
        options.compressor = ZlibBatchCompressor()
        let database = try GraphDatabase.open(scratch["debian"], options: options)
        let found = database.read { graph in
            graph.node(labeled: "Package", "name", equals: "libc6")
        }
        let libc = try #require(found)
        try database.read { graph in
            let dependencies: Set = ["DEPENDS", "PRE_DEPENDS"]
            let affected = graph.breadthFirst(from: libc, direction: .incoming, types: dependencies)
                .dropFirst()
            let direct = affected.prefix { $0.depth == 1 }
            let users = graph.neighbors(of: libc, direction: .incoming, types: dependencies)
            #expect(direct.map(\.node) == Array(users))
            let broken = broken(without: libc, in: graph)
            #expect(broken.count > 10 && !affected.allSatisfy { broken.contains($0.node) })
            for node in graph.nodes where node.id != libc {
                #expect(isBroken(node, broken.union([libc]), graph) == broken.contains(node.id))
            }

            let desktop = try #require(affected.max { $0.depth < $1.depth }).node
            let path = graph.shortestPath(from: desktop, to: libc, types: dependencies)
            let names = path?.nodes.compactMap { graph.node($0)?["name"] } ?? []
            let clauses =
                path?.relationships.compactMap { graph.relationship($0)?["constraint"] } ?? []
            #expect(names.count > 2 && names.last == "libc6")
            #expect(clauses.count <= names.count)
        }
    }

    /// Whether a node has to be among the broken ones, by what it says of itself.
    private func isBroken(
        _ node: Node, _ broken: Set<NodeID>, _ graph: borrowing GraphStore
    ) -> Bool {
        let providers = Array(
            graph.neighbors(of: node.id, direction: .incoming, types: ["PROVIDES"]))
        if node.hasLabel("VirtualPackage"), !providers.isEmpty, broken.isSuperset(of: providers) {
            return true
        }
        return dependencies.contains { type in
            let all = graph.relationships(of: node.id, direction: .outgoing, types: [type])
            return Dictionary(grouping: all) { $0["group"] }.values.contains { clause in
                clause.allSatisfy { broken.contains($0.to) }
            }
        }
    }

    private enum Installation {
        case order([NodeID])
        case cycle([NodeID])
    }

    private func installation(_ graph: borrowing GraphStore) -> Installation {
        switch graph.topologicalOrder(direction: .incoming, types: dependencies) {
        case .ordered(let order): return .order(order)
        case .cyclic(let cycle): return .cycle(cycle.nodes)
        }
    }

    @Test func orderAndCycles() throws {
        try openDebian().read { graph in
            guard case .cycle(let cycle) = installation(graph) else {
                Issue.record("the bundled list has a cycle")
                return
            }
            let knots = graph.stronglyConnectedComponents(types: dependencies).filter {
                $0.count > 1
            }
            let largest = knots.max { $0.count < $1.count } ?? []
            #expect(largest.count > 1)
            #expect(knots.contains { Set($0).isSuperset(of: cycle) })
        }
        #expect(throws: Never.self) {
            guard case .order = installation(GraphStore()) else {
                throw CocoaError(.coderInvalidValue)
            }
        }
    }

    @Test func followingTheGraph() async throws {
        let database = try openDebian()
        try await database.close()
        var lastSeen: LSN = .never
        var copy = GraphStore()
        for try await change in try database.changes(after: lastSeen) {
            for event in change.events { try copy.apply(event) }
            lastSeen = change.commitLSN
        }
        #expect(lastSeen > .never)
        let counts = await database.read { ($0.nodeCount, $0.relationshipCount) }
        #expect((copy.nodeCount, copy.relationshipCount) == counts)
    }

    @Test func takingItElsewhere() throws {
        try openDebian().read { graph in
            var text: [UInt8] = []
            JSONLinesExport.write(graph, to: { text += $0.withUnsafeBytes(Array.init) })
            var lines = JSONLinesImport()
            var copy = GraphStore()
            try lines.read(text, into: &copy)
            try lines.finish(into: &copy)
            #expect(copy.nodeCount == graph.nodeCount)
            #expect(lines.relationshipCount == graph.relationshipCount)
        }
    }
}
