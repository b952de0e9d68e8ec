// SPDX-License-Identifier: Apache-2.0

import CairnDurable
import CairnIO
import CairnLog
import CairnTesting
import Foundation
import SystemPackage
import Testing

/// A writer whose lock file or directory was removed or exchanged stops, before it makes or removes a file of
/// the store: a second writer may be at work.
struct ReplacedLockTests {
    /// A change from outside of a store that is open for writing.
    enum Harm: CaseIterable {
        case lockRemoved, lockExchanged, lockRenamed, directoryMoved, directoryExchanged

        func strike(_ files: SimulatedFileSystem) throws {
            let root = try files.openDirectory("/", creating: false)
            let store = try files.openDirectory("db", creating: false)
            switch self {
            case .lockRemoved: try store.remove("LOCK")
            case .lockExchanged:
                try store.remove("LOCK")
                _ = try store.createFile("LOCK")
            case .lockRenamed: try store.rename("LOCK", to: "LOCK.old")
            case .directoryMoved: try root.rename("db", to: "moved")
            case .directoryExchanged:
                try root.rename("db", to: "moved")
                _ = try root.createDirectory("db")
            }
        }

        var path: String {
            self == .directoryMoved || self == .directoryExchanged ? "/db was" : "/db/LOCK was"
        }
    }

    private func open(
        _ files: SimulatedFileSystem, segmentByteCount: Int = 64 << 20
    ) throws -> Durable<Scores> {
        var options = LogOptions()
        options.segmentByteCount = segmentByteCount
        return try Durable.open("db", options: options, environment: .simulated(files))
    }

    private func expectStopped(_ store: Durable<Scores>, _ harm: Harm, _ error: DurableError?) {
        #expect(error?.cause?.code == .replaced, "\(harm)")
        #expect(error?.description.contains("\(harm.path) removed or replaced") == true)
        let later = #expect(throws: DurableError.self) {
            try store.commit(.scored(player: "a", points: 1))
        }
        #expect(later?.code == .poisoned && later?.cause?.code == .replaced)
        #expect(later?.description.contains("end all programs that use the store") == true)
        #expect(store.failure?.cause?.code == .replaced)
    }

    @Test(arguments: Harm.allCases)
    func aCheckpointNoticesAndMakesNothing(harm: Harm) throws {
        let files = SimulatedFileSystem()
        let store = try open(files)
        try store.commit(.scored(player: "a", points: 1))
        try harm.strike(files)
        let count = files.operationCount
        let error = #expect(throws: DurableError.self) { try store.checkpoint() }
        #expect(files.operationCount == count)
        expectStopped(store, harm, error)
    }

    @Test(arguments: Harm.allCases)
    func aRotationNoticesAndMakesNoSegment(harm: Harm) throws {
        let files = SimulatedFileSystem()
        let store = try open(files, segmentByteCount: 2000)
        try store.commit(.scored(player: "a", points: 1))
        try harm.strike(files)
        var error: DurableError?
        for _ in 0..<100 where error == nil {
            do {
                try store.commit(.scored(player: "a", points: 1))
            } catch let failure as DurableError {
                error = failure
            }
        }
        #expect(error?.code == .indeterminate)
        #expect(!files.trace.contains("/0000000002-"))
        expectStopped(store, harm, error)
    }

    @Test(arguments: Harm.allCases)
    func closingNotices(harm: Harm) throws {
        let files = SimulatedFileSystem()
        let store = try open(files)
        try store.commit(.scored(player: "a", points: 1))
        try harm.strike(files)
        let error = #expect(throws: DurableError.self) { try store.close() }
        #expect(error?.code == .indeterminate && error?.cause?.code == .replaced)
    }

    @Test func theFirstOfTwoWritersStops() throws {
        let files = SimulatedFileSystem()
        let first = try open(files)
        try first.commit(.scored(player: "a", points: 1))
        try Harm.lockRemoved.strike(files)
        let second = try open(files)
        let error = #expect(throws: DurableError.self) { try first.checkpoint() }
        expectStopped(first, .lockRemoved, error)
        try second.commit(.scored(player: "b", points: 2))
        #expect(try second.checkpoint() != nil)
        try second.close()
        #expect(try open(files).read { $0.points } == ["a": 1, "b": 2])
    }

    @Test func aStoreThatNobodyTouchesGoesOnWhateverTheWorkingDirectory() throws {
        let files = SimulatedFileSystem()
        let store = try open(files, segmentByteCount: 2000)
        for _ in 0..<100 { try store.commit(.scored(player: "a", points: 1)) }
        #expect(store.status.log.segments.count > 2)
        #expect(try store.checkpoint() != nil)
        try store.close()
    }

    @Test(arguments: ["lock", "directory"])
    func onTheFileSystemOfTheMachine(removed: String) throws {
        let base = NSTemporaryDirectory() + "cairn-lock-\(UUID().uuidString)"
        defer {
            for path in [base, base + ".moved"] {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        let first = try Durable<Scores>.open(FilePath(base))
        try first.commit(.scored(player: "a", points: 1))
        #expect(try first.checkpoint() != nil)
        try first.commit(.scored(player: "a", points: 1))
        if removed == "lock" {
            try FileManager.default.removeItem(atPath: base + "/LOCK")
        } else {
            try FileManager.default.moveItem(atPath: base, toPath: base + ".moved")
        }
        let second = try Durable<Scores>.open(FilePath(base))
        let error = #expect(throws: DurableError.self) { try first.checkpoint() }
        #expect(error?.cause?.code == .replaced)
        let later = #expect(throws: DurableError.self) {
            try first.commit(.scored(player: "a", points: 1))
        }
        #expect(later?.code == .poisoned)
        try second.commit(.scored(player: "b", points: 2))
        #expect(try second.checkpoint() != nil)
        try second.close()
    }
}
