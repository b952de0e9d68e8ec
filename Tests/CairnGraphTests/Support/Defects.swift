// SPDX-License-Identifier: Apache-2.0

import CairnGraph

extension GraphStore {
    /// Where the indexes, counts and lookups of the store differ from what its content says.
    func defects(against model: GraphModel) -> [String] {
        var defects: [String] = []
        func check(_ holds: Bool, _ what: String) { if !holds { defects.append(what) } }
        check(GraphModel(of: self) == model, "content")
        check(nodeCount == model.nodes.count, "nodeCount")
        check(relationshipCount == model.relationships.count, "relationshipCount")
        check(nodeIDs.map(\.rawValue) == model.nodes.keys.sorted(), "nodeIDs")
        check(
            relationshipIDs.map(\.rawValue) == model.relationships.keys.sorted(),
            "relationshipIDs")

        let nodesByLabel = Dictionary(
            grouping: model.nodes.flatMap { node in node.value.labels.map { ($0, node.key) } },
            by: \.0
        ).mapValues { $0.map(\.1).sorted() }
        check(labelCounts == nodesByLabel.mapValues(\.count), "labelCounts")
        for label in SplitMix64.labels {
            check(
                nodes(labeled: label).map(\.rawValue) == nodesByLabel[label] ?? [],
                "nodes(labeled: \(label))")
        }
        let types = Dictionary(grouping: model.relationships.values, by: \.type)
        check(relationshipTypeCounts == types.mapValues(\.count), "relationshipTypeCounts")

        for (id, node) in model.nodes {
            for label in node.labels {
                for (key, value) in node.properties {
                    let expected = (nodesByLabel[label] ?? [])
                        .first { model.nodes[$0]?.properties[key] == value }
                    let found = self.node(labeled: label, key, equals: value)
                    check(found?.rawValue == expected, "node(labeled: \(label), \(key))")
                }
            }
            for direction in Direction.allCases {
                for types in [nil, ["R"], ["S", "unknown"]] as [Set<String>?] {
                    let expected = model.ids(of: id, direction, types)
                    let found = relationships(of: NodeID(rawValue: id), direction, types: types)
                    check(
                        found.map(\.id.rawValue) == expected, "relationships of \(id) \(direction)")
                    if types == nil {
                        let degree = degree(of: NodeID(rawValue: id), direction)
                        check(degree == expected.count, "degree of \(id) \(direction)")
                    }
                }
            }
        }
        return defects
    }
}

extension GraphModel {
    func ids(of node: UInt64, _ direction: Direction, _ types: Set<String>?) -> [UInt64] {
        relationships.filter { _, relationship in
            let isOutgoing = relationship.from == node && direction != .incoming
            let isIncoming = relationship.to == node && direction != .outgoing
            return (isOutgoing || isIncoming) && (types?.contains(relationship.type) ?? true)
        }
        .keys.sorted()
    }
}
