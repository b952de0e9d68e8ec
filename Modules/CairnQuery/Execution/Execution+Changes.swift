// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension Execution {
    /// Calls a mutation of the graph.
    private func changing<Result>(
        _ body: () throws(GraphError) -> Result
    ) throws(QueryError) -> Result {
        do throws(GraphError) {
            return try body()
        } catch {
            throw QueryError(error)
        }
    }

    /// The value as a property holds it.
    func stored(_ value: QueryValue, key: String) throws(QueryError) -> Value {
        guard value.canBeProperty, let stored = value.stored else {
            throw .runtime(.type, .invalidPropertyType, name: key)
        }
        return stored
    }

    func stored(_ entries: [String: QueryValue]) throws(QueryError) -> Properties {
        var properties: Properties = [:]
        for (key, value) in entries where !value.isNull {
            properties[key] = try stored(value, key: key)
        }
        return properties
    }

    // MARK: Creation

    func createNode(
        labels: [String], _ entries: [String: QueryValue]
    ) throws(QueryError) -> QueryValue {
        let properties = try stored(entries)
        let id = try changing { () throws(GraphError) in
            try store.createNode(labels: labels, properties: properties)
        }
        changes.createdNodeCount += 1
        changes.addedLabelCount += labels.count
        changes.setPropertyCount += properties.count
        return .node(id)
    }

    func createRelationship(
        _ type: String, from: QueryValue, to: QueryValue, _ entries: [String: QueryValue]
    ) throws(QueryError) -> QueryValue {
        guard case .node(let start) = from, case .node(let end) = to else {
            let isDeleted =
                if case .deleted = from { true } else if case .deleted = to { true } else { false }
            throw isDeleted
                ? .runtime(.entityNotFound, .deletedEntityAccess)
                : .runtime(.type, .invalidArgumentType, name: type)
        }
        let properties = try stored(entries)
        let id = try changing { () throws(GraphError) in
            try store.createRelationship(type, from: start, to: end, properties: properties)
        }
        changes.createdRelationshipCount += 1
        changes.setPropertyCount += properties.count
        return .relationship(id)
    }

    // MARK: Properties and labels

    func setProperty(
        _ key: String, of entity: QueryValue, to value: QueryValue
    ) throws(QueryError) {
        let stored = try stored(value, key: key)
        let hasChanged: Bool
        switch entity {
        case .node(let id):
            hasChanged = try changing { () throws(GraphError) in
                try store.setProperty(key, to: stored, of: id)
            }
        case .relationship(let id):
            hasChanged = try changing { () throws(GraphError) in
                try store.setProperty(key, to: stored, of: id)
            }
        case .null: return
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default: throw .runtime(.type, .invalidArgumentType, name: key)
        }
        if hasChanged { changes.setPropertyCount += 1 }
    }

    /// Replaces all properties, or those that are named.
    func setProperties(
        of entity: QueryValue, to value: QueryValue, keepsOthers: Bool
    ) throws(QueryError) {
        if entity.isNull { return }
        guard let entries = try properties(of: value) else {
            throw .runtime(.type, .invalidArgumentType)
        }
        if keepsOthers {
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
                try setProperty(key, of: entity, to: value)
            }
            return
        }
        let properties = try stored(entries)
        let hasChanged: Bool
        switch entity {
        case .node(let id):
            hasChanged = try changing { () throws(GraphError) in
                try store.setProperties(properties, of: id)
            }
        case .relationship(let id):
            hasChanged = try changing { () throws(GraphError) in
                try store.setProperties(properties, of: id)
            }
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default: throw .runtime(.type, .invalidArgumentType)
        }
        if hasChanged { changes.setPropertyCount += properties.count }
    }

    /// Adds labels to a node, or takes them from it.
    func setLabels(
        _ labels: [String], of entity: QueryValue, isAdding: Bool
    ) throws(QueryError) {
        switch entity {
        case .null: return
        case .node(let id):
            for label in labels {
                let hasChanged = try changing { () throws(GraphError) in
                    isAdding
                        ? try store.addLabel(label, to: id)
                        : try store.removeLabel(label, from: id)
                }
                guard hasChanged else { continue }
                if isAdding {
                    changes.addedLabelCount += 1
                } else {
                    changes.removedLabelCount += 1
                }
            }
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default: throw .runtime(.type, .invalidArgumentType)
        }
    }

    // MARK: Deletion

    func delete(_ id: RelationshipID) throws(QueryError) {
        try changing { () throws(GraphError) in try store.deleteRelationship(id) }
        changes.deletedRelationshipCount += 1
    }

    func delete(_ id: NodeID) throws(QueryError) {
        try changing { () throws(GraphError) in try store.deleteNode(id) }
        changes.deletedNodeCount += 1
    }

    // MARK: Rules

    func changeRules(
        _ body: (inout GraphStore) throws(GraphError) -> Bool
    ) throws(QueryError) -> Bool {
        let hasChanged = try changing { () throws(GraphError) in try body(&store) }
        if hasChanged { changes.ruleCount += 1 }
        return hasChanged
    }
}

extension QueryValue {
    /// Whether the language lets a property hold it: no maps, and no lists of lists or of maps.
    fileprivate var canBeProperty: Bool {
        switch self {
        case .map, .node, .relationship, .path, .deleted: return false
        case .list(let elements):
            return elements.allSatisfy { element in
                if case .list = element { return false }
                return element.canBeProperty
            }
        default: return true
        }
    }
}
