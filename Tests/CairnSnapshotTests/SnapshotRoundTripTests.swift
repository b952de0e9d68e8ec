// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

struct SnapshotRoundTripTests {
    @Test func sectionsAndRecordsComeBack() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        let written = try snapshots.write(.small(), at: 5)
        #expect(written == info(5))
        #expect(try snapshots.list() == [info(5)])
        #expect(try snapshots.read(5) == .small())
        #expect(files.filePaths.map(\.string) == ["/store/snapshots/00000000000000000005.snap"])
        let summary = try snapshots.verify(info(5), expectedLogID: logID)
        #expect(summary.fence == fence(5) && summary.logID == logID)
        #expect(summary.sections.map(\.id) == [1, 2, 7, .max])
        #expect(summary.sections.map(\.recordCount) == [3, 0, 1, 0])
        #expect(summary.sections.map(\.chunkCount) == [1, 0, 1, 0])
        #expect(summary.byteCount == UInt64(files.contents(path(5))!.count))
        #expect(summary.version == FormatVersion(major: 1, minor: 0))
    }

    @Test(arguments: [0, 1, UInt64.max])
    func stateWithoutSectionsAndEveryFenceWork(lsn: UInt64) throws {
        let snapshots = try open(SimulatedFileSystem())
        try snapshots.write(Sample(sections: [:]), at: lsn)
        #expect(try snapshots.list() == [info(lsn)])
        #expect(try snapshots.read(lsn) == Sample(sections: [:]))
    }

    @Test func recordsAreGatheredIntoChunksAndNeverSplit() throws {
        let snapshots = try open(SimulatedFileSystem())
        let medium = [UInt8](repeating: 1, count: 300_000)
        let large = [UInt8](repeating: 2, count: 5 << 20)
        let sample = Sample(sections: [
            3: [medium, medium, medium, medium, medium, large, [1], medium],
            4: [large],
        ])
        try snapshots.write(sample, at: 1)
        #expect(try snapshots.read(1) == sample)
        var runs: [Int] = []
        var reader = try snapshots.reader(info(1), expectedLogID: logID)
        #expect(reader.summary.sections.map(\.chunkCount) == [3, 1])
        try reader.forEachRun(of: 3) { reader throws(FormatError) in
            runs.append(try reader.take(reader.remaining).byteCount)
        }
        // Four of the medium ones pass 1 MiB; the fifth and the large one; the rest.
        #expect(runs == [4 * 300_003, 300_003 + (5 << 20) + 4, 2 + 300_003])
    }

    @Test func manySectionsWork() throws {
        let snapshots = try open(SimulatedFileSystem())
        let sections = (0..<300).map { (UInt32($0 * 3), [[UInt8($0 % 256)]]) }
        let sample = Sample(sections: Dictionary(uniqueKeysWithValues: sections))
        try snapshots.write(sample, at: 1)
        #expect(try snapshots.read(1) == sample)
    }

    @Test func sameStateGivesSameBytes() throws {
        #expect(try bytes(of: .small(), at: 5) == bytes(of: .small(), at: 5))
        #expect(try bytes(of: .small(1), at: 5) != bytes(of: .small(), at: 5))
    }

    @Test func absentSectionHasNoRuns() throws {
        let snapshots = try open(SimulatedFileSystem())
        try snapshots.write(.small(), at: 5)
        var reader = try snapshots.reader(info(5), expectedLogID: nil)
        var count = 0
        for id: UInt32 in [0, 2, 3, 8] {
            try reader.forEachRun(of: id) { _ throws(FormatError) in count += 1 }
        }
        #expect(count == 0)
    }

    @Test func whatTheConsumerThrowsOrLeavesIsDamage() throws {
        let snapshots = try open(SimulatedFileSystem())
        try snapshots.write(.small(), at: 5)
        let left = failure { () throws(SnapshotError) in
            var reader = try snapshots.reader(info(5), expectedLogID: nil)
            try reader.forEachRun(of: 1) { reader throws(FormatError) in
                _ = try reader.take(3)
            }
        }
        // The header of the file, the header of the chunk, and what was taken.
        #expect(
            left
                == SnapshotError(
                    code: .damaged, fence: fence(5), offset: 48 + 24 + 3, reason: .trailingBytes))
        let thrown = failure { () throws(SnapshotError) in
            var reader = try snapshots.reader(info(5), expectedLogID: nil)
            try reader.forEachRun(of: 1) { reader throws(FormatError) in
                throw FormatError(code: .unknownTag, offset: reader.offset)
            }
        }
        #expect(
            thrown
                == SnapshotError(
                    code: .damaged, fence: fence(5), offset: 48 + 24, reason: .unknownTag))
    }

    @Test func readingWritesNothing() throws {
        let files = SimulatedFileSystem()
        try open(files).write(.small(), at: 5)
        let (hash, count) = (files.contentHash, files.operationCount)
        let snapshots = try open(files, .readOnly)
        #expect(try snapshots.list() == [info(5)])
        #expect(try snapshots.read(5) == .small())
        #expect(files.contentHash == hash && files.operationCount == count)
        let written = failure { () throws(SnapshotError) in
            try snapshots.write(.small(), at: 6)
        }
        let retained = failure { () throws(SnapshotError) in try snapshots.retain(logID: logID) }
        let fence = failure { () throws(SnapshotError) in
            _ = try snapshots.truncationFence(logID: logID)
        }
        #expect([written?.code, retained?.code, fence?.code] == [.readOnly, .readOnly, .readOnly])
        #expect(files.contentHash == hash && files.operationCount == count)
    }

    @Test func storeWithoutSnapshotsHasNone() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        let hash = files.contentHash
        #expect(try snapshots.list() == [])
        #expect(try snapshots.truncationFence(logID: logID) == nil)
        #expect(try snapshots.retain(logID: logID) == SnapshotRetention())
        #expect(
            failure { () throws(SnapshotError) in _ = try snapshots.read(5) }?.code == .notFound)
        #expect(files.contentHash == hash)
    }
}
