// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnFormat
import CairnIO
import CairnLog
import CairnRecorder
import CairnSnapshot
import CairnTesting
import Testing

/// Checkpoints while others write.
struct DurableCheckpointTests {
    /// A store whose snapshot files are made only when the gate is open.
    private func open<State>(
        _ type: State.Type, _ fileSystem: SimulatedFileSystem, _ gate: Gate
    ) throws -> Durable<State> {
        var environment = StorageEnvironment.simulated(fileSystem)
        environment.fileSystem = InterceptedFileSystem(
            fileSystem, CallHook { if $0.kind == .createFile { gate.pass() } })
        return try Durable.open("scores", environment: environment)
    }

    @Test func aCommitCompletesWhileTheSnapshotIsHeldUp() throws {
        let fileSystem = SimulatedFileSystem()
        let gate = Gate()
        let scores = try open(Scores.self, fileSystem, gate)
        try scores.commit(.scored(player: "ada", points: 1))
        gate.shut()
        let done = Locked<Checkpoint?>(nil)
        let thread = try BackgroundThread {
            let checkpoint = try? scores.checkpoint()
            done.withLock { $0 = checkpoint }
        }
        gate.waitUntilBlocked()
        let receipt = try scores.commit(.scored(player: "ada", points: 2))
        #expect(receipt?.level == .durable)
        #expect(scores.read(\.points) == ["ada": 3])
        let snapshotsBefore = try scores.listSnapshots()
        #expect(snapshotsBefore.isEmpty)
        gate.open()
        thread.join()

        let checkpoint = try #require(done.withLock { $0 })
        let commitLSN = try #require(receipt?.commitLSN)
        #expect(checkpoint.snapshot.fence.lsn < commitLSN, "the snapshot is that of the view")
        let again = try Durable<Scores>.open(
            "scores", environment: .simulated(fileSystem.crashImage(.onlySynced)))
        #expect(again.recovery.snapshotFence == checkpoint.snapshot.fence)
        #expect(again.recovery.eventCount == 1 && again.read(\.points) == ["ada": 3])
    }

    @Test func aSecondCheckpointWaitsForTheFirst() throws {
        let fileSystem = SimulatedFileSystem()
        let gate = Gate()
        let scores = try open(Scores.self, fileSystem, gate)
        try scores.commit(.scored(player: "ada", points: 1))
        gate.shut()
        let results = Locked<[Result<Checkpoint?, any Error>]>([])
        let threads = try (0..<2).map { _ in
            try BackgroundThread {
                let result = Result { try scores.checkpoint() }
                results.withLock { $0.append(result) }
            }
        }
        gate.waitUntilBlocked()
        gate.open()
        for thread in threads { thread.join() }
        let checkpoints = try results.withLock { try $0.map { try $0.get() } }
        #expect(checkpoints.count { $0 == nil } == 1, "one made it, the other found nothing new")
        let snapshots = try scores.listSnapshots()
        #expect(snapshots.count == 1)
    }

    @Test func closingWaitsForACheckpoint() throws {
        let fileSystem = SimulatedFileSystem()
        let gate = Gate()
        let scores = try open(Scores.self, fileSystem, gate)
        try scores.commit(.scored(player: "ada", points: 1))
        gate.shut()
        let checkpoint = try BackgroundThread { _ = try? scores.checkpoint() }
        gate.waitUntilBlocked()
        let isClosed = Locked(false)
        let close = try BackgroundThread {
            try? scores.close()
            isClosed.withLock { $0 = true }
        }
        // Still open: a commit goes through, and the directory is given to no other process.
        try scores.commit(.scored(player: "ada", points: 1))
        #expect(!isClosed.withLock { $0 })
        gate.open()
        checkpoint.join()
        close.join()
        let again = try open(Scores.self, fileSystem, gate)
        #expect(again.recovery.snapshotFence != nil && again.read(\.points) == ["ada": 2])
    }
}
