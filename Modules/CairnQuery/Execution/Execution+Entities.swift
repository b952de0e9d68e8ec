// SPDX-License-Identifier: Apache-2.0

internal import CairnGraph

extension NodeID {
    init(_ number: UInt32) { self.init(rawValue: UInt64(number)) }
}

extension RelationshipID {
    init(_ number: UInt32) { self.init(rawValue: UInt64(number)) }
}

extension QueryValue {
    static func node(number: UInt32) -> QueryValue { .node(NodeID(number)) }
    static func relationship(number: UInt32) -> QueryValue { .relationship(RelationshipID(number)) }
}

extension Execution {
    /// The number of a node that is there.
    @inline(__always)
    func number(of id: NodeID) throws(QueryError) -> UInt32 {
        checksEntities ? try checkedNumber(of: id) : UInt32(truncatingIfNeeded: id.rawValue)
    }

    private func checkedNumber(of id: NodeID) throws(QueryError) -> UInt32 {
        guard let number = UInt32(exactly: id.rawValue), graph.hasNode(number) else {
            throw .runtime(.entityNotFound, .deletedEntityAccess)
        }
        return number
    }

    /// The number of a relationship that is there.
    @inline(__always)
    func number(of id: RelationshipID) throws(QueryError) -> UInt32 {
        checksEntities ? try checkedNumber(of: id) : UInt32(truncatingIfNeeded: id.rawValue)
    }

    private func checkedNumber(of id: RelationshipID) throws(QueryError) -> UInt32 {
        guard let number = UInt32(exactly: id.rawValue), graph.hasRelationship(number) else {
            throw .runtime(.entityNotFound, .deletedEntityAccess)
        }
        return number
    }

    /// The node in a place of the row; nil when null is there.
    func node(in slot: Int) throws(QueryError) -> UInt32? {
        if let id = row.node(slot) { return try number(of: id) }
        switch row[slot] {
        case .null: return nil
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default: throw .runtime(.type, .invalidArgumentType)
        }
    }

    /// The entry of a map, a property, or a part of a temporal value.
    func property(
        _ key: Int, of value: QueryValue
    ) throws(QueryError) -> QueryValue {
        switch value {
        case .node(let id):
            let node = try number(of: id)
            guard let number = self.key(key) else { return .null }
            return QueryValue(graph.property(number, ofNode: node))
        case .relationship(let id):
            let relationship = try number(of: id)
            guard let number = self.key(key) else { return .null }
            return QueryValue(graph.property(number, ofRelationship: relationship))
        case .map(let entries): return entries[plan.keys[key]] ?? .null
        case .null: return .null
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default:
            if let part = value.temporalPart(plan.keys[key]) { return part }
            throw .runtime(.type, .invalidArgumentType, name: plan.keys[key])
        }
    }

    /// The properties of a node or relationship, or the entries of a map; nil for null.
    func properties(of value: QueryValue) throws(QueryError) -> [String: QueryValue]? {
        switch value {
        case .null: return nil
        case .map(let entries): return entries
        case .node(let id):
            return store.properties(ofNode: try number(of: id)).mapValues(QueryValue.init)
        case .relationship(let id):
            return store.properties(ofRelationship: try number(of: id))
                .mapValues(QueryValue.init)
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default: throw .runtime(.type, .invalidArgumentType)
        }
    }

    /// Whether a node has all of some labels, or a relationship the only type of them; nil for null.
    func hasLabels(_ labels: [Int], _ value: QueryValue) throws(QueryError) -> Bool? {
        switch value {
        case .null: return nil
        case .node(let id):
            let node = try number(of: id)
            for index in labels {
                guard let label = label(index), graph.hasLabel(label, node: node) else {
                    return false
                }
            }
            return true
        case .relationship(let id):
            let name = store.typeName(of: graph.type(ofRelationship: try number(of: id)))
            return labels.allSatisfy { plan.labels[$0] == name }
        case .deleted: throw .runtime(.entityNotFound, .deletedEntityAccess)
        default: throw .runtime(.type, .invalidArgumentType)
        }
    }

    /// The truth of a condition; nil when it is not known.
    func truth(_ value: QueryValue) throws(QueryError) -> Bool? {
        switch value {
        case .bool(let truth): return truth
        case .null: return nil
        default: throw .runtime(.type, .invalidArgumentType)
        }
    }

    /// The path over some relationships that begins at a node.
    func path(from start: NodeID, over relationships: [RelationshipID]) throws(QueryError)
        -> [NodeID]
    {
        var nodes = [start]
        nodes.reserveCapacity(relationships.count + 1)
        var current = UInt32(truncatingIfNeeded: start.rawValue)
        for id in relationships {
            let relationship = try number(of: id)
            let from = graph.start(ofRelationship: relationship)
            current = from == current ? graph.end(ofRelationship: relationship) : from
            nodes.append(NodeID(current))
        }
        return nodes
    }
}
