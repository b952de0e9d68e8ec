// SPDX-License-Identifier: Apache-2.0

import CairnFormat
import CairnIO
import CairnLSN
import CairnSnapshot
import CairnTesting
import SystemPackage
import Testing

struct SnapshotWriterTests {
    @Test func abandonedAndDroppedWritersLeaveNothing() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        var abandoned = try snapshots.writer(logID: logID, fence: fence(5))
        try abandoned.write(.small())
        #expect(files.filePaths.count == 1)
        abandoned.abandon()
        #expect(files.filePaths == [])
        do {
            var dropped = try snapshots.writer(logID: logID, fence: fence(5))
            try dropped.write(.small())
        }
        #expect(files.filePaths == [])
        try snapshots.write(.small(), at: 5)
        #expect(try snapshots.read(5) == .small())
    }

    @Test func writingTheSameAgainIsRedundantAndSaysSo() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        try snapshots.write(.small(), at: 5)
        let (hash, count) = (files.contentHash, files.operationCount)
        var writer = try snapshots.writer(logID: logID, fence: fence(5))
        let isRedundant = writer.isRedundant
        #expect(isRedundant)
        try writer.beginSection(1)
        try writer.appendRecord { _ in Issue.record("nothing needs to be encoded") }
        #expect(try writer.finish() == info(5))
        #expect(files.contentHash == hash && files.operationCount == count)
        #expect(try snapshots.read(5) == .small())
    }

    @Test func damagedSnapshotIsKeptAsideAndReplaced() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        try snapshots.write(.small(), at: 5)
        files.flipBit(path(5), 700)
        let damaged = files.contents(path(5))
        var writer = try snapshots.writer(logID: logID, fence: fence(5))
        let isRedundant = writer.isRedundant
        #expect(!isRedundant)
        try writer.write(.small(1))
        #expect(files.contents(path(5)) == damaged)
        _ = try writer.finish()
        #expect(try snapshots.read(5) == .small(1))
        let aside = try #require(files.filePaths.first { $0.string.hasSuffix(".damaged") })
        #expect(files.contents(aside) == damaged)
        #expect(files.crashImage(.onlySynced).contents(aside) == damaged)
        #expect(try snapshots.list() == [info(5)])
        #expect(files.filePaths.count == 2)
    }

    @Test func whatIsNoFileIsKeptAsideAndReplaced() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        try snapshots.write(.small(), at: 4)
        files.plantOther(path(5))
        #expect(try snapshots.list() == [info(4), info(5)])
        let error = failure { () throws(SnapshotError) in _ = try snapshots.read(5) }
        #expect(error?.code == .notASnapshot)
        try snapshots.write(.small(1), at: 5)
        #expect(try snapshots.read(5) == .small(1))
        #expect(try snapshots.list() == [info(4), info(5)])
    }

    @Test func snapshotOfAnotherLogOrReleaseIsNotReplaced() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        try snapshots.write(.small(), at: 5, logID: otherLogID)
        let hash = files.contentHash
        let foreign = failure { () throws(SnapshotError) in _ = try snapshots.write(.small(), at: 5)
        }
        #expect(foreign?.code == .foreignLog)
        #expect(files.contentHash == hash)
        files.setContents(path(5), try newerVersion(of: #require(files.contents(path(5)))))
        let newer = failure { () throws(SnapshotError) in _ = try snapshots.write(.small(), at: 5) }
        #expect(newer?.code == .unsupportedVersion)
    }

    @Test func secondWriterOfOneFenceReplacesNothing() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        var one = try snapshots.writer(logID: logID, fence: fence(5))
        var two = try snapshots.writer(logID: logID, fence: fence(5))
        try one.write(.small(1))
        try two.write(.small(2))
        _ = try one.finish()
        do throws(SnapshotError) {
            _ = try two.finish()
            Issue.record("no error")
        } catch {
            #expect(error.code == .exists)
        }
        #expect(try snapshots.read(5) == .small(1))
        #expect(files.filePaths.count == 1)
    }

    @Test func recordAboveTheLimitEndsTheWriter() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        var writer = try snapshots.writer(logID: logID, fence: fence(5))
        try writer.beginSection(1)
        do throws(SnapshotError) {
            try writer.appendRecord { $0.append(zeros: SnapshotFormat.recordByteCountMax + 1) }
            Issue.record("no error")
        } catch {
            #expect(error.code == .limitExceeded)
        }
        #expect(files.filePaths == [])
        do throws(SnapshotError) {
            try writer.appendRecord { $0.append(zeros: 1) }
            Issue.record("no error")
        } catch {
            #expect(error.code == .limitExceeded)
        }
        do throws(SnapshotError) {
            _ = try writer.finish()
            Issue.record("no error")
        } catch {
            #expect(error.code == .limitExceeded)
        }
        #expect(files.filePaths == [])
    }

    @Test func aRecordAtTheLimitIsWrittenAndReadBack() throws {
        let snapshots = try open(SimulatedFileSystem())
        let limit = SnapshotFormat.recordByteCountMax
        var writer = try snapshots.writer(logID: logID, fence: fence(5))
        try writer.beginSection(1)
        for byteCount in [limit - 1, limit] {
            try writer.appendRecord { $0.append(zeros: byteCount) }
        }
        _ = try writer.finish()
        var byteCounts: [Int] = []
        var reader = try snapshots.reader(info(5), expectedLogID: logID)
        try reader.forEachRun(of: 1) { run throws(FormatError) in
            byteCounts.append(run.remaining)
            _ = try run.take(run.remaining)
        }
        #expect(byteCounts == [limit - 1, limit])
    }

    @Test func sectionsUpToTheLimitAreReadBackAndOneMoreEndsTheWriter() throws {
        let files = SimulatedFileSystem()
        let snapshots = try open(files)
        let limit = SnapshotFormat.sectionCountMax
        for count in [limit - 1, limit, limit + 1] {
            let lsn = UInt64(count)
            var writer = try snapshots.writer(logID: logID, fence: fence(lsn))
            do throws(SnapshotError) {
                for id in 0..<UInt32(count) { try writer.beginSection(id) }
                _ = try writer.finish()
                #expect(count <= limit)
                let reader = try snapshots.reader(info(lsn), expectedLogID: logID)
                #expect(reader.sectionIDs.count == count)
            } catch {
                #expect(count > limit && error.code == .limitExceeded)
                #expect(!files.filePaths.contains(path(lsn)))
            }
        }
    }

    @Test func misuseStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            var writer = try open(SimulatedFileSystem()).writer(logID: logID, fence: fence(1))
            try writer.beginSection(2)
            try writer.beginSection(2)
        }
        await #expect(processExitsWith: .failure) {
            var writer = try open(SimulatedFileSystem()).writer(logID: logID, fence: fence(1))
            try writer.appendRecord { $0.append(UInt8(1)) }
        }
        await #expect(processExitsWith: .failure) {
            var writer = try open(SimulatedFileSystem()).writer(logID: logID, fence: fence(1))
            try writer.beginSection(2)
            try writer.appendRecord { _ in }
        }
        await #expect(processExitsWith: .failure) {
            try open(SimulatedFileSystem()).retain(logID: logID, generations: 1)
        }
    }

    @Test func operatingSystemTakesSnapshots() throws {
        let path = FilePath("/tmp/cairn-snapshot-\(SystemRandomness().next())")
        let root = try POSIXFileSystem().openDirectory(path, creating: true)
        let snapshots = try SnapshotDirectory.open(
            in: root, access: .readWrite, environment: .system)
        defer { removeTree(path) }
        for lsn: UInt64 in 1...4 { try snapshots.write(.small(UInt8(lsn)), at: lsn) }
        #expect(try snapshots.read(3) == .small(3))
        #expect(try snapshots.truncationFence(logID: logID)?.lsn.rawValue == 3)
        #expect(try snapshots.retain(logID: logID).removed == [info(1), info(2)])
        #expect(try snapshots.list() == [info(3), info(4)])
    }
}
