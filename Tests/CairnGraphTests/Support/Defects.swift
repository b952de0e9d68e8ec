// SPDX-License-Identifier: Apache-2.0

@testable import CairnGraph

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
        for label in ["A", "Ä"] {
            for sample in PredicateSample.all {
                let expected = (nodesByLabel[label] ?? []).filter { id in
                    sample.holds(model.nodes[id]?.properties ?? [:])
                }
                let found = nodes(labeled: label, where: sample.predicate)
                check(found.map(\.rawValue) == expected, "\(sample.name) of \(label)")
                let hasIndex = model.rules.contains { rule in
                    guard case .index(label, let indexed) = rule else { return false }
                    return Array(indexed.prefix(sample.keys.count)) == sample.keys
                }
                check(
                    found.usesIndex || !hasIndex, "use of an index for \(sample.name) of \(label)")
            }
        }
        let typed = Dictionary(grouping: model.relationships, by: \.value.type)
        for type in ["R", "S"] {
            let members = (typed[type] ?? []).map(\.key).sorted()
            check(
                relationships(typed: type).map(\.rawValue) == members,
                "relationships(typed: \(type))")
            defects += self.defects(ofType: type, members, model)
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
                    let found = relationships(
                        of: NodeID(rawValue: id), direction: direction, types: types)
                    check(
                        found.map(\.id.rawValue) == expected, "relationships of \(id) \(direction)")
                    let neighbors = neighbors(
                        of: NodeID(rawValue: id), direction: direction, types: types)
                    var others: [NodeID] = []
                    for other in found.map({ $0.other(than: NodeID(rawValue: id)) })
                    where !others.contains(other) {
                        others.append(other)
                    }
                    check(Array(neighbors) == others, "neighbors of \(id) \(direction)")
                    if types == nil {
                        let degree = degree(of: NodeID(rawValue: id), direction: direction)
                        check(degree == expected.count, "degree of \(id) \(direction)")
                    }
                }
            }
        }
        return defects
    }
}

extension GraphStore {
    /// Look-ups, ranges and orders of the relationships of a type.
    private func defects(
        ofType type: String, _ members: [UInt64], _ model: GraphModel
    ) -> [String] {
        var defects: [String] = []
        func check(_ holds: Bool, _ what: String) {
            if !holds { defects.append("\(what) of \(type)") }
        }
        let indexes = model.relationshipRules.compactMap { rule -> [String]? in
            if case .index(type, let keys) = rule { keys } else { nil }
        }
        for sample in PredicateSample.all {
            let expected = members.filter {
                sample.holds(model.relationships[$0]?.properties ?? [:])
            }
            let found = relationships(typed: type, where: sample.predicate)
            check(found.map(\.rawValue) == expected, sample.name)
            let hasIndex = indexes.contains { $0.starts(with: sample.keys) }
            check(found.usesIndex || !hasIndex, "use of an index for \(sample.name)")
            check(
                found.rule.map(model.relationshipRules.contains) ?? true, "the rule that was used")
        }
        for id in members {
            for (key, value) in model.relationships[id]?.properties ?? [:] {
                let expected = members.first { model.relationships[$0]?.properties[key] == value }
                let found = relationship(typed: type, key, equals: value)
                check(found?.rawValue == expected, "relationship by \(key)")
            }
        }
        for keys in indexes {
            for isDescending in [false, true] {
                let found = relationships(typed: type, orderedBy: keys[0], descending: isDescending)
                let values = found.map { $0.compactMap { property(keys[0], of: $0) } } ?? []
                let count = members.count {
                    model.relationships[$0]?.properties[keys[0]] != Value?.none
                }
                check(
                    values.count == count
                        && zip(values, values.dropFirst()).allSatisfy {
                            isDescending ? $0 >= $1 : $0 <= $1
                        }, "the order by \(keys)")
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

/// A predicate, the keys in the order of an index that serves it, and what it means.
struct PredicateSample: Sendable {
    let name: String
    let predicate: PropertyPredicate
    let keys: [String]
    let holds: @Sendable (Properties) -> Bool

    init(
        _ name: String, _ predicate: PropertyPredicate, _ keys: [String],
        holds: @escaping @Sendable (Properties) -> Bool
    ) {
        self.name = name
        self.predicate = predicate
        self.keys = keys
        self.holds = holds
    }

    /// One about the property k alone, among values of the kind of 1.
    private init(
        _ name: String, _ predicate: PropertyPredicate,
        number condition: @escaping @Sendable (Value) -> Bool
    ) {
        self.init(name, predicate, ["k"]) { properties in
            guard let value = properties["k"], value.rank == Value.int(1).rank else { return false }
            return condition(value)
        }
    }

    static let all: [PredicateSample] = [
        PredicateSample("k == 1", .equals("k", 1), number: { $0 == 1 }),
        PredicateSample("k in 0...2", .range("k", 0...2), number: { 0 <= $0 && $0 <= 2 }),
        PredicateSample("k in 0..<2", .range("k", 0..<2), number: { 0 <= $0 && $0 < 2 }),
        PredicateSample("k from 1", .range("k", 1...), number: { $0 >= 1 }),
        PredicateSample("k before 1", .range("k", ..<1), number: { $0 < 1 }),
        PredicateSample("k to 1", .range("k", ...1), number: { $0 <= 1 }),
        PredicateSample("k after 1", .after("k", 1), number: { $0 > 1 }),
        PredicateSample("k == 1, l == 1", .equals(["k": 1, "l": 1]), ["l", "k"]) {
            $0["k"] == 1 && $0["l"] == 1
        },
        PredicateSample("k begins with e", .prefix("k", "e"), ["k"]) { properties in
            guard case .string(let text)? = properties["k"] else { return false }
            return Array(text.utf8).starts(with: "e".utf8)
        },
        PredicateSample(
            "k == 1, m in 0...9", .range("m", 0...9, and: ["k": 1]), ["k", "m"]
        ) { properties in
            guard properties["k"] == 1, let value = properties["m"] else { return false }
            return 0 <= value && value <= 9
        },
    ]
}
