// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnTesting
import SystemPackage
import Testing

struct RestoreTests {
    /// A store of which the state after each commit is known.
    private struct Past {
        let files = SimulatedFileSystem()
        let clock = TestClock()
        let store: Durable<Scores>
        /// By commit: its time, and the state after it.
        var moments: [(lsn: LSN, time: UInt64, points: [String: Int])] = []

        init(generations: Int = 2) throws {
            var options = LogOptions()
            options.segmentByteCount = 600
            var checkpoints = CheckpointOptions.manual
            checkpoints.generations = generations
            store = try Durable.open(
                "scores", options: options, environment: .simulated(files, clock: clock),
                checkpoints: checkpoints)
        }

        mutating func commit(_ count: Int) throws {
            for _ in 0..<count {
                clock.advance(nanoseconds: 1_000)
                let player = "p\(moments.count % 5)"
                let receipt = try store.commit(.scored(player: player, points: moments.count))
                moments.append(
                    (try #require(receipt).commitLSN, clock.wallNanoseconds(), store.read(\.points))
                )
            }
        }

        func environment(seed: UInt64 = 5) -> StorageEnvironment {
            .simulated(files, clock: clock, seed: seed)
        }

        func state(_ path: FilePath) throws -> [String: Int] {
            try Durable<Scores>.open(path, environment: environment()).closingPoints()
        }
    }

    @Test func eachMomentOfALogIsRestoredFromTheStoreABackupAndTheirDirectory() throws {
        var past = try Past(generations: 40)
        for _ in 0..<25 {
            try past.commit(8)
            try past.store.checkpoint()
        }
        #expect(past.moments.count == 200)
        let backup = try past.store.backup(to: "backups")
        try past.store.close()
        // The log stays from the oldest snapshot on: that of the eighth commit.
        for (number, moment) in past.moments.enumerated().dropFirst(7) {
            let source: FilePath =
                number % 3 == 0 ? "backups" : number % 3 == 1 ? backup.path : "scores"
            let target: RestoreTarget = number % 2 == 0 ? .lsn(moment.lsn) : .time(moment.time)
            let into = FilePath("restored\(number)")
            let restored = try Durable<Scores>.restore(
                from: source, to: target, into: into, environment: past.environment())
            #expect(restored.plan.moment.lsn == moment.lsn)
            #expect(restored.proof.replay?.digest != nil)
            #expect(try past.state(into) == moment.points, "moment \(number)")
            for path in past.files.filePaths(startingWith: "\(into)/") { past.files.remove(path) }
        }
    }

    @Test func theProofComparesTheStateAtEachCheckpointThatIsPassed() throws {
        var past = try Past(generations: 10)
        for _ in 0..<3 {
            try past.commit(10)
            try past.store.checkpoint()
        }
        try past.commit(2)
        let restored = try Durable<Scores>.restore(
            from: "scores", into: "new", environment: past.environment())
        #expect(restored.proof.isSnapshotProven == true)
        #expect(restored.proof.replay?.provenCount == 1)
        #expect(restored.proof.transactionCount == 2)
        #expect(restored.plan.transactionCount == 2 && restored.plan.leftOutCount == 0)
    }

    @Test func aRestoredStoreIsATimelineOfItsOwn() throws {
        var past = try Past()
        try past.commit(10)
        let parent = past.store.status.log.logID
        _ = try past.store.backup(to: "backups")
        let first = try StoreRestore.restore(
            from: "scores", to: .lsn(past.moments[4].lsn), into: "first",
            environment: past.environment())
        #expect(first.logID != parent)
        var options = LogOptions()
        options.segmentByteCount = 600
        let branch = try Durable<Scores>.open(
            "first", options: options, environment: past.environment(seed: 6))
        try branch.commit(.scored(player: "branch", points: 1))
        #expect(branch.read(\.points)["branch"] == 1)
        _ = try branch.backup(to: "backups")
        let second = try StoreRestore.restore(
            from: "first", to: .latest, into: "second", environment: past.environment(seed: 7))
        let ancestors = try StoreRestore.ancestors("second", environment: past.environment())
        #expect(ancestors.map(\.logID) == [first.logID, parent])
        #expect(ancestors.last?.lsn == past.moments[4].lsn)
        #expect(second.plan.logID == first.logID)
        // The directory of backups has both timelines now: which one is meant must be said.
        let error = #expect(throws: DurableError.self) {
            try StoreRestore.plan(from: "backups", to: .latest, environment: past.environment())
        }
        #expect(error?.code == .foreign)
    }

