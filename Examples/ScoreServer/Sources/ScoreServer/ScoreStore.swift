// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hummingbird

/// The totals of the players, kept where a crash does not reach them.
protocol ScoreStore: Sendable {
    /// Adds points to the total of a player and returns it. On return both are durable.
    func add(_ points: Int, to player: String) async throws -> Int

    /// The total of a player; nil for one who never scored.
    func total(of player: String) async throws -> Int?

    /// Counts since the store was opened, and sums of what it holds.
    func status() async throws -> StoreStatus

    /// Shortens the next opening. Called every few seconds.
    func maintain() async throws

    /// Closes the store; nothing else is called afterwards.
    func close() async throws
}

/// A store at one moment; the answer to `GET /status`.
struct StoreStatus: ResponseEncodable, Sendable {
    /// The name of the store.
    let store: String
    /// When a commit returns, in the words of the store, read back from it.
    let durability: String
    /// How many players have a total.
    let players: Int
    /// The sum of all totals.
    let points: Int
    /// Commits since the store was opened.
    let commits: UInt64
    /// Syncs that made those commits durable; nil for a store that does not count them.
    let syncs: UInt64?
}

/// The stores to choose from.
enum StoreKind: String, CaseIterable, ExpressibleByArgument {
    case cairn
    case grdb

    /// Opens the store in a directory, which is created when it is missing.
    func open(_ path: String) async throws -> any ScoreStore {
        switch self {
        case .cairn: try await CairnScores(path: path)
        case .grdb: try await GRDBScores(path: path)
        }
    }
}
