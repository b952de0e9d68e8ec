// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnTesting
import Testing

/// The twins that suspend instead of blocking.
@Suite(.timeLimit(.minutes(5)))
struct AsyncTests {
    private func open<State>(
        _ type: State.Type, _ files: SimulatedFileSystem
    ) async throws -> Durable<State> {
        // Opening has no twin: it replays on the calling thread.
        try Durable.open("store", environment: .simulated(files))
    }

    @Test func manyTasksCommitTogether() async throws {
        let files = SimulatedFileSystem()
        let scores = try await open(Scores.self, files)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    for round in 1...10 {
                        try await scores.commit(.scored(player: "p\(number)", points: 1))
                        let seen = await scores.read { $0.points["p\(number)"] }
                        #expect(seen == round, "a caller reads its own writes")
                    }
                }
            }
            try await group.waitForAll()
        }
        let status = scores.status
        #expect(status.log.commitCount == 640 && status.stagedCommitCount == 0)
        let again = try await open(Scores.self, files.crashImage(.onlySynced))
        let points = await again.read { $0.points }
        #expect(points.count == 64 && points.values.allSatisfy { $0 == 10 })
        try await scores.close()
    }

    @Test func allCallsHaveTwins() async throws {
        let files = SimulatedFileSystem()
        let scores = try await open(Scores.self, files)
        try await scores.commit(.scored(player: "ada", points: 1))
        let decided = try await scores.commit { state in
            (events: [.scored(player: "eve", points: state.points["ada"] ?? 0)], result: "eve")
        }
        #expect(decided.value == "eve" && decided.receipt?.level == .durable)
        try await scores.sync()
        let checkpoint = try await scores.checkpoint()
        #expect(checkpoint != nil)
        #expect(await scores.read(.latest) { $0.points } == ["ada": 1, "eve": 1])
        try await scores.close()
        try await scores.close()
        await #expect(throws: DurableError(code: .closed)) {
            try await scores.commit(.scored(player: "ada", points: 1))
        }
    }

    @Test func aCancelledTaskKeepsItsCommit() async throws {
        let gated = try GatedStore(Account.self)
        gated.gate.shut()
        let task = Task { try await gated.store.commit(.deposited(1)) }
        gated.gate.waitUntilBlocked()
        task.cancel()
        gated.gate.open()
        let receipt = try await task.value
        #expect(receipt?.level == .durable)
        let balance = await gated.store.read(\.balance)
        #expect(balance == 1)
    }

    @Test func aTaskThatWaitsForItsTurnBlocksNoThread() async throws {
        let scores = try await open(Scores.self, SimulatedFileSystem())
        let gate = Gate()
        gate.shut()
        let holder = try BackgroundThread {
            _ = try? scores.commit { _ in
                gate.pass()
                return (events: [], result: ())
            }
        }
        gate.waitUntilBlocked()
        // More tasks than there are threads to run them: if they blocked, none of the others would get on.
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    _ = try? await scores.commit(.scored(player: "p\(number)", points: 1))
                }
            }
            group.addTask {
                await Task.yield()
                gate.open()
            }
            await group.waitForAll()
        }
        holder.join()
        let points = await scores.read { $0.points }
        #expect(points.count == 64)
    }
}
