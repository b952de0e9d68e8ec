// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph

/// A commit that callers repeat.
protocol CallerCommit: Sendable {
    /// Commits once.
    ///
    /// - Parameter number: A number that no other call gets.
    func commit(_ number: Int) throws

    /// How many commits one call stands for.
    var weight: Int { get }
}

extension CallerCommit {
    var weight: Int { 1 }
}

extension BenchOptions {
    /// Lets all callers of the options repeat a commit until the window is over.
    func repeating(_ commit: some CallerCommit, in window: Window) async throws -> Tally {
        guard !tasks else { throw BenchError("this workload has no tasks; leave --tasks out") }
        let callers = callers
        return onThreads(callers) { caller in
            .repeating(in: window) { try commit.commit($0 * callers + caller) }
        }
    }
}

/// A player scores.
struct ScoreCommit: CallerCommit {
    let scores: Durable<Scores>
    let players = SmallData.players

    func event(_ number: Int) -> Scores.Event {
        .scored(player: players[number % players.count], points: SmallData.points)
    }

    func commit(_ number: Int) throws {
        try scores.commit(event(number))
    }
}

/// A new node with two properties.
struct NodeCommit: CallerCommit {
    let database: GraphDatabase

    func commit(_ number: Int) throws {
        try database.write { graph in
            try graph.createNode(
                labels: [SampleGraph.label], properties: SmallData.properties(number))
        }
    }
}

/// A new node, which the next commit deletes: the graph keeps its size.
struct NodeInAndOutCommit: CallerCommit {
    let database: GraphDatabase
    let weight = 2

    func commit(_ number: Int) throws {
        let id = try database.write { graph in
            try graph.createNode(
                labels: [SampleGraph.label], properties: SmallData.properties(number))
        }.value
        try database.write { graph in try graph.deleteNode(id) }
    }
}

/// Another value of a property of a node, at places all over the graph.
struct PropertyCommit: CallerCommit {
    let database: GraphDatabase
    let ids: [NodeID]

    func commit(_ number: Int) throws {
        let id = ids[number &* 7919 % ids.count]
        try database.write { graph in
            // The time is a value that no commit before had: the same value again would be no change.
            try graph.setProperty("score", to: .double(Double(System.now())), of: id)
        }
    }
}
