// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnTesting
import Testing

/// A body that calls its own store again would wait for itself: it ends the program with a sentence.
struct CallFromBodyTests {
    private static func open() throws -> Durable<Scores> {
        try Durable<Scores>.open("store", environment: .simulated(SimulatedFileSystem()))
    }

    @Test func aCommitWithinARead() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let scores = try await Task { try CallFromBodyTests.open() }.value
            _ = await scores.read { _ in try? scores.commit(.scored(player: "ada", points: 1)) }
        }
        expect(result, "commit was called from within a body of the same store")
    }

    @Test func aReadWithinACommit() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let scores = try await Task { try CallFromBodyTests.open() }.value
            _ = try await scores.commit { _ in (events: [], result: scores.read { $0.points }) }
        }
        expect(result, "read was called from within a write of the same store")
    }

    @Test func aCloseWithinARead() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let scores = try await Task { try CallFromBodyTests.open() }.value
            await scores.read { _ in try? scores.close() }
        }
        expect(result, "close was called from within a body of the same store")
    }

    @Test func aReadWithinAReadAndAnotherStoreAreAllowed() throws {
        let (scores, other) = (try Self.open(), try Self.open())
        try scores.commit(.scored(player: "ada", points: 1))
        let points = try scores.read { outer in
            try other.commit(.scored(player: "eve", points: 2))
            return scores.read { $0.points["ada"] } == outer.points["ada"]
        }
        #expect(points && other.read { $0.points } == ["eve": 2])
    }

    private func expect(_ result: ExitTest.Result?, _ sentence: String) {
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains(sentence), "\(text)")
    }
}
