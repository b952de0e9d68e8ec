// SPDX-License-Identifier: Apache-2.0

import CairnGraph
import CairnQuery

/// The counts of a graph, from which side effects are computed.
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

    /// The changes. Nodes and relationships are counted by what was recorded, since ids are given out again.
    func effects(since before: GraphContent, _ recorder: EffectRecorder) -> [String: Int] {
        [
            "+nodes": recorder.nodes.created.count, "-nodes": recorder.nodes.deletedCount,
            "+relationships": recorder.relationships.created.count,
            "-relationships": recorder.relationships.deletedCount,
            "+labels": labels.subtracting(before.labels).count,
            "-labels": before.labels.subtracting(labels).count,
            "+properties": properties.subtracting(before.properties).count,
            "-properties": before.properties.subtracting(properties).count,
        ]
    }
}

/// Counts nodes and relationships that a statement made and left, or found and deleted.
final class EffectRecorder: MutationRecorder, @unchecked Sendable {
    struct Count {
        var created: Set<UInt64> = []
        var deletedCount = 0

        mutating func delete(_ id: UInt64) {
            if created.remove(id) == nil { deletedCount += 1 }
        }
    }

    // One thread runs a scenario.
    private(set) var nodes = Count()
    private(set) var relationships = Count()

    func record(_ event: MutationEvent) {
        switch event {
        case .nodeCreated(let id, _, _): nodes.created.insert(id.rawValue)
        case .nodeDeleted(let id): nodes.delete(id.rawValue)
        case .relationshipCreated(let id, _, _, _, _): relationships.created.insert(id.rawValue)
        case .relationshipDeleted(let id): relationships.delete(id.rawValue)
        default: break
        }
    }
}
