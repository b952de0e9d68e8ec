// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnQuery

/// What side effects are counted in.
struct GraphContent {
    private var labels: Set<String> = []
    private var properties: Set<String> = []

    init(_ graph: GraphStore) {
        for node in graph.nodes {
            labels.formUnion(node.labels)
            for (key, value) in node.properties {
                properties.insert("n\(node.id).\(key)=\(QueryValue(value))")
            }
        }
        for relationship in graph.relationships {
            for (key, value) in relationship.properties {
                properties.insert("r\(relationship.id).\(key)=\(QueryValue(value))")
            }
        }
    }

    /// What has changed. Nodes and relationships are counted by the statement, since ids are given out again.
    func effects(since before: GraphContent, _ changes: QueryChanges) -> [String: Int] {
        [
            "+nodes": changes.createdNodeCount, "-nodes": changes.deletedNodeCount,
            "+relationships": changes.createdRelationshipCount,
            "-relationships": changes.deletedRelationshipCount,
            "+labels": labels.subtracting(before.labels).count,
            "-labels": before.labels.subtracting(labels).count,
            "+properties": properties.subtracting(before.properties).count,
            "-properties": before.properties.subtracting(properties).count,
        ]
    }
}
