// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import Cairn
internal import CairnGraph

extension SampleGraph {
    /// The values of a node, in the order of the keys.
    func row(_ index: Int) -> [Value] {
        let person = person(index)
        return [
            .int(person.number), .string(person.name), .double(person.score),
            .bool(person.isActive),
        ]
    }

    /// Cuts a number of things into pieces.
    static func pieces(of count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }

    /// Writes the graph into a store without a log.
    func load(into store: inout GraphStore, batch: Int) throws {
        var ids: [NodeID] = []
        ids.reserveCapacity(nodeCount)
        for piece in Self.pieces(of: nodeCount, size: batch) {
            ids += try store.createNodes(
                labels: [Self.label], keys: Self.keys, rows: piece.lazy.map(row))
        }
        for index in 0..<relationshipCount {
            let ends = ends(index)
            try store.createRelationship(Self.type, from: ids[ends.from], to: ids[ends.to])
        }
    }

    /// Writes the nodes into a database, in transactions of `batch`.
    func loadNodes(into database: GraphDatabase, batch: Int) throws -> [NodeID] {
        var ids: [NodeID] = []
        ids.reserveCapacity(nodeCount)
        for piece in Self.pieces(of: nodeCount, size: batch) {
            ids += try database.write { transaction in
                try transaction.createNodes(
                    labels: [Self.label], keys: Self.keys, rows: piece.lazy.map(row))
            }.value
        }
        return ids
    }

    /// Writes the relationships into a database, in transactions of `batch`.
    func loadRelationships(
        into database: GraphDatabase, _ ids: [NodeID], batch: Int
    ) throws {
        for piece in Self.pieces(of: relationshipCount, size: batch) {
            try database.write { transaction in
                for index in piece {
                    let ends = ends(index)
                    try transaction.createRelationship(
                        Self.type, from: ids[ends.from], to: ids[ends.to])
                }
            }
        }
    }
}
