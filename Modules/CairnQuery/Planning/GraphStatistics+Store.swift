// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension GraphStatistics {
    /// Counts and rules of a graph.
    ///
    /// - Complexity: O(*n*) in the labels, types and rules.
    init(_ store: GraphStore) {
        var labelRules: [String: RuleKeys] = [:]
        var typeRules: [String: RuleKeys] = [:]
        for constraint in store.uniqueConstraints {
            labelRules[constraint.label, default: RuleKeys()].unique.append([constraint.key])
        }
        for rule in store.rules {
            switch rule {
            case .key(let label, let keys):
                labelRules[label, default: RuleKeys()].unique.append(keys)
            case .index(let label, let keys):
                labelRules[label, default: RuleKeys()].indexes.append(keys)
            case .existence, .type: break
            }
        }
        for rule in store.relationshipRules {
            switch rule {
            case .key(let type, let keys), .unique(let type, let keys):
                typeRules[type, default: RuleKeys()].unique.append(keys)
            case .index(let type, let keys):
                typeRules[type, default: RuleKeys()].indexes.append(keys)
            case .existence, .valueType: break
            }
        }
        self.init(
            nodeCount: Double(store.nodeCount), relationshipCount: Double(store.relationshipCount),
            labelCounts: store.labelCounts, typeCounts: store.relationshipTypeCounts,
            labelRules: labelRules, typeRules: typeRules)
    }
}
