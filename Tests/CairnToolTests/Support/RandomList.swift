// SPDX-License-Identifier: Apache-2.0

import CairnTesting
import Cairn
import CairnGraph

/// A package list of few names, most of them with several stanzas, and what it stands for.
struct RandomList {
    let text: String
    /// Names that are mentioned anywhere.
    private let mentioned: Set<String>
    /// By package: `TYPE group target constraint` of the last stanza, sorted.
    private var relations: [String: [String]] = [:]

    init(using generator: inout SplitMix64, repeatsNames: Bool = true) {
        var text = ""
        var mentioned: Set<String> = []
        for index in 0..<Int.random(in: 5...30, using: &generator) {
            let name = "p\(repeatsNames ? Int.random(in: 0..<8, using: &generator) : index)"
            text += "Package: \(name)\n"
            var edges: [String] = []
            for (field, type) in [("Depends", "DEPENDS"), ("Breaks", "BREAKS")] {
                let groupCount = Int.random(in: 0...4, using: &generator)
                guard groupCount > 0 else { continue }
                let groups = (0..<groupCount).map { group in
                    (0...Int.random(in: 0...1, using: &generator)).map { _ in
                        let target = "p\(Int.random(in: 0..<12, using: &generator))"
                        let version = Int.random(in: 0...2, using: &generator)
                        mentioned.insert(target)
                        let constraint = version == 0 ? "" : ">= \(version)"
                        edges.append("\(type) \(group) \(target) \(constraint)")
                        return version == 0 ? target : "\(target) (\(constraint))"
                    }.joined(separator: " | ")
                }
                text += "\(field): \(groups.joined(separator: ", "))\n"
            }
            text += "\n"
            relations[name] = edges.sorted()
        }
        self.text = text
        self.mentioned = mentioned
    }

    /// Whether the graph in a database is what the list stands for.
    func isDescribed(by database: GraphDatabase) -> Bool {
        database.read { graph in
            func name(_ id: NodeID) -> String { text(graph.node(id)?["name"]) }
            func text(_ value: Value?) -> String {
                switch value {
                case .string(let text): text
                case .int(let number): "\(number)"
                default: ""
                }
            }
            var found: [String: [String]] = [:]
            for id in graph.nodes(labeled: "Package") {
                found[name(id)] = graph.relationships(of: id, direction: .outgoing).map {
                    "\($0.type) \(text($0["group"])) \(name($0.to)) \(text($0["constraint"]))"
                }.sorted()
            }
            let virtual = graph.nodes(labeled: "VirtualPackage").map(name).sorted()
            return found == relations
                && virtual == mentioned.subtracting(relations.keys).sorted()
        }
    }
}
