// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

/// Checkpoints that a store makes by itself.
struct AutomaticCheckpointTests {
    private static func open(
        _ files: SimulatedFileSystem, clock: TestClock = TestClock(), segmentByteCount: Int = 512,
        backgroundWork: StorageEnvironment.BackgroundWork = .inline,
        hook: (@Sendable (SimulatedOperation) -> Void)? = nil,
        _ change: (inout CheckpointOptions) -> Void
    ) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = segmentByteCount
        var environment = StorageEnvironment.simulated(files, clock: clock)
        environment.backgroundWork = backgroundWork
        if let hook { environment.fileSystem = InterceptedFileSystem(files, CallHook(hook)) }
        var checkpoints = CheckpointOptions()
        change(&checkpoints)
        return try Durable.open(
            "scores", options: options, environment: environment, checkpoints: checkpoints)
    }

    private func logByteCount(_ store: Durable<Scores>) -> UInt64 {
        store.status.log.segments.reduce(0) { $0 + $1.byteCount }
    }

    @Test func theLogStaysShortWithoutACall() throws {
        let files = SimulatedFileSystem()
        let scores = try Self.open(files) { $0.logByteCountMin = 2_000 }
        var longest: UInt64 = 0
        for number in 0..<400 {
            try scores.commit(.scored(player: "p\(number % 9)", points: 1))
            longest = max(longest, logByteCount(scores))
        }
        #expect(scores.status.checkpoints.madeCount > 5)
        #expect(longest < 10_000, "a log of 400 commits takes some 40 kB")
        #expect(try scores.listSnapshots().count == 2)
        let again = try Self.open(files.crashImage(.onlySynced)) { _ in }
        #expect(again.read { $0.points.values.reduce(0, +) } == 400)
        #expect(again.recovery.eventCount < 40)
        let replayed = again.status.checkpoints.logByteCount
        #expect((replayed > 0) == (again.recovery.eventCount > 0), "what was replayed counts")
    }

    @Test func theLogMayBeAQuarterOfALargeSnapshot() throws {
        let files = SimulatedFileSystem()
        let scores = try Self.open(files) { $0.logByteCountMin = 1_000 }
        for number in 0..<1_000 {
            try scores.commit(.scored(player: "player number \(number)", points: 1))
        }
        let status = scores.status.checkpoints
        let size = try #require(status.last?.snapshotByteCount)
        #expect(size > 8_000)
        #expect(status.dueByteCount == Int(size / 4))
    }

    @Test func noneIsMadeWhenNoneIsWanted() throws {
        let files = SimulatedFileSystem()
        let scores = try Self.open(files) {
            $0 = .manual
            $0.logByteCountMin = 100
            $0.commitCount = 3
        }
        for _ in 0..<50 { try scores.commit(.scored(player: "ada", points: 1)) }
        #expect(try scores.listSnapshots().isEmpty)
        #expect(scores.status.checkpoints.dueByteCount == nil)
        #expect(try scores.checkpoint() != nil)
        #expect(scores.status.checkpoints.madeCount == 1)
    }

    @Test func aNumberOfCommitsMakesOneDue() throws {
        let files = SimulatedFileSystem()
        let scores = try Self.open(files) { $0.commitCount = 10 }
        for number in 1...35 {
            try scores.commit(.scored(player: "ada", points: 1))
            #expect(scores.status.checkpoints.madeCount == number / 10)
        }
    }

    @Test func timeMakesOneDueIfThereWasACommit() throws {
        let files = SimulatedFileSystem()
        let clock = TestClock()
        let scores = try Self.open(files, clock: clock) { $0.interval = .seconds(60) }
        try scores.commit(.scored(player: "ada", points: 1))
        clock.advance(nanoseconds: 59_000_000_000)
        try scores.commit(.scored(player: "ada", points: 1))
        #expect(scores.status.checkpoints.madeCount == 0)
        clock.advance(nanoseconds: 1_000_000_000)
        try scores.commit(.scored(player: "ada", points: 1))
        #expect(scores.status.checkpoints.madeCount == 1)
    }

    @Test func aFailureIsReportedAndTriedAgainAfterAGrowingPause() throws {
        let files = SimulatedFileSystem()
        let clock = TestClock()
        let told = Locked<[DurableError]>([])
        let scores = try Self.open(files, clock: clock, segmentByteCount: 64 << 20) {
            $0.commitCount = 5
            $0.onFailure = { error in told.withLock { $0.append(error) } }
        }
        func commit() throws { try scores.commit(.scored(player: "ada", points: 1)) }
        // The fifth commit, durable by then, makes one due, and its first file is refused.
        for _ in 0..<4 { try commit() }
        for (pause, failures) in [(1, 1), (2, 2), (4, 3), (8, 4)] {
            files.setFaults(Self.refusingSnapshots)
            try commit()
            #expect(told.withLock { $0.count } == failures)
            let status = scores.status.checkpoints
            #expect(status.failureCount == failures)
            #expect(status.failure?.cause?.code == .noSpace)
            #expect(status.retryPause == .seconds(pause))
            clock.advance(nanoseconds: UInt64(pause) * 1_000_000_000 - 1)
            try commit()
            #expect(told.withLock { $0.count } == failures, "not before the pause is over")
            clock.advance(nanoseconds: 1)
        }
        files.setFaults(FaultPlan())
        try commit()
        #expect(scores.status.checkpoints.madeCount == 1)
        #expect(scores.status.checkpoints.failure == nil)
        #expect(scores.failure == nil)
        #expect(try scores.listSnapshots().count == 1)
    }

    private static let refusingSnapshots = FaultPlan([
        FaultRule(.matching(.createFile, suffix: ".creating"), .fail(.noSpace), .forever)
    ])

    @Test func afterAFailedSyncOfTheDirectoryNoneIsTriedAgain() throws {
        let files = SimulatedFileSystem()
        let clock = TestClock()
        let scores = try Self.open(files, clock: clock) { $0.commitCount = 3 }
        for _ in 0..<3 { try scores.commit(.scored(player: "ada", points: 1)) }
        #expect(scores.status.checkpoints.madeCount == 1)
        files.setFaults(
            FaultPlan([
                FaultRule(.matching(.syncDirectory, suffix: "snapshots"), .fail(.ioError))
            ]))
        for _ in 0..<3 { try scores.commit(.scored(player: "ada", points: 1)) }
        #expect(scores.status.checkpoints.failureCount == 1)
        clock.advance(nanoseconds: 10_000_000_000)
        try scores.commit(.scored(player: "ada", points: 1))
        #expect(
            scores.status.checkpoints.failureCount == 2, "the directory says that it is stopped")
        #expect(scores.status.checkpoints.failure?.code == .poisoned)
        #expect(scores.status.checkpoints.dueByteCount == nil)
        clock.advance(nanoseconds: 10_000_000_000_000)
        for _ in 0..<20 { try scores.commit(.scored(player: "ada", points: 1)) }
        #expect(scores.status.checkpoints.failureCount == 2)
        #expect(scores.failure == nil, "the store itself goes on")
    }

    @Test func aWriterGoesOnWhileOneIsMadeOnAThread() throws {
        let files = SimulatedFileSystem()
        let gate = Gate()
        let watched = Locked(false)
        let scores = try Self.open(
            files, segmentByteCount: 64 << 20, backgroundWork: .onThreads,
            hook: { if $0.kind == .createFile, watched.withLock({ $0 }) { gate.pass() } }
        ) { $0.commitCount = 3 }
        gate.shut()
        watched.withLock { $0 = true }
        for _ in 0..<3 { try scores.commit(.scored(player: "ada", points: 1)) }
        gate.waitUntilBlocked()
        #expect(scores.status.checkpoints.isRunning)
        for _ in 0..<20 { try scores.commit(.scored(player: "ada", points: 1)) }
        #expect(scores.read(\.points) == ["ada": 23])
        #expect(try scores.listSnapshots().isEmpty, "the one that is made is held up")
        watched.withLock { $0 = false }
        gate.open()
        try scores.close()
        #expect(scores.status.checkpoints.madeCount >= 1, "closing waits for it")
        #expect(try Self.open(files) { _ in }.read(\.points) == ["ada": 23])
    }

    @Test func aStoreThatNobodyUsesGoesAlthoughAThreadLooksAtTheClock() throws {
        let files = SimulatedFileSystem()
        weak var gone: Durable<Scores>?
        do {
            let scores = try Self.open(files, backgroundWork: .onThreads) {
                $0.interval = .seconds(3_600)
            }
            try scores.commit(.scored(player: "ada", points: 1))
            gone = scores
        }
        // The thread may just be looking.
        let rest = Locked(false)
        for _ in 0..<400 where gone != nil { rest.sleep(nanoseconds: 5_000_000) { $0 } }
        #expect(gone == nil)
    }

    @Test func closingMakesOneWhenAsked() throws {
        let files = SimulatedFileSystem()
        let scores = try Self.open(files) { $0.checkpointsOnClose = true }
        try scores.commit(.scored(player: "ada", points: 1))
        try scores.close()
        let again = try Self.open(files) { $0.checkpointsOnClose = true }
        #expect(again.recovery.eventCount == 0 && again.read(\.points) == ["ada": 1])
        files.setFaults(Self.refusingSnapshots)
        try again.commit(.scored(player: "ada", points: 1))
        try again.close()
        files.setFaults(FaultPlan())
        #expect(try Self.open(files) { _ in }.read(\.points) == ["ada": 2])
    }

    @Test func asManyGenerationsStayAsAreAskedForAndTheLogSinceTheOldest() throws {
        let files = SimulatedFileSystem()
        let scores = try Self.open(files) {
            $0.commitCount = 20
            $0.generations = 4
        }
        var states: [LSN: Int] = [:]
        for number in 1...200 {
            let receipt = try scores.commit(.scored(player: "ada", points: 1))
            states[try #require(receipt).commitLSN] = number
        }
        let snapshots = try scores.listSnapshots()
        #expect(snapshots.count == 4)
        try scores.close()
        let oldest = try #require(snapshots.first).fence.lsn
        #expect(oldest > LSN(rawValue: 200), "older ones went")
        for (lsn, number) in states where lsn >= oldest {
            let state = try Durable<Scores>.dryRun(
                "scores", upTo: lsn, environment: .simulated(files))
            #expect(state.points == ["ada": number])
        }
    }

    @Test func snapshotsStayAsLongAsAPastIsToBeRestored() throws {
        let files = SimulatedFileSystem()
        let clock = TestClock()
        func open() throws -> Durable<Scores> {
            try Self.open(files, clock: clock) {
                $0.commitCount = 10
                $0.keepsPast = .seconds(100)
            }
        }
        var scores = try open()
        var times: [(time: UInt64, lsn: LSN)] = []
        for number in 1...300 {
            let receipt = try scores.commit(.scored(player: "ada", points: 1))
            times.append((clock.wallNanoseconds(), try #require(receipt).commitLSN))
            clock.advance(nanoseconds: 1_000_000_000)
            if number == 150 {
                try scores.close()
                scores = try open()
            }
        }
        let oldest = try #require(try scores.listSnapshots().first).fence.lsn
        let begin = clock.wallNanoseconds() - 100_000_000_000
        let needed = try #require(times.last { $0.time <= begin - 10_000_000_000 })
        let useless = try #require(times.last { $0.time <= begin - 30_000_000_000 })
        #expect(oldest <= needed.lsn || oldest.rawValue - needed.lsn.rawValue < 3 * 20)
        #expect(oldest > useless.lsn, "what is older than needed went")
        let earliest = try #require(times.first { $0.time >= begin })
        let state = try Durable<Scores>.dryRun(
            "scores", upTo: earliest.lsn, environment: .simulated(files))
        #expect(state.points["ada"] == times.firstIndex { $0.lsn == earliest.lsn }! + 1)
    }

    /// Commits 1, 2, 3, … with a checkpoint after each fourth. Returns how many were acknowledged.
    private static func run(_ files: SimulatedFileSystem) -> Int {
        var acknowledged = 0
        do {
            for session in 0..<2 {
                let scores = try open(files, segmentByteCount: 400) { $0.commitCount = 4 }
                for _ in 1...12 {
                    try scores.commit(.scored(player: "count", points: 1))
                    acknowledged += 1
                }
                if session == 0 { try scores.close() }
            }
        } catch {
            // The crash ends the workload wherever it is.
        }
        return acknowledged
    }

    @Test func everyAcknowledgedCommitIsThereAfterACrashAtEveryOperation() throws {
        let complete = SimulatedFileSystem()
        #expect(Self.run(complete) == 24)
        #expect(complete.filePaths(startingWith: "scores/snapshots/").count == 2)
        for operation in 0..<complete.operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let acknowledged = Self.run(files)
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(1), .seeded(2)] {
                let scores = try Self.open(files.crashImage(choice)) { $0.commitCount = 4 }
                let count = scores.read { $0.points["count"] ?? 0 }
                #expect(
                    (acknowledged...acknowledged + 1).contains(count),
                    "crash at operation \(operation), \(choice)")
            }
        }
    }
}
