// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import SystemPackage
import Testing

/// A crash at every operation of a workload with commits, rotations, checkpoints, truncations and a
/// reopening, and what must hold after each.
struct DurableCrashTests {
    private static let choices: [CrashChoice] =
        [.onlySynced, .everythingWritten] + (1...4).map { .seeded($0) }

    private static func open(
        _ fileSystem: SimulatedFileSystem, hook: CallHook? = nil
    ) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = 400
        var environment = StorageEnvironment.simulated(fileSystem)
        if let hook { environment.fileSystem = InterceptedFileSystem(fileSystem, hook) }
        return try Durable.open("scores", options: options, environment: environment)
    }

    /// Commits while a checkpoint writes its snapshot: once when the file is made, once before it gets
    /// its name.
    private final class Interloper: Sendable {
        private struct State {
            /// What to wait for: the file, then the directory that gets its name; nil outside.
            var next: SimulatedOperation.Kind?
            var isBusy = false
            var acknowledged = 0
        }
        private let state = Locked(State())
        private let scores = Locked<Durable<Scores>?>(nil)

        var acknowledged: Int { state.withLock { $0.acknowledged } }

        func watch(_ durable: Durable<Scores>?) { scores.withLock { $0 = durable } }

        func checkpoint(_ durable: Durable<Scores>) throws {
            state.withLock { $0.next = .createFile }
            defer { state.withLock { $0.next = nil } }
            try durable.checkpoint()
        }

        func notice(_ change: SimulatedOperation.Kind) {
            let mayCommit = state.withLock { state in
                guard change == state.next, !state.isBusy else { return false }
                state.isBusy = true
                // What comes after the snapshot has its name is done by the log.
                state.next = change == .createFile ? .syncDirectory : nil
                return true
            }
            guard mayCommit, let durable = scores.withLock({ $0 }) else { return }
            let receipt = try? durable.commit(.scored(player: "count", points: 1))
            state.withLock { state in
                state.isBusy = false
                if receipt != nil { state.acknowledged += 1 }
            }
        }
    }

    /// Commits 1, 2, 3, … for one player. Returns how many were acknowledged.
    private static func run(
        _ fileSystem: SimulatedFileSystem, commitsDuringCheckpoints: Bool = false
    ) -> Int {
        var acknowledged = 0
        let interloper = Interloper()
        let hook = commitsDuringCheckpoints ? CallHook { interloper.notice($0.kind) } : nil
        do {
            for session in 0..<2 {
                let scores = try open(fileSystem, hook: hook)
                interloper.watch(scores)
                defer { interloper.watch(nil) }
                for step in 1...12 {
                    try scores.commit(.scored(player: "count", points: 1))
                    acknowledged += 1
                    if step % 5 == 0 { try interloper.checkpoint(scores) }
                }
                if session == 0 { try scores.close() }
            }
        } catch {
            // The crash ends the workload wherever it is.
        }
        return acknowledged + interloper.acknowledged
    }

    @Test(arguments: [false, true])
    func everyAcknowledgedCommitIsThereAfterACrashAtEveryOperation(duringCheckpoints: Bool) throws {
        let complete = SimulatedFileSystem()
        let all = Self.run(complete, commitsDuringCheckpoints: duringCheckpoints)
        #expect(all == (duringCheckpoints ? 32 : 24))
        let operationCount = complete.operationCount
        #expect(operationCount > 100)
        var imageCount = 0
        for operation in 0..<operationCount {
            let fileSystem = SimulatedFileSystem(faults: .crash(atOperation: operation))
            let acknowledged = Self.run(
                fileSystem, commitsDuringCheckpoints: duringCheckpoints)
            for choice in Self.choices {
                let place: Comment = "crash at operation \(operation), \(choice)"
                let image = fileSystem.crashImage(choice)
                let scores = try Self.open(image)
                let count = scores.read { $0.points["count"] ?? 0 }
                // At most the one commit that was under way may be there in addition.
                #expect((acknowledged...acknowledged + 1).contains(count), place)
                try scores.commit(.scored(player: "count", points: 1))
                try scores.close()
                let again = try Self.open(image.crashImage(.onlySynced))
                #expect(again.read { $0.points["count"] ?? 0 } == count + 1, place)
                imageCount += 1
            }
        }
        print("crash at every operation: \(operationCount) operations, \(imageCount) images")
    }

    @Test func aCrashDuringRecoveryChangesNothing() throws {
        let complete = SimulatedFileSystem()
        _ = Self.run(complete)
        var pairCount = 0
        for operation in stride(from: 0, to: complete.operationCount, by: 7) {
            let fileSystem = SimulatedFileSystem(faults: .crash(atOperation: operation))
            _ = Self.run(fileSystem)
            for choice in [CrashChoice.onlySynced, .everythingWritten, .seeded(7)] {
                let image = fileSystem.crashImage(choice)
                let expected = try Self.open(image.crashImage(.everythingWritten)).read { $0 }
                let whole = image.crashImage(.everythingWritten)
                _ = try Self.open(whole)
                for second in 0..<whole.operationCount {
                    let recovering = image.crashImage(.everythingWritten)
                    recovering.setFaults(.crash(atOperation: second))
                    _ = try? Self.open(recovering)
                    let twice = try Self.open(recovering.crashImage(.onlySynced))
                    let place: Comment = "crash at \(operation), \(choice), then at \(second)"
                    #expect(twice.read { $0 } == expected, place)
                    pairCount += 1
                }
            }
        }
        print("crash during recovery: \(pairCount) pairs")
    }
}
