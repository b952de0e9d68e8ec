// SPDX-License-Identifier: Apache-2.0

internal import Cairn
internal import CairnGraph

/// How a package list is laid out as a graph.
///
/// - One node per name. It bears the label `Package` once it had a stanza, and `VirtualPackage` before.
/// - A stanza says all of a package's properties and outgoing relationships. What is there already and
///   equal stays as it is, with its id; so the same stanza again changes nothing.
/// - Of the stanzas of one name within one transaction only the last one counts; what the others mention
///   gets its node all the same. In different transactions they replace one another in turn, and then
///   the relationships of that package may get other ids when the list is imported again.
/// - No node is ever deleted, so the id of a name never changes.
enum PackageGraph {
    static let packageLabel = "Package"
    static let virtualLabel = "VirtualPackage"
    static let nameKey = "name"

    /// Makes names unique, which also makes them fast to find.
    static func createConstraints(_ transaction: inout GraphTransaction) throws {
        try transaction.createUniqueConstraint(label: packageLabel, key: nameKey)
        try transaction.createUniqueConstraint(label: virtualLabel, key: nameKey)
    }

    /// Makes the graph say what stanzas say.
    static func apply(_ records: [PackageRecord], to transaction: inout GraphTransaction) throws {
        var last: [String: Int] = [:]
        last.reserveCapacity(records.count)
        for (index, record) in records.enumerated() { last[record.name] = index }
        for (index, record) in records.enumerated() {
            if last[record.name] == index {
                try apply(record, to: &transaction)
            } else {
                try mention(record, in: &transaction)
            }
        }
    }

    /// Makes nodes of all names that a stanza mentions, but changes nothing that is there.
    private static func mention(
        _ record: PackageRecord, in transaction: inout GraphTransaction
    ) throws {
        let name = Value.string(record.name)
        if transaction.graph.node(labeled: packageLabel, nameKey, equals: name) == nil {
            _ = try package(record, &transaction)
        }
        for edge in record.edges { _ = try target(edge.target, &transaction) }
    }

    private static func apply(
        _ record: PackageRecord, to transaction: inout GraphTransaction
    ) throws {
        let id = try package(record, &transaction)
        var wanted: [Wanted] = []
        wanted.reserveCapacity(record.edges.count)
        for edge in record.edges {
            wanted.append(Wanted(edge: edge, target: try target(edge.target, &transaction)))
        }
        let present = Array(transaction.graph.relationships(of: id, direction: .outgoing))
        if present.elementsEqual(wanted, by: { $1.isEqual(to: $0) }) { return }
        if !present.isEmpty {
            for index in surplus(present, keeping: &wanted) {
                try transaction.deleteRelationship(present[index].id)
            }
        }
        for wanted in wanted where !wanted.isPresent {
            try transaction.createRelationship(
                wanted.edge.type, from: id, to: wanted.target, properties: wanted.edge.properties)
        }
    }

    /// A relationship that is to be.
    private struct Wanted {
        let edge: PackageRecord.Edge
        let target: NodeID
        var isPresent = false

        func isEqual(to relationship: Relationship) -> Bool {
            target == relationship.to && edge.type == relationship.type
                && edge.properties == relationship.properties
        }
    }

    /// All that makes relationships of one node equal.
    private struct Content: Hashable {
        let type: String
        let target: NodeID
        let properties: Properties
    }

    /// Marks the wanted relationships that are there; returns the indices of those that are not wanted,
    /// ascending. Equal ones count as often as they are there.
    private static func surplus(
        _ present: [Relationship], keeping wanted: inout [Wanted]
    ) -> [Int] {
        var places: [Content: [Int]] = [:]
        for (index, relationship) in present.enumerated().reversed() {
            let content = Content(
                type: relationship.type, target: relationship.to,
                properties: relationship.properties)
            places[content, default: []].append(index)
        }
        for index in wanted.indices {
            let content = Content(
                type: wanted[index].edge.type, target: wanted[index].target,
                properties: wanted[index].edge.properties)
            wanted[index].isPresent = places[content]?.popLast() != nil
        }
        return places.values.joined().sorted()
    }

    /// The node of a package that has a stanza, with the properties of that stanza.
    private static func package(
        _ record: PackageRecord, _ transaction: inout GraphTransaction
    ) throws -> NodeID {
        let name = Value.string(record.name)
        if let id = transaction.graph.node(labeled: packageLabel, nameKey, equals: name) {
            try transaction.setProperties(record.properties, of: id)
            return id
        }
        if let id = transaction.graph.node(labeled: virtualLabel, nameKey, equals: name) {
            try transaction.addLabel(packageLabel, to: id)
            try transaction.removeLabel(virtualLabel, from: id)
            try transaction.setProperties(record.properties, of: id)
            return id
        }
        return try transaction.createNode(labels: [packageLabel], properties: record.properties)
    }

    /// The node of a name that a relation points at.
    private static func target(
        _ name: String, _ transaction: inout GraphTransaction
    ) throws -> NodeID {
        let value = Value.string(name)
        if let id = transaction.graph.node(labeled: packageLabel, nameKey, equals: value)
            ?? transaction.graph.node(labeled: virtualLabel, nameKey, equals: value)
        {
            return id
        }
        return try transaction.createNode(labels: [virtualLabel], properties: [nameKey: value])
    }
}
