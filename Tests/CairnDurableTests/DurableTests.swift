// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnRecorder
import CairnSegments
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

struct DurableTests {
    private func open(
        _ fileSystem: SimulatedFileSystem, segmentByteCount: Int = 64 << 20,
        access: FileAccess = .readWrite
    ) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = segmentByteCount
        options.access = access
        return try Durable.open("scores", options: options, environment: .simulated(fileSystem))
    }

    @Test func whatWasCommittedIsThereAfterACrash() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem)
        try scores.commit(.scored(player: "ada", points: 3))
        try scores.commit(.scored(player: "ada", points: 4), .scored(player: "bob", points: 1))
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(again.read(\.points) == ["ada": 7, "bob": 1])
        #expect(again.recovery.eventCount == 3)
    }

    @Test func aRefusedEventIsNeitherCommittedNorApplied() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem)
        let operations = fileSystem.operationCount
        #expect(throws: Scores.Negative.self) {
            try scores.commit(.scored(player: "ada", points: 1), .scored(player: "ada", points: -1))
        }
        #expect(fileSystem.operationCount == operations)
        #expect(scores.read(\.points).isEmpty)
        try scores.commit(.scored(player: "ada", points: 2))
        #expect(scores.read(\.points) == ["ada": 2])
    }

    @Test func aFailedCommitIsNotAppliedAndStopsTheStore() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem)
        try scores.commit(.scored(player: "ada", points: 3))
        fileSystem.setFaults(.fail(.noSpace, atOperation: fileSystem.operationCount))
        let error = #expect(throws: DurableError.self) {
            try scores.commit(.scored(player: "ada", points: 4))
        }
        #expect(error?.code == .indeterminate)
        #expect(scores.read(\.points) == ["ada": 3], "reads are still served")
        let later = #expect(throws: DurableError.self) {
            try scores.commit(.scored(player: "ada", points: 5))
        }
        #expect(later?.code == .poisoned)
    }

    @Test func checkpointMakesReplayShortAndTheLogShorter() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem, segmentByteCount: 512)
        #expect(try scores.checkpoint() == nil, "there is nothing to snapshot")
        for round in 1...4 {
            for number in 0..<40 {
                try scores.commit(.scored(player: "player \(number % 7)", points: round))
            }
            let checkpoint = try #require(try scores.checkpoint())
            #expect(try scores.checkpoint() == nil, "the snapshot contains everything")
            #expect((checkpoint.removedSegmentCount > 0) == (round > 1))
            #expect(checkpoint.removedSnapshotCount == (round > 2 ? 1 : 0))
        }
        #expect(try scores.listSnapshots().count == 2)
        try scores.commit(.scored(player: "late", points: 1))
        let expected = scores.read { $0 }
        let again = try open(fileSystem.crashImage(.onlySynced))
        #expect(again.read { $0 } == expected)
        #expect(again.recovery.eventCount == 1)
        #expect(again.recovery.snapshotFence == (try scores.listSnapshots().last?.fence))
    }

    /// A kernel makes a file system read-only when its disk fails: the store was not opened so.
    @Test func aFileSystemThatBecameReadOnlyIsNamed() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem)
        try scores.commit(.scored(player: "ada", points: 3))
        fileSystem.setFaults(
            FaultPlan([FaultRule(.matching(.createFile), .fail(.readOnlyFileSystem), .forever)]))
        let error = #expect(throws: DurableError.self) { try scores.checkpoint() }
        let text = try #require(error.map { "\($0)" })
        #expect(text.contains("it is read-only") && text.contains("snapshots"), "\(text)")
    }

    @Test func aDamagedNewestSnapshotCostsTimeAndNoData() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem, segmentByteCount: 512)
        for round in 1...3 {
            for number in 0..<30 { try scores.commit(.scored(player: "p\(number)", points: round)) }
            try scores.checkpoint()
        }
        let expected = scores.read { $0 }
        try scores.close()
        let newest = try #require(
            fileSystem.filePaths.filter { $0.string.contains("snapshots/") }.max {
                $0.string < $1.string
            })
        fileSystem.flipBit(newest, 2000)
        let again = try open(fileSystem)
        #expect(again.read { $0 } == expected)
        #expect(again.recovery.damagedSnapshots.count == 1)
        #expect(again.recovery.eventCount == 30)
    }

    @Test func withoutItsSnapshotsATruncatedLogIsRefused() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem, segmentByteCount: 512)
        for round in 1...3 {
            for number in 0..<30 { try scores.commit(.scored(player: "p\(number)", points: round)) }
            try scores.checkpoint()
        }
        try scores.close()
        for path in fileSystem.filePaths where path.string.contains("snapshots/") {
            fileSystem.remove(path)
        }
        let hash = fileSystem.contentHash
        let error = #expect(throws: DurableError.self) { _ = try open(fileSystem) }
        #expect(error?.code == .damaged && error?.log?.code == .replayGap)
        #expect(fileSystem.contentHash == hash || fileSystem.filePaths.contains("scores/LOCK"))
    }

    @Test func withoutItsLogAStoreIsRefused() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem)
        try scores.commit(.scored(player: "ada", points: 3))
        try scores.checkpoint()
        try scores.close()
        for path in fileSystem.filePaths where path.string.hasSuffix(".wal") {
            fileSystem.remove(path)
        }
        let error = #expect(throws: DurableError.self) { _ = try open(fileSystem) }
        #expect(error?.finding?.verdict == .missingSegment)
    }

    @Test func aSnapshotOfAnotherLogIsRefused() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem)
        try scores.commit(.scored(player: "ada", points: 3))
        try scores.checkpoint()
        let path = try #require(fileSystem.filePaths.first { $0.string.contains("snapshots/") })
        let snapshot = try #require(fileSystem.contents(path))

        let other = SimulatedFileSystem()
        let stranger = try Durable<Scores>.open(
            "scores", environment: .simulated(other, seed: 99))
        try stranger.commit(.scored(player: "eve", points: 9))
        try stranger.checkpoint()
        try stranger.close()
        other.setContents(path, snapshot)
        let error = #expect(throws: DurableError.self) {
            _ = try Durable<Scores>.open("scores", environment: .simulated(other, seed: 99))
        }
        #expect(error?.code == .foreign)
    }

    @Test func readOnlyOpeningReadsAndRefusesToCommit() throws {
        let fileSystem = SimulatedFileSystem()
        let scores = try open(fileSystem)
        try scores.commit(.scored(player: "ada", points: 3))
        try scores.checkpoint()
        try scores.close()
        let hash = fileSystem.contentHash
        let reader = try open(fileSystem, access: .readOnly)
        #expect(reader.read(\.points) == ["ada": 3])
        let error = #expect(throws: DurableError.self) {
            try reader.commit(.scored(player: "ada", points: 3))
        }
        #expect(error?.code == .readOnly)
        try reader.close()
        #expect(fileSystem.contentHash == hash)
    }
}
