// SPDX-License-Identifier: Apache-2.0

import CairnDurable

/// The scores on Cairn: a value in memory, and a log on disk that it is replayed from.
struct CairnScores: ScoreStore {
    /// LSNs behind the newest snapshot from which on a checkpoint is made.
    private static let replayLSNCountMax: UInt64 = 100_000

    private let scores: Durable<Scores>

    init(path: String) async throws {
        scores = try Durable<Scores>.open(path)
    }

    func add(_ points: Int, to player: String) async throws -> Int {
        try await scores.commit { scores in
            let total = (scores.totals[player] ?? 0) &+ points
            return ([.scored(player: player, points: points)], total)
        }.value
    }

    func total(of player: String) async throws -> Int? {
        await scores.read { $0.totals[player] }
    }

    func status() async throws -> StoreStatus {
        let (players, points) = await scores.read {
            ($0.totals.count, $0.totals.values.reduce(0, &+))
        }
        let log = scores.status.log
        return StoreStatus(
            store: "cairn", durability: "everyCommit", players: players, points: points,
            commits: log.commitCount,
            syncs: log.syncedCommitCounts.filter { $0.value > 0 }.keys
                .reduce(0) { $0 + (log.syncCounts[$1] ?? 0) })
    }

    func maintain() async throws {
        let fence = try scores.listSnapshots().last?.fence.lsn ?? .never
        let next = scores.status.log.nextLSN
        if next.rawValue - fence.rawValue > Self.replayLSNCountMax { try await scores.checkpoint() }
    }

    func close() async throws {
        try await scores.close()
    }
}
