// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat
import CairnLSN
import CairnLog
import CairnTesting
import Synchronization
import SystemPackage
import Testing

/// The digest that a checkpoint leaves in the log, and the replay that must give it again.
struct StateProofTests {
    private func store(
        rounds: Int, segmentByteCount: Int = 512
    ) throws -> (SimulatedFileSystem, [Checkpoint]) {
        let files = SimulatedFileSystem()
        var options = LogOptions()
        options.segmentByteCount = segmentByteCount
        let scores = try Durable<Scores>.open(
            "scores", options: options, environment: .simulated(files))
        var made: [Checkpoint] = []
        for round in 1...rounds {
            for number in 0..<30 { try scores.commit(.scored(player: "p\(number)", points: round)) }
            if let checkpoint = try scores.checkpoint() { made.append(checkpoint) }
        }
        try scores.commit(.scored(player: "late", points: 1))
        try scores.close()
        return (files, made)
    }

    @Test func replayGivesTheStateOfEachCheckpointThatIsWithinReach() throws {
        let (files, made) = try store(rounds: 4)
        let contents = files.storeContents
        let proof = try Durable<Scores>.prove("scores", environment: .simulated(files))
        #expect(proof.holds)
        #expect(proof.start == made[2].snapshot.fence, "the log reaches back to the older of two")
        let last = Array(proof.marks.suffix(2))
        #expect(last.map(\.outcome) == [.same, .same])
        #expect(last.map(\.fence) == made.suffix(2).map(\.snapshot.fence))
        #expect(last.map(\.expected) == made.suffix(2).map(\.stateDigest))
        #expect(proof.marks.dropLast(2).allSatisfy { $0.outcome == .outOfReach })
        #expect(proof.transactionCount == 31)
        #expect(files.storeContents == contents, "nothing is changed")
    }

    @Test func withAllOfTheLogEachCheckpointIsCompared() throws {
        let (files, made) = try store(rounds: 4, segmentByteCount: 64 << 20)
        let proof = try Durable<Scores>.prove("scores", environment: .simulated(files))
        #expect(proof.start == nil)
        #expect(proof.provenCount == made.count)
        #expect(proof.transactionCount == 121)
        let half = try Durable<Scores>.prove(
            "scores", upTo: made[1].snapshot.fence.lsn, environment: .simulated(files))
        #expect(half.provenCount == 2)
        #expect(half.digest == made[1].stateDigest)
    }

    @Test func anEventThatDoesSomethingElseThanItDidIsFound() throws {
        let files = SimulatedFileSystem()
        let drifting = try Durable<Drifting>.open("store", environment: .simulated(files))
        try drifting.commit(.deposited(5))
        try drifting.checkpoint()
        try drifting.close()
        #expect(try Durable<Drifting>.prove("store", environment: .simulated(files)).holds)
        Drifting.bonus.store(1, ordering: .relaxed)
        let proof = try Durable<Drifting>.prove("store", environment: .simulated(files))
        #expect(!proof.holds)
        #expect(proof.marks.map(\.outcome) == [.differs])
        #expect("\(proof)".contains("is not the one"))
    }

    @Test func theDigestOfASnapshotIsThatOfItsCheckpoint() throws {
        let (files, made) = try store(rounds: 2)
        let checkpoint = try #require(made.last)
        let state = try Durable<Scores>.dryRun(
            "scores", upTo: checkpoint.snapshot.fence.lsn, environment: .simulated(files))
        var sink = DigestSink()
        try state.write(to: &sink)
        #expect(sink.finish() == checkpoint.stateDigest)
    }

    @Test func aMarkerWithoutADigestProvesNothing() throws {
        let files = SimulatedFileSystem()
        let account = try Durable<Account>.open("store", environment: .simulated(files))
        try account.commit(.deposited(5))
        let lsn = account.status.publishedLSN
        try account.recorder.checkpointMarker(SnapshotFence(lsn))
        try account.close()
        let proof = try Durable<Account>.prove("store", environment: .simulated(files))
        #expect(proof.holds && proof.marks.isEmpty)
        #expect("\(proof)".contains("nothing is proven"))
    }
}

/// An account whose rules change behind the back of its store.
private struct Drifting: DurableState, Codable {
    static let bonus = Atomic<Int>(0)
    var balance = 0
    typealias Event = Account.Event

    mutating func apply(_ event: Event) {
        if case .deposited(let amount) = event {
            balance += amount + Self.bonus.load(ordering: .relaxed)
        }
    }
}
