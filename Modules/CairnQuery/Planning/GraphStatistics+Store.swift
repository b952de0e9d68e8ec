// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension GraphStatistics {
    /// Counts and rules of a graph.
    ///
    /// - Complexity: O(*n*) in the labels, types and rules.
    init(_ store: GraphStore) {
        var uniqueKeys: [String: [[String]]] = [:]
        var indexes: [String: [[String]]] = [:]
        for constraint in store.uniqueConstraints {
            uniqueKeys[constraint.label, default: []].append([constraint.key])
        }
        for rule in store.rules {
            switch rule {
            case .key(let label, let keys): uniqueKeys[label, default: []].append(keys)
            case .index(let label, let keys): indexes[label, default: []].append(keys)
            case .existence, .type: break
            }
        }
        self.init(
            nodeCount: Double(store.nodeCount), relationshipCount: Double(store.relationshipCount),
            labelCounts: store.labelCounts, typeCounts: store.relationshipTypeCounts,
            uniqueKeys: uniqueKeys, indexes: indexes)
    }
}
