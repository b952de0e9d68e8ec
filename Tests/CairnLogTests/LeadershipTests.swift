// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CairnLog

/// Group commit under every interleaving of small numbers of callers: no caller sleeps for ever, none is told too
/// early, and no token is held twice.
struct LeadershipTests {
    struct Scenario: CustomTestStringConvertible {
        let name: String
        let kinds: [[RoundKind]]
        var hasClock = false
        var rotates = false
        /// How often frames are finished before their job is taken.
        var finishings = 0
        var delay: CommitDelay?
        var testDescription: String { name }
    }

    static let scenarios = [
        Scenario(name: "two syncs", kinds: [[.sync, .sync], [.sync, .sync]]),
        Scenario(name: "three syncs", kinds: [[.sync], [.sync], [.sync, .sync]]),
        Scenario(name: "writes and syncs", kinds: [[.write, .sync], [.sync], [.write]]),
        Scenario(name: "a clock", kinds: [[.write, .write], [.sync]], hasClock: true),
        Scenario(name: "rotations", kinds: [[.write, .sync], [.write], [.sync]], rotates: true),
        Scenario(
            name: "a clock and rotations", kinds: [[.write, .sync], [.sync, .write]],
            hasClock: true, rotates: true),
        Scenario(
            name: "a delay", kinds: [[.sync, .sync], [.sync], [.sync]],
            delay: CommitDelay(.seconds(1), minimumWaiters: 1)),
        Scenario(name: "finishing", kinds: [[.sync, .write], [.sync]], finishings: 2),
        Scenario(
            name: "finishing, a clock and rotations", kinds: [[.sync], [.write]], hasClock: true,
            rotates: true, finishings: 1),
    ]

    @Test(arguments: scenarios)
    func everyInterleavingEnds(_ scenario: Scenario) throws {
        var explorer = Explorer()
        try explorer.explore(GroupCommitModel(scenario))
        #expect(explorer.visited.count > 1000)
        #expect(explorer.endCount > 0)
    }

    /// A leader that is slow to tell of its round does not hide the one after it.
    @Test func roundsMayBeToldInAnyOrder() {
        var rounds = Rounds()
        let (first, second) = (followedRound(&rounds), followedRound(&rounds))
        let roundWaiters = RoundWaiters()
        roundWaiters.complete(second)
        roundWaiters.complete(first)
        #expect(roundWaiters.isComplete(second.ticket))
    }

    /// A round that one thread waits for: others need not be told.
    private func followedRound(_ rounds: inout Rounds) -> Rounds.Completion {
        rounds.take()
        rounds.followersOfTaken = 1
        return rounds.complete()
    }
}

/// Goes through all states that can be reached.
private struct Explorer {
    var visited: Set<GroupCommitModel> = []
    var endCount = 0

    mutating func explore(_ start: GroupCommitModel) throws {
        var open: [(GroupCommitModel, Path?)] = [(start, nil)]
        while let (model, path) = open.popLast() {
            guard visited.insert(model).inserted else { continue }
            if model.isAtEnd { endCount += 1 }
            if let complaint = model.complaintWhenQuiet { throw Finding(complaint, path) }
            for step in model.steps {
                var next = model
                let longer = Path(step, path)
                if let complaint = next.perform(step) { throw Finding(complaint, longer) }
                open.append((next, longer))
            }
        }
    }

    /// How a state was reached.
    final class Path {
        let step: GroupCommitModel.Step
        let before: Path?
        init(_ step: GroupCommitModel.Step, _ before: Path?) {
            self.step = step
            self.before = before
        }
    }

    struct Finding: Error, CustomStringConvertible {
        let description: String
        init(_ complaint: String, _ path: Path?) {
            var steps: [String] = []
            var place = path
            while let step = place {
                steps.append(step.step.text)
                place = step.before
            }
            description = complaint + ": " + steps.reversed().joined(separator: ", ")
        }
    }
}
