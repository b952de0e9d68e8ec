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
    ///
    /// - Parameter time: Grows by the nanoseconds that the database took; the rows are made before.
    func loadNodes(
        into database: GraphDatabase, batch: Int, _ time: inout UInt64
    ) throws -> [NodeID] {
        var ids: [NodeID] = []
        ids.reserveCapacity(nodeCount)
        for piece in Self.pieces(of: nodeCount, size: batch) {
            let rows = piece.map(row)
            let start = System.now()
            ids += try database.write { transaction in
                try transaction.createNodes(labels: [Self.label], keys: Self.keys, rows: rows)
            }.value
            time += System.now() - start
        }
        return ids
    }

    /// Writes the relationships into a database, in transactions of `batch`.
    ///
    /// - Parameter time: Grows by the nanoseconds that the database took.
    func loadRelationships(
        into database: GraphDatabase, _ ids: [NodeID], batch: Int, _ time: inout UInt64
    ) throws {
        for piece in Self.pieces(of: relationshipCount, size: batch) {
            let pairs = piece.map { index in
                let ends = ends(index)
                return (from: ids[ends.from], to: ids[ends.to])
            }
            let start = System.now()
            try database.write { transaction in
                for pair in pairs {
                    try transaction.createRelationship(Self.type, from: pair.from, to: pair.to)
                }
            }
            time += System.now() - start
        }
    }

    /// Writes the whole graph into a database.
    ///
    /// - Returns: The ids of the nodes.
    @discardableResult
    func load(into database: GraphDatabase, batch: Int) throws -> [NodeID] {
        var time: UInt64 = 0
        let ids = try loadNodes(into: database, batch: batch, &time)
        try loadRelationships(into: database, ids, batch: batch, &time)
        return ids
    }
}
