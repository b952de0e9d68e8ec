// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Synchronization

/// The scores on SQLite by way of GRDB, as durable as on Cairn: its log is synced at each commit.
final class GRDBScores: ScoreStore {
    private static let synchronousFull = 2

    private let pool: DatabasePool
    private let synchronous: Int
    private let commitCount = Atomic<UInt64>(0)

    init(path: String) async throws {
        let directory = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        pool = try DatabasePool(path: directory.appending(path: "scores.sqlite").path)
        // Not in `prepareDatabase`: the pool sets NORMAL on the writer after that has run. And not in
        // a transaction, where SQLite refuses to change it.
        synchronous = try await pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? 0
        }
        guard synchronous == Self.synchronousFull else {
            throw DatabaseError(message: "the writer has synchronous = \(synchronous)")
        }
        try await pool.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS score
                    (player TEXT PRIMARY KEY NOT NULL, points INTEGER NOT NULL) WITHOUT ROWID
                    """)
        }
    }

    func add(_ points: Int, to player: String) async throws -> Int {
        let total = try await pool.write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT INTO score (player, points) VALUES (?, ?)
                    ON CONFLICT (player) DO UPDATE SET points = points + excluded.points
                    RETURNING points
                    """)
            return try Int.fetchOne(statement, arguments: [player, points]) ?? 0
        }
        commitCount.add(1, ordering: .relaxed)
        return total
    }

    func total(of player: String) async throws -> Int? {
        try await pool.read { db in
            let statement = try db.cachedStatement(sql: "SELECT points FROM score WHERE player = ?")
            return try Int.fetchOne(statement, arguments: [player])
        }
    }

    func status() async throws -> StoreStatus {
        let (players, points) = try await pool.read { db in
            let row = try Row.fetchOne(db, sql: "SELECT count(*), sum(points) FROM score")
            return (row?[0] as Int? ?? 0, row?[1] as Int? ?? 0)
        }
        return StoreStatus(
            store: "grdb", durability: "synchronous = \(try await readSynchronous())",
            players: players, points: points, commits: commitCount.load(ordering: .relaxed),
            syncs: nil)
    }

    func maintain() async throws {
        // SQLite makes a checkpoint by itself, whenever its log has a thousand pages.
    }

    func close() async throws {
        try pool.close()
    }

    /// The current state of the connection that writes.
    private func readSynchronous() async throws -> Int {
        try await pool.writeWithoutTransaction { db in
            try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? 0
        }
    }
}
