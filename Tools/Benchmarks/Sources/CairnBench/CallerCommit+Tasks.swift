// SPDX-License-Identifier: Apache-2.0

internal import BenchSupport
internal import Cairn
internal import CairnDurable
internal import CairnGraph

/// A commit that tasks repeat and await.
protocol AwaitedCommit: CallerCommit {
    /// Commits once without blocking the thread; otherwise like ``CallerCommit/commit(_:)``.
    func commitAwaiting(_ number: Int) async throws
}

extension BenchOptions {
    /// Lets all callers of the options, threads or tasks, repeat a commit until the window is over.
    func repeating(_ commit: some AwaitedCommit, in window: Window) async -> Tally {
        let callers = callers
        guard tasks else { return repeatingOnThreads(commit, in: window) }
        return await onTasks(callers) { caller in
            await .repeating(
                in: window, awaiting: { try await commit.commitAwaiting($0 * callers + caller) })
        }
    }
}

extension ScoreCommit: AwaitedCommit {
    func commitAwaiting(_ number: Int) async throws {
        try await scores.commit(event(number))
    }
}

extension NodeCommit: AwaitedCommit {
    func commitAwaiting(_ number: Int) async throws {
        try await database.write { graph in
            try graph.createNode(
                labels: [SampleGraph.label], properties: SmallData.properties(number))
        }
    }
}

extension NodeInAndOutCommit: AwaitedCommit {
    func commitAwaiting(_ number: Int) async throws {
        let id = try await database.write { graph in
            try graph.createNode(
                labels: [SampleGraph.label], properties: SmallData.properties(number))
        }.value
        try await database.write { graph in try graph.deleteNode(id) }
    }
}

extension PropertyCommit: AwaitedCommit {
    func commitAwaiting(_ number: Int) async throws {
        let (id, value) = next(number)
        try await database.write { graph in try graph.setProperty("score", to: value, of: id) }
    }
}
