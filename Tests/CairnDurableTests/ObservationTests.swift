// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnTesting
import SystemPackage
import Testing

/// The values of a query, as they change.
@Suite(.timeLimit(.minutes(5)))
struct ObservationTests {
    private func open(_ files: SimulatedFileSystem = SimulatedFileSystem()) throws -> Durable<
        Scores
    > {
        try Durable.open("store", environment: .simulated(files))
    }

    @Test func theCurrentValueComesFirstThenEachOther() async throws {
        let scores = try open()
        var values = scores.values { $0.points["ada"] }.makeAsyncIterator()
        #expect(try await values.next() == .some(nil))
        try await scores.commit(.scored(player: "ada", points: 1))
        #expect(try await values.next() == 1)
        try await scores.commit(.scored(player: "eve", points: 1))
        try await scores.commit(.scored(player: "ada", points: 1))
        #expect(try await values.next() == 2, "a change of something else gives nothing")
        try await scores.commit(.scored(player: "ada", points: 1))
        try await scores.commit(.scored(player: "ada", points: 1))
        #expect(try await values.next() == 4, "a slow reader is given the newest")
        try await scores.commit(.scored(player: "ada", points: 3))
        try await scores.close()
        #expect(try await values.next() == 7)
        #expect(try await values.next() == nil)
    }

    @Test func aCommitOfSeveralEventsIsOneChange() async throws {
        let scores = try open()
        let values = scores.values { $0.points.values.reduce(0, +) }
        let seen = Task {
            var seen: [Int] = []
            for try await value in values { seen.append(value) }
            return seen
        }
        for _ in 0..<50 {
            try await scores.commit(
                .scored(player: "ada", points: 2), .scored(player: "eve", points: 3))
        }
        try await scores.close()
        let found = try await seen.value
        #expect(found.allSatisfy { $0 % 5 == 0 } && found.last == 250)
        #expect(found == found.sorted() && Set(found).count == found.count)
    }

    @Test func itEndsWhenTheTaskIsCancelled() async throws {
        let scores = try open()
        let task = Task {
            var count = 0
            for try await _ in scores.values(of: { $0.points }) { count += 1 }
            return count
        }
        while await scores.read({ _ in false }) { await Task.yield() }
        task.cancel()
        #expect(try await task.value <= 1)
    }

    @Test func itThrowsWhatStoppedTheStore() async throws {
        let files = SimulatedFileSystem()
        let scores = try open(files)
        try await scores.commit(.scored(player: "ada", points: 1))
        var values = scores.values { $0.points["ada"] }.makeAsyncIterator()
        #expect(try await values.next() == 1)
        files.setFaults(.fail(.ioError, atOperation: files.operationCount))
        _ = try? await scores.commit(.scored(player: "ada", points: 1))
        let error = await #expect(throws: DurableError.self) { try await values.next() }
        #expect(error?.code == .indeterminate)
    }

    @Test func nothingIsShownBeforeItIsDurable() async throws {
        let gated = try GatedStore(Account.self)
        let values = gated.store.values { $0.balance }
        let seen = Locked<[Int]>([])
        let observer = Task {
            for try await value in values { seen.withLock { $0.append(value) } }
        }
        while seen.withLock({ $0 }).isEmpty { await Task.yield() }
        gated.gate.shut()
        let commit = try BackgroundThread { _ = try? gated.store.commit(.deposited(1)) }
        gated.gate.waitUntilBlocked()
        for _ in 0..<100 { await Task.yield() }
        #expect(seen.withLock { $0 } == [0], "the deposit is appended, and not durable")
        gated.gate.open()
        commit.join()
        try await gated.store.close()
        try await observer.value
        #expect(seen.withLock { $0 } == [0, 1])
    }

    @MainActor @Test func aLoopOnTheMainActorGetsItsValuesThere() async throws {
        let scores = try open()
        var seen: [Int] = []
        let writer = Task.detached {
            for _ in 0..<5 { try await scores.commit(.scored(player: "ada", points: 1)) }
            try await scores.close()
        }
        for try await value in scores.values(of: { state in
            MainActor.assertIsolated()
            return state.points["ada"] ?? 0
        }) {
            seen.append(value)
        }
        try await writer.value
        #expect(seen.last == 5 && seen == seen.sorted())
    }
}
