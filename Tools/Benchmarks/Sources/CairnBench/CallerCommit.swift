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
    /// Lets as many threads as the options say repeat a commit until the window is over.
    func repeatingOnThreads(_ commit: some CallerCommit, in window: Window) -> Tally {
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

    /// The node of a commit, and the time: the same value again would be no change.
    func next(_ number: Int) -> (id: NodeID, value: Value) {
        (ids[number &* 7919 % ids.count], .double(Double(System.now())))
    }

    func commit(_ number: Int) throws {
        let (id, value) = next(number)
        try database.write { graph in try graph.setProperty("score", to: value, of: id) }
    }
}
