// SPDX-License-Identifier: Apache-2.0

import CairnContainer
import CairnDurable
import CairnIO
import CairnLSN
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// The contract of a mirror, behaviour by behaviour, on a container as the mirror of a directory.
struct ContainerMirrorTests {
    private let files = SimulatedFileSystem()

    private func open(_ files: SimulatedFileSystem, seed: UInt64 = 1) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = 400
        return try Durable<Scores>.open(
            "scores", options: options, environment: .over(files, seed: seed),
            mirror: ContainerMirror(
                of: "scores", at: "mirror.cairn", environment: .over(files, seed: seed)))
    }

    /// What the mirror has, alone.
    private func mirrored(_ files: SimulatedFileSystem) throws -> Int {
        let environment = StorageEnvironment.over(files, seed: 7)
        var options = LogOptions()
        options.access = .readOnly
        return try Durable<Scores>.open(
            container: "mirror.cairn", options: options, environment: environment
        ).read(\.count)
    }

    @Test func aSyncBringsTheContainerUpToDate() throws {
        let scores = try open(files)
        for step in 1...20 {
            try scores.commit(Scores.one)
            if step % 6 == 0 { try scores.checkpoint() }
            if step % 4 == 0 {
                try scores.sync()
                #expect(try mirrored(files.crashImage(.onlySynced)) == step)
            }
        }
    }

    @Test func aFailureIsReportedWithItsCauseAndMadeUpFor() throws {
        let scores = try open(files)
        try scores.commit(Scores.one)
        try scores.sync()
        try scores.commit(Scores.one)
        files.setFaults(
            FaultPlan([FaultRule(.matching(.syncFile, suffix: "mirror.cairn"), .fail(.noSpace))]))
        do {
            try scores.sync()
            Issue.record("the failure is not reported")
        } catch {
            #expect(error.code == .mirrorFailed)
            #expect("\(error)".contains("space"))
        }
        #expect(scores.failure == nil, "the log goes on")
        files.setFaults(FaultPlan())
        try scores.commit(Scores.one)
        #expect(try mirrored(files.crashImage(.onlySynced)) >= 1)
        try scores.sync()
        #expect(try mirrored(files.crashImage(.onlySynced)) == 3)
    }

    @Test func theLogIsTruncatedOnlyUpToWhatTheContainerCovers() throws {
        let scores = try open(files)
        for _ in 0..<3 {
            for _ in 0..<8 { try scores.commit(Scores.one) }
            #expect(try #require(try scores.checkpoint()).removedSegmentCount == 0)
        }
        let before = scores.status.log.segments.count
        try scores.sync()
        try scores.commit(Scores.one)
        let made = try #require(try scores.checkpoint())
        #expect(made.removedSegmentCount > 0)
        #expect(scores.status.log.segments.count < before)
    }

    /// The store makes and drops snapshots at any moment of a pass: the container opens all the same.
    @Test func checkpointsDuringAPassLeaveAContainerThatOpens() throws {
        func run(at call: Int) throws -> Int {
            let files = SimulatedFileSystem()
            let meanwhile = Locked<(calls: Int, work: (@Sendable () -> Void)?)>((0, nil))
            let hook = CallHook { _ in
                let work: (@Sendable () -> Void)? = meanwhile.withLock { state in
                    state.calls += 1
                    guard state.calls == call else { return nil }
                    defer { state.work = nil }
                    return state.work
                }
                work?()
            }
            var options = LogOptions()
            options.segmentByteCount = 400
            let mirror = ContainerMirror(
                of: "scores", at: "mirror.cairn",
                environment: .over(InterceptedFileSystem(files, hook)))
            let scores = try Durable<Scores>.open(
                "scores", options: options, environment: .over(files), checkpoints: .manual,
                mirror: mirror)
            for step in 1...12 {
                try scores.commit(Scores.one)
                if step % 6 == 0 { try scores.checkpoint() }
            }
            try scores.sync()
            meanwhile.withLock { state in
                state.calls = 0
                state.work = {
                    for _ in 0..<3 {
                        for _ in 0..<6 { _ = try? scores.commit(Scores.one) }
                        _ = try? scores.checkpoint()
                    }
                }
            }
            // A file that goes during the pass may end it; the next one makes up for it.
            do { try scores.sync() } catch { #expect(error.code == .mirrorFailed) }
            let calls = meanwhile.withLock(\.calls)
            #expect(try mirrored(files) >= 12, "call \(call)")
            try scores.sync()
            #expect(try mirrored(files) == scores.read(\.count), "call \(call)")
            return calls
        }
        let callCount = try run(at: .max)
        #expect(callCount >= 9)
        for call in 1...callCount { _ = try run(at: call) }
    }

    @Test func aCrashAtEveryOperationLeavesAMirrorThatIsNeverAhead() throws {
        func run(_ files: SimulatedFileSystem) -> (acknowledged: Int, mirrored: Int) {
            var (acknowledged, mirrored) = (0, 0)
            do {
                let scores = try open(files)
                for step in 1...10 {
                    try scores.commit(Scores.one)
                    acknowledged += 1
                    if step == 6 { try scores.checkpoint() }
                    if step % 3 == 0 {
                        try scores.sync()
                        mirrored = acknowledged
                    }
                }
            } catch {}
            return (acknowledged, mirrored)
        }
        let complete = SimulatedFileSystem()
        #expect(run(complete) == (10, 9))
        for operation in 0..<complete.operationCount {
            let files = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let (acknowledged, least) = run(files)
            for choice in [CrashChoice.onlySynced, .seeded(3)] {
                let place: Comment = "operation \(operation), \(choice)"
                let image = files.crashImage(choice)
                if least > 0 {
                    let found = try mirrored(image)
                    #expect(found >= least && found <= acknowledged + 1, place)
                }
                let scores = try open(image, seed: 2)
                let count = scores.read(\.count)
                // The first one opens the container, the second one goes on.
                for more in 0...1 {
                    if more > 0 { try scores.commit(Scores.one) }
                    try scores.sync()
                    #expect(try mirrored(image) == count + more, place)
                }
            }
        }
    }
}
