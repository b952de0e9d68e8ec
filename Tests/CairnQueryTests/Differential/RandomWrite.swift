// SPDX-License-Identifier: Apache-2.0

import CairnGraph

/// A random statement that finds something and changes the graph.
struct RandomWrite {
    private let query: RandomQuery
    private(set) var writes: [NaiveWrite] = []

    init(using draw: inout Draw) {
        var query = RandomQuery(matchingWith: &draw)
        for _ in 0..<draw.below(2) + 1 { writes.append(Self.write(&draw, &query)) }
        // What was deleted is not changed afterwards, and MERGE may give more rows than it took.
        if let place = writes.firstIndex(where: \.isLast) {
            writes.removeSubrange((place + 1)...)
        }
        self.query = query
    }

    var text: String { query.text + " " + writes.map(\.text).joined(separator: " ") }

    /// Changes a graph.
    func apply(to graph: inout NaiveGraph) {
        let rows = query.rows(graph)
        for write in writes { write.apply(rows, &graph) }
    }

    private static func write(_ draw: inout Draw, _ query: inout RandomQuery) -> NaiveWrite {
        let nodes = query.nodeNames
        let relationships = query.relationshipNames
        let entity = draw.one(of: nodes + relationships)
        let properties = ["i": Plain.int(draw.below(3)), "x": draw.value()]
        let type = draw.one(of: ["R", "S"])
        let value: NaiveExpression =
            draw.chance(1, 2) ? .property(draw.one(of: nodes), "k") : .literal(draw.value())
        switch draw.below(12) {
        case 0:
            return .create(
                from: draw.chance(3, 4) ? draw.one(of: nodes) : nil, type: type,
                label: draw.one(of: ["A", "B"]), properties: draw.chance(1, 2) ? properties : [:])
        case 1:
            return .connect(
                from: draw.one(of: nodes), type: type, to: draw.one(of: nodes),
                properties: draw.chance(1, 2) ? ["i": .int(draw.below(3))] : [:])
        case 2:
            let literal: Plain = draw.chance(1, 5) ? .null : draw.value()
            return .setProperty(entity, "x", .literal(literal))
        case 3:
            // By its own value alone, so that every row of the same node says the same.
            let own = draw.one(of: nodes)
            return .setProperty(own, "i", .property(own, "k"))
        case 4:
            let keeps = draw.chance(2, 3)
            // Without its key a node would be known by nothing.
            guard keeps || relationships.contains(entity) else {
                return .removeProperty(entity, "x")
            }
            return .setProperties(entity, properties, keepsOthers: keeps)
        case 5: return .setLabel(draw.one(of: nodes), draw.one(of: ["A", "B", "D"]))
        case 6: return .removeProperty(entity, draw.one(of: ["i", "x"]))
        case 7: return .removeLabel(draw.one(of: nodes), draw.one(of: ["A", "B"]))
        case 8: return .deleteNode(draw.one(of: nodes))
        case 9:
            guard !relationships.isEmpty else { return .deleteNode(draw.one(of: nodes)) }
            return .deleteRelationship(draw.one(of: relationships))
        case 10: return .merge(value: value, created: draw.value(), found: draw.value())
        default:
            return .mergeRelationship(
                from: draw.one(of: nodes), type: type, to: draw.one(of: nodes))
        }
    }
}

extension NaiveWrite {
    fileprivate var isLast: Bool {
        switch self {
        case .deleteNode, .deleteRelationship, .merge, .mergeRelationship: true
        default: false
        }
    }
}

extension GraphStore {
    /// What the graph holds, as ``NaiveGraph/content`` shows it.
    var content: [String] {
        func shown(_ properties: Properties) -> String {
            NaiveGraph.shown(properties.mapValues(Plain.init))
        }
        func shown(_ node: Node?) -> String {
            "(\((node?.labels ?? []).sorted().joined(separator: ":")) \(shown(node?.properties ?? [:])))"
        }
        return
            (nodes.map { shown($0) }
            + relationships.map {
                shown(node($0.from)) + "-[\($0.type) \(shown($0.properties))]->"
                    + shown(node($0.to))
            }).sorted()
    }
}

extension Plain {
    fileprivate init(_ value: Value) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(Int(value))
        case .double(let value): self = .double(value)
        case .string(let value): self = .text(value)
        default: self = .null
        }
    }
}