    @Test func aPlanTellsWhatCanBeReachedAndWritesNothing() throws {
        var past = try Past()
        for _ in 0..<4 {
            try past.commit(30)
            try past.store.checkpoint()
        }
        try past.commit(5)
        let contents = past.files.storeContents
        let plan = try StoreRestore.plan(
            from: "scores", to: .lsn(past.moments[121].lsn), environment: past.environment())
        #expect(plan.earliest.lsn == past.moments[89].lsn)
        #expect(plan.latest.lsn == past.moments[124].lsn)
        #expect(plan.snapshot?.lsn == past.moments[119].lsn)
        #expect(plan.transactionCount == 2 && plan.leftOutCount == 3)
        #expect(plan.moment.nanoseconds == past.moments[121].time)
        let error = #expect(throws: DurableError.self) {
            try StoreRestore.plan(
                from: "scores", to: .lsn(past.moments[10].lsn), environment: past.environment())
        }
        #expect(error?.code == .outOfReach && error?.lsn == plan.earliest.lsn)
        #expect(throws: DurableError.self) {
            try StoreRestore.plan(
                from: "scores", to: .time(past.moments[10].time), environment: past.environment())
        }
        #expect(past.files.storeContents == contents)
    }

    @Test func aDirectoryWithFilesIsRefusedAndADamagedSourceNotHalfRestored() throws {
        var past = try Past()
        try past.commit(20)
        try past.store.close()
        #expect(throws: DurableError.self) {
            try StoreRestore.restore(
                from: "scores", to: .latest, into: "scores", environment: past.environment())
        }
        let path = try #require(past.files.filePaths(startingWith: "scores/log/").first)
        past.files.flipBit(path, 8 * 150)
        let error = #expect(throws: DurableError.self) {
            try StoreRestore.restore(
                from: "scores", to: .latest, into: "new", environment: past.environment())
        }
        #expect(error?.code == .damaged)
        #expect(past.files.filePaths(startingWith: "new/").isEmpty)
    }

    @Test func aCrashAtEachStepLeavesNothingThatOpensAsSomethingElse() throws {
        var past = try Past()
        try past.commit(20)
        try past.store.checkpoint()
        try past.commit(5)
        try past.store.close()
        let before = past.files.crashImage(.everythingWritten)
        let whole = before.crashImage(.everythingWritten)
        _ = try StoreRestore.restore(
            from: "scores", to: .latest, into: "new", environment: .simulated(whole, seed: 9))
        #expect(whole.operationCount > 20)
        var openCount = 0
        for operation in 0..<whole.operationCount {
            let files = before.crashImage(.everythingWritten)
            files.setFaults(.crash(atOperation: operation))
            _ = try? StoreRestore.restore(
                from: "scores", to: .latest, into: "new", environment: .simulated(files, seed: 9))
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1), .seeded(2)] {
                let image = files.crashImage(choice)
                let place: Comment = "crash at operation \(operation), \(choice)"
                #expect(image.contentHash(of: "scores") == before.contentHash(of: "scores"), place)
                var options = LogOptions()
                options.createIfMissing = false
                guard
                    let opened = try? Durable<Scores>.open(
                        "new", options: options, environment: .simulated(image))
                else { continue }
                openCount += 1
                #expect(opened.read(\.points) == past.moments.last?.points, place)
            }
        }
        #expect(openCount > 0)
    }
}

extension Durable<Scores> {
    fileprivate func closingPoints() throws -> [String: Int] {
        defer { try? close() }
        return read(\.points)
    }
}
