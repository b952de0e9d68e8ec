// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

/// What stands in the directory before the snapshot at 9 is written.
enum Before: CaseIterable {
    case nothing, older, damagedOfTheSameFence

    /// A file system in which that is durable.
    func make() throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        if self != .nothing { try snapshots.write(.small(1), at: 4) }
        if self == .damagedOfTheSameFence {
            try snapshots.write(.small(2), at: 9)
            files.flipBit(path(9), 900)
        }
        return files.crashImage(.onlySynced)
    }
}

struct SnapshotCrashTests {
    private static let sample = Sample.small(3)

    private func workload(_ files: SimulatedFileSystem) throws {
        try open(files, seed: 77).write(Self.sample, at: 9)
    }

    /// How many operations the workload has.
    private func operationCount(_ before: Before) throws -> Int {
        let files = try before.make()
        try workload(files)
        #expect(try open(files.crashImage(.onlySynced)).read(9) == Self.sample)
        return files.operationCount
    }

    private func choices(_ files: SimulatedFileSystem) -> [CrashChoice] {
        [.onlySynced, .everythingWritten]
            + (0...files.pendingEffectCount).map { .prefix($0) }
            + (0..<(1 << min(files.pendingPartCount, 5))).map { .subset(UInt64($0)) }
            + (0..<10).map { .seeded($0) }
            + (0..<5).map { .seeded($0, CrashProfile(partByteCount: 1)) }
    }

    /// After the crash there is the new snapshot, whole, or none; everything older is as it was; and
    /// the next attempt succeeds and cleans up.
    private func check(_ image: SimulatedFileSystem, _ before: Before, _ place: String) throws {
        let damaged = before == .damagedOfTheSameFence ? Self.damaged : nil
        let snapshots = try open(image, seed: 78)
        if before != .nothing {
            #expect(try snapshots.read(4) == .small(1), "\(place)")
        }
        if try snapshots.list().contains(info(9)), image.contents(path(9)) != damaged {
            #expect(try snapshots.read(9) == Self.sample, "\(place)")
        }
        try snapshots.write(Self.sample, at: 9)
        try snapshots.retain(logID: logID)
        let durable = image.crashImage(.onlySynced)
        #expect(try open(durable).read(9) == Self.sample, "\(place)")
        let expected = before == .nothing ? [info(9)] : [info(4), info(9)]
        #expect(try open(durable).list() == expected, "\(place)")
        let others = durable.filePaths.filter { !$0.string.hasSuffix(".snap") }
        if let damaged {
            #expect(others.count == 1 && durable.contents(others[0]) == damaged, "\(place)")
        } else {
            #expect(others == [], "\(place)")
        }
    }

    @Test(arguments: Before.allCases)
    func crashAtEveryOperationLeavesAWholeSnapshotOrNone(before: Before) throws {
        var imageCount = 0
        let count = try operationCount(before)
        #expect(count > 5)
        for index in 0..<count {
            let files = try before.make()
            files.setFaults(.crash(atOperation: index))
            #expect(throws: (any Error).self) { try workload(files) }
            for choice in choices(files) {
                let place = "\(before), operation \(index) (\(files.operations[index])), \(choice)"
                try check(files.crashImage(choice), before, place)
                imageCount += 1
            }
        }
        #expect(imageCount > 300)
    }

    @Test(arguments: Before.allCases)
    func errorAtEveryOperationLeavesTheOlderSnapshot(before: Before) throws {
        let count = try operationCount(before)
        for errno in [Errno.ioError, .noSpace] {
            for index in 0..<count {
                for extent in [FaultRule.Extent.nothing, .half, .everything] {
                    for duration in [FaultRule.Duration.once, .forever] {
                        let rule = FaultRule(
                            .operation(index), .fail(errno, doing: extent), duration)
                        try checkFailure(before, rule)
                    }
                }
            }
        }
    }

    @Test(arguments: Before.allCases)
    func errorAtEveryCallLeavesTheOlderSnapshot(before: Before) throws {
        let files = try before.make()
        try workload(files)
        for index in 0..<files.callCount {
            for duration in [FaultRule.Duration.once, .forever] {
                let rule = FaultRule(.call(index), .fail(.tooManyOpenFiles), duration)
                try checkFailure(before, rule)
            }
        }
    }

    private func checkFailure(_ before: Before, _ rule: FaultRule) throws {
        let files = try before.make()
        let root = try files.openDirectory("store", creating: false)
        files.setFaults(FaultPlan([rule]))
        let error = failure { () throws(SnapshotError) in
            let snapshots = try SnapshotDirectory.open(
                in: root, access: .readWrite, environment: .simulated(files, seed: 77))
            try snapshots.write(Self.sample, at: 9)
        }
        files.setFaults(FaultPlan())
        if let error {
            #expect(error.code == .io && error.cause != nil, "\(before) \(rule): \(error)")
            let isReplaced = files.contents(path(9)).map { $0 != Self.damaged } ?? false
            // With errors for good, nothing can take back what an error was reported for.
            let cannotTakeBack = rule.duration == .forever
            #expect(!isReplaced || cannotTakeBack, "\(before) \(rule)")
        }
        for choice in [CrashChoice.everythingWritten, .onlySynced] {
            try check(files.crashImage(choice), before, "\(before) \(rule) \(choice)")
        }
    }

    /// What the damaged snapshot of the same fence consists of.
    private static let damaged = try? Before.damagedOfTheSameFence.make().contents(path(9))
}
